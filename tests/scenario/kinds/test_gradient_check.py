"""The tables of the kind `gradient_check`: what they make, and what is wrong with them."""

import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario import load
from nnsim.scenario.kinds.gradient_check import (
    KIND,
    MOST_PARAMETERS,
    block_names,
    parameters_of,
)

TEXT = """\
kind = "gradient_check"
[scenario]
title = "a check"
[data]
source = "xor"
[network]
loss = "binary_cross_entropy"
layers = [
  { units = 3, activation = "tanh", batch_norm = true, keep_prob = 0.8 },
  { units = 2, activation = "relu", bias = false },
  { units = 1, activation = "sigmoid" },
]
[training]
learning_rate = 0.1
[gradient_check]
epsilon = 1e-6
after = 3
masks = "fresh"
"""


def problems(text):
    with pytest.raises(ScenarioError) as found:
        scenario = load(text)
        scenario.simulation()
    return [str(each) for each in found.value.problems]


def test_tables_become_a_simulation():
    simulation = load(TEXT).simulation()
    assert (simulation.epsilon, simulation.trained, simulation.masks) == (1e-6, 3, "fresh")
    assert simulation.steps == 3 * (2 + 3) + 2 * 3 + (2 + 1)


def test_tables_may_be_left_out():
    short = TEXT[: TEXT.index("[training]")]
    simulation = load(short).simulation()
    assert (simulation.epsilon, simulation.trained, simulation.masks) == (1e-7, 0, "frozen")


def test_all_figures_can_be_measured_and_words_are_known():
    scenario = load(TEXT)
    simulation = scenario.simulation()
    names = scenario.specification().names()
    for step in (0, 1, simulation.steps):
        simulation.seek(step)
        figures = simulation.figures()
        assert set(figures) == set(names)
        for name, value in figures.items():
            assert isinstance(value, str) == bool(names[name])
            assert not isinstance(value, str) or value in (*names[name], "")
    assert next(iter(names)) == "ratio"


@pytest.mark.parametrize("norm", ["", ", layer_norm = true", ", batch_norm = true"])
def test_blocks_are_those_of_theta(norm):
    text = TEXT.replace("batch_norm = true, ", "").replace("keep_prob = 0.8", "bias = true" + norm)
    simulation = load(text).simulation()
    layers = load(text).specification().trained.layers
    assert block_names(layers) == tuple(b.name for b in simulation.snapshot().blocks)
    assert parameters_of(layers, 2) == simulation.steps


def test_what_is_set_is_said_in_lines():
    lines = load(TEXT).specification().set_up()
    assert lines["network"].startswith("n_x - 3 tanh (batch norm, keep 0.8) - 2 relu")
    assert lines["masks"] == "fresh" and "3 steps" in lines["trained before"]
    assert "planted fault" not in lines


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("epsilon = 1e-6", "epsilon = 0.0", 16, "too small"),
        ("epsilon = 1e-6", "epsilon = 2.0", 16, "too large"),
        ("after = 3", "after = -1", 17, "too small"),
        ("after = 3", "aftr = 3", 17, "did you mean 'after'"),
        ('"fresh"', '"frosen"', 18, "frozen"),
        ("learning_rate = 0.1", "steps = 10", 14, "gradient_check.after"),
        ("learning_rate = 0.1", "epochs = 10", 14, "gradient_check.after"),
        ('"tanh"', '"tanhh"', 9, "did you mean 'tanh'"),
        ("learning_rate = 0.1", "fault = { kind = 'adam_uncorrected' }", 14, "no place"),
        ("learning_rate = 0.1", "fault = { kind = 'dw_doubled', layer = 4 }", 14, "no layer 4"),
    ],
)
def test_mistakes_are_told_with_their_place(old, new, line, words):
    found = problems(TEXT.replace(old, new, 1))
    assert any(each.startswith(f"<text>:{line}: ") and words in each for each in found), found


def test_too_many_parameters_are_refused_with_what_to_do():
    found = problems(TEXT.replace("units = 3", "units = 3000"))
    assert str(MOST_PARAMETERS) in found[0] and "too many to step through" in found[0]


def test_data_that_do_not_fit_the_network_are_told():
    found = problems(TEXT.replace('"xor"', '"blobs"\nclasses = 3'))
    assert any("binary_cross_entropy does not go with these data" in each for each in found)


def test_every_dial_turns():
    scenario = load(TEXT + "\n")
    turned = {
        "epsilon": 1e-3,
        "masks": "frozen",
        "after": 10,
        "l2": 0.1,
        "fault": "dw_doubled",
    }
    for dial in KIND.dials:
        if dial.name in turned:
            value = turned[dial.name]
            assert value in dial.choices
            before = scenario.specification()
            assert scenario.specification(set={dial.key: value}) != before
    layered = scenario.specification(
        set={"training.fault.kind": "dw_doubled", "training.fault.layer": 2}
    )
    assert layered.trained.planned.fault.layer == 2


def test_the_planned_steps_are_those_of_the_data():
    assert load(TEXT).specification().steps is None
    assert load(TEXT + '[[expect]]\nmetric = "dgamma1.ratio"\nis = "<"\nvalue = 2').expectations
    (found,) = problems(TEXT + '[[expect]]\nmetric = "dgamma2.ratio"\nis = "<"\nvalue = 2')
    assert "dgamma2.ratio" in found
