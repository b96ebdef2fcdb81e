"""What is seen of a descent at one position. No Numba."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.simulations.descent.settings import PathSettings
from nnsim.simulations.descent.surface import AnalyticSurface, Place
from nnsim.simulations.descent.surfaces import Range

Numbers = tuple[float, ...]


@dataclass(frozen=True)
class Move:
    """One step of a path with all that it is worked out from; a number a variable each."""

    t: int
    """1 for the first step."""
    start: Numbers
    slope: Numbers
    """The exact gradient at the start."""
    gradient: Numbers
    """What the step used: the slope, with noise if there is any."""
    learning_rate: float
    v_before: Numbers
    s_before: Numbers
    v: Numbers
    """The averages after this step; zeros where the optimizer keeps none."""
    s: Numbers
    s_max: Numbers
    v_used: Numbers
    """v as the step divides it: corrected for its bias where the optimizer does that."""
    s_used: Numbers
    end: Numbers

    @property
    def update(self) -> Numbers:
        """What the step changed: end - start."""
        return tuple(after - before for after, before in zip(self.end, self.start, strict=True))


@dataclass(frozen=True)
class PathView:
    """A path as it stands."""

    settings: PathSettings
    points: NDArray[np.float64]
    """(steps done + 1, variables), read-only: the way walked."""
    place: Place
    """Where it stands after the steps done."""
    v: Numbers
    """Averages kept now; zeros before the first step."""
    s: Numbers
    s_max: Numbers
    move: Move | None
    """Inside a step the one that is being made, else the one made last; None before the first, and
    for a path that has left the numbers."""
    left: int | None
    """The step after which it had left the numbers."""
    distance: float

    @property
    def name(self) -> str:
        """Its name; the optimizer's where there is only this path."""
        return self.settings.name or self.settings.optimizer


@dataclass(frozen=True)
class DescentSnapshot:
    """All paths at one position."""

    step: int
    phase: int
    """How many phases of the step that is being made are done."""
    surface: AnalyticSurface
    window: tuple[Range, ...]
    paths: tuple[PathView, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the paths: what one can look at one by one."""
        return tuple(path.name for path in self.paths)
