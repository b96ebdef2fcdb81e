"""A release's tables as a section of Markdown, kept in a page beside those of other releases."""

from __future__ import annotations

import os
import platform
import re
from importlib import metadata
from pathlib import Path

LIBRARIES = ("numpy", "numba", "scipy", "textual", "jax", "optax", "torch", "scikit-learn")
NOTES = "### Notes"
"""Heading of what is written by hand: why a target is missed."""
ROOT = Path(__file__).resolve().parents[1]


def version() -> str:
    """Return nnsim's, from where pyproject.toml says it stands."""
    found = re.search(r'__version__ = "([^"]+)"', (ROOT / "nnsim/__init__.py").read_text("utf-8"))
    return found[1] if found else "unknown"


def versions() -> dict[str, str]:
    """Return what was compared; a library that is not installed is left out."""
    found = {"nnsim": version(), "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, str | int]:
    """Return the CPU's name as the system tells it, the cores, and the system."""
    name = platform.processor() or platform.machine()
    try:
        told = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        told = ""
    found = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return {
        "cpu": found[1].strip() if found else name,
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
    }


def section(tables: list, settings: dict, date: str) -> str:
    """Return `## version (date)`, the machine, and the tables."""
    told = machine()
    libraries = ", ".join(f"{name} {number}" for name, number in versions().items())
    lines = [
        f"## {version()} ({date})",
        "",
        f"{told['cpu']}, {told['cores']} cores, {told['system']}. {libraries}. "
        f"Medians of {settings['rounds']} rounds.",
    ]
    for table in tables:
        lines += ["", f"### {table.title}", "", table.markdown()]
    return "\n".join(lines) + "\n"


def put(path: Path, new: str) -> None:
    """Write a section into a page: in place of the same release's, else before all others.

    What the old section says under NOTES, written by hand, is kept.
    """
    page = path.read_text("utf-8") if path.exists() else ""
    sections = re.split(r"^(?=## )", page, flags=re.MULTILINE)
    release = new.partition(" (")[0]
    places = [i for i, each in enumerate(sections) if each.startswith(f"{release} (")]
    if places:
        _, notes, text = sections[places[0]].partition(NOTES)
        sections[places[0]] = _spaced(new + ("\n" + notes + text if notes else ""))
    else:
        releases = [i for i, each in enumerate(sections) if re.match(r"## \d", each)]
        place = releases[0] if releases else len(sections)
        sections = [*map(_spaced, filter(None, sections[:place])), _spaced(new), *sections[place:]]
    path.write_text("".join(sections).rstrip("\n") + "\n", "utf-8")


def _spaced(section: str) -> str:
    return section.rstrip("\n") + "\n\n"
