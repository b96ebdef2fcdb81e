"""Snapshots made by hand, whose formulas can be worked out on paper."""

import numpy as np

from nnsim.network.specification import Layer, Network
from nnsim.simulations.snapshot import Snapshot
from nnsim.training.specification import Training


def snapshot(arrays, *, phase="update", step=5, cost=0.5, learning_rate=0.1, status="ready"):
    """Return a snapshot with these arrays (nested lists), and no figures of layers."""
    return Snapshot(
        step=step,
        phase=phase,
        epoch=0,
        batch=0,
        status=status,
        learning_rate=learning_rate,
        cost=cost,
        data_loss=cost,
        penalty=0.0,
        arrays={name: np.array(values, float) for name, values in arrays.items()},
        layers=(),
    )


def two_layers(activation="tanh", loss="binary_cross_entropy", last="sigmoid", **settings):
    """Return a network 2 - 2 - 1; `settings` are of its hidden layer."""
    return Network(2, (Layer(2, activation, **settings), Layer(1, last)), loss)


def four_products(m=64):
    """Return dZ2 (1, m) and A1 (2, m) of which four products are large and the rest tiny."""
    dZ2, A1 = np.full((1, m), 0.001), np.full((2, m), 0.01)
    dZ2[0, [3, 10, 20, 30]] = [0.213, -0.105, 0.3, -0.02]
    A1[1, [3, 10, 20, 30]] = [0.874, 0.337, 0.1, -0.5]
    return dZ2, A1


SGD = Training(steps=10, optimizer="sgd", learning_rate=0.1)
