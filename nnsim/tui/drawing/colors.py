"""Colour maps that colour-blind eyes can read, levels instead of endless shades, and contrast.

Colours are "#rrggbb". Mixing happens in OKLab, where equal steps look equal. A map is a tuple of
colours; a value is drawn by the number of its level, so that equal neighbours merge into one
segment of text.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsim.tui.contrast import contrast, readable, triplet
from nnsim.tui.look import Look

FINE_STEPS = 33
"""Levels of a map; odd, so that 0 has one of its own."""
COARSE_STEPS = 7
"""Levels with low bandwidth."""
GROUND_STRENGTH = 0.5
"""How far the colours of a ground, on which marks are drawn, go from the background."""
LEGIBLE = 4.5
"""The contrast that text and marks keep against what lies under them."""
LINES_LEGIBLE = 3.0
"""The contrast of lines."""

VIRIDIS = ("#481f70", "#443983", "#31688e", "#21918c", "#35b779", "#90d743", "#f4e61e")
"""Cost from low to high on a dark background; the other way round on a light one."""

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LMS = np.linalg.inv(_TO_LMS)
_FROM_LAB = np.linalg.inv(_TO_LAB)


def steps(look: Look) -> int:
    """Return how many levels a map has: many, or few with low bandwidth."""
    return FINE_STEPS if look.fine else COARSE_STEPS


@lru_cache(maxsize=128)
def diverging(look: Look, count: int) -> tuple[str, ...]:
    """Return the colours of signed values: negative, neutral in the middle, positive."""
    return ramp((look.negative, look.neutral, look.positive), count)


@lru_cache(maxsize=128)
def sized(look: Look, count: int) -> tuple[str, ...]:
    """Return the colours of values that are never negative: neutral to positive."""
    return ramp((look.neutral, look.positive), count)


@lru_cache(maxsize=128)
def sequential(look: Look, count: int) -> tuple[str, ...]:
    """Return the colours of costs: low is near the background, high stands out.

    They are half as strong as viridis itself, so that lines and marks stand out on them.
    """
    stops = VIRIDIS if look.dark else VIRIDIS[::-1]
    return ramp(tuple(mix(look.background, stop, GROUND_STRENGTH) for stop in stops), count)


@lru_cache(maxsize=128)
def class_shades(look: Look, classes: int, count: int) -> tuple[str, ...]:
    """Return `count` colours a class, unsure to sure, class after class.

    They stay near the background, so that the points of the data stand out on them.
    """
    shades: list[str] = []
    for number in range(classes):
        color = look.classes[number % len(look.classes)]
        weights = np.linspace(0.06, 0.36, count) if count > 1 else np.array([0.3])
        shades.extend(mix(look.background, color, float(weight)) for weight in weights)
    return tuple(shades)


@lru_cache(maxsize=512)
def ramp(stops: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return `count` colours that pass through the stops at equal distances."""
    points = _lab(np.array([_channels(stop) for stop in stops]))
    places = np.linspace(0, len(stops) - 1, count)
    colors = np.stack(
        [np.interp(places, np.arange(len(stops)), points[:, axis]) for axis in range(3)], axis=1
    )
    return tuple(_written(color) for color in _rgb(colors))


def mix(first: str, second: str, weight: float) -> str:
    """Return the colour between two: the first at weight 0, the second at 1."""
    ends = _lab(np.array([_channels(first), _channels(second)]))
    return _written(_rgb(ends[:1] * (1 - weight) + ends[1:] * weight)[0])


@lru_cache(maxsize=8192)
def legible(color: str, on: str, others: tuple[str, ...] = (), ratio: float = LEGIBLE) -> str:
    """Return the colour, another of those given, or the nearest one that can be read on `on`."""
    for candidate in (color, *others):
        if contrast(candidate, on) >= ratio:
            return candidate
    return readable(color, on, ratio)


def quantise(shares: ArrayLike, count: int) -> NDArray[np.intp]:
    """Return the level, 0 to count - 1, of each share in 0..1 (outside: the nearest end).

    NaN has no level: mark it before.
    """
    scaled = np.rint(np.clip(np.asarray(shares, dtype=np.float64), 0.0, 1.0) * (count - 1))
    return np.nan_to_num(scaled).astype(np.intp)


def signed_levels(values: ArrayLike, limit: float, count: int) -> NDArray[np.intp]:
    """Return the level of each signed value: 0 for -limit, the middle for 0."""
    values = np.asarray(values, dtype=np.float64)
    if not limit > 0:
        return np.full(values.shape, count // 2, dtype=np.intp)
    with np.errstate(over="ignore"):
        return quantise(values / limit * 0.5 + 0.5, count)


def sized_levels(values: ArrayLike, limit: float, count: int) -> NDArray[np.intp]:
    """Return the level of each size: 0 for 0, the last for the limit."""
    values = np.asarray(values, dtype=np.float64)
    if not limit > 0:
        return np.zeros(values.shape, dtype=np.intp)
    with np.errstate(over="ignore"):
        return quantise(values / limit, count)


def largest(values: ArrayLike) -> float:
    """Return the largest finite |value|; 0 where there is none."""
    values = np.asarray(values)
    if values.size == 0:
        return 0.0
    top = max(float(values.max()), -float(values.min()))
    if math.isfinite(top):
        return top
    finite = values[np.isfinite(values)]
    return float(np.abs(finite).max()) if finite.size else 0.0


def kept_limit(kept: float | None, needed: float) -> float:
    """Return the limit of a scale that moves in jumps.

    It grows to a round number when the data outgrow it, shrinks when they fill less than a
    quarter, and else stays, so that colours keep their meaning from step to step.
    """
    if not needed > 0:
        return kept if kept else 1.0
    if kept and 0.25 * kept <= needed <= kept:
        return kept
    power = 10.0 ** math.floor(math.log10(needed))
    for round_number in (1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0):
        if needed <= round_number * power * (1 + 1e-12):
            return round_number * power
    return needed


def _channels(color: str) -> tuple[float, float, float]:
    red, green, blue = triplet(color)
    return red / 255, green / 255, blue / 255


def _written(channels: NDArray[np.float64]) -> str:
    red, green, blue = (round(255 * float(channel)) for channel in channels)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _linear(channels: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _lab(channels: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.cbrt(_linear(channels) @ _TO_LMS.T) @ _TO_LAB.T)


def _rgb(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = np.clip((lab @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T, 0.0, 1.0)
    return np.clip(
        np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055), 0, 1
    )
