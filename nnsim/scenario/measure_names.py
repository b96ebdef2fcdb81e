"""The words that names of measures are made of."""

from __future__ import annotations

from nnsim.training.diagnosis import VERDICTS
from nnsim.training.figures import LAYER_FIGURES as LAYER_FIGURES

PARTS = ("train", "dev", "test")
STEP_FIGURES = ("cost", "data_loss", "penalty", "learning_rate", "step", "epoch")
EVALUATED = ("cost", "data_loss", "accuracy", "error", "m")
CURVES = ("cost", "data_loss", "penalty", "learning_rate")
SERIES_REDUCERS = ("first", "last", "min", "max", "mean", "rises", "step_of_min", "step_of_max")
REDUCERS = (
    "norm",
    "mean",
    "std",
    "variance",
    "min",
    "max",
    "sum",
    "abs_max",
    "abs_mean",
    "spread",
    "near_zero",
    "zeros",
)
_PARAMETERS = ("W", "b", "gamma", "beta")
_SLOTS = ("v", "s", "s_max")
ARRAYS = (
    *_PARAMETERS,
    *(f"d{name}" for name in _PARAMETERS),
    *(f"update_{name}" for name in _PARAMETERS),
    *(f"{slot}_{name}" for slot in _SLOTS for name in _PARAMETERS),
    *("Z", "Z_norm", "Z_tilde", "G", "A", "D", "dZ", "dZ_tilde", "dA", "dG"),
    *("mean", "variance", "running_mean", "running_variance"),
)
"""Arrays of a layer; A0 is the input and Y the labels of the batch."""
CURVATURE = ("condition", "largest", "smallest")
STATUSES = ("ready", "finished", "stopped early", "non-finite")
WORDS = {
    "status": STATUSES,
    "diagnosis": VERDICTS,
    "check.verdict": ("great", "look", "round-off", "wrong"),
}
"""Measures whose value is a word, and the words there are."""
