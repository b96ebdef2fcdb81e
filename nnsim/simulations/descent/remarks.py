"""What can be said of paths on a surface: a saddle, zigzag, arrived (C8, A3, C4)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from nnsim.simulations.descent.settings import PathSettings
from nnsim.simulations.descent.snapshot import Move
from nnsim.simulations.descent.surface import AnalyticSurface, Place
from nnsim.simulations.remark import Remark, figure

NEAR = 0.05
"""Distance from the lowest point, against the size of the window, that counts as there."""
TURNED = -0.5
"""Cosine between two updates from which on the second one goes back."""


@dataclass(frozen=True)
class Course:
    """A path's last few places, the present one last."""

    STEPS: ClassVar[int] = 4
    """So many steps back are looked at."""

    path: PathSettings
    places: tuple[Place, ...]
    step: int
    goes: Move | None
    """The next step; None where the numbers have been left."""
    surface: AnalyticSurface
    first: float
    """J at the start."""

    @property
    def here(self) -> Place:
        """Where it stands."""
        return self.places[-1]

    @property
    def who(self) -> str:
        """How a sentence about it begins."""
        return f"{self.path.name}: " if self.path.name else ""

    def rises(self) -> int:
        """Return how many of the last steps, up to now, each raised J."""
        count = 0
        for before, after in zip(self.places[-2::-1], self.places[:0:-1], strict=True):
            if not after.J > before.J:
                break
            count += 1
        return count

    def turns(self) -> list[float]:
        """Return the cosines between neighbouring updates of the last steps."""
        updates = [
            tuple(b - a for a, b in zip(before.point, after.point, strict=True))
            for before, after in pairwise(self.places)
        ]
        cosines = []
        for first, second in pairwise(updates):
            size = math.hypot(*first) * math.hypot(*second)
            dot = sum(a * b for a, b in zip(first, second, strict=True))
            cosines.append(dot / size if size else 0.0)
        return cosines

    def sharpness(self) -> float:
        """Return alpha times the largest eigenvalue: plain descent diverges from 2 on."""
        alpha = self.goes.learning_rate if self.goes else self.path.learning_rate
        return alpha * self.here.eigenvalues[-1]


def descent_remarks(courses: Sequence[Course]) -> tuple[Remark, ...]:
    """Return one remark a path, most important first; paths in their order where equal."""
    found = [next(_of(course)) for course in courses]
    return tuple(sorted(found, key=lambda remark: -remark.weight))


def _of(course: Course) -> Iterator[Remark]:
    """Yield what can be said of a path, the most important first."""
    yield from _left(course)
    yield from _rising(course)
    yield from _flat_places(course)
    yield from _zigzag(course)
    yield from _arrived(course)
    yield _going(course)


def _left(course: Course) -> Iterator[Remark]:
    if course.goes is not None:
        return
    here = course.here
    yield Remark(
        "non-finite",
        f"{course.who}it has left the numbers and stays there.",
        f"J is {figure(here.J)} at {_at(course)}: too large for a float64, or not defined.",
        "Take a smaller learning rate, or a start nearer to the minimum.",
        "A3",
        100,
    )


def _rising(course: Course) -> Iterator[Remark]:
    rises = course.rises()
    if rises < 3 or course.here.word == "minimum":
        return
    limit = course.sharpness()
    plain = course.path.optimizer == "sgd"
    above = course.first < course.here.J
    if not above and not (plain and limit > 2):
        yield _uphill(course, rises)
        return
    how = f"J has risen for {rises} steps, to {figure(course.here.J)}."
    if plain and limit > 2:
        how += (
            f" alpha x the largest eigenvalue is {figure(limit)}; above 2 every step lands farther "
            "from the minimum than it began."
        )
    yield Remark(
        "diverges",
        f"{course.who}J rises from step to step.",
        how,
        "Take a smaller learning rate: below 2 / the largest eigenvalue of the Hessian."
        if plain
        else "Take a smaller learning rate.",
        "E12" if plain else "A3",
        90,
    )


