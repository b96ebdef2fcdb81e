"""Axes: ranges that settle on round values, ticks within them, and their figures.

A range is a pair (low, high), low below high. On a log axis both are positive.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from nnsim.tui.drawing.text import figure, short_exponent

Range = tuple[float, float]

FIGURE_WIDTH = 7
"""No axis figure is wider."""
MOST_TICKS = 6
"""Ticks of a tall chart's y axis; a low one takes fewer of the same figures."""
FILLS_AT_LEAST = 0.4
"""A range is kept while the data fill this share of it."""
GROWS_BY = 0.5
"""Room beyond an end that had to move, as a share of the data's extent."""

_LARGEST = 8e307
"""Differences of two values up to here are finite."""
_SMALLEST = 1e-300
_ROUNDING = 8
"""A range ends on multiples of a step of which so many cover the data."""


def nice_range(low: float, high: float, log: bool = False) -> Range:
    """Return a range around the data from `low` to `high`, rounded outward to round values.

    It is never so narrow that `tick_figures` could not tell two ticks apart. Linear ranges of
    positive data near 0 start at 0.

    >>> nice_range(0.23, 0.69), nice_range(0.01, 0.69), nice_range(3e-6, 0.2, log=True)
    ((0.2, 0.7), (0.0, 0.7), (1e-06, 1.0))
    """
    if log:
        return _nice_log_range(low, high)
    low, high = (min(max(end, -_LARGEST), _LARGEST) for end in (low, high))
    if max(abs(low), abs(high)) < _SMALLEST:
        return 0.0, 1.0
    # A single value says nothing about a scale: it stands in the middle of a range of its size.
    least = 0.5 if low == high else 1e-9
    span = max(high - low, least * max(abs(low), abs(high)))
    middle = low / 2 + high / 2
    while True:
        ends = min(low, middle - span / 2), max(high, middle + span / 2)
        found = _round_outward(*ends)
        if _widest(tick_figures(ticks(*found, MOST_TICKS))) <= FIGURE_WIDTH:
            return found
        span *= 10


def settled_range(old: Range | None, low: float, high: float, log: bool = False) -> Range:
    """Return the range to show data from `low` to `high` in, after `old` was shown.

    The old one is kept while the data lie in it and fill 40 % of it or more, so that axes
    rescale in jumps, not with every step. One that grows leaves room to grow into.
    """
    new = nice_range(low, high, log)
    if old is None or (log and (low <= 0 or old[0] <= 0)):
        return new
    if low >= old[0] and high <= old[1]:
        # A constant fills nothing: what counts is whether a new range would be much closer.
        kept = FILLS_AT_LEAST * extent(*old, log)
        return old if extent(low, high, log) >= kept or extent(*new, log) >= kept else new
    room = GROWS_BY * extent(low, high, log)
    below, above = (room if low < old[0] else 0.0), (room if high > old[1] else 0.0)
    if log:
        return nice_range(low * 10.0**-below, high * 10.0**above, log)
    if low >= 0:
        below = min(below, low)
    if high <= 0:
        above = min(above, -high)
    return nice_range(low - below, high + above, log)


def extent(low: float, high: float, log: bool = False) -> float:
    """Return how long a range is on its axis: decades on a log axis."""
    return math.log10(high) - math.log10(low) if log else high - low


@lru_cache(maxsize=1024)
def ticks(low: float, high: float, count: int, log: bool = False) -> tuple[float, ...]:
    """Return about `count` round values from `low` to `high`, ascending, for an axis."""
    count = max(count, 1)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return (low,) if math.isfinite(low) else ()
    if log and low > 0:
        return tuple(_log_ticks(low, high, count))
    return tuple(_linear_ticks(low, high, count))


