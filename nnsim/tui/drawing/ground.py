"""The widget's own background under what is drawn.

Textual leaves the cells that a widget draws as they are: those without a background would show the
terminal's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


def seated(strip: Strip, base: Style) -> Strip:
    """Return a strip whose bare cells have the widget's background and text colour."""
    return Strip(
        [
            segment
            if (style := segment.style) is not None and style.bgcolor is not None
            else _seat(segment, base)
            for segment in strip
        ],
        strip.cell_length,
    )


def all_seated(strips: Iterable[Strip], base: Style) -> list[Strip]:
    """Return the strips with the widget's background where they have none."""
    return [seated(strip, base) for strip in strips]


def _seat(segment: Segment, base: Style) -> Segment:
    style = segment.style
    return Segment(segment.text, base if style is None else _over(base, style))


@lru_cache(maxsize=1024)
def _over(base: Style, style: Style) -> Style:
    return base + style
