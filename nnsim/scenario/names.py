"""The nearest valid name to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the name most like `name`, or "" where none is like it.

    >>> nearest("Adm", ["sgd", "adam", "adamw"]), nearest("ReLu", ["relu"]), nearest("x", ["relu"])
    ('adam', 'relu', '')
    """
    plain = {_plain(each): each for each in reversed(list(names))}
    matches = get_close_matches(_plain(name), plain, n=1, cutoff=0.6)
    if matches:
        return plain[matches[0]]
    # A part of a long name is a common slip: cross_entropy, cosine_decay.
    given = _plain(name)
    parts = [each for each in plain if given in each or each in given] if len(name) >= 3 else []
    return plain[min(parts, key=len)] if parts else ""


def listed(names: Iterable[str], most: int = 30) -> str:
    """Return "one of a, b, c", shortened where there are very many.

    >>> listed(["a", "b"]), listed(["a"])
    ('one of a, b', 'a')
    """
    names = list(names)
    if len(names) == 1:
        return names[0]
    more = f", ... ({len(names) - most} more)" if len(names) > most else ""
    return "one of " + ", ".join(names[:most]) + more


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")
