"""A line that becomes an input when something is searched, and says where nothing is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.widgets import Input

_HINT = "/ search titles, topics, words"


class SearchLine(Horizontal):
    """A hint that can be clicked; then an input, made only when it is wanted."""

    class Typed(Message):
        """Other words are searched."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Entered(Message):
        """Enter was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self._hint = Static(_HINT, markup=False)
        self._input: Input | None = None

    def compose(self) -> ComposeResult:
        """Yield the hint."""
        yield self._hint

    async def begin(self) -> None:
        """Take what is typed."""
        if self._input is None:
            from textual.widgets import Input

            self._input = Input(compact=True, select_on_focus=False)
            self._hint.update("/ ")
            self._hint.styles.width = 2
            await self.mount(self._input)
        self._input.focus()

    async def end(self) -> None:
        """Show the hint again."""
        if self._input is not None:
            await self._input.remove()
            self._input = None
            self._hint.update(_HINT)
            self._hint.styles.width = "1fr"

    def found(self, count: int) -> None:
        """Say that nothing was found."""
        self.set_class(count == 0, "-nothing")

    async def on_click(self, event: events.Click) -> None:
        """Begin."""
        await self.begin()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search at every letter."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the one that was found."""
        event.stop()
        self.post_message(self.Entered())