@lru_cache(maxsize=1024)
def tick_figures(
    values: tuple[float, ...], log: bool = False, like: tuple[float, ...] = ()
) -> tuple[str, ...]:
    """Return the figures at ticks: just enough digits to tell them apart, all alike.

    Parameters
    ----------
    values
        Ticks of one axis.
    log
        Powers of ten far from 1 are written "1e-6".
    like
        Take as many digits as these ticks need: those of the same axis drawn higher.

    >>> tick_figures((0.0, 0.05, 0.1)), tick_figures((1e-6, 1e-3, 1.0), log=True)
    (('0.00', '0.05', '0.10'), ('1e-6', '1e-3', '1'))
    """
    model = [float(value) for value in (like or values)]
    sizes = [abs(value) for value in model if value]
    if not sizes:
        return tuple(figure(float(value)) for value in values)
    largest, smallest = max(sizes), min(sizes)
    if log and smallest * 10 <= largest:
        if smallest >= 1e-3 and largest < 1e5:
            return tuple(figure(float(value)) for value in values)
        return tuple(short_exponent(f"{value:.0e}") for value in values)
    step = min((b - a for a, b in pairwise(model)), default=largest)
    if not 0 < step < math.inf:
        step = largest
    power = math.floor(math.log10(step) + 1e-9)
    if largest < 1e6 and power >= -4:
        decimals = max(0, -power)
        plain = [f"{value or 0.0:.{decimals}f}" for value in values]
        if _widest(plain) <= FIGURE_WIDTH:
            return tuple(plain)
    digits = max(math.floor(math.log10(largest) + 1e-9) - power, 0)
    return tuple(short_exponent(f"{value:.{digits}e}") if value else "0" for value in values)


def _widest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)


def _step(span: float, count: int) -> tuple[int, int]:
    """Return the smallest 1, 2 or 5 times a power of ten of which `count` cover `span`."""
    raw = span / count
    power = math.floor(math.log10(raw))
    for factor in (1, 2, 5):
        if factor * 10.0**power >= raw * (1 - 1e-9):
            return factor, power
    return 1, power + 1


def _times(count: int, step: tuple[int, int]) -> float:
    """Return a multiple of a step, rounded once: 3 times 0.1 is 0.3."""
    factor, power = step
    if power >= 0:
        return float(count * factor) * 10.0**power
    if power < -300:
        return count * factor * 10.0**power
    return count * factor / 10.0**-power


def _linear_ticks(low: float, high: float, count: int) -> list[float]:
    span = high - low
    if not _SMALLEST < span < math.inf:
        return [low] if span <= _SMALLEST else [value for value in (0.0,) if low <= value <= high]
    step = _step(span, count)
    size = _times(1, step)
    first, last = math.ceil(low / size - 1e-6), math.floor(high / size + 1e-6)
    values = (min(max(_times(k, step), low), high) for k in range(first, last + 1))
    return sorted(set(values))


def _log_ticks(low: float, high: float, count: int) -> list[float]:
    first = math.ceil(math.log10(low) - 1e-9)
    last = math.floor(math.log10(high) + 1e-9)
    powers = list(range(first, last + 1))
    if len(powers) >= 2:
        stride = next(
            (by for by in (1, 2, 3, 5, 10, 20, 50, 100) if len(powers) <= by * count), 200
        )
        kept = [power for power in powers if power % stride == 0]
        if len(kept) < 2:
            kept = [powers[0], powers[-1]]
        return [min(max(float(f"1e{power}"), low), high) for power in kept]
    fine = [factor * 10.0**power for power in range(first - 1, last + 1) for factor in (1, 2, 5)]
    fine = [value for value in fine if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
    if len(fine) >= 2:
        by = math.ceil(len(fine) / max(count, 2))
        return [min(max(value, low), high) for value in fine[::by]]
    return _linear_ticks(low, high, count)


def _round_outward(low: float, high: float) -> Range:
    if 0 < low <= 0.2 * high:
        low = 0.0
    if 0 > high >= 0.2 * low:
        high = 0.0
    step = _step(high - low, _ROUNDING)
    size = _times(1, step)
    rounded = (
        _times(math.floor(low / size + 1e-6), step),
        _times(math.ceil(high / size - 1e-6), step),
    )
    return max(rounded[0], -_LARGEST * 1.01), min(rounded[1], _LARGEST * 1.01)


def _nice_log_range(low: float, high: float) -> Range:
    low, high = (min(max(end, 1e-307), 1e307) for end in (low, high))
    low_power, high_power = math.log10(low), math.log10(high)
    if high_power - low_power >= 1:
        ends = math.floor(low_power + 1e-9), math.ceil(high_power - 1e-9)
        return float(f"1e{ends[0]}"), float(f"1e{ends[1]}")
    if high_power - low_power < 0.02:  # nearly constant: the decade around it
        middle = low_power / 2 + high_power / 2
        low_power, high_power = middle - 0.45, middle + 0.45
    steps = [
        float(f"{factor}e{power}")
        for power in range(math.floor(low_power) - 1, math.ceil(high_power) + 1)
        for factor in (1, 2, 5)
    ]
    return (
        max(step for step in steps if step <= 10**low_power * (1 + 1e-9)),
        min([step for step in steps if step >= 10**high_power * (1 - 1e-9)], default=1e307),
    )
