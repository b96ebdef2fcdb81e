"""A key and what it does, on a line of its own: the clickable twin of a key."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widgets import Static

from nnsim.tui.keys import action, keys_of, shown


class KeyButton(Static):
    """Shows an action of the registry with its key; a click does it.

    The action is run by the nearest widget above that has it.
    """

    DEFAULT_CSS = """
    KeyButton { width: auto; height: 1; padding: 0 1 0 0; }
    KeyButton:hover { background: $raised; }
    """

    def __init__(self, id: str, words: str = "", *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self.action = id
        self.words = words or action(id).word
        self.tooltip = action(id).sentence

    def on_mount(self) -> None:
        """Write the words."""
        self.say(self.words)

    def say(self, words: str) -> None:
        """Write other words."""
        self.words = words
        keymap = getattr(getattr(self.app, "settings", None), "keys", {})
        key = shown(keys_of(action(self.action), keymap)[0])
        self.update(Content.assemble((key, "$accent bold"), f" {words} "))

    async def on_click(self, event: events.Click) -> None:
        """Do it."""
        event.stop()
        method = action(self.action).method
        for owner in self.ancestors:
            if hasattr(owner, f"action_{method}"):
                await owner.run_action(method)  # type: ignore[attr-defined]
                return
