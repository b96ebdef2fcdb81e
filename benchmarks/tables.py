"""The results as text and as data."""

from __future__ import annotations

import math
import platform
import sys
from dataclasses import asdict
from importlib import metadata

from benchmarks.memory import Growth
from benchmarks.startup import Start
from benchmarks.steps import Row
from benchmarks.terminal import Reading

LIBRARIES = ("numpy", "numba", "scipy", "textual", "jax", "optax", "torch", "scikit-learn")


def versions() -> dict[str, str]:
    """Return what was compared; a library that is not installed is left out."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def aligned(lines: list[tuple[str, ...]], left: int) -> str:
    """Return lines of cells as text, the first `left` columns and the last to the left."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    last = len(widths) - 1
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i < left or i == last else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _number(value: float, form: str) -> str:
    return "-" if value is None or math.isnan(value) else format(value, form)


def steps_table(rows: list[Row]) -> str:
    """Return a line a peer: time a step, and how many times nnsim's that is."""
    head = ("case", "dtype", "peer", "us/step", "x nnsim", "quartiles", "J(100)", "rel. diff.", "")
    lines = [head]
    for row in rows:
        low, high = row.ratio_quartiles
        spread = "-" if math.isnan(low) else f"{low:.2f}..{high:.2f}"
        lines.append(
            (
                row.case,
                row.dtype,
                row.peer,
                _number(row.microseconds, ".1f"),
                _number(row.ratio, ".2f"),
                spread,
                _number(row.cost, ".5g"),
                _number(row.difference, ".0e"),
                row.note or "agrees",
            )
        )
    return aligned(lines, left=3)


def start_table(starts: list[Start]) -> str:
    """Return a line a start, in milliseconds."""
    lines: list[tuple[str, ...]] = [("start", "wall ms", "user ms", "over bare ms", "")]
    for start in starts:
        times = (start.wall, start.user, start.over_bare)
        cells = ("-" if t is None else _number(1000 * t, ".0f") for t in times)
        lines.append((start.what, *cells, start.note))
    return aligned(lines, left=1)


def memory_line(growth: Growth) -> str:
    """Return the growth in megabytes."""
    end, peak = (x / 1e6 - growth.start / 1e6 for x in (growth.end, growth.peak))
    return (
        f"{growth.steps} recorded steps of 2-8-8-1: {end:+.1f} MB resident at the end, "
        f"{peak:+.1f} MB at the peak, beyond {growth.start / 1e6:.0f} MB after 100 steps"
    )


def terminal_table(readings: list[Reading]) -> str:
    """Return a line a reading, in units that people read."""
    lines: list[tuple[str, ...]] = [
        ("terminal UI", "unit", "median", "worst 5 %", "aim", "bare app", "x bare", "")
    ]
    for each in readings:
        unit, factor = {"s": ("ms", 1e3), "B": ("MB", 1e-6)}.get(each.unit, (each.unit, 1.0))
        values = (each.median, each.worst, each.aim, each.peer)
        cells = ["-" if x is None else _number(factor * x, ".3g") for x in values]
        ratio = "-" if each.ratio is None else _number(each.ratio, ".2f")
        lines.append((each.what, unit, *cells, ratio, "" if each.kept else "MISSED"))
    return aligned(lines, left=1)


def as_data(
    settings: dict,
    rows: list[Row],
    starts: list[Start],
    growth: Growth | None,
    readings: list[Reading] | None = None,
) -> dict[str, object]:
    """Return everything as what JSON can hold; NaN becomes null."""
    return _plain(
        {
            "settings": {**settings, "command": sys.argv[1:]},
            "versions": versions(),
            "steps": [asdict(row) for row in rows],
            "starts": [asdict(start) for start in starts],
            "memory": asdict(growth) if growth else None,
            "terminal": [asdict(reading) for reading in readings or []],
        }
    )


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
