"""All runs on one line, each with its mark, colour and dash; the one looked at in brackets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nnsim.tui.drawing.text import shorten
from nnsim.tui.look import SERIES_MARKS, Look

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import RunFrame

Dash = Literal["solid", "dashed", "dotted"]
DASHES: tuple[Dash, ...] = ("solid", "dashed", "dotted")
_SAMPLES: dict[Dash, str] = {"solid": "─", "dashed": "╌", "dotted": "┈"}
SHORTEST_NAME = 8


def mark_of(number: int) -> str:
    """Return a run's letter; it follows from its number."""
    return SERIES_MARKS[number % len(SERIES_MARKS)]


def dash_of(number: int) -> Dash:
    """Return a run's dash; it follows from its number."""
    return DASHES[number % len(DASHES)]


def color_of(number: int, look: Look) -> str:
    """Return a run's colour; it follows from its number."""
    return look.series[number % len(look.series)]


def sample_of(number: int, look: Look) -> str:
    """Return how a run's line looks in a legend: its letter and a piece of its dash."""
    return mark_of(number) + ("" if look.ascii else _SAMPLES[dash_of(number)])


@dataclass(frozen=True)
class RunNames:
    """The runs by number and name; hashable, so that an equal legend is drawn once."""

    runs: tuple[tuple[int, str], ...]
    current: int
    """Place of the run that is looked at."""


def run_names(runs: tuple[RunFrame, ...], current: int) -> RunNames:
    """Return the runs' names; the one at place `current` is looked at."""
    return RunNames(tuple((run.number, run.name) for run in runs), current)


@dataclass(frozen=True)
class Entry:
    """A run on the line."""

    place: int
    """Its place among the runs; -1: so many are left out here."""
    start: int
    text: str

    @property
    def end(self) -> int:
        """The cell after it."""
        return self.start + cell_len(self.text) + 2


def entries(names: RunNames, look: Look, width: int) -> list[Entry]:
    """Return what stands where; names are shortened before runs are left out."""
    longest = max((cell_len(name) for _, name in names.runs), default=0)
    count = len(names.runs)
    for size in range(max(longest, SHORTEST_NAME), SHORTEST_NAME - 1, -1):
        found = _placed(names, look, size, range(count))
        if not found or found[-1].end <= width:
            return found
    shown = range(names.current, names.current + 1)
    for number in range(count):
        for wider in (
            range(shown.start, min(shown.stop + 1, count)),
            range(max(shown.start - 1, 0), shown.stop),
        ):
            if _placed(names, look, SHORTEST_NAME, wider)[-1].end <= width:
                shown = wider
        if number > len(shown):
            break
    return _placed(names, look, SHORTEST_NAME, shown)


def _placed(names: RunNames, look: Look, size: int, shown: range) -> list[Entry]:
    found: list[Entry] = []

    def put(place: int, text: str) -> None:
        found.append(Entry(place, found[-1].end if found else 0, text))

    if shown.start > 0:
        put(-1, f"{shown.start} more")
    for place in shown:
        number, name = names.runs[place]
        put(place, f"{sample_of(number, look)} {shorten(name, size, ascii=look.ascii)}")
    if shown.stop < len(names.runs):
        put(-1, f"{len(names.runs) - shown.stop} more")
    return found


def run_at(names: RunNames, look: Look, width: int, x: int) -> int | None:
    """Return the number of the run at a cell, or None."""
    for entry in entries(names, look, width):
        if entry.place >= 0 and entry.start <= x < entry.end:
            return names.runs[entry.place][0]
    return None


def draw(names: RunNames, look: Look, width: int) -> Strip:
    """Draw the line in exactly `width` cells."""
    segments: list[Segment] = []
    muted = look.ink(look.muted)
    for entry in entries(names, look, width):
        if entry.place < 0:
            segments.append(Segment(f" {entry.text} ", muted))
            continue
        color = color_of(names.runs[entry.place][0], look)
        current = entry.place == names.current
        sample, _, name = entry.text.partition(" ")
        left, right = ("[", "]") if current else (" ", " ")
        text: Style = look.ink(look.text, bold=True) if current else muted
        segments += [
            Segment(left, text),
            Segment(sample, look.ink(color, bold=current)),
            Segment(f" {name}{right}", text),
        ]
    return Strip(segments).adjust_cell_length(width)
