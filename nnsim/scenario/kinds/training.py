"""The kind `training`: a network trained on a data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nnsim.scenario.agreement import disagreements
from nnsim.scenario.kinds.kind import Kind
from nnsim.scenario.lessons import LessonTable
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.preparing import prepare
from nnsim.scenario.specification import TrainingTables, specify

PLACEHOLDERS: Mapping[KeyPath, Any] = {
    ("scenario",): {"title": "untitled"},
    ("scenario", "title"): "untitled",
    ("data",): {"source": "xor"},
    ("data", "source"): "xor",
    ("network",): {
        "loss": "mean_squared_error",
        "layers": [{"units": 1, "activation": "identity"}],
    },
    ("network", "loss"): "mean_squared_error",
    ("network", "layers"): [{"units": 1, "activation": "identity"}],
    ("training",): {"steps": 1},
}
"""Also of other kinds that train networks."""

KIND = Kind(
    name="training",
    summary="Trains a network on a data set.",
    tables=TrainingTables,
    placeholders=PLACEHOLDERS,
    disagreements=disagreements,
    specify=specify,
    prepare=prepare,
    length="training.steps",
    lesson=LessonTable,
)
