"""Every action with its keys, name and sentence: footer, help, palette and docs come from here.

An action's id is its place and its name: `lab.play` is `action_play` of the lab's screen, and
`app.help` is `action_help` of the app, which can be reached everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from nnsim.tui.actions import compare, general, lab, lesson
from nnsim.tui.actions.action import Action

if TYPE_CHECKING:
    from textual.binding import BindingType

__all__ = [
    "ACTIONS",
    "EVERYWHERE",
    "Action",
    "action",
    "actions_for",
    "bindings_for",
    "keys_of",
    "shown",
    "useless",
]

EVERYWHERE = "app"
"""The place whose actions can be reached from all others."""

ACTIONS: tuple[Action, ...] = (
    *general.ACTIONS,
    *lab.ACTIONS,
    *lesson.ACTIONS,
    *compare.ACTIONS,
)
"""In the order in which help shows them."""

_BY_ID = {each.id: each for each in ACTIONS}

_SHOWN = {
    "slash": "/",
    "question_mark": "?",
    "full_stop": ".",
    "comma": ",",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "tab": "Tab",
    "backspace": "Backspace",
    "delete": "Del",
    "plus": "+",
    "minus": "-",
}
"""How keys are written; all others as Textual names them."""


@cache
def actions_for(place: str, *, everywhere: bool = True) -> tuple[Action, ...]:
    """Return a place's actions in order, then those that can be reached everywhere."""
    own = tuple(action for action in ACTIONS if action.place == place)
    if not everywhere or place == EVERYWHERE:
        return own
    return own + tuple(action for action in ACTIONS if action.place == EVERYWHERE)


def useless(place: str, kind: str) -> frozenset[str]:
    """Return the ids of a place's actions that do nothing in a scenario of a kind."""
    return frozenset(each.id for each in actions_for(place) if not each.is_for(kind))


def action(id: str) -> Action:
    """Return an action by its id; KeyError where there is none."""
    return _BY_ID[id]


def bindings_for(place: str) -> list[BindingType]:
    """Return a place's own bindings; their ids let the user's file remap them."""
    from textual.binding import Binding

    return [
        Binding(
            each.keys,
            each.method,
            each.name,
            show=False,
            id=each.id,
            tooltip=each.sentence,
            # What works everywhere also works while a text is typed.
            priority=place == EVERYWHERE,
        )
        for each in actions_for(place, everywhere=False)
    ]


def keys_of(action: Action, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of an action, the user's own ones where there are."""
    return tuple(key.strip() for key in keymap.get(action.id, action.keys).split(","))


def shown(key: str) -> str:
    """Return a key as people write it.

    >>> shown("ctrl+p"), shown("f1"), shown("N"), shown("slash")
    ('^p', 'F1', 'N', '/')
    """
    if key in _SHOWN:
        return _SHOWN[key]
    if key.startswith("ctrl+"):
        return "^" + shown(key[5:])
    if key[:1] == "f" and key[1:].isdigit():
        return key.upper()
    return key
