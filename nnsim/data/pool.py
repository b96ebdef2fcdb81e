"""All examples of a source, before they are split and normalised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnsim.data.options import shown
from nnsim.kernels.codes import Task
from nnsim.memory import refuse_if_too_large

_COPIES = 4
"""A source's raw numbers, X in course layout, the split sets and the normalised ones."""


@dataclass(frozen=True)
class Pool:
    """X (n_x, m) and Y (n_y, m), float64, one example a column, with the names of their rows."""

    X: np.ndarray
    Y: np.ndarray
    task: Task
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()

    @property
    def m(self) -> int:
        """Number of examples."""
        return self.X.shape[1]


def make_room(source: str, examples: int, rows: int, remedy: str = "lower examples") -> None:
    """Refuse (SizeError) examples of n_x + n_y = ``rows`` numbers that do not fit in memory."""
    what = f"data source {source!r} with {shown(examples)} examples"
    refuse_if_too_large(8 * examples * rows * _COPIES, what, remedy)


def numbered(letter: str, count: int) -> tuple[str, ...]:
    """Return the names x1, x2, ... as the course counts them."""
    return tuple(f"{letter}{index}" for index in range(1, count + 1))
