"""Dials of the kinds with small states: where they stand, turning them, writing their values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nnsim.scenario.dials import Dial
from nnsim.tui.worker.dial_values import one_two_five

_PART = re.compile(r"\[(-?\d+)\]|([^.\[\]]+)")
_FIRST = 0.01
"""The number that + comes to from 0."""


def value_at(tables: Any, key: str) -> Any:
    """Return what stands at a key such as averages.curves[0].beta; None where nothing does."""
    found = tables
    for index, name in _PART.findall(key):
        if index:
            at = int(index)
            found = found[at] if isinstance(found, list | tuple) and at < len(found) else None
        else:
            found = found.get(name) if isinstance(found, Mapping) else getattr(found, name, None)
        if found is None:
            return None
    return found


def written(value: Any) -> str:
    """Return a dial's value as people write it.

    >>> written(0.5), written(True), written([1.0, 2.0]), written("adam")
    ('0.5', 'on', '1 2', 'adam')
    """
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, list | tuple):
        return " ".join(map(written, value))
    return str(value)


def described(dial: Dial, value: Any) -> str:
    """Return a turned dial as the name of a run has it: learning rate 0.1."""
    title = dial.title[:1].lower() + dial.title[1:] if dial.title[1:2].islower() else dial.title
    return f"{title} {written(value)}"


def is_number(value: Any) -> bool:
    """Tell whether a value is a number and no switch."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_typed(dial: Dial, value: Any) -> bool:
    """Tell whether a value is written: numbers, lists of them, and words of no list."""
    return not isinstance(value, bool) and (not isinstance(value, str) or not dial.choices)


def turns(dial: Dial, value: Any) -> bool:
    """Tell whether a dial can be turned: by its choices, or where it is a number or a switch."""
    return bool(dial.choices) or isinstance(value, bool) or is_number(value)


def turned(dial: Dial, value: Any, by: int) -> Any:
    """Return the value one click up (1) or down (-1); numbers stay at the ends of their choices."""
    if dial.choices and is_number(value) and all(map(is_number, dial.choices)):
        above = [each for each in dial.choices if (each > value if by > 0 else each < value)]
        return (min(above) if by > 0 else max(above)) if above else value
    if dial.choices:
        if value not in dial.choices:
            return dial.choices[0]
        return dial.choices[(dial.choices.index(value) + by) % len(dial.choices)]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + by
    if value == 0:
        return by * _FIRST
    size = one_two_five(abs(value), by if value > 0 else -by)
    return size if value > 0 else -size


def read(dial: Dial, value: Any, text: str) -> Any:
    """Read what was typed for a dial that stands at `value`; ValueError says what was expected."""
    text = text.strip()
    if isinstance(value, str):
        return text
    if isinstance(value, list | tuple):
        return [_number(dial, each, 0.0) for each in text.replace(",", " ").split()]
    return _number(dial, text, value)


def _number(dial: Dial, text: str, like: Any) -> float | int:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{dial.title}: {text!r} is no number; expected such as 0.1") from None
    # A whole number stays whole; the scenario's own check says where that has to be so.
    return int(number) if isinstance(like, int) and number.is_integer() else number


def expected(dial: Dial, value: Any) -> str:
    """Return in words what a dial takes."""
    if dial.choices:
        others = " ..." if is_number(value) else ""
        return " ".join(map(written, dial.choices)) + others
    if isinstance(value, bool):
        return "on or off"
    if isinstance(value, str):
        return "a text"
    return "numbers, with blanks between" if isinstance(value, list | tuple) else "a number"
