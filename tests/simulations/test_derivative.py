"""Differences against Taylor's formula, their orders, and what rounding does to them."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.simulations.derivative.simulation import FIGURES, DerivativeSimulation, Function
from nnsim.simulations.formula import FormulaError
from tests.reference import derivative as twin

DECADES = [float(f"1e-{k}") for k in range(1, 13)]
CUBE = (0, 0, 0, 1)


def run(formula="theta**3", at=1.0, epsilons=DECADES, dtype="float64"):
    simulation = DerivativeSimulation(formula, at, epsilons, dtype)
    simulation.run()
    return simulation


def test_the_figures_of_the_course():
    figures = run(epsilons=[0.01]).figures()
    assert figures["two_sided"] == pytest.approx(3.0001, abs=1e-12)
    assert figures["one_sided"] == pytest.approx(3.0301, abs=1e-12)
    assert figures["exact"] == 3
    assert figures["two_sided.error"] == pytest.approx(1e-4, rel=1e-9)
    assert figures["one_sided.error"] == pytest.approx(0.0301, rel=1e-9)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    ("formula", "coefficients"),
    [
        ("theta**3", CUBE),
        ("2 - theta + 3*theta**2", (2, -1, 3)),
        ("theta**4 / 4", (0, 0, 0, 0, 0.25)),
    ],
)
def test_taylor_gives_the_same_but_for_rounding(formula, coefficients, dtype):
    """The difference of two values of f, each rounded a few times, divided by epsilon."""
    at = 0.7
    curve = run(formula, at, DECADES[:6], dtype).history.curve
    rounding = float(np.finfo(dtype).eps)
    at = float(np.dtype(dtype).type(at))
    for k, epsilon in enumerate(DECADES[:6], start=1):
        room = 16 * rounding / epsilon
        two = twin.two_sided(coefficients, at, epsilon)
        one = twin.one_sided(coefficients, at, epsilon)
        assert curve["two_sided"][k] == pytest.approx(two, abs=room)
        assert curve["one_sided"][k] == pytest.approx(one, abs=room)


def test_orders_are_two_and_one_until_rounding_comes():
    curve = run("exp(sin(theta))", 1.3).history.curve
    np.testing.assert_allclose(curve["two_sided.order"][2:5], 2, atol=0.01)
    np.testing.assert_allclose(curve["one_sided.order"][2:7], 1, atol=0.02)
    assert math.isnan(curve["two_sided.order"][1])


@pytest.mark.parametrize(
    ("dtype", "two", "one"), [("float64", 1e-5, 1e-8), ("float32", 1e-2, 1e-4)]
)
@pytest.mark.parametrize(
    ("formula", "at"), [("theta**3", 1.0), ("exp(theta)", 1.0), ("sin(theta)", 0.8)]
)
def test_the_foot_of_the_v(formula, at, dtype, two, one):
    """Near the cube root and the square root of the rounding, within a factor of 20."""
    figures = run(formula, at, dtype=dtype).figures()
    assert two / 20 < figures["two_sided.best_epsilon"] < two * 20
    assert one / 20 < figures["one_sided.best_epsilon"] < one * 20


def test_what_theory_expects():
    curve = run("exp(theta)", 1.0).history.curve
    np.testing.assert_allclose(
        curve["two_sided.error"][1:4], curve["two_sided.truncation"][1:4], rtol=1e-2
    )
    np.testing.assert_allclose(
        curve["one_sided.error"][1:5], curve["one_sided.truncation"][1:5], rtol=0.1
    )
    assert curve["two_sided.truncation"][2] == pytest.approx(1e-4 * math.e / 6)
    right = slice(9, 13)
    assert (curve["two_sided.error"][right] < 8 * curve["round_off"][right]).all()


def test_a_parabola_has_no_truncation():
    figures = run("theta**2", 3.0, [0.1]).figures()
    assert figures["two_sided.truncation"] == 0
    assert figures["two_sided.error"] < 1e-13
    assert figures["one_sided"] == pytest.approx(6.1)


def test_float32_has_no_number_between():
    simulation = run(dtype="float32")
    simulation.seek(8)
    assert simulation.figures()["two_sided"] == 0
    assert simulation.figures()["two_sided.error"] == 3
    (remark,) = simulation.remarks()
    assert remark.kind == "vanished"


@pytest.mark.parametrize(
    ("formula", "at", "epsilon", "kind"),
    [
        ("theta**3", 1.0, 0.1, "truncation"),
        ("theta**3", 1.0, 1e-5, "balance"),
        ("theta**3", 1.0, 1e-9, "round-off"),
        ("theta**2", 3.0, 0.1, "no truncation"),
        ("abs(theta)", 0.003, 0.01, "kink"),
        ("abs(theta)", 0.003, 0.001, "no truncation"),
    ],
)
def test_remarks_say_which_error_rules(formula, at, epsilon, kind):
    (remark,) = run(formula, at, [epsilon]).remarks()
    assert (remark.kind, remark.topic) == (kind, "B12")


def test_nothing_is_said_before_the_first_epsilon():
    simulation = DerivativeSimulation("theta**3", 1.0, DECADES)
    assert simulation.remarks() == ()
    figures = simulation.figures()
    assert tuple(figures) == FIGURES
    assert figures["exact"] == 3 and math.isnan(figures["two_sided"])


def test_the_picture_near_theta():
    simulation = run(epsilons=[0.1])
    shown = simulation.snapshot()
    x, epsilon = shown.offsets, 0.1
    np.testing.assert_allclose(shown.rises, ((1 + x * epsilon) ** 3 - 1) / epsilon, atol=1e-12)
    np.testing.assert_allclose(shown.values, shown.grid**3)
    assert shown.grid[0] == pytest.approx(0.85) and shown.grid[-1] == pytest.approx(1.15)
    assert (shown.text, shown.slope_text) == ("theta^3", "3 theta^2")


def test_the_picture_shows_the_steps_of_rounding():
    rises = run(epsilons=[1e-15]).snapshot().rises
    assert len(np.unique(rises)) < 30


def test_leaving_the_numbers_is_quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        curve = run("1 / theta", 0.01, [0.1, 0.01, 0.001]).history.curve
    assert curve["two_sided.error"][2] == math.inf
    assert math.isnan(curve["two_sided.order"][2]) and math.isnan(curve["two_sided.order"][3])


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 4)), min_size=1, max_size=6))
def test_every_way_leads_to_the_same_moment(places):
    straight = run()
    wandering = DerivativeSimulation("theta**3", 1.0, DECADES)
    for step, phase in places:
        wandering.seek(step, phase)
        straight.seek(step, phase)
        assert repr(wandering.snapshot()) == repr(straight.snapshot())
        assert repr(wandering.figures()) == repr(straight.figures())


def test_what_has_no_slope_is_told():
    with pytest.raises(ValueError, match="finite"):
        DerivativeSimulation("log(theta)", 0.0, [0.1])
    with pytest.raises(ValueError, match="above 0"):
        DerivativeSimulation("theta", 0.0, [0.1, 0.0])
    with pytest.raises(FormulaError):
        Function("theta +")
