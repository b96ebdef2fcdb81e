"""The text of weighted averages, for numbers that can be worked out on paper."""

import pytest

from nnsim.simulations.averages.simulation import AveragesSimulation, Curve
from nnsim.tui.formulas.averages import explain
from tests.tui.formulas.arithmetic import equal
from tests.tui.stepped import moments, run

CURVES = (Curve("plain", 0.98), Curve("right", 0.98, "corrected"), Curve("bad", 0.98, "stored"))


def lines(step, phase, curves=CURVES, theta=(40, 49), **options):
    simulation = AveragesSimulation(theta, curves, **options)
    simulation.seek(step, phase)
    return explain(run(simulation), 100, ascii=True)


def of(found, role):
    return [line.text for line in found if line.role == role]


def test_before_the_first_step_nothing_is_explained():
    assert lines(0, 0) == ()


def test_the_value():
    found = lines(1, 1, name="temperature (C)")
    assert of(found, "equation") == ["theta_t: temperature (C) of day t"]
    assert of(found, "numbers") == ["theta_2 = 49"]


def test_the_average():
    found = lines(1, 2)
    assert of(found, "equation") == [
        "v_t = beta x v_(t-1) + (1 - beta) x theta_t",
        "plain: v_2 = 0.02 x 49 + 0.0196 x 40 = 1.764",
    ]
    assert of(found, "numbers") == [
        "plain: v_2 = 0.98 x 0.8 + 0.02 x 49 = 1.764",
        "right: v_2 = 0.98 x 0.8 + 0.02 x 49 = 1.764",
        "bad: v_2 = 0.98 x 40 + 0.02 x 49 = 40.18",
    ]
    assert "= 50 values" in of(found, "meaning")[0]


def test_the_sum_is_folded():
    found = lines(4, 2, (Curve("a", 0.5),), (8, 8, 8, 8, -8))
    assert of(found, "equation")[1] == (
        "a: v_5 = 0.5 x (-8) + 0.25 x 8 + 0.125 x 8 + 2 more = -0.25"
    )
    assert of(found, "numbers") == ["a: v_5 = 0.5 x 7.5 + 0.5 x (-8) = -0.25"]


def test_a_stored_quotient_is_no_such_sum():
    found = lines(1, 2, CURVES[2:])
    assert len(of(found, "equation")) == 1


def test_the_correction():
    found = lines(2, 0)
    assert of(found, "numbers") == [
        "plain: shows v_2 = 1.764; corrected it would be 44.55",
        "right: 1.764 / (1 - 0.98^2) = 1.764 / 0.0396 = 44.55",
        "bad: v_2 := 40.18 / (1 - 0.98^2) = 40.18 / 0.0396 = 1015",
    ]
    assert "divided again" in of(found, "meaning")[0]
    assert "v itself stays" in of(lines(2, 0, CURVES[:2]), "meaning")[0]
    assert "no curve is corrected" in of(lines(2, 0, CURVES[:1]), "meaning")[0]


def test_signs_beyond_ascii_where_they_may_be():
    simulation = AveragesSimulation([40.0], CURVES)
    simulation.seek(0, 2)
    texts = [line.text for line in explain(run(simulation), 100, ascii=False)]
    assert any("×" in text for text in texts)


@pytest.mark.parametrize("theta", [(40, 49, -3.14159, 0), (1e-7, 2e6), (-4.5, -4.5, -4.5)])
def test_every_moment_is_explained_and_its_sums_are_right(theta):
    curves = (*CURVES, Curve("quick", 0.0), Curve("long", 0.9995, "corrected"))
    for simulation in moments(AveragesSimulation(theta, curves)):
        for line in explain(run(simulation), 100, ascii=True):
            assert line.text.isascii()
            if line.role == "numbers" and " = " in line.text and "shows" not in line.text:
                assert equal(line.text.partition(": ")[2] or line.text), line.text
