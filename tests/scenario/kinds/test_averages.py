"""The tables of the kind `averages`: what they make, and what is wrong with them."""

import numpy as np
import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario import load

PLAIN = """\
kind = "averages"
[scenario]
title = "Two numbers"
topic = "C3"
[averages]
values = [40, 49]
[[averages.curves]]
name = "plain"
beta = 0.98
[[averages.curves]]
name = "stored"
beta = 0.98
correction_stored = true
"""
YEAR = """\
kind = "averages"
[scenario]
title = "A year"
[data]
source = "temperatures"
days = 50
[[averages.curves]]
name = "slow"
corrected = true
"""


def problems(text):
    with pytest.raises(ScenarioError) as found:
        load(text)
    return [str(each) for each in found.value.problems]


def test_values_are_averaged():
    scenario = load(PLAIN)
    specification = scenario.specification()
    assert specification.steps == 2
    assert [curve.form for curve in specification.curves] == ["plain", "stored"]
    simulation = scenario.simulation()
    simulation.run()
    assert simulation.figures()["plain.average"] == pytest.approx(1.764)


def test_a_series_comes_in_its_order():
    """The first row of Y, neither shuffled nor split."""
    scenario = load(YEAR)
    assert scenario.specification().steps is None
    simulation = scenario.simulation()
    assert simulation.steps == 50
    assert simulation.curves[0].form == "corrected"
    theta = simulation.theta
    assert theta[:25].mean() < theta[25:].mean() and simulation.name == "temperature (C)"
    np.testing.assert_array_equal(theta, load(YEAR).simulation().theta)
    assert not np.array_equal(theta, load(YEAR).simulation(seed=2).theta)


def test_a_column_of_a_file_can_be_averaged(tmp_path):
    (tmp_path / "prices.csv").write_text("day,price\n1,10\n2,14\n3,12\n", encoding="utf-8")
    text = YEAR.replace('"temperatures"\ndays = 50', '"csv"\nfile = "prices.csv"\ntarget = "price"')
    path = tmp_path / "prices.toml"
    path.write_text(text, encoding="utf-8")
    simulation = load(path).simulation()
    np.testing.assert_array_equal(simulation.theta, [10, 14, 12])
    assert simulation.name == "price"


def test_steps_hold_the_last_value_or_cut():
    assert load(PLAIN).simulation(steps=5).theta.tolist() == [40, 49, 49, 49, 49]
    assert load(YEAR).simulation(steps=5).steps == 5


def test_precision_is_the_scenarios():
    simulation = load(PLAIN.replace('topic = "C3"', 'dtype = "float32"')).simulation()
    assert simulation.theta.dtype == np.float32


def test_dials_change_the_first_curve():
    scenario = load(
        PLAIN
        + """
[[lesson]]
step = 1
text = "Look."
try = { text = "Another beta.", set = { beta = 0.5, corrected = true } }
"""
    )
    assert scenario.lessons[0].trial.changes == (("beta", 0.5), ("corrected", True))
    changed = scenario.specification(set={"averages.curves[0].beta": 0.5})
    assert [curve.beta for curve in changed.curves] == [0.5, 0.98]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"C3"', '"C33"', 4, "no such topic"),
        ("values = [40, 49]", "values = []", 6, "is empty"),
        ("values = [40, 49]", 'values = [40, "x"]', 6, "a number"),
        ("values = [40, 49]", "values = [40, 49]\nsteps = 0", 7, "too small"),
        ("values = [40, 49]", "valeus = [40, 49]", 6, "did you mean 'values'"),
        ("beta = 0.98", "beta = 1.0", 9, "too large"),
        ('name = "plain"', 'name = "a b"', 8, "a word of at most 20 letters"),
        ('name = "stored"', 'name = "plain"', 11, "there is a curve 'plain' before"),
        (
            "correction_stored = true",
            "correction_stored = true\ncorrected = true",
            13,
            "one of them",
        ),
        ("[averages]", '[data]\nsource = "xor"\n[averages]', 8, "given beside [data]"),
    ],
)
def test_mistakes_are_told_with_their_place(old, new, line, words):
    (found,) = problems(PLAIN.replace(old, new, 1))
    assert found.startswith(f"<text>:{line}: ") and words in found


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"temperatures"', '"temperature"', 5, "did you mean 'temperatures'"),
        ("days = 50", "days = 0", 6, "days"),
        ("days = 50", "dais = 50", 6, "did you mean 'days'"),
    ],
)
def test_mistakes_in_the_series_are_told(old, new, line, words):
    (found,) = problems(YEAR.replace(old, new, 1))
    assert found.startswith(f"<text>:{line}: ") and words in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (YEAR.replace('"temperatures"\ndays = 50', '"xor"'), "no series to average"),
        (YEAR.replace("days = 50", "days = 50\n[averages]\nsteps = 60"), "have 50 values"),
    ],
)
def test_data_that_do_not_fit_are_told(text, words):
    with pytest.raises(ScenarioError, match=words):
        load(text).simulation()


def test_an_unknown_figure_is_told_with_the_nearest():
    text = PLAIN + '[[expect]]\nmetric = "plain.averge"\nis = ">"\nvalue = 1\n'
    (found,) = problems(text)
    assert "did you mean 'plain.average'" in found


def test_what_is_missing_is_told():
    (found,) = problems('kind = "averages"\n[scenario]\ntitle = "x"\n')
    assert "averages: missing" in found
