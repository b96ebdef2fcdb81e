"""Conditions: read, checked, fulfilled."""

import math

import pytest

from nnsim.training.figures import LAYER_FIGURES
from nnsim.tui.worker.conditions import figures, parse_condition


def holds(text, **values):
    return parse_condition(text).holds({name.replace("__", "."): v for name, v in values.items()})


@pytest.mark.parametrize(
    ("text", "below", "at", "above"),
    [
        ("cost < 0.5", True, False, False),
        ("cost <= 0.5", True, True, False),
        ("cost > 0.5", False, False, True),
        ("cost >= 0.5", False, True, True),
        ("cost == 0.5", False, True, False),
        ("cost = 0.5", False, True, False),
        ("cost<.5", True, False, False),
        ("  cost  <  5e-1 ", True, False, False),
    ],
)
def test_comparisons(text, below, at, above):
    assert [holds(text, cost=cost) for cost in (0.4, 0.5, 0.6)] == [below, at, above]


def test_a_figure_that_is_unknown_or_nan_fulfils_nothing():
    for text in ("cost < 1", "cost > 1", "cost == 1"):
        assert not holds(text)
        assert not holds(text, cost=math.nan)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("500", "step", 500),
        ("step 500", "step", 500),
        ("step500", "step", 500),
        ("epoch 3", "epoch", 3),
        ("+100", "step", 228),
        ("step +100", "step", 228),
    ],
)
def test_times(text, name, value):
    condition = parse_condition(text, step=128)
    assert condition.names == {name}
    assert condition.holds({name: value})
    assert not condition.holds({name: value - 1})
    assert str(condition) == f"{name} {value}"


def test_the_end_is_no_figure():
    condition = parse_condition(" End ")
    assert (str(condition), condition.names) == ("end", frozenset())
    assert not condition.holds({"step": 1e9, "cost": 0.0})


def test_two_conditions():
    condition = parse_condition("cost<1e-1 and dev.accuracy >= 0.9")
    assert condition.names == {"cost", "dev.accuracy"}
    assert str(condition) == "cost < 0.1 and dev.accuracy >= 0.9"
    assert condition.holds({"cost": 0.05, "dev.accuracy": 0.9})
    assert not condition.holds({"cost": 0.05, "dev.accuracy": 0.8})
    assert not condition.holds({"cost": 0.05})


@pytest.mark.parametrize("name", figures(2))
def test_every_figure_can_be_waited_for(name):
    assert parse_condition(f"{name} > 1", layers=2).names == {name}


def test_figures_of_a_layer():
    assert {f"layer2.{figure}" for figure in LAYER_FIGURES} <= set(figures(3))
    assert parse_condition("layer-1.z_std < 1", layers=3).names == {"layer3.z_std"}
    assert parse_condition("layer9.z_std < 1").names == {"layer9.z_std"}


@pytest.mark.parametrize(
    "text", ["cost < 0.1", "layer1.gradient_norm <= 1e-09", "step 7", "epoch 2", "end"]
)
def test_what_is_written_can_be_read_again(text):
    condition = parse_condition(text)
    assert parse_condition(str(condition)) == condition


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing is written; expected cost < 0.1"),
        ("cst < 1", "no figure 'cst'"),
        ("cst < 1", "did you mean 'cost'"),
        ("accuracy > 0.9", "accuracy'?"),
        ("train.acuracy > 0.9", "did you mean 'train.accuracy'"),
        ("layer1.gradient_nrm > 1", "did you mean 'gradient_norm'"),
        ("layer1.xyz > 1", "expected one of weight_norm"),
        ("layer4.z_std > 1", "there is no layer 4; expected 1 to 3"),
        ("layer0.z_std > 1", "there is no layer 0; expected 1 to 3"),
        ("cost", "expected cost < 0.1"),
        ("cost < ", "expected cost < 0.1"),
        ("cost < x", "expected cost < 0.1"),
        ("step 5.5", "expected step 500"),
        ("cost != 1", "no comparison '!='; expected one of < <= > >= =="),
        ("epoch +3", "counted from the beginning"),
        ("ende", "did you mean 'end'"),
        ("-10", "expected cost < 0.1"),
        ("__import__('os')", "expected"),
        ("cost < 1 and", "expected"),
    ],
)
def test_mistakes_say_what_there_is(text, words):
    with pytest.raises(ValueError) as caught:
        parse_condition(text, layers=3)
    assert words in str(caught.value)


def test_a_layer_before_the_first_needs_their_number():
    with pytest.raises(ValueError, match=r"expected 1, 2, 3"):
        parse_condition("layer-1.z_std < 1")
