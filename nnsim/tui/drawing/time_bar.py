"""The whole run as one line: what is computed, where I am, and what lies where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nnsim.tui.drawing.phase_strip import short_label
from nnsim.tui.drawing.text import clip
from nnsim.tui.look import Look
from nnsim.tui.worker.frames import SteppedFrame

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import Frame, RunFrame

KINDS = ("here", "non-finite", "best", "lesson", "lesson done", "fork")
"""Kinds of marks; of several in one cell the first one is drawn."""
GLYPHS = dict(zip(KINDS, "●✗★◆◇┬", strict=True))
ASCII_GLYPHS = dict(zip(KINDS, "OX*LlY", strict=True))
"""A letter for a lesson's stop: `?` is a key. The small one says that it is done."""
_LINES = {"computed": "━", "to come": "─", "cut off": "╌", "first": "├", "last": "┤"}
_ASCII_LINES = {"computed": "=", "to come": "-", "cut off": ".", "first": "|", "last": "|"}
SHORTEST = 12
"""Below this many cells the line stands without figures."""
LONGEST_PHASE = 16
"""Cells of a phase's name; a longer one is cut."""


@dataclass(frozen=True)
class Mark:
    """Something at a step of the run."""

    step: int
    kind: str
    text: str = ""
    """What it is, in words."""
    name: str = ""
    """Written beside it where there is room."""


@dataclass(frozen=True)
class TimeLine:
    """A run as a line; hashable, so that equal lines are drawn once."""

    step: int
    inside: str
    """Inside a step: what was computed last, in a symbol; else ""."""
    steps: int
    """The scale's end."""
    reached: int
    """The last step that was ever computed."""
    ended: bool
    """It ended at `reached`, before its planned end."""
    marks: tuple[Mark, ...]
    widest: int = len("check")
    """Cells of the longest phase, for which there is always room."""

    @property
    def position(self) -> str:
        """Where I am, in figures: 128, or 128 + dZ2."""
        return f"{self.step} + {self.inside}" if self.inside else str(self.step)


def time_line(frame: Frame, lessons_done: Iterable[int] = ()) -> TimeLine:
    """Return the line of the run that is looked at."""
    run, done = frame.run, frozenset(lessons_done)
    marks = []
    for stop in frame.card.lessons:
        if stop.variant not in (None, run.variant) and stop.step > run.steps:
            continue  # of a longer run: it would squeeze this one into a corner
        kind = "lesson done" if stop.number in done else "lesson"
        about = f", about {stop.variant}" if stop.variant else ""
        marks.append(Mark(stop.step, kind, f"lesson, stop {stop.number + 1}{about}"))
    for each in frame.runs:
        # In kinds with small states a fork begins anew: it leaves the other run nowhere.
        if each.parent is not None and not isinstance(each, SteppedFrame):
            name = _what_differs(each, frame.runs)
            marks.append(Mark(each.start, "fork", f"fork: {name}", name))
    if run.best_step is not None:
        marks.append(Mark(run.best_step, "best", "best dev cost"))
    if run.non_finite is not None:
        where = run.non_finite.phase
        marks.append(Mark(run.non_finite.step, "non-finite", f"first NaN or infinity, in {where}"))
    inside = run.done_phase if run.phase else ""
    if not isinstance(run, SteppedFrame):
        inside = short_label(inside) if inside else ""
    latest = max([run.steps, run.reached, run.step, *(mark.step for mark in marks), 1])
    ended = run.status in ("stopped early", "non-finite") and run.reached < run.steps
    widest = len("check")
    if isinstance(run, SteppedFrame):
        widest = min(max(map(len, run.phases), default=0), LONGEST_PHASE)
    return TimeLine(run.step, inside, latest, run.reached, ended, tuple(marks), widest)


def _what_differs(run: RunFrame, runs: tuple[RunFrame, ...]) -> str:
    """Return a fork's name without what it shares with its parent's."""
    parent = next((each for each in runs if each.number == run.parent), None)
    if parent is not None and run.name.startswith(f"{parent.name}, "):
        return run.name[len(parent.name) + 2 :]
    return run.name


@dataclass(frozen=True)
class Layout:
    """Where on a line of some width the scale lies."""

    first: int
    """Cell of step 0."""
    count: int
    """Cells from step 0 to the last, both included."""
    steps: int

    def cell(self, step: int) -> int:
        """Return the cell of a step."""
        return self.first + round(min(max(step, 0), self.steps) / self.steps * (self.count - 1))

    def step(self, x: int) -> int:
        """Return the step at a cell, the nearest end for cells beyond the scale."""
        share = (x - self.first) / max(self.count - 1, 1)
        return min(max(round(share * self.steps), 0), self.steps)


def layout(time: TimeLine, width: int) -> Layout:
    """Return where the scale lies; it does not move while the position does."""
    before, after = _margins(time, width)
    return Layout(before, max(width - before - after, 1), max(time.steps, 1))


