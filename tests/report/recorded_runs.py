"""Recorded runs made by hand, so that the export writers are tested without a compiler."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from nnsim.network.specification import Layer, Network
from nnsim.report.recorded import RecordedRun, RecordedScenario
from nnsim.training.figures import LAYER_FIGURES
from nnsim.training.specification import PlantedFault, Training

LAYERS = 3
ROWS = 12
NETWORK = Network(
    2, (Layer(4, "tanh"), Layer(3, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy", l2=0.1
)
FAULT = PlantedFault("dw_doubled", 2)


def evaluation(cost=0.25, accuracy=0.9375, m=64):
    return SimpleNamespace(cost=cost, data_loss=cost, accuracy=accuracy, error=1 - accuracy, m=m)


def history(scale=1.0, rows=ROWS):
    """Return curve and records of so many steps; no test set."""
    step = np.arange(rows, dtype=float)
    cost = 0.7 * scale * 0.9**step
    curve = {
        "step": step,
        "cost": cost,
        "data_loss": cost - 0.01,
        "penalty": np.full(rows, 0.01),
        "learning_rate": np.full(rows, 0.1 + 0.2),
    }
    at = step[::2]
    records = {"step": at, "epoch": at // 4}
    for part in ("train", "dev", "test"):
        gone = np.nan if part == "test" else 0.0
        records[f"{part}_cost"] = cost[::2] + gone
        records[f"{part}_data_loss"] = cost[::2] - 0.01 + gone
        records[f"{part}_accuracy"] = 1 - 0.5 * 0.9**at + gone
    for name in LAYER_FIGURES:
        records[name] = 10.0 ** np.arange(1 - LAYERS, 1) * np.ones((len(at), 1))
    return curve, records


def run(number=0, name="sigmoid", **changes):
    curve, records = history(1 + number / 4)
    plain = RecordedRun(
        number=number,
        name=name,
        variant=name,
        parent=None,
        start=0,
        seed=1,
        dtype="float64",
        status="ready",
        step=10,
        steps=200,
        best_step=None,
        non_finite=None,
        network=NETWORK,
        training=Training(steps=200, learning_rate=0.1 + 0.2),
        evaluations={"train": evaluation(), "dev": evaluation(m=10)},
        curve=curve,
        records=records,
    )
    return replace(plain, **changes)


def fork(number=1, parent=0, **changes):
    plain = run(number, "sigmoid, learning_rate 0.1", variant="sigmoid", parent=parent, start=6)
    return replace(plain, **changes)


def scenario(*runs, **changes):
    plain = RecordedScenario(
        "vanishing-gradients",
        "Vanishing gradients",
        "scenarios/practical/vanishing-gradients.toml",
        ("B10",),
        runs or (run(), fork()),
    )
    return replace(plain, **changes)


def diverged():
    """Return a run whose cost became infinite and then NaN."""
    curve, records = history()
    for table, name in ((curve, "cost"), (records, "train_cost"), (records, "gradient_norm")):
        table[name][-2], table[name][-1] = np.inf, np.nan
    return run(
        status="non-finite",
        non_finite=SimpleNamespace(step=np.int64(12), phase="forward 3"),
        evaluations={"train": evaluation(cost=np.nan, accuracy=np.nan)},
        curve=curve,
        records=records,
    )


def stepped(number=0, name="sgd", **changes):
    """Return a run of a kind that trains no network."""
    step = np.arange(6)
    w = 5 - 5 * 0.9**step
    curve = {"step": step, "w": w, "J": (w - 5) ** 2, "gain": np.where(step, 0.81, np.nan)}
    plain = run(
        number,
        name,
        network=None,
        training=None,
        evaluations={},
        curve=curve,
        records={},
        figures={"w": 2.0, "J": 9.0, "gain": np.nan, "verdict": "falling"},
        settings={"learning_rate": "0.05", "surface": "parabola"},
    )
    return replace(plain, **changes)


def descent(*runs):
    return scenario(*(runs or (stepped(), stepped(1, "adam"))), kind="descent")
