"""A network as a small picture of dots and lines. Pure Python: it is part of the first frame."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from nnsim.tui.contrast import blend
from nnsim.tui.gallery.details import NetworkSketch
from nnsim.tui.look import Look

_ROWS = 7
"""At most; four units are drawn in a column, of more the first two and the last one."""
_LEAST_GAP = 4
_WIDEST_GAP = 11
_MORE = -1
"""Stands for a column of layers left out."""
_BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


def network_picture(network: NetworkSketch, look: Look, width: int) -> list[Strip]:
    """Return the picture, at most `width` cells wide; none where there is no room for it."""
    columns = _columns(network, width)
    if len(columns) < 2:
        return []
    gap = min(_WIDEST_GAP, (width - 4) // (len(columns) - 1))
    across = [1 + gap * k for k in range(len(columns))]
    slots = [_slots_of(units) for units in columns]
    total = across[-1] + 3
    edges = [] if look.ascii else _edges(across, slots, total)
    used = [y for rows in slots for y in rows]
    rows = range(min(used), max(used) + 1)
    lines = [_row(y, across, slots, edges, total, look) for y in rows]
    lines.append(_figures(columns, across, network.inputs, total, look))
    return lines


def _columns(network: NetworkSketch, width: int) -> list[int]:
    """Return the units of each column, with `_MORE` where layers are left out."""
    inputs = int(network.inputs) if network.inputs.isdigit() else 5
    columns = [inputs, *(layer.units or 1 for layer in network.layers)]
    most = (width - 4) // _LEAST_GAP + 1
    if len(columns) > most:
        if most < 4:
            return []
        head = (most - 1) // 2 + 1
        columns = [*columns[: head - 1], _MORE, *columns[-(most - head) :]]
    return columns


def _slots_of(units: int) -> list[int]:
    """Return the rows in which a column has dots."""
    if units == _MORE:
        return []
    return {1: [3], 2: [2, 4], 3: [1, 3, 5]}.get(units, [0, 2, 4, 6] if units == 4 else [0, 2, 6])


def _edges(across: list[int], slots: list[list[int]], width: int) -> list[list[int]]:
    """Return the lines between neighbouring columns as the dots of Braille signs."""
    cells = [[0] * width for _ in range(_ROWS)]
    for k in range(len(across) - 1):
        x0, x1 = 2 * across[k] + 2, 2 * across[k + 1]
        for top in slots[k]:
            for bottom in slots[k + 1]:
                y0, slope = 4 * top + 1.5, 4 * (bottom - top) / max(x1 - x0, 1)
                for x in range(x0, x1 + 1):
                    y = int(y0 + slope * (x - x0) + 0.5)
                    cells[y >> 2][x >> 1] |= _BRAILLE[y & 3][x & 1]
    return cells


def _row(
    y: int,
    across: list[int],
    slots: list[list[int]],
    edges: list[list[int]],
    width: int,
    look: Look,
) -> Strip:
    line, dot = look.ink(blend(look.faint, look.muted, 0.3)), look.ink(look.accent)
    rest = look.ink(look.muted)
    signs = [chr(0x2800 + cell) if cell else " " for cell in edges[y]] if edges else [" "] * width
    marks: dict[int, Segment] = {}
    for x, rows in zip(across, slots, strict=True):
        if y in rows:
            marks[x] = Segment("o" if look.ascii else "●", dot)
        elif len(rows) == 3 and rows[2] == 6 and y == 4:
            marks[x] = Segment(":" if look.ascii else "┊", rest)
        elif not rows and y == 3:
            marks[x] = Segment("." if look.ascii else "⋯", rest)
    segments, start = [], 0
    for x, mark in sorted(marks.items()):
        segments += [Segment("".join(signs[start:x]), line), mark]
        start = x + 1
    segments.append(Segment("".join(signs[start:]), line))
    return Strip(segments, width)


def _figures(columns: list[int], across: list[int], inputs: str, width: int, look: Look) -> Strip:
    signs = [" "] * width
    for k, (x, units) in enumerate(zip(across, columns, strict=True)):
        text = inputs if k == 0 else str(units) if units != _MORE else ""
        start = max(0, x - (len(text) - 1) // 2)
        signs[start : start + len(text)] = text
    text = "".join(signs)[:width].ljust(width)
    return Strip([Segment(text, look.ink(look.muted))], width)
