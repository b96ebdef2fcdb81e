"""Runs of networks in training: forks of dials and single weights, and bugs to be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nnsim.simulations.fork import Edit as WeightEdit
from nnsim.simulations.remark import Remark, Thresholds
from nnsim.simulations.remarks import THRESHOLDS
from nnsim.simulations.training import TrainingSimulation
from nnsim.tui.worker import dials, faults
from nnsim.tui.worker.runs import Edit, OnProgress, Run, Runs, first_name

if TYPE_CHECKING:
    from nnsim.network.specification import Network
    from nnsim.training.epsilon_scan import EpsilonScan
    from nnsim.training.gradient_check import GradientCheck
    from nnsim.training.specification import Training
    from nnsim.training.surface import Surface

HIDDEN = "run with a bug"
"""The name of a run whose bug is to be found."""


@dataclass
class TrainingRun(Run):
    """A network in training, and what was computed of it when it was asked for."""

    AT_END = "its length can be changed by a fork"

    simulation: TrainingSimulation
    thresholds: Thresholds = THRESHOLDS
    surface: Surface | None = None
    check: GradientCheck | None = None
    scan: EpsilonScan | None = None

    @property
    def steps(self) -> int:
        """Steps planned."""
        return self.simulation.training.steps

    @property
    def steps_an_epoch(self) -> int:
        """Steps that one pass over the training examples takes."""
        m = self.simulation.data.train.m
        return max(1, -(-m // (self.simulation.training.batch_size or m)))

    def vocabulary(self) -> dict[str, Any]:
        """Return the number of layers, which have figures of their own."""
        return {"layers": len(self.simulation.network.layers)}

    def remarks(self) -> tuple[Remark, ...]:
        """Return what can be said; a gradient check of the present step is taken into account."""
        step = self.simulation.position.step
        check = self.check if self.check and self.check.step == step else None
        return self.simulation.remarks(check=check, thresholds=self.thresholds)

    def rows(self, begin: int, end: int) -> Iterator[Mapping[str, float]]:
        """Yield the rows of the history, and of the evaluations, in the steps (begin, end]."""
        history = self.simulation.history
        for table in (history.curve, history.records):
            steps = table["step"]
            for row in np.flatnonzero((steps > begin) & (steps <= end)):
                values = {"epoch": float(steps[row] // self.steps_an_epoch)}
                for name, column in table.items():
                    if column.ndim == 1:
                        values[_written(name)] = float(column[row])
                    else:
                        for number, value in enumerate(column[row], start=1):
                            values[f"layer{number}.{name}"] = float(value)
                for part in ("train", "dev", "test"):
                    if f"{part}.accuracy" in values:
                        values[f"{part}.error"] = 1 - values[f"{part}.accuracy"]
                yield values


class TrainingRuns(Runs[TrainingRun]):
    """The runs of a scenario that trains a network."""

    def begin(self, variant: str) -> TrainingRun:
        """Return a variant's run, at step 0."""
        specification = self.scenario.specification(variant)
        judged = specification.diagnosis
        return TrainingRun(
            self.next_number,
            first_name(variant),
            variant,
            self.scenario.simulation(variant=variant),
            specification.seed,
            thresholds=replace(
                THRESHOLDS,
                bayes_error=judged.bayes_error,
                bias=judged.bias_threshold,
                variance=judged.variance_threshold,
            ),
        )

    def family(self, run: TrainingRun) -> list[TrainingRun]:
        """Return the runs that hide the same bug: its forks, and what it forked from."""
        fault = run.simulation.training.fault
        return [
            each for each in self.all if each.secret and each.simulation.training.fault == fault
        ]

    def fork(
        self,
        changes: Mapping[str, Any],
        edits: tuple[Edit, ...] = (),
        on_progress: OnProgress | None = None,
    ) -> TrainingRun:
        """Go on from here with other settings, as a new run that is looked at from now on.

        Raises ValueError for what cannot be changed; nothing has happened then.
        """
        parent = self.current
        simulation = parent.simulation
        network, training, seed, restart = dials.apply(
            changes, simulation.network, simulation.training, parent.seed
        )
        name = f"{parent.name}, {dials.describe(changes, edits)}"
        if restart:
            return self._take(name, self._anew(network, training, seed), seed, parent.secret)
        other = simulation.fork(
            network=network, training=training, edits=tuple(WeightEdit(*each) for each in edits)
        )
        return self._take(name, other, seed, parent.secret, other.position.step)

    def hide_fault(self, seed: int) -> TrainingRun:
        """Begin a run like the present one with a bug in it; ValueError if none has a place."""
        simulation = self.current.simulation
        places = faults.places_in(simulation)
        if not places:
            raise ValueError("no bug of the list has a place in this network")
        training = replace(simulation.training, fault=faults.pick(seed, places))
        other = self._anew(simulation.network, training, self.current.seed)
        return self._take(HIDDEN, other, self.current.seed, True)

    def _anew(self, network: Network, training: Training, seed: int) -> TrainingSimulation:
        data = self.current.simulation.data
        return TrainingSimulation(network, training, data, seed=seed, dtype=self.scenario.dtype)

    def _take(
        self, name: str, simulation: TrainingSimulation, seed: int, secret: bool, start: int = 0
    ) -> TrainingRun:
        """Look from now on at a run that came from the present one."""
        parent = self.current
        self.current = self._keep(
            TrainingRun(
                self.next_number,
                name,
                parent.variant,
                simulation,
                seed,
                parent.number,
                start,
                secret,
                thresholds=parent.thresholds,
            )
        )
        return self.current


def _written(name: str) -> str:
    """Return a column's name as a learner writes it: train_cost is train.cost."""
    part, _, rest = name.partition("_")
    return f"{part}.{rest}" if part in ("train", "dev", "test") else name
