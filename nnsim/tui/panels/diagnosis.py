"""Errors as stacked bars, the recipe with the present place lit, and all cases."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style
from textual.app import ComposeResult
from textual.strip import Strip

from nnsim.tui.drawing.figure_row import FigureRow
from nnsim.tui.drawing.sheet import Sheet
from nnsim.tui.drawing.table import Row, draw_table
from nnsim.tui.drawing.text import clip, figure
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.worker.frames import Frame

if TYPE_CHECKING:
    from nnsim.simulations.diagnosis import DiagnosisSnapshot, State

PARTS = (("Bayes", "░", "."), ("bias", "█", "#"), ("variance", "▒", "="))
"""The parts of a dev error, from 0 on: name, glyph, glyph in ASCII."""
LEAST_BAR = 8
THICKEST = 3
"""Lines of a bar where there is room."""
SCALES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
"""Ends of the error axis: the first one that all errors fit into."""


def percent(share: float) -> str:
    """Return a share in percent: 11 %, 0.5 %."""
    return f"{figure(float(f'{100 * share:.3g}'))} %"


class GapsPanel(Panel):
    """Every case seen so far as a bar: Bayes error, bias, variance; it ends at the dev error."""

    NAME = "gaps"
    TITLE = "dev error = Bayes + bias + variance"

    def compose(self) -> ComposeResult:
        """Hold the bars."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the bars."""
        shown: DiagnosisSnapshot = frame.run.shown
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_gaps(shown, look, width, height)
        )
        self.reading(_reading(shown), playing=frame.playing)


def _reading(shown: DiagnosisSnapshot) -> str:
    if not shown.cases:
        return "no case yet"
    case = shown.cases[-1].case
    return f"train {percent(case.train)}  dev {percent(case.dev)}"


