"""A place in the time of a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Position:
    """Updates done, and the number of the next phase of the step (0: between steps)."""

    step: int
    phase: int = 0
