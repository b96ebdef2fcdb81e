"""The JSON of runs: read back by another parser, numbers whole, nothing secret told."""

import json

import numpy as np

import nnsim
from nnsim.network.specification import BatchNorm, Layer, Network
from nnsim.report.runs_json import runs_json
from nnsim.training.specification import Training
from tests.report.recorded_runs import (
    FAULT,
    descent,
    diverged,
    fork,
    history,
    run,
    scenario,
    stepped,
)


def refuse(literal):
    raise AssertionError(f"{literal} is not JSON")


def read(made):
    return json.loads(runs_json(made), parse_constant=refuse)


def test_keys_of_version_1_do_not_change():
    document = read(scenario())
    assert list(document) == ["version", "nnsim", "scenario", "runs"]
    assert (document["version"], document["nnsim"]) == (1, nnsim.__version__)
    assert document["scenario"] == {
        "name": "vanishing-gradients",
        "kind": "training",
        "title": "Vanishing gradients",
        "topics": ["B10"],
        "path": "scenarios/practical/vanishing-gradients.toml",
    }
    assert list(document["runs"][0]) == [
        "number", "name", "variant", "parent", "start", "seed", "dtype", "status", "step", "steps",
        "best_step", "non_finite", "hidden_fault", "network", "training", "sets", "curve",
        "records",
    ]  # fmt: skip
    assert list(document["runs"][0]["sets"]["dev"]) == [
        "examples", "cost", "data_loss", "accuracy", "error",
    ]  # fmt: skip


def test_a_fork_tells_its_parent_and_shares_its_past():
    first, second = read(scenario(run(), fork()))["runs"]
    assert (first["parent"], first["start"]) == (None, 0)
    assert (second["parent"], second["start"]) == (0, 6)
    assert second["curve"]["step"][:3] == [0, 1, 2]


def test_every_number_reads_back_as_the_same_float():
    found = read(scenario(run()))["runs"][0]
    curve, records = history()
    for kind, columns in (("curve", curve), ("records", records)):
        assert list(found[kind]) == list(columns)
        for name, values in columns.items():
            if not name.startswith("test_"):
                np.testing.assert_array_equal(found[kind][name], values)
    assert found["training"]["learning_rate"] == 0.1 + 0.2


def test_settings_are_plain_data_that_builds_them_again():
    network = Network(
        2,
        (
            Layer(2, batch_norm=BatchNorm(gamma=(1.0, 2.0)), weights=((1.0, 2.0), (3.0, 4.0))),
            Layer(1, "sigmoid"),
        ),
        "binary_cross_entropy",
    )
    training = Training(steps=5, fault=FAULT)
    found = read(scenario(run(network=network, training=training)))["runs"][0]
    layer = found["network"]["layers"][0]
    assert layer["weights"] == [[1.0, 2.0], [3.0, 4.0]]
    assert layer["batch_norm"]["gamma"] == [1.0, 2.0]
    assert found["training"]["fault"] == {"kind": "dw_doubled", "layer": 2}
    assert {"steps", "optimizer", "schedule", "early_stopping"} <= found["training"].keys()


def test_what_is_not_finite_is_null():
    found = read(scenario(diverged()))["runs"][0]
    assert found["curve"]["cost"][-2:] == [None, None]
    assert found["records"]["gradient_norm"][-1] == [None, None, None]
    assert found["records"]["test_cost"] == [None] * len(found["records"]["step"])
    assert found["sets"]["train"]["cost"] is None
    assert found["non_finite"] == {"step": 12, "phase": "forward 3"}


def test_a_column_is_a_line_and_steps_are_whole_numbers():
    lines = [line.strip() for line in runs_json(scenario(run())).splitlines()]
    assert '"step": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],' in lines


def test_names_may_hold_any_sign_and_no_run_is_no_crash():
    name = 'a "b"\n\\ alpha \u03b1 $x$'
    assert read(scenario(run(name=name)))["runs"][0]["name"] == name
    assert read(scenario(run(), path=None))["scenario"]["path"] is None
    empty = {name: values[:0] for name, values in history()[0].items()}
    assert read(scenario(run(curve=empty)))["runs"][0]["curve"]["cost"] == []


def test_other_kinds_have_settings_and_figures():
    document = read(descent())
    assert document["scenario"]["kind"] == "descent"
    first = document["runs"][0]
    assert list(first) == [
        "number", "name", "variant", "parent", "start", "seed", "dtype", "status", "step", "steps",
        "best_step", "non_finite", "hidden_fault", "settings", "figures", "curve", "records",
    ]  # fmt: skip
    assert first["settings"] == {"learning_rate": "0.05", "surface": "parabola"}
    assert first["figures"] == {"w": 2.0, "J": 9.0, "gain": None, "verdict": "falling"}
    assert first["curve"]["w"] == stepped().curve["w"].tolist() and first["records"] == {}
    assert first["curve"]["step"] == [0, 1, 2, 3, 4, 5]
