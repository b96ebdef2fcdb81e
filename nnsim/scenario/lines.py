"""Where every key of a TOML text stands: what `tomllib` does not tell.

The text has been accepted by `tomllib` already, so this scanner follows the grammar without
checking it again: it reads keys and skips values.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right

KeyPath = tuple[str | int, ...]
"""('network', 'layers', 0, 'units'): table names and positions in arrays."""

_BARE_END = frozenset(",]}#\n")
_SPACE = frozenset(" \t\r")
_SPACE_AND_LINES = frozenset(" \t\r\n")


def lines_of(text: str) -> dict[KeyPath, int]:
    r"""Return the line (from 1) of every table, key and array element of a valid TOML text.

    >>> lines_of('[network]\nlayers = [\n  {units = 8},\n]')[("network", "layers", 0, "units")]
    3
    """
    return _Scanner(text).scan()


def line_at(lines: dict[KeyPath, int], path: KeyPath) -> int | None:
    """Return the line of `path`, or of the innermost table around it that is in the file."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def written(path: KeyPath) -> str:
    """Return a path as one writes it: network.layers[0].units."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


class _Scanner:
    def __init__(self, text: str):
        self.text = text
        self.at = 0
        self.starts = [0] + [i + 1 for i, sign in enumerate(text) if sign == "\n"]
        self.lines: dict[KeyPath, int] = {}
        self.lengths: dict[KeyPath, int] = {}
        """Elements so far of every array of tables."""

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._skip(lines=True):
            if self.text.startswith("[[", self.at):
                table = self._header(array=True)
            elif self.text[self.at] == "[":
                table = self._header(array=False)
            else:
                self._pair(table)
        return self.lines

    def _skip(self, lines: bool) -> bool:
        """Pass white space and comments (and ends of lines); false at the end of the text."""
        space = _SPACE_AND_LINES if lines else _SPACE
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif sign in space:
                self.at += 1
            else:
                return True
        return False

    def _note(self, path: KeyPath, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _line(self) -> int:
        return bisect_right(self.starts, self.at)

    def _header(self, array: bool) -> KeyPath:
        line = self._line()
        self.at += 2 if array else 1
        parts = self._key()
        self.at += 2 if array else 1
        path: KeyPath = ()
        for part in parts[:-1]:
            path = self._last_element((*path, part))
        path = (*path, parts[-1])
        if array:
            self.lengths[path] = self.lengths.get(path, 0) + 1
        path = self._last_element(path)
        self._note(path, line)
        self.lines[path] = line  # [a.b] may have mentioned a before [a] itself stands there
        return path

    def _last_element(self, path: KeyPath) -> KeyPath:
        return (*path, self.lengths[path] - 1) if path in self.lengths else path

    def _key(self) -> tuple[str, ...]:
        """Read a dotted key of bare and quoted parts; stop at what follows it."""
        parts = []
        while True:
            self._skip(lines=False)
            start = self.at
            if self.text[start] in "\"'":
                self._string()
                parts.append(tomllib.loads("k = " + self.text[start : self.at])["k"])
            else:
                while self.at < len(self.text) and (
                    self.text[self.at].isalnum() or self.text[self.at] in "-_"
                ):
                    self.at += 1
                parts.append(self.text[start : self.at])
            self._skip(lines=False)
            if self.text[self.at : self.at + 1] != ".":
                return tuple(parts)
            self.at += 1

    def _pair(self, table: KeyPath) -> None:
        line = self._line()
        path = (*table, *self._key())
        self.at += 1  # the equals sign
        self._note(path, line)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self._skip(lines=False)
        sign = self.text[self.at]
        if sign in "\"'":
            self._string()
        elif sign == "[":
            self._array(path)
        elif sign == "{":
            self._inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in _BARE_END:
                self.at += 1

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        position = 0
        while self._skip(lines=True) and self.text[self.at] != "]":
            self._note((*path, position), self._line())
            self._value((*path, position))
            position += 1
            self._skip(lines=True)
            self.at += self.text[self.at] == ","
        self.at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self._skip(lines=True) and self.text[self.at] != "}":
            self._pair(path)
            self._skip(lines=True)
            self.at += self.text[self.at] == ","
        self.at += 1

    def _string(self) -> None:
        """Pass a string; three quotes may be followed by two that belong to the string."""
        quote = self.text[self.at]
        many = self.text.startswith(quote * 3, self.at)
        end = quote * 3 if many else quote
        self.at += len(end)
        while not self.text.startswith(end, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += len(end)
        if many:
            for _ in range(2):
                self.at += self.text[self.at : self.at + 1] == quote
