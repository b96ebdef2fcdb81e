"""The benchmarks' other parts: theta, limits, growth, starts, regressions; nothing is timed."""

import time
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import growth, limits
from benchmarks.cases import CASES, Case, problem_of
from benchmarks.contest import Row, farthest
from benchmarks.growth import Point
from benchmarks.peers import quickest
from benchmarks.regressions import FLOORS, guard_of
from benchmarks.startup import Start
from benchmarks.tables import regressions_table, start_table
from benchmarks.theta import points_of, unpacked, with_nnsim, with_numpy


def test_nnsim_and_numpy_agree_on_gradient_check_surface_and_boundary():
    problem = problem_of(Case((2, 3, 2, 1), "tanh", m=12))
    reference = with_numpy.Check(problem, "float64").answer()
    assert farthest(*reference) < 1e-6
    for kind in (with_nnsim.Check, with_nnsim.Differences):
        found = kind(problem, "float64").answer()
        assert farthest(found[0], reference[0]) < 1e-6
        assert farthest(found[1], reference[1]) < 1e-12
    points = with_numpy.Boundary(problem, "float64").answer()
    assert points.shape == (1, 160 * 96)
    assert farthest(with_nnsim.Boundary(problem, "float64").answer(), points) < 1e-12


def test_nnsim_and_numpy_draw_the_same_surface(monkeypatch):
    monkeypatch.setattr(with_nnsim, "SIZE", 7)
    problem = problem_of(Case((2, 3, 2, 1), "tanh", m=12))
    plane = with_nnsim.plane(problem, "float64")
    found = with_nnsim.Surface(problem, "float64", plane).answer()
    assert found.shape == (7, 7)
    assert farthest(found, with_numpy.Surface(problem, "float64", plane).answer()) < 1e-12


def test_points_lie_row_by_row_within_the_examples():
    problem = problem_of(Case((2, 3, 1), "tanh", m=12))
    points = points_of(problem, columns=4, rows=3)
    assert points.shape == (2, 12)
    assert len(set(points[1, :4])) == 1 and (np.diff(points[0, :4]) > 0).all()
    assert (points.min(axis=1) > problem.X.min(axis=1)).all()


def test_theta_is_taken_apart_as_it_was_put_together():
    problem = problem_of(Case((3, 4, 3), "relu", m=12))
    for (W, b), W_given, b_given in zip(
        unpacked(problem.theta, problem.case.sizes), problem.weights, problem.biases, strict=True
    ):
        np.testing.assert_array_equal(W, W_given)
        np.testing.assert_array_equal(b, b_given)


def test_the_quickest_of_several_is_found():
    assert quickest({"slow": lambda: time.sleep(0.01), "quick": lambda: None}) == "quick"


def test_a_start_that_misses_its_aim_is_marked():
    slow, quick = (Start("nnsim list", wall) for wall in (0.3, 0.2))
    assert (slow.kept, quick.kept) == (False, True)
    over = Start("python -c 'import nnsim'", 1.0, over_bare=0.02)
    assert over.kept
    table = start_table("commands", [slow, quick, over]).text()
    assert table.count("MISSED") == 1 and "<= 250" in table


def test_what_a_limit_counts():
    counts = limits.counts_of(CASES["2-8-8-1"])
    assert (counts.tanh, counts.exp, counts.log) == (16 * 64, 64, 64)
    assert counts.numbers == 4 * 105 + 2 * 17 * 64
    # W A: 16 + 64 + 8, dZ A^T the same, W^T dZ: 64 + 8, for each of 64 examples.
    assert counts.multiplications == 64 * (88 + 88 + 72)
    normalised = limits.counts_of(CASES["2-8-8-1+bn+dropout"])
    assert normalised.numbers == counts.numbers + 4 * 32 + 16 * 64


def test_the_products_of_a_limit_are_those_of_a_step():
    from benchmarks.peers.machine import Products

    products = Products(problem_of(CASES["64-64-10"]), "float64")
    products.answer()
    for number, W in enumerate(products.W):
        np.testing.assert_allclose(products.Z[number], W @ products.A[number])
        np.testing.assert_allclose(products.dW[number], products.dZ[number] @ products.A[number].T)
    np.testing.assert_allclose(products.dA[1], products.W[1].T @ products.dZ[1])
    assert not products.dA[0].any()


def test_the_exponent_of_growth():
    points = [Point("m", at, 100 * at, at**1.5, 1) for at in (1, 2, 4, 8)]
    assert growth.exponent(points) == pytest.approx(1.5)
    # Below, calls take the time; only the half with more work counts.
    calls = [replace(point, seconds=50.0) for point in points[:2]]
    (trend,) = growth.trends(calls + points[2:])
    assert trend.value == pytest.approx(1.5) and not trend.kept


def test_memory_that_grows_with_the_steps_is_marked():
    points = [
        Point(growth.RUN, at, at, float(at), at * 30) for at in (1_000, 10_000, 100_000, 1_000_000)
    ]
    time, *memory = growth.trends(points)
    assert time.kept
    assert all(not trend.kept for trend in memory)


def test_a_ratio_below_its_floor_fails_and_one_above_passes():
    case, dtype = next(iter(FLOORS))
    _, floor = FLOORS[case, dtype]
    nnsim = Row(case, dtype, "nnsim", least=1.0)
    above, below = (Row(case, dtype, "numpy", least=x * floor) for x in (1.1, 0.9))
    assert guard_of(nnsim, above).kept
    assert not guard_of(nnsim, below).kept
    assert "MISSED" in regressions_table([guard_of(nnsim, below)]).text()
    failed = replace(nnsim, note="failed: its process ended")
    assert not guard_of(failed, above).kept


def test_floors_are_far_below_what_was_measured():
    for measured_ratio, floor in FLOORS.values():
        assert 2.5 < measured_ratio / floor < 4
