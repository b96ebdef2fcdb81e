"""Where everything lies: one integer-and-number table describes any network.

Parameters sit in one flat vector theta (the course's theta of gradient checking), gradients
and optimiser slots in vectors of the same order, and the arrays of a step (Z, A, dZ ...) in one
flat workspace. A row of the table holds a layer's sizes, switches and offsets, so that one
compiled program runs every network.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnsim.kernels.codes import FAMILY_OF, Activation, Family, code_of
from nnsim.network.specification import Layer, Network

_SWITCHES = (
    "inputs", "units", "activation", "family", "bias", "batch_norm", "layer_norm", "dropout",
    "residual",
)  # fmt: skip
_PARAMETERS = ("W", "b", "gamma", "beta")
_WORKSPACE = (
    "Z",
    "Z_norm",
    "Z_tilde",
    "G",
    "D",
    "A",
    "dA",
    "dG",
    "dZ_tilde",
    "dZ",
    "mean",
    "variance",
    "turned",
    "total",
)
_SHARED = (("Z_tilde", "Z"), ("G", "Z_tilde"), ("dZ_tilde", "dZ"), ("A", "G"), ("dG", "dA"))
"""Arrays that are another one where a layer needs none of its own."""
LINE = 16
"""Arrays in the workspace begin at multiples of so many numbers: a cache line, two in float64."""
_NUMBERS = ("slope", "keep_prob", "norm_epsilon", "norm_momentum")

LAYER = np.dtype(
    (
        np.record,
        [(name, np.int64) for name in (*_SWITCHES, *_PARAMETERS, "running", *_WORKSPACE)]
        + [(name, np.float64) for name in _NUMBERS],
    )
)
"""A row of the table. Row 0 is the input: its `A` is where X of the batch lies.

inputs, units: n[l-1], n[l]. activation: of `Activation`; family: of `Family`. bias, batch_norm,
layer_norm, dropout, residual: 0 or 1. W, b, gamma, beta: offsets in theta. running: offset of the
running mean of batch norm, the variance follows. Z ... total: offsets in the workspace; mean and
variance are (n, 1) of batch norm, (1, m) of layer norm. G is g(Z) before dropout and before what a
residual connection adds; it is A where there is neither. dG is dA but where dropout and a residual
connection are together: there dA goes past the layer as it is. Z_tilde is Z, and dZ_tilde is dZ,
without a norm. turned is scratch paper for A_prev^T, one for all. total is one number, the sum of
what the layer's last phase made, which tells of NaN and infinity; that of row 0 is theta's.
"""


@dataclass(frozen=True)
class Block:
    """A named piece of theta: W1, b1, gamma1, beta1, W2 ..."""

    name: str
    layer: int
    start: int
    shape: tuple[int, int]

    @property
    def stop(self) -> int:
        """End of the block in theta."""
        return self.start + self.shape[0] * self.shape[1]

    def of(self, flat: np.ndarray) -> np.ndarray:
        """Return the block's view of a vector laid out as theta."""
        return flat[self.start : self.stop].reshape(self.shape)


@dataclass(frozen=True)
class Layout:
    """The table, and the lengths of the vectors it points into."""

    layers: np.ndarray
    blocks: tuple[Block, ...]
    parameters: int
    running: int
    workspace: int
    labels: int
    """Offset of Y (n_y, m) in the workspace."""
    capacity: int
    """Most examples that the workspace holds."""


class _Counter:
    """Hands out stretches of a flat vector, one behind the other."""

    def __init__(self, multiple: int = 1) -> None:
        self._multiple, self.length = multiple, 0

    def take(self, count: int) -> int:
        start = self.length
        self.length += -(-count // self._multiple) * self._multiple
        return start


def _arrays_of(
    layer: Layer, capacity: int, inference: bool, in_place: bool
) -> list[tuple[str, int]]:
    """Return the workspace arrays (name, count of numbers) that a layer needs of its own."""
    whole = layer.units * capacity
    needed = [("Z", whole)] if in_place else [("Z", whole), ("G", whole)]
    if layer.norm:
        statistics = layer.units if layer.batch_norm else capacity
        needed += [("Z_norm", whole), ("Z_tilde", whole)]
        needed += [("mean", statistics), ("variance", statistics)]
    if layer.keep_prob < 1:
        needed.append(("D", whole))
    if layer.keep_prob < 1 or layer.residual:
        needed.append(("A", whole))
    if not inference:
        needed += [("dA", whole), ("dZ", whole)]
        if layer.keep_prob < 1 and layer.residual:
            needed.append(("dG", whole))
        if layer.norm:
            needed.append(("dZ_tilde", whole))
    return needed


def lay_out(network: Network, capacity: int, labels: int, inference: bool = False) -> Layout:
    """Return the layout of a network whose batches hold at most `capacity` examples.

    Parameters
    ----------
    network : Network
    capacity : int
        Examples in the largest batch.
    labels : int
        n_y, rows of Y.
    inference : bool
        Leave out the arrays that only the way back needs, and what only it and the eye look at.
    """
    table = np.zeros(len(network.layers) + 1, LAYER)
    blocks: list[Block] = []
    theta, running, work = _Counter(), _Counter(), _Counter(LINE)
    table[0].total = work.take(1)
    turned = 0 if inference else work.take(max(network.sizes[:-1]) * capacity)
    table[0].units = network.inputs
    table[0].A = work.take(network.inputs * capacity)
    y_offset = work.take(labels * capacity)
    for number, layer in enumerate(network.layers, start=1):
        row = table[number]
        row.inputs, row.units = network.sizes[number - 1], layer.units
        row.activation = code_of(Activation, layer.activation)
        row.family = FAMILY_OF[Activation(row.activation)]
        row.bias, row.dropout = layer.bias, layer.keep_prob < 1
        row.batch_norm = layer.batch_norm is not None
        row.layer_norm = layer.layer_norm is not None
        row.residual = layer.residual
        row.slope, row.keep_prob = layer.slope, layer.keep_prob
        shapes = {"W": (layer.units, network.sizes[number - 1])}
        if layer.bias:
            shapes["b"] = (layer.units, 1)
        if layer.batch_norm:
            row.norm_momentum = layer.batch_norm.momentum
            row.running = running.take(2 * layer.units)
        if layer.norm:
            row.norm_epsilon = layer.norm.epsilon
            shapes["gamma"] = shapes["beta"] = (layer.units, 1)
        for name, shape in shapes.items():
            row[name] = theta.take(int(shape[0] * shape[1]))
            blocks.append(Block(f"{name}{number}", number, int(row[name]), shape))
        row.turned, row.total = turned, work.take(1)
        # Where nobody looks at Z later, g(Z) takes its place, and more examples fit into the cache.
        # The cost reads the last layer's Z; functions of a whole column read Z after they write.
        hidden = number < len(network.layers)
        in_place = inference and hidden and row.family != Family.COLUMNWISE
        own = dict(_arrays_of(layer, capacity, inference, in_place))
        for name, count in own.items():
            row[name] = work.take(count)
        for name, same in _SHARED:
            if name not in own:
                row[name] = row[same]
    return Layout(
        layers=table,
        blocks=tuple(blocks),
        parameters=theta.length,
        running=running.length,
        workspace=work.length,
        labels=y_offset,
        capacity=capacity,
    )
