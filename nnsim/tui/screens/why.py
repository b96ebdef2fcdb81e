"""How the diagnosis knows, and what the course advises."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nnsim.scenario.topics import TOPICS
from nnsim.tui.widgets.dialog import Dialog, Hint

if TYPE_CHECKING:
    from nnsim.simulations.remark import Remark
    from nnsim.tui.worker.frames import RunFrame

MOST_LINES = 16
"""Of the remarks, seen at once."""


class WhyScreen(Dialog[None]):
    """Everything that is to be said of the present moment, the most important first."""

    DEFAULT_CSS = """
    WhyScreen VerticalScroll { height: auto; max-height: 16; margin-top: 1; }
    WhyScreen .remark { height: auto; margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,enter,q", "leave", "Close", show=False),
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
    ]
    LEAVE = Hint("Esc", "close", "leave")
    DETAIL = 0

    def __init__(self, run: RunFrame) -> None:
        super().__init__("Why", f"{run.name}, step {run.step}")
        self.remarks = run.remarks

    def body(self) -> Iterable[Widget]:
        """Return a paragraph a remark."""
        yield VerticalScroll(
            *(Static(told(remark), classes="remark") for remark in self.remarks), can_focus=False
        )

    def _fit_list(self) -> None:
        """Leave the remarks the rows that the other lines do not need."""
        scroll = self.query_one(VerticalScroll)
        others = [each for each in self.query("#card > *") if each is not scroll]
        taken = sum(each.size.height + each.styles.margin.height for each in others)
        rows = self.app.size.height - 2 - taken - scroll.styles.margin.height
        # A scroll bar's ends are no ASCII.
        scroll.styles.scrollbar_size_vertical = 0 if self.look.ascii else 1
        scroll.styles.max_height = max(3, min(MOST_LINES, rows))

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


def told(remark: Remark) -> Content:
    """Return a remark with its figures and the advice."""
    topic = f"{remark.topic} {TOPICS[remark.topic]}" if remark.topic in TOPICS else remark.topic
    parts: list[Content | str | tuple[str, str]] = [(remark.sentence, "bold $foreground")]
    if remark.how:
        parts += ["\n", (remark.how, "$muted")]
    if remark.advice:
        parts += ["\n", (remark.advice, "$foreground")]
    if topic:
        parts += ["\n", (f"Topic {topic}", "$muted")]
    return Content.assemble(*parts)
