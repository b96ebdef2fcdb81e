"""Text measured in cells: clip, pad, shorten; numbers as panels write them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from rich.cells import cell_len, set_cell_size

from nnsim.report.figures import figure as written

PLAIN_UP_TO = 1e5
"""From here on a number is written with an exponent."""
PLAIN_FROM = 1e-3
"""Below, a number is written with an exponent."""
LEAST_NAME = 4
"""Cells that a name in a legend keeps; where even they are too many, entries are left out."""


def clip(text: str, width: int, *, ascii: bool = False) -> str:
    """Return `text` in at most `width` cells; what is cut at its end shows as an ellipsis.

    >>> clip("vanishing gradients", 10), clip("short", 10), clip("vanishing", 6, ascii=True)
    ('vanishing…', 'short', 'vani..')
    """
    if cell_len(text) <= width:
        return text
    mark = _ellipsis(width, ascii)
    return set_cell_size(text, max(width, 0) - len(mark)).rstrip() + mark


def shorten(text: str, width: int, *, ascii: bool = False) -> str:
    """Return `text` in at most `width` cells, cut in its middle: both ends tell things apart.

    >>> shorten("sigmoid, 8 layers, seed 1", 15)
    'sigmoid… seed 1'
    """
    if cell_len(text) <= width:
        return text
    mark = _ellipsis(width, ascii)
    room = max(width, 0) - len(mark)
    head = set_cell_size(text, (room + 1) // 2).rstrip()
    tail = text[len(text) - room // 2 :] if room // 2 else ""
    while cell_len(tail) > room // 2:
        tail = tail[1:]
    return head + mark + tail


def fitted_names(
    names: Sequence[str], beside: Sequence[int], room: int, *, ascii: bool = False
) -> tuple[list[str], str]:
    """Return the names of a legend's entries in `room` cells, and what says how many are left out.

    Long names are cut first, all to the same length; entries go only where that is not enough.

    Parameters
    ----------
    names
        An entry each.
    beside
        Cells of each entry beside its name, the gap before it among them.
    room
        Cells for all entries and for the mark of what is left out.
    ascii
        Whether the ellipsis must be ASCII.

    >>> fitted_names(["slow", "descent_too_large"], [3, 5], 20)
    (['slow', 'descent…'], '')
    >>> fitted_names(["slow", "middle", "fast"], [3, 5, 5], 20)
    (['slow', 'midd…'], '+1')
    """
    for count in range(len(names), -1, -1):
        more = f"+{len(names) - count}" if count < len(names) else ""
        left = room - sum(beside[:count]) - (len(more) + 1 if more else 0)
        longest = max(map(cell_len, names[:count]), default=0)
        for most in range(longest, min(longest, LEAST_NAME) - 1, -1):
            if sum(min(cell_len(name), most) for name in names[:count]) <= left:
                return [_cut(name, most, names, ascii) for name in names[:count]], more
    return [], f"+{len(names)}" if names else ""


def _cut(name: str, most: int, names: Sequence[str], ascii: bool) -> str:
    """Return a name cut at its end, in its middle where others begin the same."""
    cut = clip(name, most, ascii=ascii)
    alike = sum(clip(other, most, ascii=ascii) == cut for other in names) > 1
    return shorten(name, most, ascii=ascii) if alike else cut


def pad(
    text: str,
    width: int,
    align: Literal["left", "right", "center"] = "left",
    *,
    ascii: bool = False,
) -> str:
    """Return `text` in exactly `width` cells: clipped if longer, filled with spaces if shorter."""
    text = clip(text, width, ascii=ascii)
    room = max(width, 0) - cell_len(text)
    before = {"left": 0, "right": room, "center": room // 2}[align]
    return " " * before + text + " " * (room - before)


def figure(value: float | int | str | bool | None, digits: int = 3) -> str:
    """Return a number as panels write it, short and readable: at most `digits` significant.

    Whole numbers and texts stay as they are; '-' stands for none.

    >>> figure(0.004123), figure(2e-7), figure(12.345), figure(4.1e5), figure(1234.5)
    ('0.00412', '2e-7', '12.3', '4.1e5', '1234')
    """
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return written(value, digits)
    if isinstance(value, int) and abs(value) < 10_000_000:
        return str(value)
    value = float(value)
    size = abs(value)
    if not math.isfinite(value):
        return written(value)
    if size == 0:
        return "0"
    if size < PLAIN_FROM or size >= PLAIN_UP_TO:
        return short_exponent(f"{value:.{digits - 1}e}")
    if size >= 10**digits:
        return f"{value:.0f}"
    text = written(value, digits)
    return f"{value:.0f}" if "e" in text else text


def short_exponent(text: str) -> str:
    """Return a number in Python's scientific form without filling zeros.

    >>> short_exponent("4.10e+05"), short_exponent("2.00e-07"), short_exponent("1e+00")
    ('4.1e5', '2e-7', '1')
    """
    digits, _, exponent = text.partition("e")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    power = int(exponent or 0)
    return f"{digits}e{power}" if power else digits


def _ellipsis(width: int, ascii: bool) -> str:
    """Return the mark of what is left out, none where it would be all there is."""
    if width < 2:
        return ""
    if not ascii:
        return "…"
    return ".." if width >= 4 else ""
