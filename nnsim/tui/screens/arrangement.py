"""Which panels are seen, in which order and how wide: by the room there is and what is enlarged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnsim.tui.panels import Place

GRID = 24
"""Columns of the grid that panels share out."""
NARROW, WIDE = 100, 180
"""Cells of width from which several panels, and all of them, are seen at once."""
STRIP = 8
"""Columns of the slim cost strip beside a single panel."""


@dataclass(frozen=True)
class Arrangement:
    """Panels by number with their columns, in reading order, and the number of rows they fill."""

    columns: tuple[tuple[int, int], ...]
    rows: int
    strip: bool = False
    """Whether the slim cost strip stands beside the panel."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The panels that are seen."""
        return tuple(number for number, _ in self.columns)


def is_single(width: int, zoomed: bool) -> bool:
    """Tell whether only one panel is seen."""
    return zoomed or width < NARROW


def arrange(
    places: Sequence[Place], chosen: int, width: int, zoomed: bool, *, strip: bool = True
) -> Arrangement:
    """Return what is seen in a terminal so wide; `strip`: the kind has a slim cost strip."""
    columns = [(place.number, place.wide if width >= WIDE else place.normal) for place in places]
    seen = tuple((number, share) for number, share in columns if share)
    if is_single(width, zoomed) or chosen not in dict(seen):
        beside = strip and width < NARROW and chosen != places[0].number
        return Arrangement(((chosen, GRID - STRIP if beside else GRID),), 1, beside)
    return Arrangement(seen, -(-sum(share for _, share in seen) // GRID))
