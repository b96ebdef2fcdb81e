"""Examples, one a column, in three sets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnsim.kernels.codes import Task


@dataclass(frozen=True)
class Examples:
    """X (n_x, m) and Y (n_y, m), float64, C-contiguous, one example a column; m may be 0."""

    X: np.ndarray
    Y: np.ndarray

    @property
    def m(self) -> int:
        """Number of examples."""
        return self.X.shape[1]


@dataclass(frozen=True)
class Normalization:
    """X := (X - mean) / scale, both (n_x, 1), fitted on the training examples alone."""

    mean: np.ndarray
    scale: np.ndarray

    def apply(self, X: np.ndarray) -> np.ndarray:
        """Return normalised X, C-contiguous."""
        return np.ascontiguousarray((X - self.mean) / self.scale)


@dataclass(frozen=True)
class DataSet:
    """Train, dev and test with what is known about them."""

    train: Examples
    dev: Examples
    test: Examples
    task: Task
    name: str = ""
    feature_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    normalization: Normalization | None = None
    target_names: tuple[str, ...] = ()
    """What Y's rows measure (regression), or what the classes are classes of."""
