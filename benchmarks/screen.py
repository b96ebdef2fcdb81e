"""The signs on a terminal's screen, from what a program writes."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\x1b\[(?P<codes>[0-9;:?<>=! $]*)(?P<letter>[@A-Z\\\]^_`a-z{|}~])"
    r"|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles and other strings
    r"|\x1b[()][A-Z0-9]|\x1b[=>78cDEHMNOZ]"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f])"
    r"|(?P<text>[^\x00-\x1f]+)"
)


class Screen:
    """The signs on a screen, without colours; every sign takes one cell."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._cells = [[" "] * columns for _ in range(rows)]
        self._row = self._column = 0
        self._rest = ""

    @property
    def lines(self) -> list[str]:
        """The text of each row."""
        return ["".join(row) for row in self._cells]

    def __contains__(self, text: str) -> bool:
        return any(text in line for line in self.lines)

    def search(self, pattern: re.Pattern[str]) -> str:
        """Return the first match's first group, or "" for none."""
        for line in self.lines:
            if found := pattern.search(line):
                return found[1]
        return ""

    def write(self, text: str) -> None:
        """Take what a program has written; it may end inside a sequence."""
        text, at = self._rest + text, 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None:
                break
            at = token.end()
            if token["text"]:
                self._put(token["text"])
            elif token["control"]:
                self._control(token["control"])
            elif token["letter"]:
                self._command(token["letter"], token["codes"])
        self._rest = text[at:]

    def _put(self, text: str) -> None:
        room = self.columns - self._column
        row = self._cells[min(self._row, self.rows - 1)]
        row[self._column : self._column + len(text)] = text[:room]
        self._column = min(self._column + len(text), self.columns)

    def _control(self, sign: str) -> None:
        if sign == "\r":
            self._column = 0
        elif sign == "\n":
            # The terminal is left as it is made: a line's end also returns.
            self._row, self._column = min(self._row + 1, self.rows - 1), 0
        elif sign == "\b":
            self._column = max(0, self._column - 1)

    def _command(self, letter: str, codes: str) -> None:
        if codes[:1] in ("?", ">", "<", "="):
            return
        numbers = [int(code) if code.isdigit() else 0 for code in codes.split(";")]
        if letter in "Hf":
            row, column = [*numbers, 1][:2]
            self._row = min(max(row, 1), self.rows) - 1
            self._column = min(max(column, 1), self.columns) - 1
        elif letter == "J":
            self._cells = [[" "] * self.columns for _ in range(self.rows)]
        elif letter == "K":
            row_cells = self._cells[self._row]
            row_cells[self._column :] = [" "] * (self.columns - self._column)
