"""The scenarios in `docs/topics.md`: written from the catalogue, so that they cannot disagree.

`python docs/topics.py` tells whether the page is up to date (exit code 0), `--write` writes it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nnsim.scenario.catalogue import catalogue

PAGE = Path(__file__).with_name("topics.md")


def scenarios_of(topic: str) -> str:
    """Return the names of a topic's scenarios as a cell of the table."""
    return ", ".join(f"`{entry.name}`" for entry in catalogue() if topic in entry.topics)


def written(page: str) -> str:
    """Return the page with its last column made anew."""
    lines = []
    for line in page.splitlines():
        cells = line.split("|")
        if line.startswith("| ") and len(cells) == 8 and cells[1].strip()[1:].isdigit():
            cells[6] = f" {scenarios_of(cells[1].strip())} "
            line = "|".join(cells)
        lines.append(line)
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Compare or write; return 1 where the page is out of date."""
    page = PAGE.read_text(encoding="utf-8")
    fresh = written(page)
    if "--write" in arguments:
        PAGE.write_text(fresh, encoding="utf-8")
        return 0
    return int(page != fresh)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
