"""Every parameter of theta at a glance: the verdict on each, block by block."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from rich.style import Style
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widgets import ContentSwitcher

from nnsim.tui.drawing.field import Field, Points
from nnsim.tui.drawing.sheet import Sheet
from nnsim.tui.drawing.text import clip
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.widgets.field import FieldWidget
from nnsim.tui.worker.frames import Frame

if TYPE_CHECKING:
    from nnsim.simulations.gradient_check.snapshot import CheckedBlock, GradientCheckSnapshot

VERDICTS = ("great", "look", "wrong", "round-off", "kink")
"""By their numbers in `GradientCheckSnapshot.entries`."""
SIGNS = {"great": "=", "look": "~", "wrong": "!", "round-off": ":", "kink": "k", "": "-"}
"""A verdict's mark, so that it is seen without colour; the last one is of what is still to do."""
GRAVEST = ("great", "round-off", "look", "kink", "wrong")
"""Where several parameters share a cell, it shows the gravest."""


def ink_of(look: Look, verdict: str, bold: bool = False) -> Style:
    """Return the colour of a verdict."""
    colors = {"great": look.good, "look": look.warning, "wrong": look.error, "kink": look.warning}
    return look.ink(colors.get(verdict, look.muted), bold=bold or verdict == "wrong")


class ParametersPanel(Panel):
    """Every parameter of theta, filled in as it is checked; or d_approx against d."""

    NAME = "parameters"
    VIEWS = ("every parameter of theta", "d_approx against d")

    def compose(self) -> ComposeResult:
        """Hold a map of theta, and a plane for the other view."""
        with ContentSwitcher(initial="map"):
            yield Drawn(id="map")
            yield FieldWidget(id="plane")

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the verdict on each parameter, block by block."""
        shown: GradientCheckSnapshot = frame.run.shown
        self.query_one(ContentSwitcher).current = "plane" if self.view else "map"
        if self.view:
            self.query_one(FieldWidget).draw(plane_of(shown))
        else:
            self.query_one("#map", Drawn).draw(
                lambda look, width, height: draw_map(shown, look, width, height)
            )
        name = f"{shown.name}  " if shown.name else ""
        self.reading(f"{name}{shown.step} of {shown.parameters}", playing=frame.playing)


def draw_map(shown: GradientCheckSnapshot, look: Look, width: int, height: int) -> list[Strip]:
    """Return a row or more a block, a cell a parameter; several share one where room is short."""
    if width < 1 or height < 1:
        return [Strip([], 0) for _ in range(max(height, 0))]
    sheet = Sheet(width, height)
    names = max(len(block.name) for block in shown.blocks) + 1
    legend = _legend(look, width)
    legend = legend if len(shown.blocks) + len(legend) <= height else []
    room, across = height - len(legend), max(width - names, 1)
    # A cell and a gap for each, where there is room for that.
    wide = max(across // 2, 1)
    gap = 2 if sum(_lines(block.size, wide) for block in shown.blocks) <= room else 1
    across = wide if gap == 2 else across
    share = _share(shown.blocks, across, room)
    line = 0
    for number, block in enumerate(shown.blocks):
        if line >= room or (line == room - 1 and number < len(shown.blocks) - 1):
            text = f"... {len(shown.blocks) - number} more blocks"
            sheet.put(0, line, clip(text, width, ascii=look.ascii), look.ink(look.muted))
            break
        here = block.start <= shown.index < block.stop
        sheet.put(0, line, block.name, look.ink(look.accent if here else look.text, bold=here))
        cells = cells_of(shown, block, share)
        for place, (verdict, present) in enumerate(cells):
            row, column = divmod(place, across)
            mark, style = _sign(verdict, look), ink_of(look, verdict)
            if present and not verdict:
                mark = "@" if look.ascii else "●"
            if present:
                style = look.ink(look.accent, bold=True)
            sheet.put(names + gap * column, line + row, mark, style)
        line += _lines(len(cells), across)
    for number, text in enumerate(legend, start=height - len(legend)):
        sheet.put(0, number, clip(text, width, ascii=look.ascii), look.ink(look.muted))
    if legend and share > 1:
        text = f"{share} a cell"
        sheet.put(max(width - len(text), 0), height - 1, text, look.ink(look.muted))
    return sheet.strips()


def _legend(look: Look, width: int) -> list[str]:
    """Return what the marks mean, in as many lines as it takes."""
    lines = [""]
    for verdict in SIGNS:
        word = f"{_sign(verdict, look)} {verdict or 'to do'}"
        if lines[-1] and len(lines[-1]) + 2 + len(word) > width:
            lines.append("")
        lines[-1] += f"  {word}" if lines[-1] else word
    return lines


def _sign(verdict: str, look: Look) -> str:
    return SIGNS[verdict] if verdict or look.ascii else "·"


def cells_of(
    shown: GradientCheckSnapshot, block: CheckedBlock, share: int
) -> list[tuple[str, bool]]:
    """Return what each cell of a block shows, "" for what is to do, and where the check stands."""
    cells = []
    for begin in range(block.start, block.stop, share):
        end = min(begin + share, block.stop)
        found = [VERDICTS[code] for code in shown.entries[begin:end]]
        verdict = max(found, key=GRAVEST.index, default="")
        cells.append((verdict, begin <= shown.index < end))
    return cells


def _share(blocks: tuple[CheckedBlock, ...], across: int, room: int) -> int:
    """Return how many parameters a cell must stand for, so that all find room."""
    largest = max(block.size for block in blocks)
    for share in range(1, largest):
        if sum(_lines(math.ceil(block.size / share), across) for block in blocks) <= room:
            return share
    return largest


def _lines(cells: int, across: int) -> int:
    return math.ceil(cells / across)


def plane_of(shown: GradientCheckSnapshot) -> Field:
    """Return d_approx over d: what is right lies on the diagonal."""
    d, approximation = shown.gradient[: shown.done], shown.approximation
    finite = np.isfinite(d) & np.isfinite(approximation)
    sizes = np.abs(np.concatenate([shown.gradient[np.isfinite(shown.gradient)], [0.0]]))
    reach = float(np.max(np.abs(approximation[finite]), initial=float(sizes.max())))
    reach = 1.1 * reach or 1.0
    points = Points(
        d[finite],
        approximation[finite],
        shown.entries[finite],
        VERDICTS,
        tuple(SIGNS[verdict] for verdict in VERDICTS),
    )
    return Field(
        None,
        (-reach, reach),
        (-reach, reach),
        points=points,
        x_name="d",
        y_name="d_approx",
    )
