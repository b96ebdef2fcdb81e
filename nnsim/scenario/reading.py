"""A scenario's text read: values as `tomllib` gives them, and the line of every key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnsim.errors import Problem, ScenarioError
from nnsim.scenario.lines import KeyPath, line_at, lines_of

LARGEST_FILE = 16 * 2**20
"""Bytes; examples belong in a data file beside the scenario, not in it."""

DEEPEST = 64
"""Levels of arrays and tables; a scenario needs 8."""
_TOO_DEEP = "arrays or tables are nested too deeply"
_NEXT_TABLE = re.compile(r"^[ \t]*\[(?![ \t]*scenario[ \t]*\])", re.MULTILINE)
_LINE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class Document:
    """What a scenario file says, before anything is checked."""

    values: dict[str, Any]
    lines: dict[KeyPath, int] = field(default_factory=dict)
    file: str = "<text>"
    """The name that problems are reported under."""
    path: Path | None = None

    def line(self, path: KeyPath) -> int | None:
        """Return the line of a key, or of the table around it."""
        return line_at(self.lines, path)


def read_file(path: Path) -> Document:
    """Read a scenario file; ScenarioError for one that cannot be read or is not TOML."""
    return read_text(text_of(path), str(path), path)


def text_of(path: Path) -> str:
    """Return the text of a scenario file; ScenarioError where there is none."""
    try:
        if path.is_dir():
            raise ScenarioError([Problem("is a folder", str(path), expected="a .toml file")])
        with open(path, "rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ScenarioError([Problem(f"cannot be read: {reason}", str(path))]) from None
    except ValueError as error:  # a null byte in the name
        raise ScenarioError([Problem(f"is no file name: {error}", repr(str(path)))]) from None
    if len(raw) > LARGEST_FILE:
        message = f"is larger than {LARGEST_FILE // 2**20} MiB"
        expected = "examples in a data file beside the scenario"
        raise ScenarioError([Problem(message, str(path), expected=expected)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ScenarioError([Problem("is not UTF-8 text", str(path), line)]) from None


def read_text(text: str, file: str = "<text>", path: Path | None = None) -> Document:
    """Read a scenario's text; ScenarioError with the line of a syntax error."""
    text = text.replace("\r\n", "\n")
    values = parsed(text, file)
    try:
        lines = lines_of(text)
    except RecursionError:
        raise ScenarioError([Problem(_TOO_DEEP, file)]) from None
    deepest = max(lines, key=len, default=())
    if len(deepest) > DEEPEST:
        raise ScenarioError([Problem(_TOO_DEEP, file, lines[deepest])])
    return Document(values, lines, file, path)


def parsed(text: str, file: str) -> dict[str, Any]:
    """Return the values of a TOML text; ScenarioError with the line of a syntax error."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ScenarioError([Problem(_TOO_DEEP, file)]) from None
    except ValueError as error:  # TOMLDecodeError, or a number of too many digits
        raise ScenarioError([_syntax_problem(str(error), text, file)]) from None


def head_of(text: str, file: str) -> dict[str, Any]:
    """Return the values up to the table [scenario], of the first lines alone where these suffice.

    Most of a file is not about what a list shows, and a list reads every file.
    """
    end = _NEXT_TABLE.search(text)
    if end:
        try:
            head = parsed(text[: end.start()], file)
        except ScenarioError:  # the cut was inside a text or a list
            head = {}
        about = head.get("scenario")
        if isinstance(about, dict) and "title" in about:
            return head
    return parsed(text, file)


def _syntax_problem(message: str, text: str, file: str) -> Problem:
    found = _LINE.search(message)
    line: int | None = None
    if found:
        message = message[: found.start()]
        line = int(found[1]) if found[1] else max(len(text.splitlines()), 1)
        if found[2]:
            message += f" (column {found[2]})"
    return Problem(f"is not valid TOML: {message[:1].lower()}{message[1:]}", file, line)
