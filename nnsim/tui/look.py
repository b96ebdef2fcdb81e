"""How things are drawn now: glyphs, colours, palette. What every drawing function is given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rich.style import Style

SERIES_MARKS = ("o", "x", "+", "*", "#", "@", "%", "&")
"""Letters that tell runs, layers and classes apart without colour, by number."""


@dataclass(frozen=True)
class Look:
    """How to draw. Hashable, so that what is derived from it can be cached."""

    ascii: bool = False
    """Only ASCII characters."""
    color: bool = True
    """False under NO_COLOR: nothing may depend on colour, and none is used."""
    dark: bool = True
    fine: bool = True
    """False with low bandwidth: few colour steps, so that equal neighbours merge."""
    background: str = "#121418"
    text: str = "#d8dbe0"
    muted: str = "#8b929c"
    """Axes, units, what is not looked at; still 4.5:1 against the background."""
    faint: str = "#3a4048"
    """Grid lines, empty bars."""
    accent: str = "#f2b134"
    """The one accent: where I am."""
    warning: str = "#e8875a"
    error: str = "#f0716a"
    good: str = "#62b58f"
    negative: str = "#4f9dde"
    """The far end of signed values below 0."""
    neutral: str = "#22262c"
    """0 on a signed scale."""
    positive: str = "#f08a3c"
    """The far end of signed values above 0."""
    series: tuple[str, ...] = (
        "#f2b134", "#5aa9e6", "#62b58f", "#d58fc4", "#e8875a", "#a9b665", "#9d8cff", "#c0c4cc",
    )  # fmt: skip
    """Runs and lines, by number: told apart by dash or mark as well."""
    classes: tuple[str, ...] = (
        "#5aa9e6", "#f08a3c", "#62b58f", "#d58fc4", "#f2d14a", "#9d8cff", "#e06a6a", "#7fd1d6",
        "#b8a07a", "#c0c4cc",
    )  # fmt: skip
    """Classes of the data, by number: told apart by their mark as well."""

    def ink(self, color: str = "", *, on: str = "", bold: bool = False, dim: bool = False) -> Style:
        """Return a style in a colour ("#rrggbb", "" for the text's own), none without colours."""
        if not self.color:
            return _style("", "", bold, dim)
        return _style(color, on, bold, dim)


@lru_cache(maxsize=16384)
def _style(color: str, on: str, bold: bool, dim: bool) -> Style:
    return Style(color=color or None, bgcolor=on or None, bold=bold or None, dim=dim or None)
