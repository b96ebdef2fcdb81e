"""Samples of a search with Python's own numbers, written out case by case."""

import math

from tests.reference.random import uniform_of

STREAM = 6
NAMES = (
    "learning_rate", "beta1", "hidden_units", "batch_size", "layers",
    "decay", "beta2", "epsilon", "l2", "keep_prob",
)  # fmt: skip


def number(seed, trial, name):
    """The random number in [0, 1) that a trial (from 0) has for a parameter."""
    return uniform_of(seed, STREAM, trial, 0, NAMES.index(name))


def scaled(low, high, scale, u):
    """A value of a continuous parameter."""
    if scale == "linear":
        return low + (high - low) * u
    if scale == "log":
        return low * (high / low) ** u
    return 1 - (1 - low) * ((1 - high) / (1 - low)) ** u


def counted(low, high, u):
    """A value of a count on a linear scale: every whole number as likely as any other."""
    return math.floor(low + (high - low + 1) * u)


def grid(points):
    """Places of a grid, in the order of nested loops."""
    if not points:
        return [()]
    middles = [(i + 0.5) / points[0] for i in range(points[0])]
    return [(middle, *rest) for middle in middles for rest in grid(points[1:])]


def next_box(box, best, zoom):
    """The box of the next round: around the best, moved inside [0, 1]."""
    sides = []
    for (low, high), middle in zip(box, best, strict=True):
        side = (high - low) * zoom
        low = middle - side / 2
        if low < 0:
            low = 0.0
        if low + side > 1:
            low = 1 - side
        sides.append((low, low + side))
    return sides
