"""Results made by hand, so that reports are tested without a compiler."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np

from nnsim.report.outcomes import Outcome
from nnsim.scenario.results import ExpectationResult, ScenarioResult, VariantResult

NAN = float("nan")


@dataclass(frozen=True)
class History:
    curve: dict = field(default_factory=dict)
    records: dict = field(default_factory=dict)


def evaluation(cost=0.25, accuracy=0.9375):
    return SimpleNamespace(cost=cost, data_loss=cost, accuracy=accuracy, error=1 - accuracy, m=64)


HISTORY = History(
    curve={
        "step": np.array([0.0, 1.0]),
        "cost": np.array([0.1 + 0.2, np.nan]),
        "learning_rate": np.array([0.01, 0.01]),
    },
    records={
        "step": np.array([0.0, 2.0]),
        "epoch": np.array([0.0, 1.0]),
        "train_cost": np.array([0.7, 0.25]),
        "train_accuracy": np.array([0.5, 0.9375]),
        "dev_cost": np.array([np.nan, np.nan]),
        "weight_norm": np.array([[1.0, 2.0], [3.0, 4.0]]),
    },
)


def variant(name="sigmoid", **changes):
    made = VariantResult(
        name=name,
        summary="slopes of at most 0.25",
        seed=1,
        dtype="float64",
        status="finished",
        step=2,
        steps=2,
        best_step=None,
        non_finite=None,
        non_finite_expected=False,
        final=SimpleNamespace(arrays={}),
        evaluations={"train": evaluation()},
        figures={},
        history=HISTORY,
        diagnosis=None,
        seconds=0.5,
    )
    return replace(made, **changes)


def expectation(kept=True, **changes):
    made = ExpectationResult(
        variant="sigmoid",
        metric="train.cost",
        at="end",
        comparison="<",
        expected=0.3,
        measured=0.25,
        kept=kept,
        text="sigmoid: train.cost at end < 0.3",
        because="it learns",
    )
    return replace(made, **changes)


def result(*variants, expectations=(), **changes):
    variants = variants or (variant(),)
    made = ScenarioResult(
        name="vanishing-gradients",
        title="Vanishing gradients",
        topics=("B10",),
        path="scenarios/practical/vanishing-gradients.toml",
        seed=1,
        dtype="float64",
        variants={each.name: each for each in variants},
        expectations=tuple(expectations),
        interrupted=False,
        seconds=0.5,
    )
    return replace(made, **changes)


def outcome(made=None, **changes):
    made = made or result()
    return replace(Outcome(made.name, made.path, made, seconds=0.5), **changes)


DIVERGED = variant(
    status="non-finite",
    non_finite=SimpleNamespace(step=12, phase="forward 3"),
    evaluations={"train": evaluation(cost=NAN, accuracy=NAN)},
)

STEPPED = variant(
    "adam",
    evaluations={},
    figures={"J": 0.5, "w": np.float64(4.75), "late": NAN, "verdict": "variance"},
    history=History(
        curve={
            "step": np.array([0, 1]),
            "J": np.array([2.0, 0.5]),
            "late": np.array([np.nan, np.inf]),
        }
    ),
)
