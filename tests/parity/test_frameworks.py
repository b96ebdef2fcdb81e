"""Exported scripts run, and their costs are nnsim's at every step."""

import importlib.util
import runpy
import sys

import numpy as np
import pytest

from nnsim.report.frameworks.exporting import written
from nnsim.scenario import load

NEEDS = {"pytorch": ("torch",), "jax": ("jax", "optax"), "keras": ("keras", "torch")}

BINARY = """
[scenario]
title = "Parity"
[data]
source = "moons"
examples = 50
noise = 0.1
[network]
loss = "binary_cross_entropy"
l2 = {l2}
hidden = {{ activation = "{activation}", initializer = "xavier"{more} }}
layers = [{{ units = 4 }}, {{ units = 3 }}, {{ units = 1, activation = "sigmoid" }}]
[training]
steps = 40
batch_size = {batch_size}
learning_rate = 0.1
optimizer = "{optimizer}"
{training}
"""
CLASSES = """
[scenario]
title = "Parity of classes"
[data]
source = "blobs"
classes = 3
examples = 45
[network]
loss = "softmax_cross_entropy"
layers = [{ units = 5, activation = "relu" }, { units = 3, activation = "softmax" }]
[training]
steps = 30
batch_size = 16
optimizer = "adam"
"""
PRICES = """
[scenario]
title = "Parity of numbers"
[data]
source = "linear"
task = "regression"
examples = 30
features = 3
[network]
loss = "{loss}"
layers = [{{ units = 4, activation = "tanh" }}, {{ units = 1, activation = "identity" }}]
[training]
steps = 25
learning_rate = 0.05
"""


def binary(**changes):
    settings = {
        "l2": 0.0, "activation": "tanh", "more": "", "batch_size": 0, "optimizer": "sgd",
        "training": "",
    }  # fmt: skip
    return BINARY.format(**(settings | changes))


EVERYWHERE = {
    "full batch": binary(),
    "mini-batches": binary(batch_size=16),
    "momentum": binary(optimizer="momentum", batch_size=25),
    "momentum as a sum": binary(optimizer="momentum_sum"),
    "adam": binary(optimizer="adam", activation="silu"),
    "weight penalty": binary(l2=0.5, activation="elu", batch_size=25),
    "decay": binary(training='schedule = { kind = "inverse_time" }', batch_size=10),
    "decay with momentum": binary(
        optimizer="momentum", training='schedule = { kind = "sqrt_step" }'
    ),
    "leaky": binary(activation="leaky_relu"),
    "softplus": binary(activation="softplus"),
    "classes": CLASSES,
    "numbers": PRICES.format(loss="mean_squared_error"),
    "huber": PRICES.format(loss="huber"),
}
ALONE = {
    "pytorch": {
        "nesterov": binary(optimizer="nesterov"),
        "rmsprop": binary(optimizer="rmsprop", activation="selu"),
        "adagrad": binary(optimizer="adagrad"),
        "amsgrad": binary(optimizer="amsgrad"),
        "adamw": binary(optimizer="adamw", training="weight_decay = 0.1"),
        "clipped": binary(training="clip_norm = 0.05", batch_size=10),
        "clipped by value": binary(training="clip_value = 0.01"),
        "batch norm": binary(more=", batch_norm = true", batch_size=25),
        "single precision": binary().replace("[data]", 'dtype = "float32"\n[data]'),
        "first weight penalty": binary().replace("l2 = 0.0", "l1 = 0.2\nl1_halved = true"),
    },
    "jax": {
        "rmsprop": binary(optimizer="rmsprop", activation="gelu"),
        "rmsprop, inside": binary(optimizer="rmsprop", training="epsilon_inside = true"),
        "adamw": binary(optimizer="adamw", training="weight_decay = 0.1"),
        "lion": binary(optimizer="lion", training="weight_decay = 0.1"),
        "clipped": binary(training="clip_norm = 0.05", batch_size=10),
        "clipped by value": binary(training="clip_value = 0.01"),
    },
    "keras": {
        "batch norm": binary(more=", batch_norm = true", batch_size=25),
    },
}
CASES = [
    (framework, name, text)
    for framework in NEEDS
    for name, text in (EVERYWHERE | ALONE[framework]).items()
    # Keras averages alpha dW, so that a changed alpha counts only later.
    if (framework, name) != ("keras", "decay with momentum")
]


def skip_without(framework):
    """Skip a test of a framework that is not installed; Keras must not be imported to ask."""
    for package in NEEDS[framework]:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed; pip install 'nnsim[parity]' brings it")


def ended(path):
    """Run a script in this process, where the frameworks are loaded once; return its exit code."""
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(path), run_name="__main__")
    return left.value.code


@pytest.fixture
def as_before():
    """Leave PyTorch's default precision as it was."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_default_dtype(sys.modules["torch"].float32)


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize(
    ("framework", "name", "text"), CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES]
)
def test_costs_agree(framework, name, text, tmp_path, capsys):
    skip_without(framework)
    script, arrays = written(load(text), "base", framework, {}, "nnsim export")
    path = tmp_path / "run.py"
    path.write_text(script, encoding="utf-8")
    np.savez(path.with_suffix(".npz"), **arrays)
    code = ended(path)
    said = capsys.readouterr().out
    assert "largest relative difference" in said
    assert code == 0, said
    # It can fail: a cost that is not nnsim's is noticed.
    arrays["cost"] = arrays["cost"] * 1.01
    np.savez(path.with_suffix(".npz"), **arrays)
    assert ended(path) == 1


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("variant", [each.name for each in load("frameworks").variants])
def test_the_figures_that_the_scenario_expects_are_those_of_pytorch(variant, tmp_path):
    pytest.importorskip("torch")
    scenario = load("frameworks")
    script, arrays = written(scenario, variant, "pytorch", {}, "")
    path = tmp_path / "run.py"
    path.write_text(script, encoding="utf-8")
    np.savez(path.with_suffix(".npz"), **arrays)
    names = {"__file__": str(path)}
    with pytest.raises(SystemExit) as left:
        exec(compile(script, path, "exec"), names)
    assert left.value.code == 0
    (expected,) = [
        each.value
        for each in scenario.expectations
        if each.left.variant == variant and each.value is not None
    ] or [None]
    if expected is not None:
        assert abs(names["costs"][-1] - expected) < 1e-12


DESCENT = """
kind = "descent"
[scenario]
title = "J as text"
[descent]
formula = "x0*u**2 + x1*u + x2 + 0.1*exp(u/10)*sin(pi*v) + v**2"
variables = ["u", "v"]
constants = { x0 = 1.0, x1 = -10.0, x2 = 25.0 }
start = [1.0, 0.4]
steps = 120
[[descent.paths]]
name = "sgd"
[[descent.paths]]
name = "momentum"
optimizer = "momentum"
start = [0.0, -1.0]
[[descent.paths]]
name = "adam"
optimizer = "adam"
learning_rate = 0.1
"""


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("framework", NEEDS)
def test_frameworks_find_the_gradient_of_a_text_and_walk_to_the_same_places(
    framework, tmp_path, capsys
):
    skip_without(framework)
    script, arrays = written(load(DESCENT), "base", framework, {}, "nnsim export")
    assert arrays == {}
    path = tmp_path / "run.py"
    path.write_text(script, encoding="utf-8")
    assert ended(path) == 0, capsys.readouterr().out
    path.write_text(script.replace("10.0*u", "10.1*u").replace("x1 = -10.0", "x1 = -10.1"))
    assert ended(path) == 1
