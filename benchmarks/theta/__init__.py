"""Work on all parameters as one vector theta: gradient check, loss surface, decision boundary.

One module a peer. Theta is W1, b1, W2, b2 ... row by row; the one output unit is a sigmoid's.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.cases import Problem

EPSILON = 1e-7
"""Half the distance of the two-sided differences, the course's."""


@dataclass(frozen=True)
class Plane:
    """theta + alpha first + beta second, for each alpha and beta."""

    theta: np.ndarray
    first: np.ndarray
    second: np.ndarray
    alphas: np.ndarray
    betas: np.ndarray


def unpacked(theta, sizes: tuple[int, ...]) -> list[tuple]:
    """Return the layers' (W, b) of a vector theta, as views; for arrays of any library."""
    layers, place = [], 0
    for n_prev, n in pairwise(sizes):
        W = theta[place : place + n * n_prev].reshape((n, n_prev))
        place += n * n_prev
        layers.append((W, theta[place : place + n].reshape((n, 1))))
        place += n
    return layers


class Repeated:
    """A peer whose work is one call, `once`."""

    def once(self) -> object:
        """Do the work."""
        raise NotImplementedError

    def burst(self, repeats: int) -> float:
        """See `Peer`."""
        begin = time.perf_counter()
        for _ in range(repeats):
            self.once()
        return time.perf_counter() - begin


def points_of(problem: Problem, columns: int = 160, rows: int = 96) -> np.ndarray:
    """Return the centres (2, columns rows) of a grid over the examples, as a screen asks for."""
    ranges = zip(problem.X.min(axis=1), problem.X.max(axis=1), (columns, rows), strict=True)
    x, y = (low + (high - low) * (np.arange(n) + 0.5) / n for low, high, n in ranges)
    return np.stack([np.tile(x, rows), np.repeat(y, columns)])
