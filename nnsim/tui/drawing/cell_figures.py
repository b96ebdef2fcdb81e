"""Numbers short enough for the cells and margins of a picture."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from nnsim.tui.drawing.text import figure


def at_most(value: float, width: int, digits: int = 4) -> str:
    """Return a number in at most `width` characters, as exact as they allow; "" if none fits."""
    for figures in range(digits, 0, -1):
        text = figure(float(value), figures)
        if len(text) <= width:
            return text
    return ""


def aligned(values: NDArray[np.floating], limit: float, width: int) -> list[list[str]]:
    """Return the figures of a matrix, all with the same decimals, in `width` characters or fewer.

    Whole numbers are printed whole. Where no fixed number of decimals shows the values well,
    each is written with its own exponent.
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0 or (bool((finite == np.rint(finite)).all()) and limit < 10 ** (width - 1)):
        return _rows(values, "{:.0f}", width)
    negative = 1 if bool((finite < 0).any()) else 0
    whole = 1 + max(0, math.floor(math.log10(limit))) if limit > 0 else 1
    decimals = min(width - negative - whole - 1, 4)
    # Two figures of the largest number must be seen, else exponents tell more.
    if decimals >= 1 and limit >= 10.0 ** (1 - decimals) * 0.995 and limit > 0:
        return _rows(values, f"{{:.{decimals}f}}", width)
    if decimals == 0 and limit < 10 ** (width - negative):
        return _rows(values, "{:.0f}", width)
    return [[at_most(value, width, 3) for value in row] for row in values.tolist()]


def _rows(values: NDArray[np.floating], form: str, width: int) -> list[list[str]]:
    return [list(_fitted(row, form, width)) for row in values.tolist()]


def _fitted(row: Iterable[float], form: str, width: int) -> Iterable[str]:
    for value in row:
        text = form.format(value) if math.isfinite(value) else figure(value)
        if float(value) == 0:
            text = text.lstrip("-")
        yield text if len(text) <= width else at_most(value, width, 3)
