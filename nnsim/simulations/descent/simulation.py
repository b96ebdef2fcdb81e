"""Descent on an analytic surface: several optimizers at once, step by step (A3, C4-C9, E1, E12).

Every path stands at its own point of one surface J(w1, w2) or J(w). A step takes the exact
gradient there, averages it as the optimizer does, and moves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnsim.simulations.descent.remarks import Course, descent_remarks
from nnsim.simulations.descent.settings import KEEPS_S, KEEPS_V, PathSettings
from nnsim.simulations.descent.snapshot import DescentSnapshot, Move, PathView
from nnsim.simulations.descent.step import Averages, Stepper
from nnsim.simulations.descent.surface import AnalyticSurface, Place
from nnsim.simulations.descent.surfaces import Surface
from nnsim.simulations.remark import Remark
from nnsim.simulations.stepped import Figure, Stepped


@dataclass(frozen=True)
class Walker:
    """Where a path stands, and the step that it takes from there."""

    place: Place
    averages: Averages
    came: Move | None
    """The step that led here; None at the start."""
    goes: Move | None
    """The step from here; None where the numbers have been left: it stays."""


Walkers = tuple[Walker, ...]


class Descent(Stepped[Walkers]):
    """Optimizers going down one surface side by side.

    Parameters
    ----------
    surface : Surface
        From `SURFACES`, or a formula of one's own.
    paths : sequence of PathSettings
        One or more, each name once; a path that names no start begins at the surface's.
    steps : int
        Planned.
    seed : int
        Of the noise on the gradients.

    Raises
    ------
    FormulaError
        The surface's formula cannot be used.
    ValueError
        No path, a name twice, or a start with another number of variables.

    Notes
    -----
    A path that leaves the numbers (NaN or infinity in the point, in J or in the gradient) stays
    where it left; the others go on.
    """

    KIND = "descent"

    def __init__(
        self, surface: Surface, paths: Sequence[PathSettings], steps: int, seed: int = 1
    ) -> None:
        self.surface = AnalyticSurface(surface)
        self.paths = tuple(paths)
        names = [path.name for path in self.paths]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"descent: the paths are {names}, expected one or more, each once")
        self.starts = tuple(tuple(map(float, path.start or surface.start)) for path in self.paths)
        for path, start in zip(self.paths, self.starts, strict=True):
            if len(start) != len(surface.variables):
                raise ValueError(
                    f"descent: path {path.name!r} starts at {start}, expected "
                    f"{len(surface.variables)} numbers"
                )
        self._steppers = [Stepper(path, steps, seed) for path in self.paths]
        if any(path.optimizer in KEEPS_V | KEEPS_S for path in self.paths):
            self.phases = ("gradient", "averages", "update")
        else:
            self.phases = ("gradient", "update")
        self._points: list[np.ndarray] = [np.array([start]) for start in self.starts]
        super().__init__(steps)

    def begin(self) -> Walkers:
        """Return every path at its start."""
        walkers = []
        for stepper, start in zip(self._steppers, self.starts, strict=True):
            zeros = (0.0,) * len(start)
            walkers.append(self._standing(stepper, start, Averages(zeros, zeros, zeros), None, 1))
        return tuple(walkers)

    def after(self, state: Walkers, step: int) -> Walkers:
        """Return every path one step further."""
        return tuple(
            self._moved(stepper, walker, step)
            for stepper, walker in zip(self._steppers, state, strict=True)
        )

    def _moved(self, stepper: Stepper, walker: Walker, step: int) -> Walker:
        move = walker.goes
        if move is None:
            return walker
        averages = Averages(move.v, move.s, move.s_max)
        return self._standing(stepper, move.end, averages, move, step + 1)

    def _standing(
        self, stepper: Stepper, point: tuple[float, ...], averages: Averages, came: Move | None,
        t: int,
    ) -> Walker:  # fmt: skip
        place = self.surface.at(point)
        goes = stepper.move(place, averages, t) if place.finite else None
        return Walker(place, averages, came, goes)

    # What is measured and seen

    def figures_of(self, state: Walkers, step: int) -> dict[str, Figure]:
        """Return all figures; update_* and learning_rate are those of the step to come."""
        figures: dict[str, Figure] = {}
        for path, walker in zip(self.paths, state, strict=True):
            for name, value in self._of_walker(path, walker).items():
                figures[path.named(name)] = value
        return figures

    def _of_walker(self, path: PathSettings, walker: Walker) -> dict[str, Figure]:
        place, goes = walker.place, walker.goes
        names = self.surface.variables
        update = goes.update if goes else (math.nan,) * len(names)
        figures: dict[str, Figure] = {"J": place.J}
        figures |= zip(names, place.point, strict=True)
        figures |= {
            "gradient_norm": place.gradient_norm,
            "distance": self.surface.distance(place.point),
            "eigenvalue_smallest": place.eigenvalues[0],
            "eigenvalue_largest": place.eigenvalues[-1],
            "condition": place.condition,
            "learning_rate": goes.learning_rate if goes else math.nan,
            "update_norm": math.hypot(*update),
        }
        vectors = [("d", place.gradient), ("update_", update)]
        if path.optimizer in KEEPS_V:
            vectors.append(("v_", walker.averages.v))
        if path.optimizer in KEEPS_S:
            vectors.append(("s_", walker.averages.s))
        for prefix, values in vectors:
            for name, value in zip(names, values, strict=True):
                figures[f"{prefix}{name}"] = value
        figures["place"] = place.word
        return figures

    def snapshot(self) -> DescentSnapshot:
        """Return all paths as they stand; inside a step with the step that is being made."""
        self._note_points()
        inside = self.position.phase > 0
        return DescentSnapshot(
            step=self.position.step,
            phase=self.position.phase,
            surface=self.surface,
            window=self.surface.window(self.starts),
            paths=tuple(self._view(number, inside) for number in range(len(self.paths))),
        )

    def _view(self, number: int, inside: bool) -> PathView:
        step = self.position.step
        walker = self.state[number]
        left = None
        if walker.goes is None:
            # It has moved as often as its own count of steps says, and then stayed.
            left = walker.came.t if walker.came else 0
        return PathView(
            settings=self.paths[number],
            points=self._points[number][: step + 1],
            place=walker.place,
            v=walker.averages.v,
            s=walker.averages.s,
            s_max=walker.averages.s_max,
            move=walker.goes if inside else walker.came,
            left=left,
            distance=self.surface.distance(walker.place.point),
        )

    def _note_points(self) -> None:
        """Bring the arrays of points up to the furthest step."""
        known = len(self._points[0])
        if known > self.reached:
            return
        for number, points in enumerate(self._points):
            new = [state[number].place.point for state in self._states[known:]]
            grown = np.concatenate([points, np.array(new)])
            grown.flags.writeable = False
            self._points[number] = grown

    def remarks(self) -> tuple[Remark, ...]:
        """Return what can be said of each path, most important first."""
        step = self.position.step
        recent = self._states[max(0, step - Course.STEPS) : step + 1]
        courses = [
            Course(path, tuple(state[number].place for state in recent), step,
                   recent[-1][number].goes, self.surface, self._states[0][number].place.J)
            for number, path in enumerate(self.paths)
        ]  # fmt: skip
        return descent_remarks(courses)
