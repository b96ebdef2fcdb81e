"""Settings from outside the file: ``--set key=value``, a seed, a number of steps."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from nnsim.errors import Problem, ScenarioError
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.merging import laid_over
from nnsim.scenario.names import listed, nearest

FILE = "--set"
"""What problems of settings are reported under, where a file's name stands otherwise."""
_STEP = re.compile(r"\[(-?\d+)\]|\.?([^.\[\]]+)")


def parse_settings(texts: Iterable[str]) -> dict[str, Any]:
    """Read settings as a command line gives them: values are TOML, bare words are strings.

    >>> parse_settings(["training.learning_rate=0.1", "optimizer=adam", "split=[0.8, 0.2, 0]"])
    {'training.learning_rate': 0.1, 'optimizer': 'adam', 'split': [0.8, 0.2, 0]}

    Raises
    ------
    ScenarioError
        A setting without ``=`` or key, or whose value is broken TOML.
    """
    settings: dict[str, Any] = {}
    problems = []
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            problems.append(Problem(f"{text!r} is no setting", FILE, expected="key=value"))
            continue
        try:
            settings[key.strip()] = _value(value.strip())
        except ValueError as error:
            problems.append(Problem(f"{value!r}: {error}", FILE, key=key.strip()))
    if problems:
        raise ScenarioError(problems)
    return settings


def _value(text: str) -> Any:
    try:
        parsed = tomllib.loads(f"value = {text}")
        if set(parsed) == {"value"}:
            return parsed["value"]
    except (ValueError, RecursionError):
        pass
    if not text or text[0] in "[{\"'" or "\n" in text:
        raise ValueError("is neither a TOML value nor a bare word")
    return text


def overlay_of(
    settings: Mapping[str, Any], values: Mapping[str, Any], tables: Mapping[str, Iterable[str]]
) -> tuple[dict[str, Any], list[Problem]]:
    """Return settings as tables to lay over `values`, and what is wrong with their keys.

    Parameters
    ----------
    settings : mapping
        Keys as one writes them, dotted from the top of the file; the name of the table may be
        left out where only one table has the key. ``network.layers[0].units`` reaches into lists.
    values : mapping
        The tables as they are, for settings that change a part of a list.
    tables : mapping
        Tables that may be set, each with its keys.
    """
    overlay: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in settings.items():
        path, problem = _path_of(key, tables)
        if problem is None:
            overlay, problem = _with(overlay, path, value, values, key)
        if problem is not None:
            problems.append(problem)
    return overlay, problems


def _path_of(key: str, tables: Mapping[str, Iterable[str]]) -> tuple[KeyPath, Problem | None]:
    path: KeyPath = tuple(int(found[1]) if found[1] else found[2] for found in _STEP.finditer(key))
    if "".join(found[0] for found in _STEP.finditer(key)) != key or not isinstance(path[0], str):
        return path, Problem("is no key", FILE, key=key, expected="such as training.steps")
    if path[0] in tables:
        return path, None
    owners = [table for table, keys in tables.items() if path[0] in keys]
    if len(owners) == 1:
        return (owners[0], *path), None
    if owners:
        expected = " or ".join(f"{owner}.{key}" for owner in owners)
        return path, Problem("stands in several tables", FILE, key=key, expected=expected)
    suggestion = nearest(path[0], tables)
    if suggestion:
        suggestion += key[len(path[0]) :]
    else:
        names = {name: f"{table}.{name}" for table, keys in tables.items() for name in keys}
        suggestion = names.get(nearest(path[0], names), "")
    expected = f"a key in {listed(tables)}"
    return path, Problem("unknown key", FILE, key=key, expected=expected, suggestion=suggestion)


def _with(
    overlay: dict[str, Any], path: KeyPath, value: Any, values: Mapping[str, Any], key: str
) -> tuple[dict[str, Any], Problem | None]:
    """Return the overlay with one more setting; a list is copied from `values` and changed."""
    depth = next((i for i, part in enumerate(path) if isinstance(part, int)), None)
    if depth is not None:
        whole = deepcopy(_at(overlay, path[:depth]) or _at(values, path[:depth]))
        place = whole
        for here, part in enumerate(path[depth:-1], start=depth):
            place, problem = _inside(place, part, path[: here + 1], key)
            if problem is not None:
                return overlay, problem
        _, problem = _inside(place, path[-1], path, key, last=True)
        if problem is not None:
            return overlay, problem
        place[path[-1]] = value
        path, value = path[:depth], whole
    for part in reversed(path):
        value = {part: value}
    return laid_over(overlay, value), None


def _at(values: Any, path: KeyPath) -> Any:
    for part in path:
        if not isinstance(values, Mapping) or part not in values:
            return None
        values = values[part]
    return values


def _inside(
    place: Any, part: str | int, path: KeyPath, key: str, last: bool = False
) -> tuple[Any, Problem | None]:
    """Return the element or key of a list or table, or what is wrong with asking for it."""
    if isinstance(part, int):
        if not isinstance(place, list):
            return None, Problem(f"[{part}] asks for an entry of what is no list", FILE, key=key)
        if not -len(place) <= part < len(place):
            expected = f"[0] to [{len(place) - 1}]" if place else "another key: the list is empty"
            return None, Problem(f"there is no entry [{part}]", FILE, key=key, expected=expected)
        return place[part], None
    if not isinstance(place, dict):
        return None, Problem(f"{part!r} is asked of what is no table", FILE, key=key)
    return (None, None) if last else (place.setdefault(part, {}), None)
