"""Turning dials: what the next fork differs in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from nnsim.tui.screens.stepped_bench import SteppedBench
from nnsim.tui.screens.training_bench import TrainingBench
from nnsim.tui.widgets.choices import Choices, Row
from nnsim.tui.widgets.dialog import WIDTH, Dialog, Hint
from nnsim.tui.worker.commands import Fork
from nnsim.tui.worker.frames import TrainingFrame

if TYPE_CHECKING:
    from nnsim.tui.screens.bench import Bench
    from nnsim.tui.worker.frames import Frame


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
        self.bench: Bench = (
            TrainingBench(run) if isinstance(run, TrainingFrame) else SteppedBench(run)
        )
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
    def name_of_dial(self) -> str:
        """The chosen dial; "" where there is none."""
        row = self.choices.row
        return row.key if row else ""

    # Showing

    def _rows(self) -> list[Row]:
        rows, last = [], ""
        for group, name in self.bench.names():
            was = self.bench.was(name)
            rows.append(
                Row(
                    name,
                    self.bench.title(name),
                    self.bench.value(name),
                    f"was {was}" if was else "",
                    group if group != last else "",
                    turns=self.bench.turns(name),
                    changed=bool(was),
                )
            )
            last = group
        return rows

    def _show(self, error: str = "") -> None:
        rows, name = self._rows(), self.name_of_dial
        if not name:
            self.tell("This kind of scenario has nothing to turn", error=True)
            return
        if self._typed is not None:
            rows = [
                replace(row, value=self._typed, turns=False, editing=True)
                if row.key == name
                else row
                for row in rows
            ]
        self.choices.show(rows)
        self.explain(f"{self.bench.note(name)}\n{self.bench.expected(name, WIDTH - 8)}")
        self.tell(error or self._outcome(), error=bool(error))

    def _outcome(self) -> str:
        if self._typed is not None:
            return "Enter takes the value, Esc leaves it as it was"
        return self.bench.outcome() if self.bench.changes else "Nothing is changed yet"

    # Changing

    def action_turn(self, by: int) -> None:
        """Turn the chosen dial."""
        if self.name_of_dial and (self._typed is None or self._take()):
            self._show(self.bench.turn(self.name_of_dial, by))

    def action_reset(self) -> None:
        """Turn the chosen dial back to where it was."""
        self._typed = None
        if self.name_of_dial:
            self._show(self.bench.reset(self.name_of_dial))

    def action_type(self) -> None:
        """Begin to edit the value as a text."""
        name = self.name_of_dial
        if name and self.bench.is_typed(name) and self._typed is None:
            self._typed = self.bench.value(name)
            self._show()

    def action_submit(self) -> None:
        """Take what was typed; else fork, if anything is changed."""
        if self._typed is not None:
            self._take()
        elif self.bench.changes:
            self.dismiss(Fork(dict(self.bench.changes)))
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
        try:
            error = self.bench.take(self.name_of_dial, self._typed or "")
        except ValueError as wrong:
            self._show(str(wrong))
            return False
        self._typed = None
        self._show(error)
        return not error

    def on_key(self, event: events.Key) -> None:
        """Take what is typed: a number, or a choice's first letter."""
        letter, name = event.character if event.is_printable else None, self.name_of_dial
        if self._typed is not None:
            self._edit(event, letter)
        elif letter and name and self.bench.begins(name, letter):
            self._typed = letter
            event.stop()
            self._show()
        elif letter and name and letter.isalpha():
            found = self.bench.jump(name, letter.lower())
            if found is not None:
                event.stop()
                self._show(found)

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

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Say what the newly chosen dial is."""
        if self._typed is None:
            self._show()

    def on_choices_turned(self, event: Choices.Turned) -> None:
        """Turn the dial whose arrow was clicked."""
        self.action_turn(event.by)
