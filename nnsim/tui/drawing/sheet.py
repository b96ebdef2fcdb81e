"""A sheet of cells: written anywhere, in any order, then cut into strips."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

BLANK = 0x20
FILLED_BY_LEFT = 0
"""Stands in the second cell of a wide character."""


class Sheet:
    """Cells of `width` by `height`: characters and styles."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.characters = np.full((height, width), BLANK, np.uint32)
        self._inks = np.zeros((height, width), np.uint8)
        self._styles: list[Style | None] = [None]  # by their number on this sheet
        self._numbers: dict[int, int] = {}  # by identity: a look gives one object a style

    def put(self, column: int, row: int, text: str, style: Style | None = None) -> int:
        """Write a text from a cell on, as much of it as the row has room for; return its end.

        Wide characters take two cells; what has no width is left out.
        """
        codes = _cells(text)
        end = column + codes.size
        if not 0 <= row < self.height:
            return end
        codes = codes[max(-column, 0) : max(self.width - column, 0)]
        if not codes.size:
            return end
        column = max(column, 0)
        line = self.characters[row]
        _part(line, column)
        _part(line, column + codes.size)
        line[column : column + codes.size] = codes
        self._inks[row, column : column + codes.size] = self.ink(style)
        if not text.isascii():
            if codes[0] == FILLED_BY_LEFT:
                line[column] = BLANK
            if column + codes.size == self.width and end > self.width:
                # Of a wide character only the first cell may have found room.
                if cell_len(chr(int(codes[-1]))) == 2:
                    line[-1] = BLANK
        return end

    def paint(
        self,
        column: int,
        row: int,
        characters: NDArray[np.uint32],
        layers: NDArray[np.uint8],
        styles: Sequence[Style | None],
    ) -> None:
        """Write a block of cells: layer i in styles[i-1], layer 0 leaves the sheet as it is."""
        height, width = characters.shape
        numbers = np.array([0, *map(self.ink, styles)], np.uint8)
        drawn = layers > 0
        self.characters[row : row + height, column : column + width][drawn] = characters[drawn]
        self._inks[row : row + height, column : column + width][drawn] = numbers[layers[drawn]]

    def rule(self, column: int, rows: range, character: str, style: Style | None) -> None:
        """Draw a character down a column, in cells that are blank."""
        if not 0 <= column < self.width:
            return
        cells = slice(max(rows.start, 0), max(rows.stop, 0))
        blank = self.characters[cells, column] == BLANK
        self.characters[cells, column][blank] = ord(character)
        self._inks[cells, column][blank] = self.ink(style)

    def is_blank(self, column: int, row: int, width: int) -> bool:
        """Return whether nothing stands in these cells."""
        cells = self.characters[row, column : column + width]
        return cells.size == width and bool((cells == BLANK).all())

    def ink(self, style: Style | None) -> int:
        """Return the number of a style on this sheet."""
        if style is None:
            return 0
        number = self._numbers.get(id(style))
        if number is None:
            number = self._numbers[id(style)] = len(self._styles)
            self._styles.append(style)
        return number

    def strips(self) -> list[Strip]:
        """Return the rows; neighbours in one style are one segment, and blanks join any."""
        width, height = self.width, self.height
        if not (width and height):
            return [Strip([], 0) for _ in range(height)]
        fills = np.array([_fills(style) for style in self._styles])[self._inks]
        numbers = np.where((self.characters != BLANK) | fills, self._inks, 0)
        # A blank takes the ink before it, but at the start of a row and after a background none.
        own = numbers > 0
        own[:, 1:] |= fills[:, :-1]
        seen = np.where(own, np.arange(numbers.size).reshape(numbers.shape), 0)
        seen[:, 0] = np.arange(height) * width
        numbers = numbers.ravel()[np.maximum.accumulate(seen, axis=1)]
        starts = np.ones(numbers.shape, bool)
        np.not_equal(numbers[:, 1:], numbers[:, :-1], out=starts[:, 1:])
        cuts = np.flatnonzero(starts)
        wanted = numbers.ravel()[cuts].tolist()
        text = self.characters.tobytes().decode("utf-32-le")
        styles = self._styles
        rows: list[list[Segment]] = [[] for _ in range(height)]
        begins = cuts.tolist()
        for begin, end, number in zip(begins, [*begins[1:], len(text)], wanted, strict=True):
            rows[begin // width].append(Segment(text[begin:end], styles[number]))
        if "\0" in text:
            rows = [[Segment(t.replace("\0", ""), style) for t, style, _ in row] for row in rows]
        return [Strip(row, width) for row in rows]


@lru_cache(maxsize=4096)
def _cells(text: str) -> NDArray[np.uint32]:
    """Return a text's code points, one a cell."""
    if text.isascii() and text.isprintable():
        return np.frombuffer(text.encode("utf-32-le"), np.uint32)
    codes: list[int] = []
    for character in text:
        size = cell_len(character) if character.isprintable() else 0
        codes += [ord(character), FILLED_BY_LEFT][:size]
    return np.array(codes, np.uint32)


def _part(line: NDArray[np.uint32], column: int) -> None:
    """Blank a wide character that starts before a cell and ends in it."""
    if 0 < column < line.size and line[column] == FILLED_BY_LEFT:
        line[column - 1 : column + 1] = BLANK


def _fills(style: Style | None) -> bool:
    """Return whether a style shows on a blank."""
    return style is not None and bool(style.bgcolor or style.underline or style.reverse)
