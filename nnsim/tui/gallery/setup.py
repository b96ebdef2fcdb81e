"""What a scenario of another kind than training does, in a few lines of its own table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nnsim.tui.gallery.entries import plain

_FUNCTIONS = {"descent": "J", "derivative": "f", "search": "objective"}
"""Kinds that look at a function given by its formula, and what it is called."""
_LONGEST = 8
"""Numbers of a list that are written out."""
_MOST = 9
"""Entries of a list of tables that are named."""


def setup_of(kind: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the kind's own table in lines: the function, the settings, what is compared.

    >>> setup_of("descent", {"descent": {"formula": "w**2 - 10*w + 25", "learning_rate": 0.01,
    ...     "paths": [{"name": "sgd"}, {"name": "adam", "learning_rate": 0.1}]}})
    ('J = w**2 - 10*w + 25', 'learning_rate 0.01', 'paths: sgd, adam (learning_rate 0.1)')
    """
    table = values.get(kind)
    if not isinstance(table, Mapping):
        return ()
    rest = dict(table)
    lines: list[str] = []
    if kind in _FUNCTIONS and isinstance(rest.get("formula"), str):
        lines.append(f"{_FUNCTIONS[kind]} = {plain(rest.pop('formula'))}")
    settings = [f"{key} {_short(value)}" for key, value in rest.items() if _is_plain(value)]
    if settings:
        lines.append(", ".join(settings))
    for key, value in rest.items():
        if not _is_plain(value):
            words = list(_entries(value))
            more = f" ... {len(words)} in all" if len(words) > _MOST else ""
            lines.append(f"{plain(key)}: {', '.join(words[:_MOST])}{more}")
    return tuple(map(plain, lines))


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return not any(isinstance(each, dict | list) for each in value)
    return not isinstance(value, dict)


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return " ".join(map(_short, value)) if len(value) <= _LONGEST else f"{len(value)} values"
    return plain(str(value))


def _entries(value: Any) -> Iterator[str]:
    """Yield tables of a list by their names, or of a table by their keys, with what they say."""
    if isinstance(value, dict):
        for key, inner in value.items():
            words = _words(inner) if isinstance(inner, dict) else _short(inner)
            yield f"{key} ({words})" if isinstance(inner, dict) and words else f"{key} {words}"
        return
    for at, inner in enumerate(value, start=1):
        if isinstance(inner, dict):
            name = plain(str(inner.get("name", at)))
            words = _words({key: each for key, each in inner.items() if key != "name"})
            yield f"{name} ({words})" if words else name
        else:
            yield _short(inner)


def _words(table: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {_short(value)}" for key, value in table.items() if _is_plain(value))
