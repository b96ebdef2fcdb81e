"""The tables of the kind `vectorization`: what they make, and what is wrong with them."""

import numpy as np
import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario import load
from nnsim.scenario.kinds.vectorization import FORMS, KIND
from nnsim.simulations.vectorization import forms

HEAD = """\
kind = "vectorization"
[scenario]
title = "loops"
"""
DRAWN = HEAD + "[vectorization]\nexamples = 20\nfeatures = 4\n"
WRITTEN = (
    HEAD
    + """[vectorization]
X = [[1, 2.5, 3], [0, 1, 0]]
Y = [0, 1, 1]
w = [0.5, -1]
b = 0.25
"""
)


def problems(text):
    with pytest.raises(ScenarioError) as found:
        load(text)
    return [str(each) for each in found.value.problems]


def test_numbers_are_drawn_from_the_seed():
    scenario = load(DRAWN)
    first, again = scenario.simulation(), scenario.simulation()
    assert first.X.shape == (4, 20) and first.steps == 21
    np.testing.assert_array_equal(first.X, again.X)
    assert not np.array_equal(first.X, scenario.simulation(seed=2).X)
    assert set(np.unique(first.Y)) == {0.0, 1.0}


def test_numbers_can_be_written_down():
    simulation = load(WRITTEN).simulation()
    np.testing.assert_array_equal(simulation.X, [[1, 2.5, 3], [0, 1, 0]])
    np.testing.assert_array_equal(simulation.Y, [[0, 1, 1]])
    simulation.seek(2)
    assert simulation.figures()["z"] == 0.5 * 2.5 - 1 + 0.25


def test_sizes_have_defaults():
    specification = load(HEAD).specification()
    assert (specification.examples, specification.features, specification.steps) == (100, 3, 101)


@pytest.mark.parametrize("text", [DRAWN, WRITTEN])
def test_all_figures_can_be_measured(text):
    scenario = load(text)
    simulation = scenario.simulation()
    simulation.run()
    assert list(simulation.figures()) == list(scenario.specification().names())


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("Y = [0, 1, 1]", "Y = [0, 1]", 6, "has 2 labels"),
        ("Y = [0, 1, 1]", "Y = [0, 1, 2]", 6, "too large"),
        ("Y = [0, 1, 1]\n", "", 4, "missing"),
        ("[0, 1, 0]", "[0, 1]", 5, "row 2 has 2 numbers"),
        ("w = [0.5, -1]", "w = [0.5]", 7, "has 1 numbers"),
        ("b = 0.25", "b = 200", 7, "does not exist"),
        ("b = 0.25", "b = 0.25\nexamples = 3", 9, "no effect beside X"),
        ("b = 0.25", 'b = 0.25\nform = "wrong"', 9, "right"),
        ('title = "loops"', 'title = "loops"\ndtype = "float32"', 4, "float64"),
    ],
)
def test_mistakes_are_told_with_their_place(old, new, line, words):
    found = problems(WRITTEN.replace(old, new, 1))
    assert any(each.startswith(f"<text>:{line}: ") and words in each for each in found), found


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("examples = 20", "examples = 0", 5, "too small"),
        ("examples = 20\nfeatures = 4", "examples = 10000\nfeatures = 101", 6, "1010000 numbers"),
        ("examples = 20", 'form = "labels_as_column"\nexamples = 2000', 6, "at most 1000"),
        ("features", "fetures", 6, "did you mean 'features'"),
    ],
)
def test_sizes_have_limits(old, new, line, words):
    found = problems(DRAWN.replace(old, new, 1))
    assert any(each.startswith(f"<text>:{line}: ") and words in each for each in found), found


def test_forms_are_those_that_there_are():
    assert tuple(forms.FORMS) == FORMS
    assert KIND.dial("form").choices == FORMS


def test_every_dial_turns():
    scenario = load(DRAWN)
    for dial in KIND.dials:
        specifications = {repr(scenario.specification(set={dial.key: c})) for c in dial.choices}
        assert len(specifications) == len(dial.choices)
