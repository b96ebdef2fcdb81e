"""What all dialogs share: a centred card with a title, what happens next, and the keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.markup import escape
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from nnsim.tui.look import Look
from nnsim.tui.widgets.choices import Choices

Result = TypeVar("Result")

WIDTH = 72
"""Columns inside a card, where the terminal has them."""


@dataclass(frozen=True)
class Hint:
    """A key of the last line: as it is called, what it does, and the action that a click runs.

    Without a word it is the first of a pair.
    """

    key: str
    word: str
    action: str = ""


class HintKey(Static):
    """A key with its word; a click does the same."""

    DEFAULT_CSS = """
    HintKey { width: auto; height: 1; margin-right: 3; color: $muted; }
    HintKey.-pair { margin-right: 1; }
    HintKey.-action:hover { background: $raised; }
    """

    def __init__(self, hint: Hint) -> None:
        words = f" {hint.word}" if hint.word else ""
        super().__init__(Content.assemble((hint.key, "$accent bold"), words))
        self.set_class(bool(hint.action), "-action")
        self.set_class(not hint.word, "-pair")
        self.hint = hint

    async def on_click(self) -> None:
        """Do what the key does."""
        if self.hint.action:
            await self.run_action(f"screen.{self.hint.action}")


class Dialog(ModalScreen[Result], Generic[Result]):
    """A card over the screen below; dismissed with a result, or None when left.

    A subclass yields its `body`, says what the keys are in `HINTS`, and what would happen now
    with `tell`.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > #card {
        width: 78; max-width: 100%; height: auto; max-height: 100%;
        padding: 0 2; background: $background; border: round $muted;
        border-title-color: $accent; border-title-style: bold;
        border-subtitle-color: $muted;
    }
    Dialog.-ascii > #card { border: ascii $muted; }
    Dialog #above { height: auto; color: $muted; margin-top: 1; }
    Dialog #detail { color: $muted; margin-top: 1; }
    Dialog #outcome { height: auto; min-height: 1; margin-top: 1; }
    Dialog #outcome.-error { color: $error; }
    Dialog #hints { height: 1; margin-top: 1; }
    Dialog.-tight #outcome { margin-top: 0; }
    Dialog.-low #card { padding: 0 1; }
    Dialog.-slim HintKey { margin-right: 2; }
    Dialog.-slim HintKey.-pair { margin-right: 1; }
    Dialog.-low #card > * { margin-top: 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False)]
    HINTS: ClassVar[tuple[Hint, ...]] = ()
    LEAVE: ClassVar[Hint] = Hint("Esc", "leave", "leave")
    LOW, TIGHT = 20, 28
    """Rows of the terminal below which empty lines are saved: all, and one."""
    DETAIL = 2
    """Lines about what is chosen."""

    def __init__(self, heading: str, context: str = "", above: str = "") -> None:
        super().__init__(classes="-dialog")
        self.heading, self.context, self.above = heading, context, above

    @property
    def look(self) -> Look:
        """How things are drawn."""
        return getattr(self.app, "look", None) or Look()

    def compose(self) -> ComposeResult:
        """Put the card together."""
        with Vertical(id="card") as card:
            card.border_title = escape(self.heading)
            card.border_subtitle = escape(self.context)
            if self.above:
                yield Static(self.above, id="above", markup=False)
            yield from self.body()
            if self.DETAIL:
                detail = Static(id="detail", markup=False)
                detail.styles.height = self.DETAIL
                yield detail
            yield Static(id="outcome", markup=False)
            with Horizontal(id="hints"):
                for hint in (*self.HINTS, self.LEAVE):
                    yield HintKey(hint)

    @property
    def own_keys(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The heading, and the keys of the last line with their words; a pair is one."""
        rows, before = [], ""
        for hint in (*self.HINTS, self.LEAVE):
            before = f"{before} {hint.key}".strip()
            if hint.word:
                rows.append((before, hint.word))
                before = ""
        return self.heading, tuple(rows)

    def body(self) -> Iterable[Widget]:
        """Return what is between the title and the last lines."""
        return ()

    def on_mount(self) -> None:
        """Take over the look, and fit the list into the terminal."""
        self.set_class(self.look.ascii, "-ascii")
        for choices in self.query(Choices):
            choices.ascii = self.look.ascii
        self._fit()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the list into the terminal."""
        self._fit()

    def _fit(self) -> None:
        """Leave the list the rows that the other parts do not need."""
        rows = self.app.size.height
        self.set_class(self.app.size.width < WIDTH + 6, "-slim")
        self.set_class(rows < self.LOW, "-low")
        self.set_class(rows < self.TIGHT and self.DETAIL > 1, "-tight")
        self.call_after_refresh(self._fit_list)

    def _fit_list(self) -> None:
        for choices in self.query(Choices):
            others = [widget for widget in self.query("#card > *") if widget is not choices]
            taken = sum(widget.size.height + widget.styles.margin.height for widget in others)
            rows = self.app.size.height - 2 - taken - choices.styles.margin.height
            choices.styles.max_height = max(3, rows)

    def explain(self, text: str) -> None:
        """Say what is chosen, quietly."""
        self.query_one("#detail", Static).update(text)

    def tell(self, text: str, *, error: bool = False) -> None:
        """Say what Enter would do now, or what is wrong."""
        outcome = self.query_one("#outcome", Static)
        outcome.set_class(error, "-error")
        outcome.update(text)

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)
