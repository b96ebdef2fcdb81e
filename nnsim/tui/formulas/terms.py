"""Sums with their largest terms written out and the rest folded, fitted to a width."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from nnsim.tui.formulas.numbers import number, size

TIMES, SUM = "×", "Σ"
Brackets = Literal["none", "folded", "always"]
_SHORTEST_TERM = 4
"""Columns that a term takes at the very least, its sign included."""


@dataclass(frozen=True)
class Sum:
    """A sum whose terms can be folded: their values, and how each is written without its sign."""

    values: np.ndarray
    text: Callable[[int], str]
    brackets: Brackets = "none"
    """When it stands in brackets: "folded", where terms are left out, since something else is added
    after it; "always", unless it is one term or one number, since it is multiplied.
    """

    @cached_property
    def order(self) -> np.ndarray:
        """Numbers of the terms, largest absolute value first; NaN counts as the largest."""
        sizes = np.where(np.isnan(self.values), np.inf, np.abs(self.values))
        return np.argsort(-sizes, kind="stable")

    @property
    def total(self) -> float:
        """The sum itself."""
        return float(self.values.sum())

    @property
    def span(self) -> float:
        """Sum of absolute values: what the sum's rounding errors are measured by."""
        return float(np.abs(self.values).sum())

    def write(self, count: int) -> str:
        """Return the sum with its `count` largest terms written out."""
        text = "".join(map(self._piece, range(min(count, len(self.values)))))
        folded = len(self.values) - count
        if folded > 0:
            text += f" + ... {folded} more"
        several = self.brackets == "always" and len(self.values) > 1
        return f"({text})" if several or (self.brackets == "folded" and folded > 0) else text

    def _piece(self, place: int) -> str:
        """Return the term at a place of the order, with its sign; written once."""
        if place not in self._pieces:
            term = int(self.order[place])
            below = self.values[term] < 0
            sign = (" - " if below else " + ") if place else ("-" if below else "")
            self._pieces[place] = sign + self.text(term)
        return self._pieces[place]

    @cached_property
    def _pieces(self) -> dict[int, str]:
        return {}


Line = tuple["str | Sum", ...]
"""What stands on the right of a cell's equation: text, and sums to be fitted."""


def products(first: np.ndarray, second: np.ndarray, brackets: Brackets = "none") -> Sum:
    """Return the sum of products of two vectors, entry by entry."""

    def text(term: int) -> str:
        return f"{size(first[term])} {TIMES} {size(second[term])}"

    return Sum(first * second, text, brackets)


def squares(values: np.ndarray) -> Sum:
    """Return the sum of squares of a vector's entries."""
    return Sum(values * values, lambda term: f"{size(values[term])}^2")


def plain(values: np.ndarray) -> Sum:
    """Return the sum of a vector's entries."""
    return Sum(values, lambda term: size(values[term]))


def spelled(text: str, ascii: bool) -> str:
    """Return a text with the signs that the terminal can show."""
    return text.replace(TIMES, "x").replace(SUM, "sum") if ascii else text


def fitted(
    head: str,
    lines: Sequence[Line],
    tail: str,
    last: str,
    *,
    width: int,
    terms: int | None = None,
    ascii: bool = False,
) -> str:
    """Return head, one of the lines, and tail, in at most `width` columns.

    The lines say the same, the most telling first: the first that fits with two terms of its sums
    is taken, and shows as many terms as fit (or `terms`). Where none fits, one term will do, then
    none, then head and tail alone, then the tail, then `last`. A number is never cut in two.
    """
    cap = max(1, terms) if terms is not None else None
    for text in (spelled(text, ascii) for text in _candidates(head, lines, tail, width, cap)):
        if len(text) <= width:
            return text
    return last if len(last) <= width else "..."[: max(0, width)]


def _candidates(
    head: str, lines: Sequence[Line], tail: str, width: int, cap: int | None
) -> Iterable[str]:
    for line in lines:
        longest = max((len(piece.values) for piece in line if isinstance(piece, Sum)), default=0)
        most = longest if cap is None else min(longest, cap)
        for count in range(min(most, width // _SHORTEST_TERM), min(2, most) - 1, -1):
            yield head + _written(line, count) + tail
    for line in lines:
        yield head + _written(line, 1) + tail
    for line in lines:
        yield head + _written(line, 0) + tail
    yield head + tail
    yield tail.removeprefix(" = ")


def _written(line: Line, count: int) -> str:
    return "".join(
        piece if isinstance(piece, str) else piece.write(count) if count else number(piece.total)
        for piece in line
    )
