"""The benchmarks' cases build, and peers that need nothing extra train alike; nothing is timed."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.cases import CASES, Case, problem_of
from benchmarks.peers import PEERS
from benchmarks.peers.with_nnsim import Advancing, Executing
from benchmarks.peers.with_numpy import Plain
from benchmarks.steps import References, Row, _prepared, interleave, largest_difference
from benchmarks.tables import as_data, steps_table
from benchmarks.workers import Missing

TINY = [Case((2, 3, 1), "tanh", m=12), Case((3, 4, 3), "relu", m=12)]


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_numbers_of_its_sizes(name):
    case = CASES[name]
    problem = problem_of(case)
    assert problem.X.shape == (case.sizes[0], case.m)
    assert problem.Y.shape == (case.sizes[-1], case.m)
    assert [W.shape for W in problem.weights] == [
        (n, n_prev) for n_prev, n in zip(case.sizes, case.sizes[1:], strict=False)
    ]
    # Every class occurs; scikit-learn would otherwise make a smaller network.
    assert set(np.unique(problem.Y)) == {0.0, 1.0}
    assert problem.Y.any(axis=1).all()


@pytest.mark.parametrize("case", TINY, ids=lambda case: case.name)
@pytest.mark.parametrize("peer", [Advancing, Executing])
def test_nnsim_and_numpy_agree_on_the_costs(case, peer):
    problem = problem_of(case)
    expected = Plain(problem, "float64").costs(30)
    found = peer(problem, "float64").costs(30)
    assert expected[-1] < expected[0]
    assert largest_difference(found, expected) < 1e-9


def test_another_learning_rate_does_not_agree():
    problem = problem_of(TINY[0])
    other = replace(problem, case=replace(TINY[0], learning_rate=0.0101))
    costs = [Plain(p, "float64").costs(30) for p in (problem, other)]
    assert largest_difference(*costs) > 1e-9


def test_where_epsilon_stands_shows_in_the_costs():
    problem = problem_of(TINY[0])
    kinds = (Plain(problem, "float64", uncorrected_epsilon=which) for which in (False, True))
    difference = largest_difference(*(kind.costs(30) for kind in kinds))
    assert 0 < difference < 1e-4


def test_a_burst_leaves_the_next_one_its_beginning():
    problem = problem_of(TINY[0])
    for peer in (Plain(problem, "float64"), Advancing(problem, "float64")):
        before = peer.costs(5)
        assert peer.burst(7) > 0
        np.testing.assert_array_equal(peer.costs(5), before)


def test_bursts_take_turns_and_rounds_begin_with_another():
    calls = []
    bursts = {name: lambda name=name: calls.append(name) or len(calls) for name in "abc"}
    times = interleave(bursts, rounds=3)
    assert "".join(calls) == "abcbcacab"
    assert times == {"a": [1, 6, 8], "b": [2, 4, 9], "c": [3, 5, 7]}


class Answering:
    """Stands for a worker's process."""

    def __init__(self, answer):
        self.answer = answer

    def ask(self, question, *details):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def prepared(answer):
    row = Row("2-8-8-1", "float64", "jax")
    return _prepared({"jax": Answering(answer)}, References(), row, burst=0.02)


def test_a_missing_peer_is_a_row_that_says_so():
    row = prepared(Missing("No module named 'jax'"))
    assert "missing: No module named 'jax'; install nnsim[bench]" in steps_table([row])
    assert as_data({}, [row], [], None)["steps"][0]["microseconds"] is None


def test_a_peer_that_fails_is_a_row_that_says_so():
    assert "failed: its process ended" in steps_table([prepared(RuntimeError("its process ended"))])


def test_costs_that_disagree_are_marked():
    costs = References().of("2-8-8-1", "jax")
    pace, first = 1e-5, 1.0
    right, wrong = prepared((costs, pace, first)), prepared((costs * (1 + 1e-8), pace, first))
    assert (right.agrees, right.note, right.steps) == (True, "", 2000)
    assert (wrong.agrees, wrong.note) == (False, "COSTS DISAGREE")


def test_every_peer_names_a_module_that_exists():
    for module, _ in PEERS.values():
        assert importlib.util.find_spec(module) is not None
