"""The curves by which runs are compared: of training four that matter, else every figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnsim.tui.worker.frames import Frame, SteppedFrame, TrainingFrame

Points = tuple[np.ndarray, np.ndarray]
"""Steps and values."""


@dataclass(frozen=True)
class Curve:
    """A curve of each run."""

    name: str
    take: Callable[[Any], Points]
    log: bool = False
    """Its axis is logarithmic unless one says otherwise."""
    limits: tuple[float, float] | None = None
    """Ends of its axis, where they are known."""


def _cost(run: TrainingFrame) -> Points:
    return run.curve["step"], run.curve["cost"]


def _train_cost(run: TrainingFrame) -> Points:
    """Take the cost over all training examples; that of a small batch is too wild to compare."""
    return run.records["step"], run.records["train_cost"]


def _accuracy(run: TrainingFrame) -> Points:
    return run.records["step"], run.records["train_accuracy"]


def _first_gradient(run: TrainingFrame) -> Points:
    return run.records["step"], run.records["gradient_norm"][:, 0]


OF_TRAINING = (
    Curve("cost J", _cost),
    Curve("train cost", _train_cost),
    Curve("train accuracy", _accuracy, limits=(0.0, 1.0)),
    Curve("||dW1||", _first_gradient, log=True),
)


def curves_of(frame: Frame) -> tuple[Curve, ...]:
    """Return the curves of a frame's runs; there is always one."""
    if isinstance(frame.run, TrainingFrame):
        return OF_TRAINING
    names = dict.fromkeys(name for run in frame.runs for name in run.curve if name != "step")
    return tuple(Curve(name, _Figure(name)) for name in names) or (Curve("step", _Figure("step")),)


@dataclass(frozen=True)
class _Figure:
    """Takes a figure of a run; runs of one scenario need not have the same ones."""

    name: str

    def __call__(self, run: SteppedFrame) -> Points:
        """Return steps and values, none where the run has no such figure."""
        if self.name not in run.curve:
            return np.empty(0), np.empty(0)
        return run.curve["step"], run.curve[self.name]
