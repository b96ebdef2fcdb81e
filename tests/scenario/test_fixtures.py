"""Whole scenarios on the real engine."""

import pickle
from pathlib import Path

import numpy as np
import pytest

import nnsim
from nnsim.errors import DataError, ScenarioError
from nnsim.scenario.measure_names import (
    ARRAYS,
    CURVATURE,
    CURVES,
    EVALUATED,
    LAYER_FIGURES,
    PARTS,
    STEP_FIGURES,
)
from nnsim.scenario.measures import parse_measure
from tests.scenario.texts import GOOD, good

FIXTURES = Path(__file__).parent / "fixtures"


def test_two_optimizers():
    result = nnsim.run(FIXTURES / "two-optimizers.toml")
    assert [each.kept for each in result.expectations] == [True] * 4
    assert result.ok
    sgd, adam = result.variants["sgd"], result.variants["adam"]
    np.testing.assert_array_equal(sgd.history.curve["cost"][0], adam.history.curve["cost"][0])
    assert adam.arrays["W1"].shape == (6, 2)
    assert adam.diagnosis.verdict in ("bias", "variance", "both", "neither")
    again = pickle.loads(pickle.dumps(result))
    np.testing.assert_array_equal(again.variants["adam"].arrays["W1"], adam.arrays["W1"])
    np.testing.assert_array_equal(
        again.variants["adam"].history.curve["cost"], adam.history.curve["cost"]
    )


def test_a_lesson_that_is_not_true_is_missed():
    result = nnsim.run(FIXTURES / "two-optimizers.toml", set=["optimizer=sgd"])
    assert [each.kept for each in result.expectations] == [False, True, True, False]


def test_shared_weight():
    result = nnsim.run(str(FIXTURES / "shared-weight.toml"))
    assert result.ok
    changed = nnsim.run(FIXTURES / "shared-weight.toml", set={"layers[0].initializer": "he"})
    assert changed.expectations[0].kept is False


def test_a_loaded_scenario_travels_to_another_process():
    scenario = nnsim.load(FIXTURES / "shared-weight.toml")
    scenario.simulation()
    again = pickle.loads(pickle.dumps(scenario))
    assert again.runs == scenario.runs
    assert again.simulation().position.step == 0


def test_variants_share_their_data():
    scenario = nnsim.load(FIXTURES / "two-optimizers.toml")
    sgd, adam = scenario.simulation("sgd"), scenario.simulation("adam")
    assert sgd.data is adam.data
    assert scenario.simulation("sgd", seed=4).data is not sgd.data
    assert scenario.simulation("sgd", set={"noise": 0.1}).data is not sgd.data


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        (
            ("units = 1,", "units = 2,"),
            "network.layers",
            "the output layer has 2 units; expected 1",
        ),
        (
            ('"binary_cross_entropy"', '"softmax_cross_entropy"'),
            "network.loss",
            "does not go with these data: labels of two classes",
        ),
        (
            ('"tanh" }', '"tanh", weights = [[1], [1], [1], [1]] }'),
            "network.layers",
            "the weights of layer 1 have rows of 1 numbers; expected 2, the features of the data",
        ),
    ],
)
def test_a_network_that_does_not_fit_the_data_is_told(change, key, words):
    changes = [change]
    if key == "network.loss":
        changes.append(('"sigmoid"', '"softmax"'))
    scenario = nnsim.load(good(*changes))
    with pytest.raises(ScenarioError) as caught:
        scenario.simulation()
    (problem,) = caught.value.problems
    assert words in str(problem)
    assert problem.key == key
    assert problem.line in (10, 11)


def test_files_are_read_beside_the_scenario_and_nowhere_else(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    rows = "\n".join(f"{i},{i % 3},{'yes' if i % 2 else 'no'}" for i in range(20))
    for place in (folder, tmp_path):
        (place / "examples.csv").write_text("a,b,answer\n" + rows + "\n")
    text = good(
        ('source = "circles"', 'source = "csv"\ntarget = "answer"'),
        ("examples = 40", 'file = "{}"'),
    )
    path = folder / "mine.toml"
    path.write_text(text.replace("{}", "examples.csv"))
    simulation = nnsim.load(path).simulation()
    assert simulation.data.train.m == 12
    path.write_text(text.replace("{}", "../examples.csv"))
    with pytest.raises(DataError):
        nnsim.load(path).simulation()


def test_text_scenarios_run():
    result = nnsim.run(GOOD + '[[expect]]\nmetric = "history.cost.rises"\nis = "=="\nvalue = 0\n')
    assert result.ok
    assert result.variants["base"].evaluations["dev"].m == 8


RICH = good(
    ("units = 4", "units = 2"),
    ('"tanh" }', '"tanh", batch_norm = true, keep_prob = 0.5, residual = true }'),
    ("[network]", "[network]\nl2 = 0.1"),
    ("steps = 20", 'steps = 20\nbatch_size = 8\noptimizer = "amsgrad"\nearly_stopping = true'),
)


def test_every_measure_can_be_taken_from_the_real_engine():
    run = nnsim.load(RICH).specification()
    names = [*STEP_FIGURES, "status", "best_step", "diagnosis", "diagnosis.variance"]
    names += [f"{part}.{name}" for part in PARTS for name in EVALUATED]
    names += [f"layer{number}.{name}" for number in (1, 2) for name in LAYER_FIGURES]
    names += [f"{name}1.abs_max" for name in ARRAYS] + ["A0.mean", "Y.mean", "W2.norm", "b2"]
    names += ["check.ratio", "check.verdict", "check.kinks", "check.dgamma1", "check.dW2"]
    names += [f"curvature.{name}" for name in CURVATURE]
    names += [f"history.{name}.max" for name in (*CURVES, "dev.error", "layer2.z_std")]
    text = RICH
    for at in ("start", 7, "end"):
        for name in names:
            words = parse_measure(name, run).words
            value = f'"{words[-1]}"' if words else "1e99"
            text += f'[[expect]]\nmetric = "{name}"\nat = {at!r}\nis = "!="\nvalue = {value}\n'
    result = nnsim.run(text)
    missing = {(e.metric, e.at): e.reason for e in result.expectations if e.measured is None}
    # Nothing is the best so far before anything was evaluated.
    assert list(missing) == [("best_step", "start")]


def test_early_stopping_ends_with_the_best_parameters():
    text = good(("steps = 20", "steps = 4000\nlearning_rate = 1.0\nearly_stopping.patience = 2"))
    text = text.replace("units = 4", "units = 30")
    text = text.replace("examples = 40", "examples = 40\nnoise = 0.4")
    text += """
[[expect]]
metric = "status"
is = "=="
value = "stopped early"
[[expect]]
metric = "dev.data_loss"
is = "<="
than = { metric = "history.dev.data_loss.min" }
"""
    result = nnsim.run(text)
    assert [each.kept for each in result.expectations] == [True, True]
    assert result.variants["base"].best_step < result.variants["base"].step
