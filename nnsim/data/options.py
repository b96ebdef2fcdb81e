"""How a data source is described: its options with type, default, bounds and help.

Nothing here needs NumPy or Numba: a scenario is checked, and its mistakes are told, before
anything heavy is imported.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from numbers import Integral, Real
from typing import Any

REQUIRED: Any = type("Required", (), {"__repr__": lambda self: "REQUIRED"})()
"""Default of an option that must be given."""


@dataclass(frozen=True)
class Option:
    """One option of a data source.

    ``kind`` is one of

    - ``integer``, ``number``: within ``minimum`` and ``maximum``, both included;
    - ``flag``: true or false;
    - ``text``: one of ``choices`` where there are any;
    - ``names``: a text or a list of texts;
    - ``table``: numbers, a list of them, or a list of equally long lists of them;
    - ``labels``: a table, or a list of texts.
    """

    name: str
    kind: str
    help: str
    default: Any = REQUIRED
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        return self.default is REQUIRED

    @property
    def expected(self) -> str:
        """What a value must be, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        words = {
            "integer": "a whole number",
            "number": "a number",
            "flag": "true or false",
            "text": "a text",
            "names": "a text or a list of texts",
            "table": "a list of numbers, or a list of equally long lists of numbers",
            "labels": "a list of numbers or texts, or a list of equally long lists of numbers",
        }[self.kind]
        if self.minimum is not None and self.maximum is not None:
            return f"{words} from {self.minimum:g} to {self.maximum:g}"
        if self.minimum is not None:
            return f"{words} >= {self.minimum:g}"
        if self.maximum is not None:
            return f"{words} <= {self.maximum:g}"
        return words

    def mistakes(self, value: Any) -> list[str]:
        """Return everything that is wrong with a value; an empty list for a good one."""
        return getattr(self, f"_mistakes_of_{self.kind}")(value)

    def suggestion(self, value: Any) -> str:
        """Return the choice that a wrong text probably meant, or an empty text."""
        return nearest(value, self.choices) if isinstance(value, str) else ""

    def _mistakes_of_integer(self, value: Any) -> list[str]:
        if not is_number(value) or not isinstance(value, Integral):
            return [f"{shown(value)} is no whole number"]
        return self._out_of_bounds(value)

    def _mistakes_of_number(self, value: Any) -> list[str]:
        if not is_number(value):
            return [f"{shown(value)} is no number"]
        if not _finite(value):
            return [f"{shown(value)} is not finite"]
        return self._out_of_bounds(value)

    def _out_of_bounds(self, value: Any) -> list[str]:
        if self.minimum is not None and value < self.minimum:
            return [f"{shown(value)} is too small"]
        if self.maximum is not None and value > self.maximum:
            return [f"{shown(value)} is too large"]
        return []

    def _mistakes_of_flag(self, value: Any) -> list[str]:
        return [] if isinstance(value, bool) else [f"{shown(value)} is neither true nor false"]

    def _mistakes_of_text(self, value: Any) -> list[str]:
        if not isinstance(value, str):
            return [f"{shown(value)} is no text"]
        if self.choices and value not in self.choices:
            return [f"{shown(value)} is no {self.name}"]
        if self.required and not value:
            return ["is empty"]
        return []

    def _mistakes_of_names(self, value: Any) -> list[str]:
        if isinstance(value, str):
            return [] if value or not self.required else ["is empty"]
        if not isinstance(value, list | tuple):
            return [f"{shown(value)} is no text and no list of texts"]
        if self.required and not value:
            return ["is an empty list"]
        wrong = [f"entry {i} is {shown(v)}, no text" for i, v in _entries(value) if not _named(v)]
        twice = {name for name in value if _named(name) and value.count(name) > 1}
        return wrong + [f"{name!r} is named more than once" for name in sorted(twice)]

    def _mistakes_of_labels(self, value: Any) -> list[str]:
        if isinstance(value, list | tuple) and any(isinstance(entry, str) for entry in value):
            return [
                f"entry {i} is {shown(v)}, but others are text: labels are all text or all numbers"
                for i, v in _entries(value)
                if not _named(v)
            ]
        return self._mistakes_of_table(value)

    def _mistakes_of_table(self, value: Any) -> list[str]:
        if not isinstance(value, list | tuple):
            return [f"{shown(value)} is no list"]
        if not value:
            return ["is an empty list"]
        nested = [isinstance(entry, list | tuple) for entry in value]
        if not any(nested):
            return [
                f"entry {i} is {shown(v)}, no finite number" for i, v in _entries(value) if _bad(v)
            ]
        mistakes = []
        for (row, entries), is_list in zip(_entries(value), nested, strict=True):
            if not is_list:
                mistakes.append(f"row {row} is {shown(entries)}, but other rows are lists")
                continue
            mistakes += [
                f"row {row}, entry {i} is {shown(v)}, no finite number"
                for i, v in _entries(entries)
                if _bad(v)
            ]
            first = next(entry for entry in value if isinstance(entry, list | tuple))
            if not entries:
                mistakes.append(f"row {row} is empty")
            elif len(entries) != len(first):
                mistakes.append(f"row {row} has {len(entries)} numbers, the first {len(first)}")
        return mistakes


@dataclass(frozen=True)
class Source:
    """One data source.

    ``kind`` says what its function gets before its options: ``drawn`` a `Drawing`, ``file`` the
    folder that files must lie in, ``given`` nothing.
    """

    name: str
    kind: str
    summary: str
    options: tuple[Option, ...]
    place: str
    """module:function"""
    form: str = "table"
    """What an example is: points (of the plane), image, table (a row of it), or "" where only the
    data tell."""
    image: tuple[int, int] | None = None
    """Height and width of an image."""

    @property
    def option_names(self) -> tuple[str, ...]:
        """Names of the options, in the order they are told."""
        return tuple(option.name for option in self.options)

    @property
    def function(self) -> Callable[..., Any]:
        """The function that returns the source's `Pool`."""
        module, function = self.place.split(":")
        return getattr(import_module(module), function)

    def completed(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options with defaults where nothing is given."""
        return {option.name: options.get(option.name, option.default) for option in self.options}


def nearest(word: str, names: Any) -> str:
    """Return the name that is spelled most like ``word``, or an empty text."""
    by_lower_case = {str(name).lower(): str(name) for name in names}
    close = get_close_matches(str(word).lower().strip(), by_lower_case, n=1, cutoff=0.6)
    return by_lower_case[close[0]] if close else ""


def is_number(value: Any) -> bool:
    """Whether a value is a real number; true and false are not."""
    return isinstance(value, Real) and not isinstance(value, bool)


def shown(value: Any) -> str:
    """Return a value as it is told in a message: never longer than a line."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to print integers of more than 4300 digits.
        return "a number of thousands of digits"
    return text if len(text) <= 40 else text[:37] + "..."


def _entries(values: Any) -> Any:
    return enumerate(values, start=1)


def _named(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond every float
        return False


def _bad(value: Any) -> bool:
    return not is_number(value) or not _finite(value)
