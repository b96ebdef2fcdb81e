"""The networks that are timed, and the numbers that every peer gets: data, weights, settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
"""Adam's settings, the same for every peer."""
NORM_EPSILON, NORM_MOMENTUM = 1e-5, 0.9
"""Batch norm's; momentum is the weight of the past (PyTorch calls 1 - momentum so)."""


@dataclass(frozen=True)
class Case:
    """A dense network, trained with Adam on one full batch a step.

    One output unit: sigmoid and binary cross-entropy; several: softmax and its cross-entropy.
    """

    sizes: tuple[int, ...]
    activation: str
    m: int = 64
    learning_rate: float = 0.01
    batch_norm: bool = False
    """On all hidden layers, which keep their b; its running mean and variance are tracked."""
    keep_prob: float = 1.0
    """Of dropout on all hidden layers; every step draws masks of its own."""

    @property
    def name(self) -> str:
        """The sizes, as in 2-8-8-1, and what lies between the layers."""
        norm = "+bn" if self.batch_norm else ""
        return "-".join(map(str, self.sizes)) + norm + ("+dropout" if self.keep_prob < 1 else "")

    @property
    def large(self) -> bool:
        """Whether a step is mostly matrix products, so that a second thread may pay."""
        return self.multiplications > 1e7

    @property
    def binary(self) -> bool:
        """Whether the one output is a probability."""
        return self.sizes[-1] == 1

    @property
    def multiplications(self) -> int:
        """Multiply-adds of the matrix products of one step, forward and back."""
        pairs = [a * b for a, b in pairwise(self.sizes)]
        # Forward and dW in each layer; dA_prev in each but the first.
        return self.m * (3 * sum(pairs) - pairs[0])


_DENSE = (
    Case((2, 8, 8, 1), "tanh"),
    Case((2, 25, 5, 1), "relu"),
    Case((64, 64, 10), "relu"),
    Case((784, 512, 512, 10), "relu", m=128, learning_rate=0.001),
)
CASES = {
    case.name: case
    for case in (*_DENSE, *(replace(case, batch_norm=True, keep_prob=0.8) for case in _DENSE))
}


@dataclass(frozen=True)
class Problem:
    """A case with its numbers, float64, in the course's layout: one example a column."""

    case: Case
    X: np.ndarray
    Y: np.ndarray
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]

    @property
    def without_dropout(self) -> Problem:
        """The same with keep_prob 1: peers draw other masks, so only this can agree."""
        return replace(self, case=replace(self.case, keep_prob=1.0))

    @property
    def theta(self) -> np.ndarray:
        """W1, b1, W2, b2 ... row by row in one vector; without batch norm."""
        pairs = zip(self.weights, self.biases, strict=True)
        return np.concatenate([array.ravel() for pair in pairs for array in pair])


def problem_of(case: Case, seed: int = 1) -> Problem:
    """Return data that can be learnt but not at once, and He's initial weights."""
    draw = np.random.default_rng(seed)
    n_x, n_y = case.sizes[0], case.sizes[-1]
    X = draw.standard_normal((n_x, case.m))
    if case.binary:
        radius = np.linalg.norm(X, axis=0)
        Y = (radius > np.median(radius)).astype(np.float64).reshape(1, -1)
    else:
        # The first columns name every class once, so that each peer sees all of them.
        labels = np.argmax(draw.standard_normal((n_y, n_x)) @ X, axis=0)
        labels[:n_y] = np.arange(n_y)
        Y = np.eye(n_y)[:, labels]
    shapes = list(zip(case.sizes[1:], case.sizes[:-1], strict=True))
    weights = tuple(draw.standard_normal(shape) * np.sqrt(2 / shape[1]) for shape in shapes)
    biases = tuple(np.zeros((n, 1)) for n, _ in shapes)
    return Problem(case, X, np.ascontiguousarray(Y), weights, biases)