def draw_gaps(shown: DiagnosisSnapshot, look: Look, width: int, height: int) -> list[Strip]:
    """Return a legend, a bar a case, and an axis in percent."""
    if width < 1 or height < 1:
        return [Strip([], 0) for _ in range(max(height, 0))]
    sheet = Sheet(width, height)
    inks = part_inks(look)
    top = int(height >= 4)
    foot = int(height >= 3)
    if top:
        _legend(sheet, look, inks)
    room = height - top - foot
    cases = shown.cases[-room:] if room else ()
    names = max((cell_len(state.case.name) for state in cases), default=0)
    names = min(names, max(width - LEAST_BAR - 1, 0) // 2)
    left = names + 1 if names else 0
    plot = max(width - left - 7, 1)
    end = scale_of(shown)
    # Room for every case from the start, so that bars stay where they are.
    each = min(max(room // max(len(shown.names), 1), 1), THICKEST + 1)
    thick = max(each - 1, 1)
    for k, state in enumerate(cases):
        line = top + k * each
        here = state is shown.cases[-1]
        ink = look.ink(look.accent if here else look.text, bold=here)
        name = clip(state.case.name, names, ascii=look.ascii)
        sheet.put(left - 1 - cell_len(name), line, name, ink)
        done = shown.phase if here and shown.phase else len(PARTS)
        for below in range(thick):
            after = _bar(sheet, left, line + below, plot, state, end, look, inks, done)
        sheet.put(after + 1, line, percent(max(state.case.train, state.case.dev)), ink)
    if foot:
        _axis(sheet, look, height - 1, left, plot, end)
    return sheet.strips()


def part_inks(look: Look) -> tuple[Style, Style, Style]:
    """Return the colours of Bayes error, bias and variance."""
    return look.ink(look.muted), look.ink(look.series[4]), look.ink(look.series[1])


def scale_of(shown: DiagnosisSnapshot) -> float:
    """Return the end of the error axis: one for all cases, so that bars compare."""
    highest = max((max(s.case.train, s.case.dev, s.case.bayes) for s in shown.cases), default=0.0)
    return next((end for end in SCALES if highest <= end), 1.0)


def _legend(sheet: Sheet, look: Look, inks: Sequence[Style]) -> None:
    column = 0
    for (name, glyph, ascii), ink in zip(PARTS, inks, strict=True):
        sample = (ascii if look.ascii else glyph) * 2
        if column + 3 + cell_len(name) > sheet.width:
            return
        column = sheet.put(column, 0, sample, ink) + 1
        column = sheet.put(column, 0, name, look.ink(look.muted)) + 2


def _bar(
    sheet: Sheet,
    left: int,
    line: int,
    plot: int,
    state: State,
    end: float,
    look: Look,
    inks: Sequence[Style],
    done: int,
) -> int:
    """Draw one bar; return the column behind it. Before its phase is done a part is not drawn."""
    case = state.case
    # Below the Bayes error, or with a dev error below the train error, a part has no length.
    bayes = min(case.bayes, case.train) if case.train >= 0 else 0.0
    stops = [bayes, case.train, max(case.dev, case.train)]
    column = left
    for k, ((_, glyph, ascii), stop, ink) in enumerate(zip(PARTS, stops, inks, strict=True)):
        if k > done:
            break
        until = left + round(plot * min(stop / end, 1.0))
        if until > column:
            sheet.put(column, line, (ascii if look.ascii else glyph) * (until - column), ink)
            column = until
    return column


def _axis(sheet: Sheet, look: Look, row: int, left: int, plot: int, end: float) -> None:
    figures = FigureRow(sheet, row, left, left + plot + 6)
    for share in (0.0, 0.5, 1.0):
        figures.center(left + int(plot * share), percent(end * share), look.ink(look.muted))


class RecipePanel(Panel):
    """The recipe as questions in their order, with the place reached lit."""

    NAME = "recipe"
    TITLE = "the recipe"

    def compose(self) -> ComposeResult:
        """Hold the list."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write the questions with the figures of the present case."""
        shown: DiagnosisSnapshot = frame.run.shown
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_recipe(shown, look, width, height)
        )
        name = shown.cases[-1].case.name if shown.cases else "no case yet"
        self.reading(name, playing=frame.playing)


Entry = tuple[str, bool]
"""A line, and whether it is lit."""


def recipe(shown: DiagnosisSnapshot) -> list[Entry]:
    """Return the lines of the recipe; lit is where the present case leads so far."""
    state = shown.cases[-1] if shown.cases else None
    done = (shown.phase or 4) if state else 0
    verdict = state.verdict if state and done >= 3 else ""
    high_bias, high_variance = verdict in ("bias", "both"), verdict == "variance"
    return [
        ("1. High bias?", done >= 1),
        (_bias_line(shown, state if done >= 1 else None), done >= 1),
        ("   yes: bigger network", high_bias and done >= 4),
        ("        or longer training", high_bias and done >= 4),
        ("   no: go on", bool(verdict) and not high_bias),
        ("2. High variance?", done >= 2 and not high_bias),
        (_variance_line(shown, state if done >= 2 else None), done >= 2 and not high_bias),
        ("   yes: more data", high_variance and done >= 4),
        ("        or regularisation", high_variance and done >= 4),
        ("   no: done", verdict == "neither" and done >= 4),
    ]


def _bias_line(shown: DiagnosisSnapshot, state: State | None) -> str:
    if state is None:
        return "   train - Bayes"
    case = state.case
    sign = ">" if state.bias > shown.thresholds.bias else "<="
    return (
        f"   {percent(case.train)} - {percent(case.bayes)} = {percent(state.bias)} "
        f"{sign} {percent(shown.thresholds.bias)}"
    )


def _variance_line(shown: DiagnosisSnapshot, state: State | None) -> str:
    if state is None:
        return "   dev - train"
    case = state.case
    sign = ">" if state.variance > shown.thresholds.variance else "<="
    return (
        f"   {percent(case.dev)} - {percent(case.train)} = {percent(state.variance)} "
        f"{sign} {percent(shown.thresholds.variance)}"
    )


def draw_recipe(shown: DiagnosisSnapshot, look: Look, width: int, height: int) -> list[Strip]:
    """Return the recipe; where it is too high, the lines that are not lit go first."""
    if width < 1 or height < 1:
        return [Strip([], 0) for _ in range(max(height, 0))]
    sheet = Sheet(width, height)
    entries = recipe(shown)
    while len(entries) > height:
        at = next((k for k in range(len(entries) - 1, -1, -1) if not entries[k][1]), 0)
        del entries[at]
    for line, (text, lit) in enumerate(entries):
        ink = look.ink(look.accent, bold=True) if lit else look.ink(look.muted)
        mark = "> " if lit else "  "
        sheet.put(0, line, clip(mark + text, width, ascii=look.ascii), ink)
    return sheet.strips()


class CasesPanel(Panel):
    """A line a case: verdict, errors, differences."""

    NAME = "cases"
    TITLE = "cases"

    def compose(self) -> ComposeResult:
        """Hold a table."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write what was judged."""
        rows = list(case_rows(frame.run.shown))
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_table(HEADING, rows, look, width, height)
        )
        self.reading("")


HEADING = ("", "verdict", "train", "dev", "bias", "variance", "Bayes", "next")


def case_rows(shown: DiagnosisSnapshot) -> Iterator[Row]:
    """Yield a row a case; of the one under way only what its phases have shown."""
    for state in shown.cases:
        here = state is shown.cases[-1]
        done = shown.phase if here and shown.phase else 4
        case = state.case
        cells = (
            case.name,
            state.verdict if done >= 3 else "",
            percent(case.train),
            percent(case.dev),
            _known(state.bias, done >= 1),
            _known(state.variance, done >= 2),
            percent(case.bayes),
            state.remedy if done >= 4 else "",
        )
        yield Row(cells, bold=here)


def _known(share: float, known: bool) -> str:
    return percent(share) if known and not math.isnan(share) else ""
