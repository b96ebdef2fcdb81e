"""The footer: the keys that matter here, each of which can be clicked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from nnsim.tui.keys import EVERYWHERE, Action, actions_for, keys_of, shown

if TYPE_CHECKING:
    from textual import events

    from nnsim.tui.look import Look

_GAP = "  "


class KeyLine(Widget, can_focus=False):
    """One line of keys and words from the registry; the last ones go where it is narrow.

    What can be done everywhere (help, all commands) stays at the right end.
    """

    DEFAULT_CSS = "KeyLine { height: 1; dock: bottom; }"

    def __init__(self, place: str, look: Look, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._place, self._look, self._keymap = place, look, keymap
        self._words: Mapping[str, str] = {}
        self._hidden: Collection[str] = ()
        self._spans: list[tuple[int, int, Action]] = []
        self._under_mouse: Action | None = None

    def use(self, look: Look) -> None:
        """Draw in another way."""
        self._look = look
        self.refresh()

    def say(self, words: Mapping[str, str] | None = None, hidden: Collection[str] = ()) -> None:
        """Change words by action id (play becomes pause), and leave out what cannot be done."""
        words = words or {}
        if words != self._words or set(hidden) != set(self._hidden):
            self._words, self._hidden = words, hidden
            self.refresh()

    @property
    def shown(self) -> tuple[str, ...]:
        """Ids of the actions that are seen, from the left."""
        self._placed()
        return tuple(action.id for _, _, action in self._spans)

    def render_line(self, y: int) -> Strip:
        """Return the line, and remember where each action stands."""
        look, width = self._look, self.size.width
        self._placed()
        on = look.background
        segments: list[Segment] = []
        x = 0
        for start, end, action in self._spans:
            segments.append(Segment(" " * (start - x), look.ink(look.muted, on=on)))
            lit = action is self._under_mouse
            key, word = self._texts(action)
            key_ink = look.ink(look.accent, on=on, bold=True)
            word_ink = look.ink(look.text if lit else look.muted, on=on, bold=lit)
            segments += [Segment(key, key_ink), Segment(f" {word}", word_ink)]
            x = end
        segments.append(Segment(" " * max(0, width - x), look.ink(look.muted, on=on)))
        return Strip(segments).adjust_cell_length(width)

    async def on_click(self, event: events.Click) -> None:
        """Do what is written there."""
        action = self._at(event.x)
        if action:
            owner = "app" if action.place == EVERYWHERE else "screen"
            await self.run_action(f"{owner}.{action.method}")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Light up what is under the mouse, and say what it does."""
        action = self._at(event.x)
        if action is not self._under_mouse:
            self._under_mouse = action
            self.tooltip = action.sentence if action else None
            self.refresh()

    def on_leave(self, event: events.Leave) -> None:
        """Light up nothing."""
        self._under_mouse = None
        self.refresh()

    def _at(self, x: int) -> Action | None:
        return next((action for start, end, action in self._spans if start <= x < end), None)

    def _texts(self, action: Action) -> tuple[str, str]:
        key = shown(keys_of(action, self._keymap)[0])
        return key, self._words.get(action.id, action.word)

    def _placed(self) -> None:
        """Lay out as many as fit: those of the place from the left, the others at the right."""
        width = self.size.width
        entries = [
            action
            for action in actions_for(self._place)
            if action.footer and action.id not in self._hidden
        ]
        ends = [action for action in entries if action.place == EVERYWHERE]
        ends.reverse()
        right = sum(len(" ".join(self._texts(action))) + len(_GAP) for action in ends)
        spans: list[tuple[int, int, Action]] = []
        x = 1
        for action in (each for each in entries if each.place != EVERYWHERE):
            end = x + len(" ".join(self._texts(action)))
            if end + len(_GAP) + right > width:
                break
            spans.append((x, end, action))
            x = end + len(_GAP)
        x = max(x, width - right + len(_GAP) - 1)
        for action in ends:
            end = x + len(" ".join(self._texts(action)))
            if end <= width:
                spans.append((x, end, action))
            x = end + len(_GAP)
        self._spans = spans
