"""The lines of a formula: as many as there is room for, in the colours of what they are."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nnsim.tui.drawing.text import clip
from nnsim.tui.formulas.lines import Line
from nnsim.tui.look import Look

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import SteppedFrame

BEFORE = "No step yet. n goes into the first, phase by phase; N does it whole."

Row = tuple[str, str, bool]
"""A text, its colour, and whether it is bold."""


def stepped_lines(
    kind: str, run: SteppedFrame, part: int, look: Look, width: int, height: int
) -> list[Strip]:
    """Return the formula of the phase done last, as the kind explains it, for one of its parts."""
    if not run.done_phase:
        return strips_of([(BEFORE, look.muted, False)], look, width, height)
    found = explained(kind, run, width - 2, look.ascii, part)
    return strips_of(
        list(_rows(chosen(found, width - 2, height), look, width)), look, width, height
    )


def explained(
    kind: str, run: SteppedFrame, width: int, ascii: bool, part: int = 1
) -> tuple[Line, ...]:
    """Return the lines of a kind's own module; a kind may do without one.

    Where each part (path, curve) has a formula of its own, the module has `explain_part`; `part`
    counts from 1.
    """
    name = f"nnsim.tui.formulas.{kind}"
    if find_spec(name) is None:
        return ()
    module = import_module(name)
    by_part = getattr(module, "explain_part", None)
    lines: tuple[Line, ...] = (
        by_part(run, part, width, ascii) if by_part else module.explain(run, width, ascii)
    )
    return lines


def chosen(lines: Sequence[Line], width: int, height: int) -> list[Line]:
    """Return the lines that fit: equations go first, then what they mean; the numbers stay."""
    kept = list(lines)
    for role in ("equation", "meaning"):
        while _height(kept, width) > height:
            # The last one of a role says the least: it follows from those before it.
            at = max((k for k, line in enumerate(kept) if line.role == role), default=None)
            if at is None or len(kept) == 1:
                break
            if role == "meaning" and _height(kept[:at], width) < height:
                break
            del kept[at]
    return kept


def _height(lines: Sequence[Line], width: int) -> int:
    return sum(len(wrapped(line.text, width)) if line.role == "meaning" else 1 for line in lines)


def _rows(lines: Sequence[Line], look: Look, width: int) -> Iterator[Row]:
    for line in lines:
        if line.role == "numbers":
            yield line.text, look.accent, True
        elif line.role == "meaning":
            yield from ((text, look.muted, False) for text in wrapped(line.text, width - 2))
        else:
            yield line.text, look.text, False


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` cells."""
    return textwrap.wrap(text, max(20, width))


def strips_of(rows: Sequence[Row], look: Look, width: int, height: int) -> list[Strip]:
    """Return `height` lines at most; the last one ends in an ellipsis where more would follow."""
    strips = []
    room = max(0, width - 2)
    for number, (text, color, bold) in enumerate(rows[:height]):
        if number == height - 1 and len(rows) > height:
            text = f"{text} {'...' if look.ascii else '…'}"
            if cell_len(text) > room:
                text = text[: max(0, room - 4)].rpartition(" ")[0] + (
                    " ..." if look.ascii else " …"
                )
        text = clip(text, room, ascii=look.ascii)
        blank = " " * max(0, width - 1 - cell_len(text))
        style = look.ink(color, bold=bold)
        strips.append(Strip([Segment(" " + text, style), Segment(blank)]).adjust_cell_length(width))
    return strips
