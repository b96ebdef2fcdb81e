"""The table that describes a network: every array has its place, and no two share one."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.kernels.codes import Family
from nnsim.network.layout import LINE, lay_out
from nnsim.network.specification import BatchNorm, Layer, LayerNorm, Network
from tests.simulations.made import network, rich_network
from tests.simulations.strategies import networks

STATISTICS = ("mean", "variance")
"""A number a unit with batch norm, a number an example with layer norm."""


def places(layout, names):
    """Return (start, stop, name) of the workspace arrays that layers of their own kind have."""
    table, capacity = layout.layers, layout.capacity
    found = [
        (int(table[0].A), int(table[0].A + table[0].units * capacity), "A0"),
        (int(table[0].total), int(table[0].total) + 1, "total0"),
        (layout.labels, layout.labels + int(table[-1].units) * capacity, "Y"),
    ]
    if layout.layers[1].turned:
        # One for all layers.
        most = int(max(row.inputs for row in table[1:])) * capacity
        found.append((int(table[1].turned), int(table[1].turned) + most, "turned"))
    for number, row in enumerate(table[1:], start=1):
        for name in names:
            normed = row.batch_norm or row.layer_norm
            if name in ("Z_norm", "Z_tilde", "dZ_tilde", *STATISTICS) and not normed:
                continue
            if name == "D" and not row.dropout:
                continue
            in_place = not layout.layers[1].turned and number < len(table) - 1
            if name == "G" and in_place and row.family != Family.COLUMNWISE:
                assert row.Z_tilde == row.G
                continue
            if name == "A" and not (row.dropout or row.residual):
                continue
            if name == "dG" and not (row.dropout and row.residual):
                continue
            size = 1 if name == "total" else int(row.units) * capacity
            if name in STATISTICS:
                size = int(row.units) if row.batch_norm else capacity
            start = int(row[name])
            found.append((start, start + size, f"{name}{number}"))
    return sorted(found)


@settings(max_examples=40)
@given(described=networks(), capacity=st.integers(1, 9), inference=st.booleans())
def test_arrays_fill_the_workspace_without_overlap(described, capacity, inference):
    layout = lay_out(described, capacity, described.layers[-1].units, inference)
    names = ["total", "Z", "G", "Z_norm", "Z_tilde", "mean", "variance", "D", "A"]
    names += [] if inference else ["dA", "dG", "dZ", "dZ_tilde"]
    found = places(layout, names)
    assert found[0][0] >= 0 and found[-1][1] <= layout.workspace
    for (_, stop, _), (start, _, _) in pairwise(found):
        # Nothing shares a place, and no more than the rest of a cache line is wasted.
        assert stop <= start < stop + LINE
    assert all(start % LINE == 0 for start, _, _ in found)


@settings(max_examples=40)
@given(described=networks())
def test_blocks_fill_theta_in_order(described):
    layout = lay_out(described, 3, 1)
    theta = np.zeros(layout.parameters)
    for block in layout.blocks:
        assert block.of(theta).shape == block.shape
        block.of(theta)[:] += 1
        kind = block.name.rstrip("0123456789")
        assert layout.layers[block.layer][kind] == block.start
    assert (theta == 1).all()
    starts = [block.start for block in layout.blocks]
    assert starts == sorted(starts)


def test_names_and_shapes_of_blocks():
    layout = lay_out(rich_network(), 4, 1)
    assert [(block.name, block.shape) for block in layout.blocks] == [
        ("W1", (4, 2)),
        ("b1", (4, 1)),
        ("gamma1", (4, 1)),
        ("beta1", (4, 1)),
        ("W2", (3, 4)),
        ("W3", (1, 3)),
        ("b3", (1, 1)),
    ]
    assert layout.running == 8


def test_without_batch_norm_and_dropout_arrays_are_shared():
    row = lay_out(network(3), 4, 1).layers[1]
    assert row.Z_tilde == row.Z and row.dZ_tilde == row.dZ and row.A == row.G
    assert row.dG == row.dA


def test_sizes():
    described = network(5, 3, outputs=2, loss="huber")
    assert described.sizes == (2, 5, 3, 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network(0, (Layer(1),), "huber"), "at least one input"),
        (lambda: Network(2, (), "huber"), "at least one input and one layer"),
        (lambda: Network(2, (Layer(0),), "huber"), "layer 1 has 0 units"),
        (lambda: Network(2, (Layer(1, "rleu"),), "huber"), "'rleu' is no activation"),
        (lambda: Network(2, (Layer(1, initializer="h"),), "huber"), "'h' is no initializer"),
        (lambda: Network(2, (Layer(1),), "mse"), "'mse' is no loss"),
        (lambda: Network(2, (Layer(1, keep_prob=0.5),), "huber"), "keep_prob must be 1"),
        (lambda: network(3, Layer(4, residual=True)), "layer 2 is residual, but has 4 units aft"),
        (lambda: network(Layer(3, residual=True)), "layer 1 is residual, but has 3 units after 2"),
        (lambda: Network(2, (Layer(2, residual=True),), "huber"), "last layer cannot be residual"),
        (lambda: network(Layer(1, layer_norm=LayerNorm())), "layer norm over 1 unit"),
        (
            lambda: network(Layer(2, layer_norm=LayerNorm(), batch_norm=BatchNorm())),
            "batch norm and layer norm",
        ),
        (lambda: network(label_smoothing=1.0), "label_smoothing is 1.0"),
        (lambda: network(label_smoothing=0.1, loss="hinge"), "no place in the loss hinge"),
        (lambda: network(loss="hinge", last="tanh"), "activation to be identity, not tanh"),
        (lambda: network(last="tanh"), "activation to be sigmoid, not tanh"),
        (lambda: network(loss="softmax_cross_entropy", last="sigmoid"), "to be softmax"),
    ],
)
def test_networks_that_cannot_be(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_descriptions_are_values():
    assert rich_network() == rich_network()
    assert hash(network(Layer(2, batch_norm=BatchNorm()))) == hash(
        network(Layer(2, batch_norm=BatchNorm()))
    )
