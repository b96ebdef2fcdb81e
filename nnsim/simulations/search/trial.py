"""One trial: settings put into a network and its training, trained, judged."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nnsim.network.specification import Network
from nnsim.training.specification import LearningRateSchedule, Training

if TYPE_CHECKING:
    from nnsim.data.dataset import DataSet
    from nnsim.simulations.training import TrainingSimulation

CURVE_POINTS = 20
"""Evaluations over one trial, where the training does not say how many."""


@dataclass(frozen=True)
class Curve:
    """The objective over the training steps of a run; arrays are read-only."""

    steps: np.ndarray
    values: np.ndarray

    def then(self, other: Curve) -> Curve:
        """Return this curve with another one after it; what begins where this ends is left out."""
        if not len(self.steps):
            return other
        later = other.steps > self.steps[-1]
        return curve_of(
            np.concatenate([self.steps, other.steps[later]]),
            np.concatenate([self.values, other.values[later]]),
        )


def curve_of(steps: np.ndarray, values: np.ndarray) -> Curve:
    """Return a curve of two arrays, made read-only."""
    for array in (steps, values):
        array.flags.writeable = False
    return Curve(steps, values)


NO_CURVE = curve_of(np.empty(0), np.empty(0))


@dataclass(frozen=True)
class Workplace:
    """What all trials of a search share: network and training to put settings into, and data.

    Every trial begins with the same seed, hence the same first weights and batches as far as
    shapes allow: what differs is the settings.
    """

    network: Network
    training: Training
    data: DataSet
    seed: int
    dtype: str
    objective: str

    def simulation(
        self, settings: Mapping[str, float], steps: int, points: int = CURVE_POINTS
    ) -> TrainingSimulation:
        """Return a run with settings put in, at its step 0; its curve will have so many points."""
        from nnsim.simulations.training import TrainingSimulation

        network, training = with_settings(self.network, self.training, settings)
        every = training.evaluate_every or max(steps // points, 1)
        training = replace(training, steps=steps, evaluate_every=every)
        return TrainingSimulation(network, training, self.data, seed=self.seed, dtype=self.dtype)

    def steps_of(self, epochs: int, batch_size: int = 0) -> int:
        """Return the steps of passes over the training set; the last batch may be smaller."""
        m = self.data.train.m
        batch = min(batch_size or self.training.batch_size or m, m)
        return epochs * -(-m // batch)

    def value(self, simulation: TrainingSimulation) -> float:
        """Return the objective of a run where it stands; infinity if it has left the numbers."""
        if simulation.non_finite is not None:
            return math.inf
        part, _, measure = self.objective.partition("_")
        found = float(getattr(simulation.evaluate()[part], measure))
        return math.inf if math.isnan(found) else found

    def curve(self, simulation: TrainingSimulation, value: float) -> Curve:
        """Return the objective over the run's evaluations, the present value last."""
        records = simulation.history.records
        part, _, measure = self.objective.partition("_")
        column = f"{part}_accuracy" if measure == "error" else f"{part}_{measure}"
        values = 1 - records[column] if measure == "error" else records[column]
        before = records["step"] < simulation.position.step
        steps = np.append(records["step"][before], float(simulation.position.step))
        return curve_of(steps, np.append(values[before], value))


def with_settings(
    network: Network, training: Training, settings: Mapping[str, float]
) -> tuple[Network, Training]:
    """Return a network and its training with settings put in.

    `hidden_units` and `keep_prob` are of every hidden layer, `layers` counts the hidden layers,
    each like the first one; `decay` is the rate of an inverse-time schedule (topic C7).
    """
    hidden, last = list(network.layers[:-1]), network.layers[-1]
    if "layers" in settings:
        hidden = [hidden[0]] * int(settings["layers"])
    of_layer: dict[str, Any] = {}
    if "hidden_units" in settings:
        of_layer["units"] = int(settings["hidden_units"])
    if "keep_prob" in settings:
        of_layer["keep_prob"] = settings["keep_prob"]
    hidden = [replace(layer, **of_layer) for layer in hidden]
    network = replace(network, layers=(*hidden, last), l2=settings.get("l2", network.l2))
    changes: dict[str, Any] = {
        name: settings[name]
        for name in ("learning_rate", "beta1", "beta2", "epsilon")
        if name in settings
    }
    if "batch_size" in settings:
        changes["batch_size"] = int(settings["batch_size"])
    if "decay" in settings:
        changes["schedule"] = LearningRateSchedule("inverse_time", rate=settings["decay"])
    return network, replace(training, **changes)