def _uphill(course: Course, rises: int) -> Remark:
    return Remark(
        "uphill",
        f"{course.who}for the moment it goes uphill.",
        f"J has risen for {rises} steps, to {figure(course.here.J)}, and is still below that of "
        f"the start, {figure(course.first)}.",
        "Averages carry a path past the floor of a valley; it comes back. Less of that with a "
        "smaller beta1 or a smaller learning rate.",
        "C4",
        40,
    )


def _flat_places(course: Course) -> Iterator[Remark]:
    here, word = course.here, course.here.word
    how = (
        f"The gradient's length is {figure(here.gradient_norm)}, the Hessian's eigenvalues are "
        f"{_listed(here.eigenvalues)}."
        if len(here.eigenvalues) > 1
        else f"The slope is {figure(here.gradient[0])}, the second derivative "
        f"{figure(here.eigenvalues[0])}."
    )
    if word == "saddle":
        yield Remark(
            "saddle",
            f"{course.who}at a saddle: up in one direction, down in another.",
            how,
            "Plain descent leaves it very slowly; RMSprop, Adam, or noise, get away sooner.",
            "C8",
            80,
        )
    elif word == "flat":
        yield Remark(
            "plateau",
            f"{course.who}it is flat here: hardly a gradient, hardly a curvature.",
            how,
            "Steps that are divided by the gradient's own size (RMSprop, Adam) cross a plateau.",
            "C8",
            70,
        )
    elif word == "maximum":
        yield Remark(
            "maximum",
            f"{course.who}on a top: every direction leads down.",
            how,
            "Any small push starts the descent.",
            "C8",
            75,
        )


def _zigzag(course: Course) -> Iterator[Remark]:
    turns = course.turns()
    if len(turns) < 2 or not all(turn < TURNED for turn in turns[-2:]):
        return
    if course.here.word == "minimum" or course.path.noise:
        return
    limit = course.sharpness()
    how = "Each of the last updates went back on the one before."
    if limit > 1 and course.path.optimizer == "sgd":
        how += (
            f" alpha x the largest eigenvalue is {figure(limit)}: above 1 a plain step jumps over "
            "the floor of the valley, above 2 it climbs."
        )
    yield Remark(
        "zigzag",
        f"{course.who}it jumps from side to side.",
        how,
        "Take a smaller learning rate, or momentum, which averages the jumps away.",
        "C4",
        60,
    )


def _arrived(course: Course) -> Iterator[Remark]:
    here = course.here
    if here.word != "minimum":
        return
    distance = course.surface.distance(here.point)
    how = (
        f"The gradient's length is {figure(here.gradient_norm)}, the eigenvalues of the Hessian "
        f"are all above 0: {_listed(here.eigenvalues)}."
        if len(here.eigenvalues) > 1
        else f"The slope is {figure(here.gradient[0])}, and the second derivative is above 0: "
        f"{figure(here.eigenvalues[0])}."
    )
    if math.isnan(distance) or distance <= NEAR * _size(course):
        yield Remark(
            "arrived", f"{course.who}at a minimum, J = {figure(here.J)}.", how,
            "Further steps change little.", "A3", 20,
        )  # fmt: skip
    else:
        yield Remark(
            "local minimum",
            f"{course.who}in a local minimum, J = {figure(here.J)}: another one is deeper.",
            f"{how} The deepest is at a distance of {figure(distance)}.",
            "Another start, or noise on the gradient, may lead to a deeper one.",
            "C8",
            65,
        )


def _going(course: Course) -> Remark:
    here = course.here
    what = "goes down" if course.step else "stands at its start"
    return Remark(
        "falling",
        f"{course.who}it {what}: J = {figure(here.J)}.",
        f"The gradient's length is {figure(here.gradient_norm)}.",
        "",
        "A3",
        10,
    )


def _size(course: Course) -> float:
    """Return the larger side of what is worth drawing."""
    return max(high - low for low, high in course.surface.window([course.here.point]))


def _at(course: Course) -> str:
    names = course.surface.variables
    return ", ".join(
        f"{name} = {figure(value)}" for name, value in zip(names, course.here.point, strict=True)
    )


def _listed(values: tuple[float, ...]) -> str:
    return " and ".join(map(figure, values))
