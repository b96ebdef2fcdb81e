"""A question with two answers, before something is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from nnsim.tui.keys import bindings_for

if TYPE_CHECKING:
    from textual.app import ComposeResult


class ConfirmScreen(ModalScreen[bool]):
    """Answers True for yes; Escape and the other button are no."""

    PLACE = "confirm"
    BINDINGS = bindings_for(PLACE)

    def __init__(self, question: str, text: str = "", yes: str = "Yes", no: str = "No") -> None:
        super().__init__(classes="-dialog")
        self._question, self._text, self._yes, self._no = question, text, yes, no

    def compose(self) -> ComposeResult:
        """Yield the question and its answers; the harmless one has the focus."""
        with Vertical(id="box"):
            yield Static(self._question, markup=False, id="question")
            if self._text:
                yield Static(self._text, markup=False, id="text")
            with Horizontal(id="answers"):
                yield Button(self._no, id="no", compact=True)
                yield Button(self._yes, id="yes", compact=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "yes")

    def action_yes(self) -> None:
        """Answer yes."""
        self.dismiss(True)

    def action_no(self) -> None:
        """Answer no."""
        self.dismiss(False)
