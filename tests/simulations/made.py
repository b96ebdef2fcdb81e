"""Small networks, trainings and data sets from which the tests make their runs."""

from dataclasses import replace

import numpy as np

from nnsim.data.dataset import DataSet, Examples
from nnsim.kernels.codes import Task
from nnsim.network.specification import BatchNorm, Layer, LayerNorm, Network
from nnsim.simulations.training import TrainingSimulation
from nnsim.training.specification import Training

TASKS = {
    "binary_cross_entropy": Task.BINARY,
    "hinge": Task.BINARY,
    "softmax_cross_entropy": Task.MULTICLASS,
}
LAST = {"binary_cross_entropy": "sigmoid", "softmax_cross_entropy": "softmax"}


def labels(task, X, outputs, random):
    """Return labels that follow the features, with noise: to be learnt, and to be overfitted."""
    scores = X[0] + 0.5 * random.normal(size=(outputs, X.shape[1]))
    if task == Task.MULTICLASS:
        return (scores == scores.max(axis=0, initial=-np.inf)).astype(float)
    return (scores > 0).astype(float) if task == Task.BINARY else scores


def data_set(task=Task.BINARY, *, inputs=2, outputs=1, m=11, dev=5, test=0, seed=0):
    random = np.random.default_rng(seed)
    parts = []
    for size in (m, dev, test):
        X = random.normal(size=(inputs, size))
        parts.append(Examples(X, labels(task, X, outputs, random)))
    return DataSet(*parts, task)


def network(*hidden, loss="binary_cross_entropy", inputs=2, outputs=1, last=None, **settings):
    """Return a network with these hidden layers; numbers stand for tanh layers of that size."""
    layers = [
        Layer(one, "tanh", initializer="xavier") if isinstance(one, int) else one for one in hidden
    ]
    layers.append(Layer(outputs, last or LAST.get(loss, "identity"), initializer="xavier"))
    return Network(inputs, tuple(layers), loss, **settings)


def rich_network():
    """Return a network with everything that has a state or draws random numbers."""
    return network(
        Layer(4, "tanh", batch_norm=BatchNorm(), keep_prob=0.8),
        Layer(3, "relu", bias=False, keep_prob=0.7),
        l2=0.1,
        l1=0.05,
    )


def residual_network(**settings):
    """Return a network with layer norm and residual connections, one of them under dropout."""
    return network(
        Layer(4, "tanh", layer_norm=LayerNorm()),
        Layer(4, "relu", residual=True, keep_prob=0.8),
        Layer(4, "tanh", residual=True, layer_norm=LayerNorm(), initializer="xavier"),
        loss="softmax_cross_entropy",
        outputs=3,
        **({"label_smoothing": 0.1, "l2": 0.1} | settings),
    )


def without_redundant_biases(described):
    """Return the network without b below batch norm.

    The gradient of such a b is round-off, which Adam's kind and Lion blow up to whole steps.
    """
    layers = (replace(one, bias=one.bias and not one.batch_norm) for one in described.layers)
    return replace(described, layers=tuple(layers))


def simulation(described=None, *, data=None, seed=3, dtype="float64", **training):
    """Return a run; `training` are settings of `Training`."""
    settings = {"steps": 40, "optimizer": "adam", "learning_rate": 0.05, "batch_size": 4}
    described = described or rich_network()
    if data is None:
        data = data_set(
            TASKS.get(described.loss, Task.REGRESSION),
            inputs=described.inputs,
            outputs=described.layers[-1].units,
        )
    return TrainingSimulation(
        described, Training(**(settings | training)), data, seed=seed, dtype=dtype
    )


def same(first, second):
    """Tell whether two snapshots are equal to the bit, NaN equal to NaN."""
    return not differences(first, second)


def differences(first, second):
    """Return the names of what differs between two snapshots."""
    names = [
        name
        for name in vars(first)
        if name not in ("arrays", "layers")
        and not equal(getattr(first, name), getattr(second, name))
    ]
    if first.arrays.keys() != second.arrays.keys():
        names.append(f"keys {sorted(first.arrays.keys() ^ second.arrays.keys())}")
    shared = first.arrays.keys() & second.arrays.keys()
    names += [name for name in shared if not equal(first.arrays[name], second.arrays[name])]
    if len(first.layers) != len(second.layers):
        names.append("number of layer figures")
    else:
        names += [
            f"layer {number} {name}"
            for number, pair in enumerate(zip(first.layers, second.layers, strict=True), start=1)
            for name in vars(pair[0])
            if not equal(getattr(pair[0], name), getattr(pair[1], name))
        ]
    return names


def equal(first, second):
    if isinstance(first, str):
        return first == second
    first, second = np.asarray(first), np.asarray(second)
    return (
        first.dtype == second.dtype
        and first.shape == second.shape
        and first.tobytes() == second.tobytes()
    )


def same_tables(first, second):
    """Tell whether two histories hold the same rows, to the bit."""
    pairs = ((first.curve, second.curve), (first.records, second.records))
    return all(equal(one[name], other[name]) for one, other in pairs for name in one)
