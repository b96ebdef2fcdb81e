"""A step as one line that reads like the algorithm: batch > Z1 A1 > J > dZ1 dW1 db1 > update."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rich.segment import Segment
from textual.strip import Strip

from nnsim.tui.drawing.text import clip
from nnsim.tui.formulas.phases import strip_label
from nnsim.tui.look import Look
from nnsim.tui.worker.frames import RunFrame, TrainingFrame

_SYMBOLS = {"cost": "J", "forward": "Z", "backward": "dZ"}


def short_label(phase: str) -> str:
    """Return a phase in one symbol.

    >>> short_label("forward 3"), short_label("backward 2"), short_label("cost")
    ('Z3', 'dZ2', 'J')
    """
    word, _, layer = phase.partition(" ")
    return _SYMBOLS.get(word, word) + layer


@dataclass(frozen=True)
class PhaseLine:
    """A step's phases; hashable, so that equal lines are drawn once."""

    labels: tuple[str, ...]
    shorts: tuple[str, ...]
    done: int
    """How many of them are done; the last of these is lit."""

    def at(self, run: RunFrame) -> PhaseLine:
        """Return the line as it is at the moment of a run with the same phases."""
        return replace(self, done=_done(run))


def phase_line(run: RunFrame) -> PhaseLine:
    """Return the phases of the step that a run is in, or of the one it has just finished."""
    if not isinstance(run, TrainingFrame):
        # Other kinds name their phases as the strip shows them.
        return PhaseLine(run.phases, run.phases, _done(run))
    labels = tuple(strip_label(phase, run.network) for phase in run.phases)
    shorts = tuple(map(short_label, run.phases))
    return PhaseLine(labels, shorts, _done(run))


def _done(run: RunFrame) -> int:
    return run.phase or (len(run.phases) if run.step else 0)


@dataclass(frozen=True)
class Place:
    """Where a phase stands on the line; its label has a cell on either side."""

    number: int
    """Number of the phase; -1: phases are left out here."""
    start: int
    text: str

    @property
    def end(self) -> int:
        """The cell after it."""
        return self.start + len(self.text) + 2


def places(line: PhaseLine, width: int) -> list[Place]:
    """Return what is shown where: all phases, or the lit one, its neighbours and both ends."""
    for texts in (line.labels, line.shorts):
        shown = _shown(texts, max(line.done - 1, 0), width)
        if shown is not None:
            return _placed(texts, shown)
    return [Place(max(line.done - 1, 0), 0, line.shorts[max(line.done - 1, 0)])]


def _shown(texts: tuple[str, ...], lit: int, width: int) -> list[int] | None:
    """Return the phases that are shown, nearest to the lit one first; None if too few fit."""
    last = len(texts) - 1
    shown = {0, last, *(number for number in (lit - 1, lit, lit + 1) if 0 <= number <= last)}
    if _width(texts, shown) > width:
        return None
    for number in sorted(range(last + 1), key=lambda number: (abs(number - lit), number)):
        if _width(texts, shown | {number}) <= width:
            shown.add(number)
        elif number not in shown:
            break
    return sorted(shown)


def _width(texts: tuple[str, ...], shown: set[int]) -> int:
    return _placed(texts, sorted(shown))[-1].end


def _placed(texts: tuple[str, ...], shown: list[int]) -> list[Place]:
    found: list[Place] = []
    for before, number in zip([-1, *shown], shown, strict=False):
        if number != before + 1:
            found.append(Place(-1, found[-1].end + 1 if found else 0, "..."))
        found.append(Place(number, found[-1].end + 1 if found else 0, texts[number]))
    return found


def phase_at(line: PhaseLine, width: int, x: int) -> int | None:
    """Return the number of the phase at a cell, or None."""
    for place in places(line, width):
        if place.number >= 0 and place.start <= x < place.end:
            return place.number
    return None


def draw(line: PhaseLine, look: Look, width: int) -> Strip:
    """Draw the phases in exactly `width` cells: done ones plain, the last one lit, others faint."""
    lit = look.ink(look.accent, bold=True)
    done, coming = look.ink(look.text), look.ink(look.muted, dim=not look.color)
    segments: list[Segment] = []
    for place in places(line, width):
        if segments:
            segments.append(Segment(">", coming))
        text = place.text if not look.ascii else clip(place.text, width, ascii=True)
        if 0 <= place.number == line.done - 1:
            segments.append(Segment(f"[{text}]", lit))
        else:
            style = done if 0 <= place.number < line.done else coming
            segments.append(Segment(f" {text} ", style))
    return Strip(segments).adjust_cell_length(width)
