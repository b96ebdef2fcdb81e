"""The list of shipped scenarios, in course order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from nnsim.report.figures import counted
from nnsim.report.style import Style
from nnsim.report.table import aligned

if TYPE_CHECKING:
    from nnsim.scenario import Entry

PARTS = {
    "A": "Basics",
    "B": "Practical aspects",
    "C": "Optimisation",
    "D": "Tuning, batch norm, softmax",
    "": "Beyond the course",
}
"""The parts of the course by the first letter of a topic's id."""


def list_lines(entries: Sequence[Entry], style: Style) -> list[str]:
    """Return the scenarios by part of the course, and what to do next."""
    if not entries:
        return ["There are no scenarios."]
    names = [_cells(entry, style) for entry in entries]
    rows = aligned(names, "<<<", indent=2)
    lines: list[str] = []
    for part, group in groupby(zip(entries, rows, strict=True), key=lambda pair: part_of(pair[0])):
        lines += [style.paint(f"{part}  {PARTS[part]}".strip(), "bold")]
        lines += [row for _, row in group]
        lines += [""]
    lines.append(counted(len(entries), "scenario"))
    example = entries[0].name
    lines += aligned(
        [
            ["look at one", f"nnsim show {example}"],
            ["run one", f"nnsim run {example}"],
            ["all else", "nnsim --help"],
        ],
        "<<",
        indent=2,
    )
    return lines


def part_of(entry: Entry) -> str:
    """Return the letter of the part of the course that an entry's first topic is in, or ''."""
    first = entry.topics[0][:1] if entry.topics else ""
    return first if first in PARTS else ""


def list_json(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the list as a document for JSON."""
    return {
        "version": 1,
        "scenarios": [
            {
                "name": entry.name,
                "title": entry.title,
                "topics": list(entry.topics),
                "summary": entry.summary,
                "path": str(entry.path),
                "error": entry.error or None,
            }
            for entry in entries
        ],
    }


def _cells(entry: Entry, style: Style) -> list[str]:
    topics = style.paint(style.plain(" ".join(entry.topics)), "dim")
    if entry.error:
        first = str(entry.error).splitlines()[0]
        return [topics, style.plain(entry.name), style.paint(style.plain(first), "red")]
    return [topics, style.plain(entry.name), style.plain(entry.title)]