def _margins(time: TimeLine, width: int) -> tuple[int, int]:
    end = len(str(time.steps))
    # " 0 " before; " 2000", three spaces and the widest position "1999 + check" after.
    before, after = 3, 1 + end + 3 + end + len(" + ") + time.widest + 1
    if width - before - after >= 2 * SHORTEST:
        return before, after
    after = 3 + end + 1
    if width - after - 1 >= SHORTEST:
        return 1, after
    return 0, 0


def step_at(time: TimeLine, width: int, x: int) -> int:
    """Return the step at a cell: that of the mark there, if one is."""
    where = layout(time, width)
    marks = [mark for mark in _sorted(time.marks) if where.cell(mark.step) == x]
    return marks[0].step if marks else where.step(x)


def words_at(time: TimeLine, width: int, x: int) -> str:
    """Return the step at a cell and what is there, in words."""
    step = step_at(time, width, x)
    where = layout(time, width)
    texts = [mark.text for mark in _sorted(time.marks) if where.cell(mark.step) == x]
    if where.cell(time.step) == x:
        texts.append("here")
    if step > time.reached:
        texts.append("not computed yet" if not time.ended else "the run ended before")
    return "\n".join((f"step {step}", *dict.fromkeys(texts)))


def _sorted(marks: Iterable[Mark]) -> list[Mark]:
    return sorted(marks, key=lambda mark: (KINDS.index(mark.kind), mark.step, mark.text))


def draw(time: TimeLine, look: Look, width: int) -> Strip:
    """Draw the line in exactly `width` cells."""
    where = layout(time, width)
    before, after = _margins(time, width)
    glyphs, inks = _scale(time, look, where)
    _write_names(time, look, where, glyphs, inks)
    cells = zip(glyphs, inks, strict=True)
    segments: list[Segment] = []
    if before:
        segments.append(Segment(f"{'0' if before > 2 else '':>{before - 1}} ", _muted(look)))
    run, style = "", None
    for glyph, ink in cells:
        if ink is not style and run:
            segments.append(Segment(run, style))
            run = ""
        run, style = run + glyph, ink
    segments.append(Segment(run, style))
    if after:
        here = look.ink(look.accent, bold=True)
        end = str(time.steps)
        if after > len(end) + 4:
            room = after - len(end) - 5
            segments.append(Segment(f" {end}   ", _muted(look)))
            segments.append(Segment(clip(time.position, room, ascii=True).ljust(room), here))
            segments.append(Segment(" "))
        else:
            segments.append(Segment(f" {time.step}".ljust(after), here))
    return Strip(segments).adjust_cell_length(width)


def _muted(look: Look) -> Style:
    return look.ink(look.muted)


def _scale(time: TimeLine, look: Look, where: Layout) -> tuple[list[str], list[Style]]:
    lines = _ASCII_LINES if look.ascii else _LINES
    marks = ASCII_GLYPHS if look.ascii else GLYPHS
    styles = {
        "here": look.ink(look.accent, bold=True),
        "non-finite": look.ink(look.error, bold=True),
        "best": look.ink(look.good, bold=True),
        "lesson": look.ink(look.text, bold=True),
        "lesson done": look.ink(look.muted),
        "fork": look.ink(look.text),
    }
    computed = where.cell(time.reached) - where.first + 1 if time.reached else 0
    rest = lines["cut off" if time.ended else "to come"]
    glyphs = [lines["computed"]] * computed + [rest] * (where.count - computed)
    inks = [look.ink(look.muted)] * computed + [look.ink(look.faint)] * (where.count - computed)
    if where.count > 1:
        glyphs[0], glyphs[-1] = lines["first"], lines["last"]
    for mark in reversed(_sorted((*time.marks, Mark(time.step, "here")))):
        place = where.cell(mark.step) - where.first
        glyphs[place], inks[place] = marks[mark.kind], styles[mark.kind]
    return glyphs, inks


def _write_names(
    time: TimeLine, look: Look, where: Layout, glyphs: list[str], inks: list[Style]
) -> None:
    """Write names to the right of their marks, where nothing else is; earlier ones first."""
    taken = {where.cell(mark.step) - where.first for mark in time.marks}
    taken |= {where.cell(time.step) - where.first, where.count - 1}
    muted = _muted(look)
    for place in sorted(taken):
        here = [mark for mark in time.marks if where.cell(mark.step) - where.first == place]
        names = list(dict.fromkeys(mark.name for mark in here if mark.name))
        if not names:
            continue
        for text in (", ".join(names), f"{len(names)} forks" if len(names) > 1 else ""):
            text = f" {text} "
            cells = range(place + 1, place + 1 + len(text))
            free = not taken.intersection(cells) and cells.stop < where.count
            if text.strip() and free and cell_len(text) == len(text):
                glyphs[cells.start : cells.stop] = text
                inks[cells.start : cells.stop] = [muted] * len(text)
                taken.update(cells)
                break
