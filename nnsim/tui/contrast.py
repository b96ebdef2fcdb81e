"""How well a colour is told from another: WCAG's contrast ratio, from 1 to 21."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnsim.tui.look import Look

Triplet = tuple[int, int, int]


@lru_cache(maxsize=1024)
def contrast(one: str, other: str) -> float:
    """Return the contrast of two "#rrggbb" colours.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """Return the relative luminance of "#rrggbb": 0 for black, 1 for white."""
    red, green, blue = (_linear(part / 255) for part in triplet(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(color: str, background: str, ratio: float) -> str:
    """Return the colour, moved towards black or white until its contrast is at least `ratio`."""
    if contrast(color, background) >= ratio:
        return color
    end = max(("#ffffff", "#000000"), key=lambda each: contrast(each, background))
    for share in range(1, 21):
        nearer = blend(color, end, share / 20)
        if contrast(nearer, background) >= ratio:
            return nearer
    return end


def blend(one: str, other: str, share: float) -> str:
    """Return the colour that lies `share` of the way from one to the other.

    >>> blend("#000000", "#ffffff", 0.5)
    '#808080'
    """
    parts = zip(triplet(one), triplet(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def chosen_ground(look: Look) -> str:
    """Return the ground under what is chosen: the accent, so faint that text stays readable."""
    return blend(look.background, look.accent, 0.16 if look.dark else 0.1)


def raised_ground(look: Look) -> str:
    """Return the ground of what lies above the rest, or under the mouse."""
    return blend(look.background, look.text, 0.06)


def triplet(color: str) -> Triplet:
    """Return red, green, blue of "#rrggbb", each from 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
