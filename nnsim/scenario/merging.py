"""One table laid over another: a variant over the file, a setting over a variant."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import fields
from typing import Any

from nnsim.data.specification import DataSpecification

_OF_ANY_SOURCE = frozenset(field.name for field in fields(DataSpecification)) - {"options"}
_KIND_KEYS: dict[tuple[str, ...], str] = {
    ("data",): "source",
    ("training", "schedule"): "kind",
    ("descent", "schedule"): "kind",
    ("training", "fault"): "kind",
}
"""Tables whose other keys mean something only beside this one."""
_REPLACED: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {
    ("training",): {"steps": ("epochs",), "epochs": ("steps",)},
    ("search",): {"budget": ("epochs",), "epochs": ("budget",)},
    ("descent",): {
        "surface": ("formula", "variables", "constants", "minima", "window", "start"),
        "formula": ("surface", "minima", "window"),
    },
}
"""Keys that a key puts in its own place."""


def laid_over(base: dict[str, Any], over: dict[str, Any], path: tuple[str, ...] = ()) -> dict:
    """Return `base` with the keys of `over`: tables are merged, everything else is replaced.

    Another ``data.source`` drops the base's options of the old source; another kind of schedule
    or fault drops the old one's keys; ``steps`` drops ``epochs`` and the other way round; a
    switch ``true`` keeps the table that is there. Neither argument is changed.
    """
    key = _KIND_KEYS.get(path)
    if key in over and key in base and over[key] != base[key]:
        keep = _OF_ANY_SOURCE if path == ("data",) else frozenset()
        base = {name: value for name, value in base.items() if name in keep}
    for name, replaced in _REPLACED.get(path, {}).items():
        if name in over and over[name] != base.get(name):
            base = {key: value for key, value in base.items() if key not in replaced}
    merged = deepcopy(base)
    for name, value in over.items():
        below = merged.get(name)
        if isinstance(value, dict) and isinstance(below, dict):
            merged[name] = laid_over(below, value, (*path, name))
        elif not (value is True and isinstance(below, dict)):
            merged[name] = deepcopy(value)
    return merged


def holds(over: Any, path: tuple[str | int, ...]) -> bool:
    """Tell whether what stands at `path` after laying `over` on something comes from `over`."""
    for part in path:
        if isinstance(over, list):
            return True  # lists are replaced as a whole
        if not isinstance(over, dict) or part not in over:
            return False
        over = over[part]
    return True
