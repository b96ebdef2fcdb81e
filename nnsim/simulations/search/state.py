"""What a search knows after each of its steps, and what is shown of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from nnsim.simulations.search.sampling import Box
from nnsim.simulations.search.specification import Drift, Search
from nnsim.simulations.search.trial import NO_CURVE, Curve


@dataclass(frozen=True)
class Trial:
    """One setting of the parameters that was tried (or a run of a population)."""

    numbers: tuple[float, ...]
    """Random numbers in [0, 1), one a parameter; a grid has its places instead."""
    places: tuple[float, ...]
    """u: where the values stand in their whole ranges, on their scales."""
    values: tuple[float, ...]
    value: float = math.nan
    """The objective; infinity where training left the numbers, NaN where nothing is judged."""
    curve: Curve = NO_CURVE


@dataclass(frozen=True)
class TrialState:
    """A search after a number of trials."""

    box: Box
    """Where the next trial will be drawn."""
    drawn_in: Box
    """Where this trial was drawn."""
    trial: Trial | None = None
    best: int = -1
    """Number of the best trial, from 0; -1: none yet."""
    round: int = 1
    """coarse_to_fine: the round that this trial belongs to."""
    spent: int = 0
    """Training steps altogether."""

    @property
    def zoomed(self) -> bool:
        """Whether the box shrank after this trial."""
        return self.box != self.drawn_in


@dataclass(frozen=True)
class DayState:
    """A population (or the one panda) after a number of days."""

    runs: tuple[Trial, ...]
    """Settings, value and curve of every run."""
    best: int = -1
    """Number of the run with the lowest value today."""
    lowest: float = math.nan
    """The lowest value of any day so far."""
    before: tuple[float, ...] = ()
    """panda: the settings of the day before."""
    changes: int = 0
    """Days so far on which a setting was changed."""
    changed_at: tuple[int, ...] = ()
    """Training steps of those days' beginnings."""
    drifted_at: int = -1
    """Training step at which the data changed; -1: not yet."""
    drifted: bool = False
    """Whether the data changed on this very day."""
    spent: int = 0


@dataclass(frozen=True, eq=False)
class SearchSnapshot:
    """Everything that panels and formulas show of a search; arrays are read-only.

    k trials have been judged (k runs train side by side), n parameters are searched for.
    """

    step: int
    phase: int
    search: Search
    names: tuple[str, ...]
    """The n parameters that `values` has columns for."""
    values: np.ndarray
    """(k, n)."""
    results: np.ndarray
    """(k,): the objective of each; infinity where training left the numbers."""
    best_so_far: np.ndarray
    """(k,): the lowest result until each trial; for days: the lowest value of each day so far."""
    best: int
    """Row of the best one; -1: none."""
    made: Trial | None
    """The trial that the phase done last belongs to."""
    made_number: int
    """Its number, from 1; 0: none yet."""
    known: int
    """Phases done of that trial or day: all of them between steps."""
    boxes: tuple[np.ndarray, ...] = ()
    """coarse_to_fine: (n, 2) low and high values of every round's box until now."""
    curves: tuple[Curve, ...] = ()
    """Of every trial or run that has trained, in the order of `values`; the one made is last."""
    round: int = 1
    day: DayState | None = None
    """panda, caviar: the day that the phase done last belongs to."""
    start: tuple[tuple[str, float], ...] = ()
    """panda: the settings that the run began with."""
    drift: Drift | None = field(default=None)
