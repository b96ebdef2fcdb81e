"""What is remembered from one session to the next: recently used, lessons done, last theme."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

VARIABLE = "NNSIM_STATE"
"""The environment variable that names another file."""

MOST_RECENT = 5
_LARGEST = 2**20


def state_path() -> Path:
    """Return where the remembered things are, or would be."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    from platformdirs import user_state_dir

    return Path(user_state_dir("nnsim", appauthor=False)) / "state.json"


class State:
    """Reads once, writes at every change; a damaged file counts as an empty one.

    Scenarios go by their name, files of the user's own by their path. Where the file cannot be
    written, `complain` is told so once, and all holds until the end of the session.
    """

    def __init__(self, path: Path | None = None, complain: Callable[[str], None] | None = None):
        self.path = state_path() if path is None else path
        self._complain = complain
        self._values = _read(self.path)

    def recent(self) -> list[str]:
        """Return the scenarios opened last, the latest first."""
        return [name for name in _list(self._values.get("recent")) if isinstance(name, str)]

    def opened(self, name: str) -> None:
        """Remember that a scenario was opened."""
        others = [each for each in self.recent() if each != name]
        self._values["recent"] = [name, *others][:MOST_RECENT]
        self._write()

    def lessons_done(self, name: str) -> set[int]:
        """Return the numbers of a scenario's lesson stops that were revealed."""
        done = _list(_table(_table(self._values.get("lessons")).get(name)).get("done"))
        return {number for number in done if isinstance(number, int)}

    def lesson_done(self, name: str, number: int, guess: str = "") -> None:
        """Remember that a lesson stop was revealed, and what was guessed before."""
        lesson = self._lesson(name)
        lesson["done"] = sorted(self.lessons_done(name) | {number})
        if guess:
            lesson["guesses"] = {**_table(lesson.get("guesses")), str(number): guess}
        self._write()

    def guess(self, name: str, number: int) -> str:
        """Return what was guessed at a lesson stop, or ""."""
        guesses = _table(_table(_table(self._values.get("lessons")).get(name)).get("guesses"))
        guess = guesses.get(str(number), "")
        return guess if isinstance(guess, str) else ""

    @property
    def theme(self) -> str:
        """The theme chosen last, or ""."""
        theme = self._values.get("theme", "")
        return theme if isinstance(theme, str) else ""

    @theme.setter
    def theme(self, name: str) -> None:
        if name != self.theme:
            self._values["theme"] = name
            self._write()

    def _lesson(self, name: str) -> dict[str, Any]:
        """Return the table of a scenario's lesson, made where there is none."""
        lessons = self._values["lessons"] = _table(self._values.get("lessons"))
        lesson = lessons[name] = _table(lessons.get(name))
        return lesson

    def _write(self) -> None:
        """Write all at once: a reader sees the old file or the new one."""
        text = json.dumps(self._values, indent=1)
        beside = ""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self.path.parent, delete=False
            ) as stream:
                beside = stream.name
                stream.write(text)
            os.replace(beside, self.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                if beside:
                    os.unlink(beside)
            if self._complain:
                reason = (error.strerror or str(error)).lower()
                self._complain(f"{self.path}: cannot be written: {reason}")
                self._complain = None


def _read(path: Path) -> dict[str, Any]:
    try:
        with open(path, "rb") as stream:
            return _table(json.loads(stream.read(_LARGEST)))
    except (OSError, ValueError, RecursionError):
        return {}


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
