"""A surface that can be asked: J, its exact gradient and Hessian, and J over a window.

No Numba. All three come from the formula's text (course topics C9, C8).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.simulations.descent.surfaces import Range, Surface
from nnsim.simulations.formula import Program, gradient, hessian, printed, read_formula

SMALL_GRADIENT = 1e-2
"""||gradient|| below which a point is no slope."""
SMALL_CURVATURE = 1e-2
"""Eigenvalues within this of 0 count as 0."""
MARGIN = 0.25


@dataclass(frozen=True)
class Place:
    """What a surface is like at one point."""

    point: tuple[float, ...]
    J: float
    gradient: tuple[float, ...]
    hessian: tuple[tuple[float, ...], ...]
    eigenvalues: tuple[float, ...]
    """Of the Hessian, smallest first; NaN where it is not finite."""

    @property
    def gradient_norm(self) -> float:
        """The length of the gradient."""
        return math.hypot(*self.gradient)

    @property
    def condition(self) -> float:
        """Largest / smallest eigenvalue: 1 is round, 50 long; inf where the smallest is not > 0."""
        smallest, largest = self.eigenvalues[0], self.eigenvalues[-1]
        if math.isnan(smallest):
            return math.nan
        return largest / smallest if smallest > 0 else math.inf

    @property
    def finite(self) -> bool:
        """Whether the point, J and the gradient are numbers that a step can start from."""
        return all(map(math.isfinite, (self.J, *self.point, *self.gradient)))

    @property
    def word(self) -> str:
        """One of `PLACES`.

        Where ||gradient|| < 0.01 the eigenvalues decide, those between -0.01 and 0.01 counting as
        0: all above 0 is a minimum, all below a maximum, both signs a saddle, else it is flat.
        """
        if not self.finite or any(map(math.isnan, self.eigenvalues)):
            return "nowhere"
        if self.gradient_norm >= SMALL_GRADIENT:
            return "slope"
        smallest, largest = self.eigenvalues[0], self.eigenvalues[-1]
        if smallest > SMALL_CURVATURE:
            return "minimum"
        if largest < -SMALL_CURVATURE:
            return "maximum"
        if smallest < -SMALL_CURVATURE and largest > SMALL_CURVATURE:
            return "saddle"
        return "flat"


class AnalyticSurface:
    """A surface with its derivatives found.

    Parameters
    ----------
    surface : Surface
        From `SURFACES` or of one's own; one or two variables.

    Raises
    ------
    FormulaError
        The formula cannot be read, or its derivatives grow too long.
    """

    def __init__(self, surface: Surface) -> None:
        if not 1 <= len(surface.variables) <= 2:
            raise ValueError(
                f"surface {surface.name!r} has {len(surface.variables)} variables, expected 1 or 2"
            )
        self.surface = surface
        self.variables = names = surface.variables
        constants = dict(surface.constants)
        self.tree = read_formula(surface.formula, [*names, *constants])
        self.slopes = slopes = gradient(self.tree, names)
        bends = hessian(self.tree, names)
        self.text = printed(self.tree)
        """J as it is read: w^2 - 10 w + 25."""
        self.gradient_texts = tuple(map(printed, slopes))
        """dJ/dw ..., one a variable."""
        self.hessian_texts = tuple(tuple(map(printed, row)) for row in bends)
        lower = [bends[i][j] for i in range(len(names)) for j in range(i + 1)]
        self._program = Program([self.tree, *slopes, *lower], names, constants)
        self._height = Program([self.tree], names, constants)

    def at(self, point: Sequence[float]) -> Place:
        """Return J, gradient, Hessian and its eigenvalues at a point."""
        J, *rest = self._program.at(point)
        n = len(self.variables)
        slopes, bends = tuple(rest[:n]), rest[n:]
        if n == 1:
            return Place(tuple(point), J, slopes, ((bends[0],),), (bends[0],))
        a, b, d = bends
        return Place(tuple(point), J, slopes, ((a, b), (b, d)), _eigenvalues(a, b, d))

    def over(self, *points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return J over arrays of one shape, one a variable."""
        return self._height.over(points)[0]

    def distance(self, point: Sequence[float]) -> float:
        """Return how far the nearest lowest point is; NaN where none is known."""
        return min((math.dist(point, each) for each in self.surface.minima), default=math.nan)

    def window(self, starts: Sequence[Sequence[float]]) -> tuple[Range, ...]:
        """Return the range of each variable that is worth drawing."""
        if self.surface.window:
            return self.surface.window
        ranges = []
        for axis in range(len(self.variables)):
            places = [float(each[axis]) for each in (*starts, *self.surface.minima)]
            low, high = min(places), max(places)
            # A lone start shows what is about as far from it as it is from 0, or from 1.
            size = high - low or 2 * max(1.0, abs(low))
            middle = (low + high) / 2
            half = (0.5 + MARGIN) * size
            ranges.append((middle - half, middle + half))
        return tuple(ranges)


def _eigenvalues(a: float, b: float, d: float) -> tuple[float, float]:
    """Return those of [[a, b], [b, d]], smallest first."""
    if not all(map(math.isfinite, (a, b, d))):
        return math.nan, math.nan
    middle, radius = a / 2 + d / 2, math.hypot(a / 2 - d / 2, b)
    return middle - radius, middle + radius
