"""The built-in surfaces of descent, each a formula in w1 and w2, or in w (course topic C8).

No NumPy. A formula here is the same text that a scenario could write down: nothing about these
surfaces is known to the simulation but what stands in this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Range = tuple[float, float]
Point = tuple[float, ...]


@dataclass(frozen=True)
class Surface:
    """A cost J of one or two variables, as text."""

    name: str
    formula: str
    variables: tuple[str, ...]
    constants: tuple[tuple[str, float], ...] = ()
    """Names in the formula that are not variables, with their values."""
    minima: tuple[Point, ...] = ()
    """Where J is lowest, if that is known: several points where it is as low at each."""
    window: tuple[Range, ...] = ()
    """What is worth drawing: a range a variable; empty: around the starts and the minima."""
    start: Point = ()
    """Where a path begins that names no start."""
    summary: str = ""


_TWO = ("w1", "w2")

SURFACES: Mapping[str, Surface] = {
    surface.name: surface
    for surface in (
        Surface(
            "parabola", "w**2 - 10*w + 25", ("w",), (), ((5.0,),), ((-2.0, 12.0),), (0.0,),
            "The course's J: lowest at w = 5.",
        ),
        Surface(
            "two_valleys", "w**4 - 8*w**2 + 3*w", ("w",), (), ((-2.0878738250414104,),),
            ((-3.2, 3.2),), (3.0,), "Two valleys, the left one deeper.",
        ),
        Surface(
            "bowl", "w1**2 + w2**2", _TWO, (), ((0.0, 0.0),), ((-5.0, 5.0), (-4.0, 4.0)),
            (-4.0, 3.0), "Round: the gradient points straight at the minimum.",
        ),
        Surface(
            "long_bowl", "(w1**2 + 50*w2**2) / 2", _TWO, (), ((0.0, 0.0),),
            ((-10.0, 4.0), (-2.5, 2.5)), (-8.0, 1.5),
            "Fifty times steeper across than along: the gradient points across.",
        ),
        Surface(
            "saddle", "w1**2/2 - w2**2/2 + w2**4/4", _TWO, (), ((0.0, 1.0), (0.0, -1.0)),
            ((-2.0, 2.0), (-1.7, 1.7)), (-1.5, 1e-5),
            "At (0, 0) it rises along w1 and falls along w2.",
        ),
        Surface(
            "monkey_saddle", "w1**3 - 3*w1*w2**2 + (w1**2 + w2**2)**2/4", _TWO, (),
            ((-3.0, 0.0), (1.5, 2.598076211353316), (1.5, -2.598076211353316)),
            ((-4.5, 4.0), (-4.0, 4.0)), (2.0, 0.02),
            "Three ways down from (0, 0), where gradient and curvature are both 0.",
        ),
        Surface(
            "plateau", "1 - exp(-(w1**2 + w2**2)/4)", _TWO, (), ((0.0, 0.0),),
            ((-6.0, 6.0), (-5.0, 5.0)), (-4.5, 2.5),
            "Almost flat far out, with one pit in the middle.",
        ),
        Surface(
            "rosenbrock", "(1 - w1)**2 + 100*(w2 - w1**2)**2", _TWO, (), ((1.0, 1.0),),
            ((-2.0, 2.0), (-1.0, 3.0)), (-1.2, 1.0),
            "A bent valley: easy to get into, slow to walk along.",
        ),
        Surface(
            "beale",
            "(1.5 - w1 + w1*w2)**2 + (2.25 - w1 + w1*w2**2)**2 + (2.625 - w1 + w1*w2**3)**2",
            _TWO, (), ((3.0, 0.5),), ((-1.0, 4.5), (-2.0, 2.0)), (1.0, 1.5),
            "Flat in the middle, walls at the corners.",
        ),
        Surface(
            "himmelblau", "(w1**2 + w2 - 11)**2 + (w1 + w2**2 - 7)**2", _TWO, (),
            (
                (3.0, 2.0),
                (-2.805118086952745, 3.131312518250573),
                (-3.779310253377747, -3.283185991286170),
                (3.584428340330492, -1.848126526964404),
            ),
            ((-6.0, 6.0), (-5.5, 5.5)), (-0.2, -0.9), "Four minima, all equally deep.",
        ),
        Surface(
            "several_minima", "(w1**2 + w2**2)/10 + 2 - cos(2*w1) - cos(2*w2)", _TWO, (),
            ((0.0, 0.0),), ((-5.0, 5.0), (-4.0, 4.0)), (-4.0, 3.2),
            "A bowl full of dents: the lowest is at (0, 0), and mostly another is nearer.",
        ),
    )
}  # fmt: skip
"""By name, the plainest first."""
