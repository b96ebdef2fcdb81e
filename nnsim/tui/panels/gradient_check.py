"""The gradient check: ratio and verdict of every block, the worst entries, the V over epsilon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.segment import Segment
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widgets import ContentSwitcher, Static

from nnsim.tui.drawing.chart import Chart, Mark, Series
from nnsim.tui.drawing.text import figure, pad
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.worker.frames import Frame

if TYPE_CHECKING:
    from nnsim.training.gradient_check import GradientCheck

INVITATION = """\
Is the way back the derivative of the way forward?

g    check this step
x    try many epsilons
+ -  another epsilon"""
SIGNS = {"great": "=", "look": "~", "wrong": "!", "round-off": "."}
"""A verdict's mark, so that it is seen without colour."""


class GradientCheckPanel(Panel):
    """A table; with the other view, the ratio against epsilon."""

    NAME = "check"
    VIEWS = ("gradient check", "worst entries", "ratio against epsilon")

    def compose(self) -> ComposeResult:
        """Hold a table, a chart, and words for when nothing was checked."""
        with ContentSwitcher(initial="invitation"):
            yield Static(INVITATION, id="invitation")
            yield Drawn(id="table")
            yield ChartWidget(id="scan")

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the last check of this run, and say so if it was of another step."""
        check, scan = frame.check, frame.scan
        wanted = "scan" if self.view == 2 else "table"
        there = scan if wanted == "scan" else check
        self.query_one(ContentSwitcher).current = wanted if there is not None else "invitation"
        if there is None:
            self.reading("")
            return
        step = there.step
        text = f"step {step}" if step == frame.run.step else f"of step {step}, not this one"
        if wanted == "table" and check is not None:
            rows = block_rows(check) if self.view == 0 else worst_rows(check)
            self.query_one("#table", Drawn).draw(
                lambda look, width, height: draw_table(rows, look, width, height)
            )
            text += f"  epsilon {figure(check.epsilon)}"
        elif scan is not None:
            ratios = np.asarray(scan.ratios, float)
            chart = Chart(
                [Series("ratio", np.log10(scan.epsilons)[::-1], ratios[::-1], 0, bold=True)],
                log_y=True,
                x_name="log10 epsilon",
                marks=[Mark(-7, "▲", "^", "1e-7")],
            )
            self.query_one("#scan", ChartWidget).draw(chart)
        self.reading(text)


Row = tuple[str, str, str, str]
"""Name, figure, words, verdict."""


def block_rows(check: GradientCheck) -> list[Row]:
    """Return the whole and each block, the worst first."""
    order = {"wrong": 0, "look": 1, "round-off": 2, "great": 3}
    rows: list[Row] = [("all", figure(check.ratio, 2), check.verdict, check.verdict)]
    blocks = sorted(
        check.blocks, key=lambda name: (order[check.verdicts[name]], -check.blocks[name])
    )
    if check.verdict != "wrong":
        blocks = list(check.blocks)
    for name in blocks:
        verdict = check.verdicts[name]
        rows.append((name, figure(check.blocks[name], 2), verdict, verdict))
    return rows


def worst_rows(check: GradientCheck) -> list[Row]:
    """Return the entries that differ most: back-propagation against the difference."""
    rows: list[Row] = []
    for entry in check.worst:
        kink = f"  kink {entry.kinks}" if entry.kinks else ""
        both = f"{figure(entry.backward)} / {figure(entry.approximation)}{kink}"
        rows.append((entry.name, both, "", "kink" if entry.kinks else ""))
    return rows


def draw_table(rows: list[Row], look: Look, width: int, height: int) -> list[Strip]:
    """Return a table, in two columns where it is wide, folded where it is too long."""
    colors = {"great": look.good, "look": look.warning, "wrong": look.error}
    columns = 2 if width >= 56 and len(rows) > height else 1
    room = height * columns
    folded = len(rows) > room
    shown = rows[: room - 1] if folded else rows
    each = width // columns
    names = max((len(row[0]) for row in shown), default=0)
    figures = max((len(row[1]) for row in shown), default=0)
    strips = []
    for y in range(min(height, len(shown) + folded)):
        segments: list[Segment] = []
        for column in range(columns):
            place = column * height + y
            if place < len(shown):
                name, value, words, verdict = shown[place]
                style = look.ink(colors.get(verdict, look.muted), bold=verdict == "wrong")
                sign = SIGNS.get(verdict, " ")
                segments += [
                    Segment(pad(f"{sign} ", 2), style),
                    Segment(pad(name, names), look.ink(look.text, bold=place == 0)),
                    Segment("  " + pad(value, figures, "right") + "  ", look.ink(look.text)),
                    Segment(pad(words, max(0, each - names - figures - 6)), style),
                ]
            elif folded and place == len(shown):
                text = f"  ... {len(rows) - len(shown)} more"
                segments.append(Segment(pad(text, each), look.ink(look.muted)))
        strips.append(Strip(segments).adjust_cell_length(width))
    return strips
