"""Names of measures: read and checked against the run, without Numba."""

import pytest

from nnsim.scenario import load
from nnsim.scenario.measure_names import ARRAYS
from nnsim.scenario.measures import (
    Measure,
    MeasureError,
    NotInRun,
    parse_condition,
    parse_measure,
)
from nnsim.scenario.moments import When, parse_when
from tests.scenario.texts import GOOD, good

RUN = load(GOOD).specification()
RICH = load(
    good(
        ('"tanh" }', '"tanh", batch_norm = true, keep_prob = 0.5, residual = true }'),
        ('"sigmoid" }', '"sigmoid", batch_norm = true }'),
    )
).specification()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cost", Measure("cost", "figure", "cost")),
        ("train.cost", Measure("train.cost", "evaluation", "train.cost")),
        ("dev.error", Measure("dev.error", "evaluation", "dev.error")),
        ("layer2.a_std", Measure("layer2.a_std", "layer", "a_std", 2)),
        ("layer-1.a_std", Measure("layer-1.a_std", "layer", "a_std", 2)),
        ("W1[3,-1]", Measure("W1[3,-1]", "array", "W1", 1, index=(3, -1))),
        ("W-1.norm", Measure("W-1.norm", "array", "W2", 2, "norm")),
        ("A0.std", Measure("A0.std", "array", "A0", 0, "std")),
        ("Y.mean", Measure("Y.mean", "array", "Y", 0, "mean")),
        ("b2", Measure("b2", "array", "b2", 2)),
        ("update_W1.abs_max", Measure("update_W1.abs_max", "array", "update_W1", 1, "abs_max")),
        ("s_max_W1.max", Measure("s_max_W1.max", "array", "s_max_W1", 1, "max")),
        ("check.dW1", Measure("check.dW1", "check", "dW1")),
        ("curvature.condition", Measure("curvature.condition", "curvature", "condition")),
        ("history.cost.rises", Measure("history.cost.rises", "history", "cost", 0, "rises")),
        (
            "history.dev.cost.min",
            Measure("history.dev.cost.min", "history", "dev.cost", 0, "min"),
        ),
        (
            "history.layer1.a_std.max",
            Measure("history.layer1.a_std.max", "history", "a_std", 1, "max"),
        ),
        ("diagnosis.bias", Measure("diagnosis.bias", "diagnosis", "bias")),
        ("status", Measure("status", "status")),
    ],
)
def test_names_are_taken_apart(text, expected):
    assert parse_measure(text, RUN) == expected


@pytest.mark.parametrize("array", ARRAYS)
def test_a_rich_layer_has_every_array(array):
    assert parse_measure(f"{array}1.norm", RICH).name == f"{array}1"


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("train.csot", "train.cost"),
        ("training.cost", "train.cost"),
        ("layer1.gradient", "layer1.gradient_norm"),
        ("W1.nrom", "W1.norm"),
        ("history.cost", ""),
        ("history.cost.maximum", "history.cost.max"),
        ("history.csot.max", "history.cost.max"),
        ("steps", "step"),
        ("W1[0]", "W1"),
        ("", ""),
        ("eval('1')", ""),
    ],
)
def test_unknown_names_have_a_suggestion(text, suggestion):
    with pytest.raises(MeasureError) as caught:
        parse_measure(text, RUN)
    assert not isinstance(caught.value, NotInRun)
    assert caught.value.suggestion == suggestion


@pytest.mark.parametrize(
    "text",
    [
        "layer3.a_std",
        "layer0.a_std",
        "W3.norm",
        "W0.norm",
        "A-3",
        "W1[4,0]",
        "gamma1.mean",
        "running_mean1.mean",
        "dbeta1.norm",
        "D1.zeros",
        "dA2.norm",
        "Z_norm2.std",
        "dZ_tilde1.norm",
    ],
)
def test_what_the_run_lacks_is_told(text):
    with pytest.raises(NotInRun) as caught:
        parse_measure(text, RUN)
    assert caught.value.expected


def test_a_block_of_the_gradient_check_has_a_suggestion():
    with pytest.raises(NotInRun) as caught:
        parse_measure("check.dw1", RUN)
    assert caught.value.suggestion == "check.dW1"


def test_sets_without_examples_are_told():
    run = load(good(("[0.6, 0.2, 0.2]", "[0.5, 0.5]"))).specification()
    assert parse_measure("dev.cost", run)
    for text in ("test.cost", "history.test.cost.min"):
        with pytest.raises(NotInRun, match="there is no test set"):
            parse_measure(text, run)


def test_a_condition_is_a_series_a_comparison_and_a_number():
    condition = parse_condition(" train.cost < 1e-1", RUN)
    assert condition.series.name == "train.cost"
    assert (condition.comparison, condition.value) == ("<", 0.1)


@pytest.mark.parametrize(
    "text",
    ["", "train.cost", "train.cost == 1", "W1.norm < 1", "train.cost < x", "layer9.a_std < 1"],
)
def test_other_conditions_are_refused(text):
    with pytest.raises(MeasureError):
        parse_condition(text, RUN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("end", When()),
        ("start", When(0)),
        (7, When(7)),
        ("epoch 3", When(epoch=3)),
    ],
)
def test_times_are_read(text, expected):
    assert parse_when(text) == expected


@pytest.mark.parametrize("text", [-1, True, 1.0, "step 3", "epoch", "epoch -1", "", None])
def test_other_times_are_refused(text):
    with pytest.raises(ValueError):
        parse_when(text)


def test_an_epoch_ends_after_its_last_batch():
    run = load(good(("steps = 20", "epochs = 4\nbatch_size = 10"))).specification()
    assert run.steps_an_epoch(24) == 3
    assert parse_when("epoch 2").step_of(3) == 6
    assert run.training(24).steps == 12
