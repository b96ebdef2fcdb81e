"""The tables of the kind `derivative`: what they make, and what is wrong with them."""

import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario import load

CUBE = """\
kind = "derivative"
[scenario]
title = "theta cubed"
[derivative]
formula = "theta**3"
at = 1
"""


def problems(text):
    with pytest.raises(ScenarioError) as found:
        load(text)
    return [str(each) for each in found.value.problems]


def test_decades_are_exact_powers():
    epsilons = load(CUBE).specification().epsilons
    assert epsilons == tuple(float(f"1e-{k}") for k in range(1, 13))


def test_decades_go_either_way_and_in_parts():
    text = CUBE + "first_decade = -3\nlast_decade = -1\nper_decade = 2\n"
    specification = load(text).specification()
    assert specification.epsilons == pytest.approx([1e-3, 10**-2.5, 1e-2, 10**-1.5, 0.1])
    assert specification.steps == 5
    assert load(CUBE + "first_decade = -2\nlast_decade = -2").specification().epsilons == (0.01,)


def test_epsilons_can_be_written_down():
    scenario = load(CUBE + "epsilons = [0.01]")
    simulation = scenario.simulation()
    simulation.run()
    assert simulation.figures()["two_sided"] == pytest.approx(3.0001)


def test_precision_is_a_dial():
    text = (
        CUBE
        + '[[lesson]]\nstep = 1\ntext = "x"\ntry = { text = "y", set = { dtype = "float32" } }\n'
    )
    scenario = load(text)
    assert scenario.lessons[0].trial.changes == (("dtype", "float32"),)
    assert scenario.simulation(set=["scenario.dtype=float32"]).function.dtype == "float32"
    (found,) = problems(text.replace("float32", "float31"))
    assert "makes no run of variant 'base'" in found and "float31" in found


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("theta**3", "theta***3", 5, "column"),
        ("theta**3", "w**3", 5, "theta"),
        ("theta**3", "thta**3", 5, "theta"),
        ('formula = "theta**3"', 'formla = "theta**3"', 5, "did you mean 'formula'"),
        ("at = 1", "at = 1e9", 6, "too large"),
        ("at = 1", "at = 1\nepsilons = [0.1, 0.0]", 7, "too small"),
        ("at = 1", "at = 1\nepsilons = []", 7, "is empty"),
        ("at = 1", "at = 1\nepsilons = [0.1]\nper_decade = 2", 8, "no effect beside epsilons"),
        ("at = 1", "at = 1\nper_decade = 0", 7, "too small"),
        ("theta**3", "log(theta - 1)", 6, "finite"),
    ],
)
def test_mistakes_are_told_with_their_place(old, new, line, words):
    found = problems(CUBE.replace(old, new, 1))
    assert any(each.startswith(f"<text>:{line}: ") and words in each for each in found), found


def test_a_variant_may_bring_the_point_that_the_formula_needs():
    text = CUBE.replace("theta**3", "log(theta)").replace("at = 1", "at = 0")
    assert "finite" in problems(text)[0]
    assert load(text + '[[variant]]\nname = "a"\nderivative = { at = 2.0 }\n').variants


def test_all_figures_can_be_measured():
    scenario = load(CUBE)
    simulation = scenario.simulation()
    simulation.run()
    assert set(simulation.figures()) == set(scenario.specification().names())
