"""Runs of one scenario, side by side, as the export writers take them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from nnsim.network.specification import Network
    from nnsim.simulations.training import Evaluation, NonFinite
    from nnsim.training.specification import Training

Columns = Mapping[str, "np.ndarray"]


@dataclass(frozen=True)
class RecordedRun:
    """A run (a variant, or a fork of a run): how it was set, where it stands, what it recorded."""

    number: int
    """0, 1, 2 ... by birth."""
    name: str
    variant: str
    parent: int | None
    """The run that it forked from."""
    start: int
    """The step at which it forked; its series hold the shared past from step 0."""
    seed: int
    dtype: str
    status: str
    step: int
    """Where it stands; it may have recorded more."""
    steps: int
    """Steps planned."""
    best_step: int | None
    non_finite: NonFinite | None
    curve: Columns
    records: Columns
    network: Network | None = None
    """None where no network is trained."""
    training: Training | None = None
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)
    """Of the present parameters: train, dev, test; no empty sets."""
    figures: Mapping[str, float | str] = field(default_factory=dict)
    """Of kinds that train no network: everything that can be measured where it stands."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """The same kinds: every setting by its name, as a text."""
    secret: bool = False
    """A bug is planted that is still to be found: `training` does not have it."""


@dataclass(frozen=True)
class RecordedScenario:
    """The runs of an open scenario."""

    name: str
    title: str
    path: str | None
    topics: tuple[str, ...]
    runs: tuple[RecordedRun, ...]
    kind: str = "training"


def labels(runs: Sequence[RecordedRun]) -> list[str]:
    """Return the runs' names; those that occur twice with the run's number, counted from 1."""
    count = Counter(run.name for run in runs)
    return [
        run.name if count[run.name] == 1 else f"{run.name} (run {run.number + 1})" for run in runs
    ]
