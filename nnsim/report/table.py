"""Aligned columns and wrapped paragraphs of text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

GAP = "  "
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def width_of(text: str) -> int:
    """Return how many terminal cells `text` takes.

    Two for wide signs, none for combining ones and for colour codes.
    """
    text = _COLOUR.sub("", text)
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def pad(text: str, width: int, side: str = "<") -> str:
    """Return `text` filled up with spaces: '<' to the left edge, '>' to the right one."""
    space = " " * max(width - width_of(text), 0)
    return space + text if side == ">" else text + space


def aligned(rows: Sequence[Sequence[str]], sides: str, indent: int = 0) -> list[str]:
    """Return one line a row, columns aligned; `sides` holds '<' or '>' for each column.

    Columns in which every row is empty are left out.
    """
    widths = [max((width_of(row[j]) for row in rows), default=0) for j in range(len(sides))]
    return [
        (
            " " * indent
            + GAP.join(pad(row[j], widths[j], sides[j]) for j in range(len(sides)) if widths[j])
        ).rstrip()
        for row in rows
    ]


def wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    """Return `text` as indented lines of at most `width` cells; a longer word stays whole."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and indent + width_of(line) + 1 + width_of(word) > width:
            lines.append(" " * indent + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        lines.append(" " * indent + line)
    return lines
