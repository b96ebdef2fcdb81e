"""The shipped scenarios: found, listed, looked up by name. Imports neither pydantic nor Numba."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnsim.errors import Problem, ScenarioError
from nnsim.scenario.names import listed, nearest
from nnsim.scenario.reading import head_of, text_of
from nnsim.scenario.topics import TOPICS

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Entry:
    """A scenario file as a list shows it; one that cannot be read has an error instead."""

    name: str
    path: Path
    title: str = ""
    topics: tuple[str, ...] = ()
    summary: str = ""
    kind: str = ""
    error: str = ""

    @property
    def topic(self) -> str:
        """The first topic, or ""."""
        return self.topics[0] if self.topics else ""


def scenarios_folder() -> Path | None:
    """Return the folder of shipped scenarios: in the installed package, or in a source checkout."""
    installed = _PACKAGE / "scenarios"
    checkout = _PACKAGE.parent
    if installed.is_dir():
        return installed
    if (checkout / "pyproject.toml").is_file() and (checkout / "scenarios").is_dir():
        return checkout / "scenarios"
    return None


def catalogue(folder: Path | str | None = None) -> tuple[Entry, ...]:
    """Return the scenarios of a folder (by default the shipped ones), in the course's order."""
    root = scenarios_folder() if folder is None else Path(folder)
    entries = [_entry(path) for path in files_in(root)] if root is not None else []
    order = list(TOPICS)
    places = {topic: place for place, topic in enumerate(order)}
    # What is about one topic alone comes before what brings several together.
    return tuple(
        sorted(
            entries,
            key=lambda each: (places.get(each.topic, len(order)), len(each.topics), each.name),
        )
    )


def files_in(folder: Path) -> tuple[Path, ...]:
    """Return the scenario files of a folder and the folders in it, hidden ones left out."""
    return tuple(
        sorted(
            path
            for path in folder.rglob("*.toml")
            if path.is_file()
            and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        )
    )


def is_text(source: str | Path) -> bool:
    """Tell whether a string is a scenario itself: it has more than one line."""
    return isinstance(source, str) and "\n" in source


def find(target: str | Path) -> tuple[Path, ...]:
    """Return the files that a name, a path or a folder stands for.

    Raises
    ------
    ScenarioError
        No such scenario (with the nearest name), or a folder without any.
    """
    path = Path(target)
    try:
        if target == "":
            raise ScenarioError([_no_name("")])
        if path.is_dir() and not (isinstance(target, str) and _is_name(target) and _named(target)):
            found = files_in(path)
            if not found:
                expected = "a folder with .toml files in it"
                raise ScenarioError([Problem("has no scenarios", str(path), expected=expected)])
            return found
        if path.is_file():
            return (path,)
    except (OSError, ValueError):  # too long, or a null byte: no path, so a name
        pass
    text = str(target)
    if not _is_name(text):
        raise ScenarioError([_no_file(path)])
    found = _named(text)
    if len(found) > 1:
        paths = ", ".join(map(str, found))
        raise ScenarioError([Problem(f"stands for several: {paths}", text, expected="a path")])
    if not found:
        raise ScenarioError([_no_name(text)])
    return found


def _is_name(text: str) -> bool:
    return not text.endswith(".toml") and not any(sign in text for sign in "/\\")


def _named(name: str) -> tuple[Path, ...]:
    root = scenarios_folder()
    return tuple(p for p in files_in(root) if p.stem == name) if root is not None else ()


def _no_file(path: Path) -> Problem:
    beside: list[str] = []
    if path.parent.is_dir():
        beside = [each.name for each in path.parent.glob("*.toml")]
    near = nearest(path.name, beside)
    suggestion = str(path.parent / near) if near else ""
    return Problem("there is no such file", str(path), suggestion=suggestion)


def _no_name(name: str) -> Problem:
    root = scenarios_folder()
    names = sorted({path.stem for path in files_in(root)}) if root is not None else []
    expected = "a name that `nnsim list` shows, a .toml file or a folder"
    if names and len(names) <= 12:
        expected = f"{listed(names)}; or a .toml file or a folder"
    return Problem(
        f"there is no scenario {name!r}", expected=expected, suggestion=nearest(name, names)
    )


def _entry(path: Path) -> Entry:
    """Read only what a list shows; whether the rest is right, `load` finds out."""
    try:
        values = head_of(text_of(path).replace("\r\n", "\n"), str(path))
    except ScenarioError as error:
        return Entry(path.stem, path, error=str(error))
    about = values.get("scenario")
    if not isinstance(about, dict) or not isinstance(about.get("title"), str):
        return Entry(path.stem, path, error=f"{path}: scenario.title: missing; expected a text")
    kind = values.get("kind", "training")
    return Entry(
        path.stem,
        path,
        about["title"],
        _texts(about.get("topic")),
        about["summary"] if isinstance(about.get("summary"), str) else "",
        kind if isinstance(kind, str) else "",
    )


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str))
