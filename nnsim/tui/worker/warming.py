"""Loading (or, once on a machine, compiling) what a first step needs, ahead of time."""

from __future__ import annotations

from nnsim.data.dataset import DataSet, Examples
from nnsim.kernels.codes import Task
from nnsim.network.specification import Layer, Network
from nnsim.simulations.training import TrainingSimulation
from nnsim.training.specification import Training


def warm() -> None:
    """Make one step of the smallest network, so that the compiled program is there."""
    import numpy as np

    examples = Examples(np.array([[0.0, 1.0]]), np.array([[0.0, 1.0]]))
    none = Examples(np.empty((1, 0)), np.empty((1, 0)))
    data = DataSet(examples, none, none, Task.BINARY)
    network = Network(1, (Layer(1, "sigmoid"),), "binary_cross_entropy")
    simulation = TrainingSimulation(network, Training(steps=1), data)
    simulation.advance()
    simulation.snapshot()
    simulation.predict(examples.X)
