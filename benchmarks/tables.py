"""The results as tables (text, Markdown) and as data."""

from __future__ import annotations

import math
import sys
from dataclasses import asdict, dataclass, is_dataclass

import numpy as np

from benchmarks.contest import Row
from benchmarks.growth import Point, Trend
from benchmarks.limits import Limit
from benchmarks.memory import Growth
from benchmarks.record import machine, versions
from benchmarks.regressions import Guard
from benchmarks.startup import Start
from benchmarks.targets import Aim
from benchmarks.terminal import Reading

MISSED = "MISSED"


@dataclass(frozen=True)
class Table:
    """Cells as text."""

    title: str
    head: tuple[str, ...]
    lines: list[tuple[str, ...]]
    left: int
    """The first so many columns, and the last, are words; the others are numbers."""

    def text(self) -> str:
        """Return aligned lines."""
        lines = [self.head, *self.lines]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        last = len(widths) - 1
        return "\n".join(
            "  ".join(
                cell.ljust(width) if i < self.left or i == last else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        )

    def markdown(self) -> str:
        """Return a table of Markdown."""
        last = len(self.head) - 1
        rule = ["---" if i < self.left or i == last else "---:" for i in range(last + 1)]
        cells = [self.head, rule, *self.lines]
        return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _number(value: float | None, form: str) -> str:
    return "-" if value is None or math.isnan(value) else format(value, form)


def _aim(aim: Aim | None, factor: float = 1.0) -> str:
    return aim.text(factor) if aim else ""


def _told(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def contest_table(title: str, rows: list[Row]) -> Table:
    """Return a line a peer: its time, and how many times nnsim's that is."""
    head = ("case", "dtype", "peer", "threads", "us", "x nnsim", "quartiles", "aim", "of limit")
    lines = []
    for row in rows:
        low, high = row.ratio_quartiles
        agrees = "agrees" if row.agrees and not math.isnan(row.difference) else ""
        lines.append(
            (
                row.case,
                row.dtype,
                row.peer,
                str(row.threads),
                _number(row.microseconds, ".1f"),
                _number(row.ratio, ".2f"),
                "-" if math.isnan(low) else f"{low:.2f}..{high:.2f}",
                _aim(row.aim) + (" us" if row.aim and row.peer == "nnsim" else ""),
                _number(row.of_limit, ".2f"),
                _number(row.difference, ".0e"),
                _told("" if row.kept else MISSED, row.note or agrees, row.remark),
            )
        )
    return Table(title, (*head, "rel. diff.", ""), lines, left=3)


def limits_table(limits: list[Limit]) -> Table:
    """Return a line a pace of the machine."""
    lines = [(each.what, each.dtype, _number(each.value, ".3g"), each.unit) for each in limits]
    return Table("limits", ("the machine", "dtype", "median", ""), lines, left=2)


def growth_table(points: list[Point]) -> Table:
    """Return a line a size: time, and time a multiply-add."""
    head = ("growth over", "at", "multiply-adds", "us", "ns each", "resident MB", "")
    lines = []
    for point in points:
        cells = (1e6 * point.seconds, point.nanoseconds, point.resident / 1e6)
        numbers = (_number(x, form) for x, form in zip(cells, (".1f", ".3f", ".0f"), strict=True))
        lines.append((point.series, str(point.at), f"{point.work:.3g}", *numbers, ""))
    return Table("growth", head, lines, left=1)


def trends_table(trends: list[Trend]) -> Table:
    """Return a line a trend."""
    lines = [
        (
            trend.series,
            trend.what,
            _number(trend.value, ".3g"),
            _aim(trend.aim),
            "" if trend.kept else MISSED,
        )
        for trend in trends
    ]
    return Table("trends", ("growth over", "trend", "value", "aim", ""), lines, left=2)


def start_table(title: str, starts: list[Start]) -> Table:
    """Return a line a start, in milliseconds."""
    lines = []
    for start in starts:
        times = (start.wall, start.user, start.over_bare)
        cells = ("-" if t is None else _number(1000 * t, ".0f") for t in times)
        told = _told("" if start.kept else MISSED, start.note)
        lines.append((start.what, *cells, _aim(start.aim, 1000), told))
    head = ("start", "wall ms", "user ms", "over bare ms", "aim", "")
    return Table(title, head, lines, left=1)


def memory_table(growth: Growth) -> Table:
    """Return the growth in megabytes."""
    end, peak = (x / 1e6 - growth.start / 1e6 for x in (growth.end, growth.peak))
    line = (str(growth.steps), f"{growth.start / 1e6:.0f}", f"{end:+.1f}", f"{peak:+.1f}", "")
    head = ("recorded steps of 2-8-8-1", "MB after 100", "MB added at the end", "at the peak", "")
    return Table("memory", head, [line], left=0)


def terminal_table(readings: list[Reading]) -> Table:
    """Return a line a reading, in units that people read."""
    lines = []
    for each in readings:
        unit, factor = {"s": ("ms", 1e3), "B": ("MB", 1e-6)}.get(each.unit, (each.unit, 1.0))
        values = (each.median, each.worst, each.aim, each.peer)
        cells = ["-" if x is None else _number(factor * x, ".3g") for x in values]
        ratio = "-" if each.ratio is None else _number(each.ratio, ".2f")
        lines.append((each.what, unit, *cells, ratio, "" if each.kept else MISSED))
    head = ("terminal UI", "unit", "median", "worst 5 %", "aim", "bare app", "x bare", "")
    return Table("terminal", head, lines, left=2)


def regressions_table(guards: list[Guard]) -> Table:
    """Return a line a case."""
    lines = [
        (
            guard.case,
            guard.dtype,
            _number(guard.ratio, ".1f"),
            _number(guard.measured, ".1f"),
            _aim(guard.aim),
            _told("" if guard.kept else MISSED, guard.note),
        )
        for guard in guards
    ]
    head = ("case", "dtype", "NumPy / nnsim", "when laid", "floor", "")
    return Table("regressions", head, lines, left=2)


def as_data(settings: dict, parts: dict[str, object]) -> dict[str, object]:
    """Return everything as what JSON can hold; NaN becomes null."""
    return _plain(
        {
            "settings": {**settings, "command": sys.argv[1:]},
            "machine": machine(),
            "versions": versions(),
            **parts,
        }
    )


def _is_told(value: object, name: str) -> bool:
    return isinstance(getattr(type(value), name, None), property)


def _plain(value):
    if is_dataclass(value):
        told = {name: getattr(value, name) for name in ("aim", "kept") if _is_told(value, name)}
        value = asdict(value) | told
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
