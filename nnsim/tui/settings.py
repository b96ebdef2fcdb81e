"""The user's file: theme, glyphs, bandwidth, keys. Nothing in it is executed."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnsim.scenario.names import listed, nearest
from nnsim.tui.keys import ACTIONS, EVERYWHERE, Action, keys_of

VARIABLE = "NNSIM_CONFIG"
"""The environment variable that names another file."""

GLYPHS = ("unicode", "ascii")
BANDWIDTHS = ("high", "low")

_KEY = re.compile(r"(?:(?:ctrl|shift|alt|super|meta|hyper)\+)*(?:[a-z][a-z0-9_]*|[^\s,])")


@dataclass(frozen=True)
class Settings:
    """What the user has chosen; the defaults where there is no file."""

    theme: str = ""
    """Name of a theme; "" for the one chosen last."""
    glyphs: str = ""
    """unicode or ascii; "" for what the terminal can show."""
    bandwidth: str = "high"
    """low: no animations, few colour steps, fewer frames."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Action id to keys: lab.play to "space,k"."""
    path: Path | None = None
    """The file, whether it is there or not."""
    troubles: tuple[str, ...] = ()
    """What is wrong in the file; the rest of it holds."""


def settings_path() -> Path:
    """Return where the user's file is, or would be."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    from platformdirs import user_config_dir

    return Path(user_config_dir("nnsim", appauthor=False)) / "settings.toml"


def read_settings(path: Path | None = None) -> Settings:
    """Read the user's file; what is wrong in it is told, and the default stands for it."""
    path = settings_path() if path is None else path
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        if os.environ.get(VARIABLE):
            return Settings(path=path, troubles=(f"{path}: there is no such file ({VARIABLE})",))
        return Settings(path=path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Settings(path=path, troubles=(f"{path}: cannot be read: {reason}",))
    except (ValueError, RecursionError) as error:
        return Settings(path=path, troubles=(f"{path}: is not valid TOML: {error}",))
    return _checked(values, path)


def _checked(values: Mapping[str, Any], path: Path) -> Settings:
    troubles: list[str] = []
    known = ("theme", "glyphs", "bandwidth", "keys")
    for name in values:
        if name not in known:
            expected = _or_nearest(name, known)
            troubles.append(f"{path}: {name}: there is no such setting; {expected}")
    theme = values.get("theme", "")
    if not isinstance(theme, str):
        troubles.append(f"{path}: theme: is {theme!r}; expected a theme's name, as a text")
        theme = ""
    return Settings(
        theme=theme,
        glyphs=_choice(values, "glyphs", GLYPHS, "", path, troubles),
        bandwidth=_choice(values, "bandwidth", BANDWIDTHS, "high", path, troubles),
        keys=_keys(values.get("keys", {}), path, troubles),
        path=path,
        troubles=tuple(troubles),
    )


def _choice(
    values: Mapping[str, Any],
    name: str,
    choices: tuple[str, ...],
    default: str,
    path: Path,
    troubles: list[str],
) -> str:
    value = values.get(name, default)
    if value == default or value in choices:
        return str(value)
    troubles.append(f"{path}: {name}: is {value!r}; expected {listed(choices)}")
    return default


def _keys(table: Any, path: Path, troubles: list[str]) -> dict[str, str]:
    """Return the remapped keys, without those that are wrong or taken."""
    if not isinstance(table, dict):
        troubles.append(f'{path}: keys: is {table!r}; expected a table such as "lab.play" = "k"')
        return {}
    actions = {action.id: action for action in ACTIONS}
    keymap: dict[str, str] = {}
    for id, value in _flat(table).items():
        where = f"{path}: keys.{id}"
        if id not in actions:
            expected = _or_nearest(id, actions)
            troubles.append(f"{where}: there is no such action; {expected}")
        elif not isinstance(value, str) or not all(map(_is_key, value.split(","))):
            example = '"k", "f5", "ctrl+k" or "space,k"; a comma is written "comma"'
            troubles.append(f"{where}: is {value!r}; expected keys such as {example}")
        else:
            keymap[id] = ",".join(key.strip() for key in value.split(","))
    return _without_clashes(keymap, actions, path, troubles)


def _flat(table: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Return lab.play for both "lab.play" = ... and [keys.lab] play = ..."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{name}.")
        else:
            flat[above + name] = value
    return flat


def _is_key(text: str) -> bool:
    return _KEY.fullmatch(text.strip()) is not None


def _without_clashes(
    keymap: dict[str, str], actions: Mapping[str, Action], path: Path, troubles: list[str]
) -> dict[str, str]:
    """Drop a remapping whose key does something else in the same place."""
    kept = dict(keymap)
    for id in keymap:
        own = actions[id]
        taken = {
            key: other
            for other in actions.values()
            if other.id != id and _meet(own, other)
            for key in _canonical(keys_of(other, kept))
        }
        clashes = [key for key in _canonical(keys_of(own, kept)) if key in taken]
        if clashes:
            other = taken[clashes[0]]
            troubles.append(
                f"{path}: keys.{id}: {clashes[0]!r} is {other.id} ({other.name}) already; "
                f"expected a free key, or another one for {other.id}"
            )
            del kept[id]
    return kept


def _meet(one: Action, other: Action) -> bool:
    """Tell whether two actions can be asked for in one place."""
    return one.place == other.place or EVERYWHERE in (one.place, other.place)


def _canonical(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return keys under the names that Textual gives them: "?" is question_mark."""
    from textual.keys import _normalize_key_list

    return tuple(_normalize_key_list(key) for key in keys)


def _or_nearest(name: str, names: Any) -> str:
    near = nearest(name, names)
    return f"did you mean {near!r}?" if near else "F1 shows where they are listed"
