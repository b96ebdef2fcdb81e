"""Turning dials: what the next fork differs in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from nnsim.tui.widgets.choices import Choices, Row
from nnsim.tui.widgets.dialog import WIDTH, Dialog, Hint
from nnsim.tui.worker import dials
from nnsim.tui.worker.commands import Fork
from nnsim.tui.worker.dial_table import BY_NAME, DIALS, GROUPS, Dial
from nnsim.tui.worker.dial_values import expected, written

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import Frame

_TYPED = ("number", "whole", "sizes")


class ForkScreen(Dialog[Fork]):
    """All dials of the present run; dismissed with a `Fork`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Fork", show=False),
        Binding("left,minus", "turn(-1)", "Turn down", show=False),
        Binding("right,plus,space", "turn(1)", "Turn up", show=False),
        Binding("delete", "reset", "As it was", show=False),
        Binding("backspace", "type", "Edit the value", show=False),
    ]
    HINTS = (
        Hint("Enter", "fork", "submit"),
        Hint("-", "", "turn(-1)"),
        Hint("+", "turn", "turn(1)"),
        Hint("0-9", "type", "type"),
        Hint("Del", "as it was", "reset"),
    )

    def __init__(self, frame: Frame) -> None:
        run = frame.run
        super().__init__("Turn a dial", run.name)
        self.step = run.step
        self._was = (run.network, run.training, run.seed)
        self._now = (*self._was, False)
        self.changes: dict[str, Any] = {}
        self._typed: str | None = None

    def body(self) -> Iterable[Widget]:
        """Return the list of dials."""
        yield Choices(self._rows())

    def on_mount(self) -> None:
        """Say what the first dial is."""
        super().on_mount()
        self._show()

    @property
    def choices(self) -> Choices:
        """The list."""
        return self.query_one(Choices)

    @property
    def dial(self) -> Dial:
        """The chosen dial."""
        row = self.choices.row
        return BY_NAME[row.key] if row else DIALS[0]

    # Showing

    def _rows(self) -> list[Row]:
        rows = []
        for group in GROUPS:
            lead = group
            for dial in DIALS:
                if dial.group == group and dials.applies(dial, *self._now[:2]):
                    rows.append(replace(self._row(dial), lead=lead))
                    lead = ""
        return rows

    def _row(self, dial: Dial) -> Row:
        now, was = dials.value_of(dial, *self._now[:3]), dials.value_of(dial, *self._was)
        note = f"was {written(dial, was)}" if now != was else ""
        return Row(dial.name, dial.title, written(dial, now), note, turns=True, changed=now != was)

    def _show(self, error: str = "") -> None:
        rows = self._rows()
        if self._typed is not None:
            rows = [
                replace(row, value=self._typed, turns=False, editing=True)
                if row.key == self.dial.name
                else row
                for row in rows
            ]
        self.choices.show(rows)
        dial = self.dial
        topic = f"  (topic {dial.topic})" if dial.topic else ""
        self.explain(f"{dial.note}{topic}\n{self._range(dial)}")
        self.tell(error or self._outcome(), error=bool(error))

    def _range(self, dial: Dial) -> str:
        """Return what a dial takes, in one line."""
        if dial.kind != "choice":
            return expected(dial)
        names = list(dial.choices)
        value = dials.value_of(dial, *self._now[:3])
        left_out = False
        while len(" ".join(names)) > WIDTH - 8 and len(names) > 1:
            # The far end of the list goes, so that what is near the present one stays.
            at = names.index(value) if value in names else 0
            names.pop(0 if at > len(names) // 2 else -1)
            left_out = True
        return " ".join(names) + (" ..." if left_out else "")

    def _outcome(self) -> str:
        if self._typed is not None:
            return "Enter takes the value, Esc leaves it as it was"
        if not self.changes:
            return "Nothing is changed yet"
        what = dials.describe(self.changes)
        if self._now[3]:
            return f"A new run from step 0: {what}"
        return f"A fork from step {self.step}: {what}"

    # Changing

    def _set(self, dial: Dial, value: Any) -> str:
        """Take a value; return what is wrong with it, or ""."""
        others = {name: other for name, other in self.changes.items() if name != dial.name}
        try:
            base = dials.apply(others, *self._was)
            same = dials.value_of(dial, *base[:3]) == value
            changes = others if same else {**others, dial.name: value}
            now = dials.apply(changes, *self._was)
            # A dial that no longer does anything is not to be named as a difference.
            kept = {
                name: each
                for name, each in changes.items()
                if dials.applies(BY_NAME[name], *now[:2])
            }
            self._now, self.changes = dials.apply(kept, *self._was), kept
        except ValueError as error:
            return str(error)
        return ""

    def action_turn(self, by: int) -> None:
        """Turn the chosen dial."""
        if self._typed is None or self._take():
            dial = self.dial
            self._show(self._set(dial, dials.turn(dial, dials.value_of(dial, *self._now[:3]), by)))

    def action_reset(self) -> None:
        """Turn the chosen dial back to where it was."""
        self._typed = None
        self._show(self._set(self.dial, dials.value_of(self.dial, *self._was)))

    def action_type(self) -> None:
        """Begin to edit the value as a text."""
        if self.dial.kind in _TYPED and self._typed is None:
            self._typed = written(self.dial, dials.value_of(self.dial, *self._now[:3]))
            self._show()

    def action_submit(self) -> None:
        """Take what was typed; else fork, if anything is changed."""
        if self._typed is not None:
            self._take()
        elif self.changes:
            self.dismiss(Fork(dict(self.changes)))
        else:
            self._show("Nothing is changed yet: turn a dial first, or leave with Esc")

    def action_leave(self) -> None:
        """Give up what is being typed; else leave."""
        if self._typed is None:
            super().action_leave()
        else:
            self._typed = None
            self._show()

    def _take(self) -> bool:
        """Take the typed text; return whether it was a value."""
        dial = self.dial
        try:
            value = dials.parse(dial, self._typed or "")
        except ValueError as error:
            self._show(str(error))
            return False
        self._typed = None
        error_text = self._set(dial, value)
        self._show(error_text)
        return not error_text

    def on_key(self, event: events.Key) -> None:
        """Take what is typed: a number, or a choice's first letter."""
        letter = event.character if event.is_printable else None
        if self._typed is not None:
            self._edit(event, letter)
        elif letter and self.dial.kind in _TYPED and letter in "0123456789.":
            self._typed = letter
            event.stop()
            self._show()
        elif letter and letter.isalpha() and self.dial.kind == "choice":
            event.stop()
            self._jump(letter.lower())

    def _edit(self, event: events.Key, letter: str | None) -> None:
        assert self._typed is not None
        if event.key == "backspace":
            self._typed = self._typed[:-1]
        elif letter and len(self._typed) < 40:
            self._typed += letter
        elif event.key in ("up", "down", "tab"):
            if self._take():
                self.choices.action_move(-1 if event.key == "up" else 1)
            event.stop()
            event.prevent_default()
            return
        else:
            return
        event.stop()
        self._show()

    def _jump(self, letter: str) -> None:
        dial = self.dial
        value = dials.value_of(dial, *self._now[:3])
        start = dial.choices.index(value) if value in dial.choices else -1
        for choice in (*dial.choices[start + 1 :], *dial.choices[: start + 1]):
            if choice.startswith(letter):
                self._show(self._set(dial, choice))
                return

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Say what the newly chosen dial is."""
        if self._typed is None:
            self._show()

    def on_choices_turned(self, event: Choices.Turned) -> None:
        """Turn the dial whose arrow was clicked."""
        self.action_turn(event.by)
