"""Wrong values taken out, so that one pass finds the mistakes between the right ones too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any

from nnsim.scenario.key_types import Table
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake, mistakes_in


def mended(
    model: type[Table],
    values: dict[str, Any],
    placeholders: Mapping[KeyPath, Any],
    disagreements: Callable[[Any], Iterable[Mistake]],
) -> tuple[Any, list[Mistake]]:
    """Validate values, key by key and then between keys.

    Wrong keys are taken out, so that what lies between the others is found in the same pass;
    what lies between them and others is left for the next one. The model is None where mending
    did not help.
    """
    table, mistakes = mistakes_in(model, values)
    found = list(mistakes)
    remaining = deepcopy(values) if mistakes else values
    for _ in range(8):
        if table is not None:
            break
        for mistake in mistakes:
            _mend(remaining, mistake, placeholders)
        table, mistakes = mistakes_in(model, remaining)
    if table is None:
        return None, found
    wrong = [mistake.path for mistake in found]
    for mistake in disagreements(table):
        keys = (mistake.path, *mistake.between)
        if not any(_overlap(key, path) for key in keys for path in wrong):
            found.append(mistake)
    return table, found


def _overlap(a: KeyPath, b: KeyPath) -> bool:
    length = min(len(a), len(b))
    return a[:length] == b[:length]


def _mend(values: dict[str, Any], mistake: Mistake, placeholders: Mapping[KeyPath, Any]) -> None:
    """Take a wrong value out, or put a placeholder where one is required."""
    path = mistake.path
    while not (path in placeholders or _is_key_in(values, path)):
        path = path[:-1]
        if not path:
            return
    place: Any = values
    for part in path[:-1]:
        place = place[part]
    if path in placeholders:
        place[path[-1]] = deepcopy(placeholders[path])
    else:
        del place[path[-1]]


def _is_key_in(values: Any, path: KeyPath) -> bool:
    """Tell whether a path leads to a key of a table that is there (not to an entry of a list)."""
    if not path or isinstance(path[-1], int):
        return False
    for part in path:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
