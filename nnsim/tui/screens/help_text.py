"""Keys and sentences in columns."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Mapping

from rich.segment import Segment
from textual.strip import Strip

from nnsim.tui.keys import Action, actions_for, keys_of, shown
from nnsim.tui.look import Look

_COLUMN = 56
"""Cells that a column needs to be read with ease."""
_GAP = 4
_LEAST_KEYS, _MOST_KEYS = 7, 14
_PANEL = re.compile(r"lab\.panel_\d")

OwnKeys = tuple[str, tuple[tuple[str, str], ...]]
"""A dialog's heading, and its keys with a word each."""


def help_lines(
    place: str,
    look: Look,
    keymap: Mapping[str, str],
    width: int,
    notes: tuple[str, ...] = (),
    own: OwnKeys | None = None,
    hidden: Collection[str] = (),
) -> list[Strip]:
    """Return the keys of a place in columns, then the notes; a group stays together.

    Those of a dialog, `own`, are the first group. The actions whose ids are `hidden` do nothing.
    """
    count = max(1, min(3, (width + _GAP) // (_COLUMN + _GAP)))
    column = (width - _GAP * (count - 1)) // count
    groups: dict[str, list[tuple[str, str, str]]] = {}
    if own is not None:
        groups[own[0]] = [(keys, word[:1].upper() + word[1:], "") for keys, word in own[1]]
    known = tuple(each for each in actions_for(place) if each.id not in hidden)
    panels = sum(bool(_PANEL.fullmatch(each.id)) for each in known)
    for keys, action in _rows(known, keymap, panels):
        groups.setdefault(action.group, []).append((keys, *_said_of(keys, action)))
    longest = max((len(row[0]) for rows in groups.values() for row in rows), default=0)
    room = min(max(longest, _LEAST_KEYS), _MOST_KEYS)
    blocks = [_block(name, rows, look, column, room) for name, rows in groups.items()]
    lines = _beside(_balanced(blocks, count), column)
    for note in notes:
        lines += [
            Strip([Segment(line, look.ink(look.muted))]) for line in textwrap.wrap(note, width)
        ]
    return lines


def _rows(
    actions: tuple[Action, ...], keymap: Mapping[str, str], panels: int
) -> list[tuple[str, Action]]:
    """Return keys as text with their action; the panels share a row unless remapped."""
    rows: list[tuple[str, Action]] = []
    for action in actions:
        keys = " ".join(map(shown, keys_of(action, keymap)))
        if _PANEL.fullmatch(action.id) and action.id not in keymap:
            if action.id != "lab.panel_1":
                continue
            keys = f"1 ... {panels}" if panels > 1 else "1"
        rows.append((keys, action))
    return rows


def _said_of(keys: str, action: Action) -> tuple[str, str]:
    """Return an action's name and its sentence."""
    if action.id == "lab.panel_1" and " " in keys:
        return "Show a panel", action.sentence.replace("panel 1", "a panel")
    return action.name, action.sentence


def _block(
    name: str, rows: list[tuple[str, str, str]], look: Look, width: int, room: int
) -> list[Strip]:
    """Return a group: its name, then keys, the action's name and its sentence."""
    accent = look.ink(look.accent, bold=True)
    plain, muted = look.ink(look.text), look.ink(look.muted)
    lines = [Strip([Segment(name, look.ink(look.text, bold=True))])]
    for keys, title, sentence in rows:
        text = f"{title}: {sentence}" if sentence else title
        wrapped = textwrap.wrap(text, width - room - 2, break_on_hyphens=False)
        for k, line in enumerate(wrapped):
            head = Segment(f"{keys if k == 0 else '':>{room}}  ", accent)
            if k == 0:
                cut = min(len(title) + 1, len(line))
                lines.append(Strip([head, Segment(line[:cut], plain), Segment(line[cut:], muted)]))
            else:
                lines.append(Strip([head, Segment(line, muted)]))
    return [*lines, Strip([])]


def _balanced(blocks: list[list[Strip]], count: int) -> list[list[Strip]]:
    """Return the blocks in order in `count` columns whose longest one is as short as can be."""
    least = max(map(len, blocks), default=0)
    for height in range(least, sum(map(len, blocks)) + 1):
        columns: list[list[Strip]] = [[]]
        for block in blocks:
            if len(columns[-1]) + len(block) > height:
                columns.append([])
            columns[-1] += block
        if len(columns) <= count:
            return columns
    return [[]]


def _beside(columns: list[list[Strip]], width: int) -> list[Strip]:
    """Return the columns side by side."""
    lines: list[Strip] = []
    for y in range(max(map(len, columns))):
        segments: list[Segment] = []
        for k, strips in enumerate(columns):
            strip = strips[y] if y < len(strips) else Strip([])
            segments += strip.adjust_cell_length(width + (_GAP if k < len(columns) - 1 else 0))
        lines.append(Strip(segments))
    return lines
