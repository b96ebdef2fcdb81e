"""The course's verdict on two gradients, and what round-off explains (course topic B13)."""

from __future__ import annotations

from contextlib import nullcontext
from typing import NamedTuple

import numpy as np
from numba import config

from nnsim.training.lengths import lengths_into

GREAT, WRONG = 1e-7, 1e-3
"""The course's thresholds: up to 1e-7 great, around 1e-5 worth a look, from 1e-3 on wrong."""


class Lengths(NamedTuple):
    """Lengths ||v||_2 of two gradients, of their difference and of its round-off."""

    gradient: float
    approximation: float
    apart: float
    """||d_approx - d||"""
    resolution: float
    """Of the round-off of each difference (`resolution_of`)."""
    ratio: float
    """||d_approx - d|| / (||d_approx|| + ||d||); 0 where differences resolve neither length.

    Such are the gradient of b under batch norm, which is exactly 0, and all gradients at the end of
    a training that has fitted its data: there the difference is round-off alone.
    """

    @property
    def verdict(self) -> str:
        """The course's, or "round-off"; see `verdict_on`."""
        verdict = verdict_of(self.ratio)
        return "round-off" if verdict != "great" and self.apart <= self.resolution else verdict


def verdict_of(ratio: float) -> str:
    """Return the course's verdict on a ratio; NaN is wrong."""
    if ratio <= GREAT:
        return "great"
    return "look" if ratio < WRONG else "wrong"


def verdict_on(
    gradient: np.ndarray, approximation: np.ndarray, resolution: float | np.ndarray
) -> str:
    """Return the verdict on two gradients, given the round-off of each difference.

    "round-off" is not the course's: the ratio is above 1e-7, but the gradient is so small that the
    round-off of the differences (`resolution_of`) explains it. A larger epsilon tells more.
    """
    return _lengths_of(gradient, approximation, resolution).verdict


def ratio_of(
    gradient: np.ndarray, approximation: np.ndarray, resolution: float | np.ndarray = 0.0
) -> float:
    """Return `Lengths.ratio` of two gradients (k,), given the round-off of each difference."""
    return _lengths_of(gradient, approximation, resolution).ratio


def length_of(vector: np.ndarray) -> float:
    """Return ||vector||_2, also of numbers whose squares overflow, as in a run that diverges."""
    return _lengths_of(vector, vector, 0.0).gradient


def lengths_of_pieces(
    gradient: np.ndarray,
    approximation: np.ndarray,
    resolution: np.ndarray,
    kinks: np.ndarray,
    edges: np.ndarray,
    smooth: bool = False,
) -> list[Lengths]:
    """Return the lengths of all entries and, after them, of the pieces between two edges.

    float64 arrays (k,), int64 `kinks` (k,) and `edges` (pieces + 1,). With `smooth`, of the
    entries alone whose step crosses no kink.
    """
    found = np.empty((edges.size, 5))
    # Compiled code warns of no overflow; without Numba's compiler NumPy would.
    with np.errstate(all="ignore") if config.DISABLE_JIT else nullcontext():
        lengths_into(gradient, approximation, resolution, kinks, smooth, edges, found)
    return list(map(Lengths._make, found.tolist()))


def _lengths_of(
    gradient: np.ndarray, approximation: np.ndarray, resolution: float | np.ndarray
) -> Lengths:
    size = gradient.size
    return lengths_of_pieces(
        gradient.astype(np.float64),
        approximation.astype(np.float64),
        np.full(size, resolution, np.float64),
        np.zeros(size, np.int64),
        np.array([0, size]),
    )[0]
