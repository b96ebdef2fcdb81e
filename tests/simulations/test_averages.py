"""Averages against the kernels and the twin, weights, and going back and forth."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.cpu.averages import (
    exponentially_weighted_average,
    exponentially_weighted_average_corrected,
)
from nnsim.simulations.averages.simulation import (
    FORMS,
    AveragesSimulation,
    Curve,
    CurveState,
    figure_names,
    weights,
)
from tests.reference import averages as twin

THETA = np.random.default_rng(3).normal(10, 5, 80)
CURVES = (Curve("plain", 0.98), Curve("right", 0.9, "corrected"), Curve("wrong", 0.9, "stored"))


def run(theta=THETA, curves=CURVES, **options):
    simulation = AveragesSimulation(theta, curves, **options)
    simulation.run()
    return simulation


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.98, 0.9995])
def test_the_kernels_give_the_same_bits(beta, dtype):
    curves = (Curve("plain", beta), Curve("corrected", beta, "corrected"))
    curve = run(curves=curves, dtype=dtype).history.curve
    theta = THETA.astype(dtype)
    plain = exponentially_weighted_average(theta, beta)
    corrected = exponentially_weighted_average_corrected(theta, beta)
    np.testing.assert_array_equal(curve["plain.average"][1:].astype(dtype), plain)
    np.testing.assert_array_equal(curve["corrected.average"][1:].astype(dtype), corrected)
    np.testing.assert_array_equal(curve["corrected.v"], curve["plain.v"])


@pytest.mark.parametrize("beta", [0.3, 0.9, 0.98])
def test_the_twin_gives_the_same_numbers(beta):
    curve = run(curves=[Curve("a", beta), Curve("b", beta, "corrected")]).history.curve
    expected = twin.exponentially_weighted_average(THETA, beta)
    np.testing.assert_allclose(curve["a.average"][1:], expected, rtol=1e-12)
    expected = twin.exponentially_weighted_average_corrected(THETA, beta)
    np.testing.assert_allclose(curve["b.average"][1:], expected, rtol=1e-12)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.98])
def test_weights_make_the_average(form, beta):
    curve = run(curves=[Curve("a", beta, form)]).history.curve
    for t in (1, 2, 3, 17, 80):
        found = weights(beta, t, form)
        assert found.shape == (t,)
        np.testing.assert_allclose(curve["a.average"][t], found @ THETA[t - 1 :: -1], rtol=1e-10)
        np.testing.assert_allclose(curve["a.weight_today"][t], found[0], rtol=1e-10)
        np.testing.assert_allclose(curve["a.weight_first"][t], found[-1], rtol=1e-10)
        np.testing.assert_allclose(curve["a.weight_sum"][t], found.sum(), rtol=1e-10)
        age = (found * np.arange(t)).sum() / found.sum()
        np.testing.assert_allclose(curve["a.age"][t], age, rtol=1e-10, atol=1e-12)


def test_the_weights_of_the_course():
    figures = run([40, 49], [Curve("a", 0.98), Curve("b", 0.98, "corrected")]).figures()
    assert figures["a.weight_first"] == pytest.approx(0.0196, abs=1e-15)
    assert figures["a.weight_today"] == pytest.approx(0.02, abs=1e-15)
    assert figures["a.weight_sum"] == pytest.approx(0.0396, abs=1e-15)
    assert figures["a.average"] == pytest.approx(0.0196 * 40 + 0.02 * 49, abs=1e-12)
    assert figures["b.average"] == pytest.approx((0.0196 * 40 + 0.02 * 49) / 0.0396, abs=1e-12)
    assert figures["b.weight_sum"] == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    ("beta", "window"), [(0.5, 2), (0.9, 10), (0.98, 50), (0.9005, 10.05), (0.9995, 2000)]
)
def test_windows_of_the_course(beta, window):
    assert Curve("a", beta).window == pytest.approx(window, rel=1e-4)
    found = weights(beta, round(8 * window))
    assert found[: round(window)].sum() == pytest.approx(1 - 1 / math.e, abs=0.13)


def test_a_stored_quotient_is_divided_again():
    curve = run([40.0, 49.0], [Curve("wrong", 0.98, "stored")]).history.curve
    assert curve["wrong.average"][1] == pytest.approx(40)
    assert curve["wrong.average"][2] == pytest.approx((0.98 * 40 + 0.02 * 49) / 0.0396)
    assert curve["wrong.v"][2] == curve["wrong.average"][2]


def test_a_stored_quotient_may_leave_the_numbers_quietly():
    states = run(np.ones(400), [Curve("wrong", 0.98, "stored")], dtype="float32").history.curve
    assert states["wrong.average"][-1] > 1e20


def test_the_last_value_goes_on():
    simulation = run([0.0, 1.0], [Curve("a", 0.5)], steps=5)
    np.testing.assert_array_equal(simulation.theta, [0, 1, 1, 1, 1])
    np.testing.assert_array_equal(
        simulation.history.curve["a.average"], [0, 0, 0.5, 0.75, 0.875, 0.9375]
    )
    np.testing.assert_array_equal(run([0.0, 1.0], [Curve("a", 0.5)], steps=1).theta, [0.0])


def test_change_is_from_the_second_average_on():
    curve = run([1.0, 4.0, 4.0], [Curve("a", 0.5, "corrected")]).history.curve
    average = curve["a.average"]
    assert math.isnan(curve["a.change"][1])
    np.testing.assert_allclose(curve["a.change"][2:], np.abs(np.diff(average))[1:], rtol=1e-12)


def test_figures_have_their_names_at_every_step():
    simulation = AveragesSimulation(THETA, CURVES)
    names = figure_names(CURVES)
    for step in (0, 1, 80):
        simulation.seek(step)
        assert tuple(simulation.figures()) == names
    assert names[:4] == ("plain.average", "right.average", "wrong.average", "theta")


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 2)), min_size=1, max_size=6))
def test_every_way_leads_to_the_same_moment(places):
    straight = run(THETA[:12])
    wandering = AveragesSimulation(THETA[:12], CURVES)
    for step, phase in places:
        wandering.seek(step, phase)
        straight.seek(step, phase)
        one, other = wandering.snapshot(), straight.snapshot()
        assert repr(one.curves) == repr(other.curves)
        assert (one.step, one.phase, one.t) == (step, phase, step + (phase > 0))
        assert repr(wandering.figures()) == repr(straight.figures())


def test_what_is_shown_cannot_be_written_to():
    simulation = run()
    with pytest.raises(ValueError):
        simulation.snapshot().theta[0] = 1.0
    with pytest.raises(ValueError):
        simulation.history.curve["plain.average"][0] = 1.0


def test_remarks_name_the_worst_start():
    simulation = AveragesSimulation(THETA, (Curve("fast", 0.5), Curve("slow", 0.98)))
    assert simulation.remarks() == ()
    simulation.seek(3)
    (remark,) = simulation.remarks()
    assert (remark.kind, remark.topic) == ("start-up", "C3")
    assert remark.sentence.startswith("slow is pulled towards 0: after 3 values")
    assert "0.0588" in remark.sentence
    assert "1 - 0.98^3" in remark.how


def test_remarks_notice_an_average_outside_of_its_values():
    simulation = AveragesSimulation([40, 49], [Curve("a", 0.98, "stored")])
    simulation.seek(1)
    assert [each.kind for each in simulation.remarks()] == ["window"]
    simulation.seek(2)
    (remark,) = simulation.remarks()
    assert remark.kind == "outside"
    assert "1015" in remark.sentence and "above 49" in remark.sentence
    assert run([40, 49], [Curve("a", 0.98, "corrected")]).remarks()[0].kind == "window"


@pytest.mark.parametrize(
    ("theta", "curves", "words"),
    [
        ([], [Curve("a", 0.5)], "finite number"),
        ([1.0, math.nan], [Curve("a", 0.5)], "finite number"),
        ([1.0], [], "one or more"),
        ([1.0], [Curve("a", 0.5), Curve("a", 0.9)], "different names"),
    ],
)
def test_what_cannot_be_averaged_is_told(theta, curves, words):
    with pytest.raises(ValueError, match=words):
        AveragesSimulation(theta, curves)


@pytest.mark.parametrize(("beta", "form"), [(1.0, "plain"), (-0.1, "plain"), (0.5, "bent")])
def test_wrong_curves_are_told(beta, form):
    with pytest.raises(ValueError, match="curve 'a'"):
        Curve("a", beta, form)


def test_before_the_first_value_there_is_no_average():
    assert math.isnan(CurveState().corrected)
    figures = AveragesSimulation(THETA, CURVES).figures()
    assert figures["plain.average"] == 0 and figures["plain.v"] == 0
    assert math.isnan(figures["right.average"]) and math.isnan(figures["theta"])
