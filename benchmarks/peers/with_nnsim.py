"""nnsim, as users call it and without the recording."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from benchmarks.cases import BETA1, BETA2, EPSILON, NORM_EPSILON, NORM_MOMENTUM, Problem
from benchmarks.peers import Trainer
from nnsim.data.dataset import DataSet, Examples
from nnsim.kernels.codes import Task
from nnsim.network.specification import BatchNorm, Layer, Network
from nnsim.simulations.training import TrainingSimulation
from nnsim.training.specification import Training


def simulation_of(
    problem: Problem, dtype: str, steps: int = 10_000_000, given: bool = True
) -> TrainingSimulation:
    """Return the problem as a simulation at its beginning.

    Unless weights are `given` it draws its own, for numbers one by one are slow to hand over.
    """
    case = problem.case
    layers, last = [], len(problem.weights) - 1
    for number, (W, b) in enumerate(zip(problem.weights, problem.biases, strict=True)):
        layer = Layer(
            units=W.shape[0],
            activation="sigmoid" if case.binary else "softmax",
            weights=tuple(map(tuple, W.tolist())) if given else None,
            biases=tuple(b[:, 0].tolist()) if given else None,
        )
        if number < last:
            norm = BatchNorm(NORM_EPSILON, NORM_MOMENTUM) if case.batch_norm else None
            layer = replace(
                layer, activation=case.activation, batch_norm=norm, keep_prob=case.keep_prob
            )
        layers.append(layer)
    loss = "binary_cross_entropy" if case.binary else "softmax_cross_entropy"
    training = Training(
        steps=steps,
        optimizer="adam",
        learning_rate=case.learning_rate,
        beta1=BETA1,
        beta2=BETA2,
        epsilon=EPSILON,
    )
    none = Examples(np.empty((case.sizes[0], 0)), np.empty((case.sizes[-1], 0)))
    data = DataSet(
        train=Examples(problem.X, problem.Y),
        dev=none,
        test=none,
        task=Task.BINARY if case.binary else Task.MULTICLASS,
    )
    return TrainingSimulation(
        Network(case.sizes[0], tuple(layers), loss), training, data, dtype=dtype
    )


class Advancing(Trainer):
    """`TrainingSimulation.advance`: with history, checkpoints and the checks for NaN."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        self.beginning = simulation_of(problem, dtype)

    def costs(self, steps: int) -> np.ndarray:
        """See `Trainer`."""
        simulation = self.beginning.fork()
        simulation.advance(steps)
        return simulation.history.curve["cost"]

    def burst(self, repeats: int) -> float:
        """See `Peer`."""
        simulation = self.beginning.fork()
        # Step 0 is always evaluated, which is the hundredth part of a run but not of a burst.
        simulation.advance(1)
        begin = time.perf_counter()
        simulation.advance(repeats)
        return time.perf_counter() - begin


class Executing(Advancing):
    """The compiled program alone: no history."""

    def burst(self, repeats: int) -> float:
        """See `Peer`."""
        simulation = self.beginning.fork()
        simulation.advance(1)
        machine, phases = simulation._machine, repeats * len(simulation.phases)
        begin = time.perf_counter()
        machine.execute(phases, record=False)
        return time.perf_counter() - begin
