"""A line to type in, as dialogs have it."""

from __future__ import annotations

from textual.widgets import Input


class Entry(Input):
    """A flat input of one line; what it begins with is marked, so that typing replaces it."""

    DEFAULT_CSS = """
    Entry, Entry:focus { height: 1; border: none; padding: 0 1; margin-top: 1;
        background-tint: transparent; color: $foreground; }
    Entry > .input--cursor { background: $raised; color: $accent; text-style: reverse; }
    Entry > .input--placeholder { color: $muted; }
    Dialog.-low Entry { margin-top: 0; }
    """

    def __init__(self, value: str = "", placeholder: str = "") -> None:
        super().__init__(value, placeholder, compact=True, select_on_focus=True)
        self.cursor_blink = False

    def on_mount(self) -> None:
        """Stand out a little, in this theme and the next."""
        self._raise()
        self.app.theme_changed_signal.subscribe(self, lambda _: self._raise())

    def _raise(self) -> None:
        # A style sheet's rule for all that scrolls would go before a default of this class.
        self.styles.background = self.app.theme_variables["raised"]
