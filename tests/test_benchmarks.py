"""The benchmarks' cases build, and peers that need nothing extra do the same; nothing is timed."""

import importlib.util
import json
import math
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import limits, pictures, steps, targets
from benchmarks.cases import CASES, Case, problem_of
from benchmarks.contest import Row, fill, finish, interleave, largest_difference
from benchmarks.peers import CHECKED_STEPS, PEERS, Unable
from benchmarks.peers.with_nnsim import Advancing, Executing
from benchmarks.peers.with_numpy import Plain
from benchmarks.startup import COMMANDS
from benchmarks.steps import References
from benchmarks.tables import as_data, contest_table
from benchmarks.workers import Missing, named

NORMALISED = Case((2, 5, 4, 1), "tanh", m=16, batch_norm=True)
TINY = [
    Case((2, 3, 1), "tanh", m=12),
    Case((3, 4, 3), "relu", m=12),
    NORMALISED,
    Case((3, 6, 3), "relu", m=12, batch_norm=True),
]


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


def test_each_network_is_there_with_and_without_batch_norm_and_dropout():
    plain = [case for case in CASES.values() if not case.batch_norm]
    assert [case.name for case in plain] == ["2-8-8-1", "2-25-5-1", "64-64-10", "784-512-512-10"]
    for case in plain:
        other = CASES[f"{case.name}+bn+dropout"]
        assert other == replace(case, batch_norm=True, keep_prob=0.8)


@pytest.mark.parametrize("case", TINY, ids=lambda case: case.name)
@pytest.mark.parametrize("peer", [Advancing, Executing])
def test_nnsim_and_numpy_agree_on_the_costs(case, peer):
    problem = problem_of(case)
    expected = Plain(problem, "float64").costs(30)
    found = peer(problem, "float64").costs(30)
    assert expected[-1] < expected[0]
    assert largest_difference(found, expected) < 1e-9


def test_numpy_tracks_the_running_averages_that_nnsim_does():
    problem = problem_of(NORMALISED)
    plain, nnsim = Plain(problem, "float64"), Advancing(problem, "float64").beginning
    plain.costs(10)
    nnsim.advance(10)
    running = np.concatenate([each.ravel() for pair in plain.running[:-1] for each in pair])
    # The gradient of b is round-off here, which Adam makes steps of.
    np.testing.assert_allclose(nnsim._machine.running, running, rtol=1e-6)


@pytest.mark.parametrize("peer", [Plain, Advancing])
def test_dropout_changes_the_costs_and_every_step_has_masks_of_its_own(peer):
    problem = problem_of(replace(NORMALISED, keep_prob=0.8, learning_rate=1e-300))
    costs = peer(problem, "float64").costs(20)
    assert len(np.unique(costs)) == 20
    without = peer(problem.without_dropout, "float64").costs(20)
    np.testing.assert_allclose(without, without[0], rtol=1e-12)


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

    def __init__(self, *answers):
        self.answers = list(answers)

    def ask(self, question, *details):
        answer = self.answers.pop(0) if question == "build" else None
        if isinstance(answer, Exception):
            raise answer
        return answer


def prepared(*answers, case="2-8-8-1", peer="jax"):
    row, problem = Row(case, "float64", peer), problem_of(CASES[case])

    def prepare(row, worker):
        return steps.prepare(problem, "", row, worker)

    fill(row, Answering(*answers), prepare, References().judge, 0.02)
    return row


def test_a_missing_peer_is_a_row_that_says_so():
    row = prepared(Missing("No module named 'jax'"))
    table = contest_table("steps", [row]).text()
    assert "missing: No module named 'jax'; install nnsim[bench]" in table
    assert "MISSED" not in table
    data = json.loads(json.dumps(as_data({}, {"steps": [row]})))["steps"][0]
    assert (data["microseconds"], data["kept"]) == (None, True)


def test_a_peer_that_fails_or_has_no_such_thing_is_a_row_that_says_so():
    for answer, note in (
        (RuntimeError("its process ended"), "failed: its process ended"),
        (Unable("has no dropout"), "not measured: has no dropout"),
    ):
        assert note in contest_table("steps", [prepared(answer)]).text()


def test_costs_that_disagree_are_marked():
    costs = References().of("2-8-8-1", "jax")
    assert costs.shape == (CHECKED_STEPS + 1,)
    pace, first = 1e-5, 1.0
    right = prepared((costs, pace, first, "flat"))
    wrong = prepared((costs * (1 + 1e-8), pace, first, ""))
    assert (right.agrees, right.note, right.remark, right.repeats) == (True, "", "flat", 2000)
    assert (wrong.agrees, wrong.note) == (False, "DISAGREES")


def test_a_peer_that_drops_nothing_is_found_out():
    name = "2-8-8-1+bn+dropout"
    costs = References().of(name, "jax")
    without = costs, 1e-5, 1.0, ""
    honest = prepared(without, (costs + 0.1, 1e-4, 2.0, ""), case=name)
    assert (honest.agrees, honest.note, honest.repeats) == (True, "", 200)
    assert "without dropout" in prepared(without, without, case=name).note


def test_a_limit_computes_nothing_that_could_disagree():
    row = prepared((None, 1e-6, 0.1, "floor"), peer="limit")
    assert row.agrees and math.isnan(row.difference)
    assert "agrees" not in contest_table("steps", [row]).text()


def measured(**seconds):
    rows = {peer: Row("2-8-8-1", "float64", peer, agrees=True) for peer in seconds}
    finish(rows, seconds)
    return rows


def test_ratios_are_medians_over_the_rounds_and_misses_are_marked():
    rows = measured(nnsim=[1.0, 2.0, 1.0], jax=[2.0, 6.0, 2.5], limit=[0.5, 0.5, 0.5])
    assert (rows["jax"].ratio, rows["nnsim"].of_limit) == (2.5, 0.5)
    assert rows["jax"].least == 2e6
    assert not rows["jax"].kept  # 2-8-8-1 against JAX: at least 3.
    lines = contest_table("steps", list(rows.values())).text().splitlines()
    assert [("MISSED" in line) for line in lines] == [False, False, True, False]
    assert ">= 3" in lines[2]
    data = as_data({}, {"steps": [rows["jax"]]})["steps"][0]
    assert (data["kept"], data["aim"]) == (False, {"value": 3.0, "at_least": True})
    json.dumps(data)
    assert measured(nnsim=[1.0], jax=[3.5])["jax"].kept


def test_aims_are_of_cases_and_peers_that_exist():
    cases = {*CASES, "gradient check", "loss surface", "decision boundary"}
    for case, dtype, peer in targets.RATIOS:
        assert case in cases and dtype in targets.DTYPES and peer in PEERS
    assert {case for case, _ in (*targets.SHARES, *targets.MOST_MICROSECONDS)} <= cases
    assert {*targets.STARTS_OVER_BARE, "nnsim --help", "nnsim list"} <= {*COMMANDS}


def test_every_peer_names_what_exists():
    for path in (*PEERS.values(), *limits.LIMITS.values(), *limits.LARGE_LIMITS.values()):
        assert importlib.util.find_spec(path.split(":")[0]) is not None
    for path in (PEERS["nnsim"], PEERS["numpy"], *limits.LARGE_LIMITS.values()):
        assert callable(named(path))
    for module in pictures.MODULES.values():
        assert importlib.util.find_spec(module) is not None
