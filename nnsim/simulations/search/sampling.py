"""Where the next trial falls: on a grid, at random, or in a box around the best so far (D2, D3)."""

from __future__ import annotations

import numpy as np

from nnsim.kernels.codes import Stream
from nnsim.simulations.search.specification import PARAMETERS, Search

Box = tuple[tuple[float, float], ...]
"""A low and a high u for every parameter; ((0, 1), ...) is the whole range."""

_NUMBERS = {name: number for number, name in enumerate(PARAMETERS)}


def whole_box(search: Search) -> Box:
    """Return the box that a search begins with."""
    return ((0.0, 1.0),) * len(search.parameters)


def drawn(search: Search, seed: int, trial: int) -> tuple[float, ...]:
    """Return the trial's random numbers in [0, 1), one a parameter (trial from 0).

    A number depends on seed, trial and the parameter's name alone: variants that search other
    ranges or scales draw the same ones, so that nothing but the scale differs.
    """
    from nnsim.kernels.cpu.random import uniform_into

    numbers = np.empty(len(PARAMETERS))
    uniform_into(seed, int(Stream.SEARCH), trial, 0, numbers)
    return tuple(float(numbers[_NUMBERS[name]]) for name in search.names)


def on_grid(search: Search, trial: int) -> tuple[float, ...]:
    """Return the places of the grid's trial (from 0): middles of equal parts of each range.

    The last parameter changes fastest, as the innermost of nested loops.
    """
    places: list[float] = []
    for count in reversed(search.points):
        trial, index = divmod(trial, count)
        places.append((index + 0.5) / count)
    return tuple(reversed(places))


def inside(box: Box, numbers: tuple[float, ...]) -> tuple[float, ...]:
    """Return places u in a box of numbers in [0, 1)."""
    return tuple(low + (high - low) * each for (low, high), each in zip(box, numbers, strict=True))


def zoomed(box: Box, centre: tuple[float, ...], zoom: float) -> Box:
    """Return the next box of coarse to fine.

    Every side is `zoom` times as long as before and has the best trial so far in its middle; where
    that would stick out of the whole range [0, 1], the box is moved back inside. It may leave the
    old box: the best trial may lie at its edge.
    """
    sides = []
    for (low, high), middle in zip(box, centre, strict=True):
        side = zoom * (high - low)
        begin = min(max(middle - side / 2, 0.0), 1.0 - side)
        sides.append((begin, begin + side))
    return tuple(sides)


def values_at(search: Search, places: tuple[float, ...]) -> tuple[float, ...]:
    """Return the values of the parameters at places u."""
    return tuple(each.value(place) for each, place in zip(search.parameters, places, strict=True))
