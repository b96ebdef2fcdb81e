"""Naming the bug that is hidden in a run: guess, or give up, and see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from nnsim.training.specification import PlantedFault
from nnsim.tui.screens.fault import in_parts, layers_by_kind, where
from nnsim.tui.widgets.choices import Choices, Row, headed
from nnsim.tui.widgets.dialog import Dialog, Hint
from nnsim.tui.worker import faults
from nnsim.tui.worker.commands import Reveal

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import Frame


class GuessScreen(Dialog[Reveal]):
    """All bugs that could be in the run; a guess is answered here, or given up.

    Dismissed with `Reveal` once the answer was seen, with None before.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Guess", show=False),
        Binding("left,minus", "turn(-1)", "Layer below", show=False),
        Binding("right,plus,space", "turn(1)", "Layer above", show=False),
        Binding("delete", "give_up", "Give up", show=False),
    ]
    HINTS = (
        Hint("Enter", "guess", "submit"),
        Hint("-", "", "turn(-1)"),
        Hint("+", "layer", "turn(1)"),
        Hint("Del", "give up: show it", "give_up"),
    )

    def __init__(self, frame: Frame) -> None:
        run = frame.run
        super().__init__("Name the bug", run.name)
        # Those with a place in the run as it is: the list says nothing about the hidden one.
        self.found = layers_by_kind(run)
        self._layer = 0
        self._fault = run.training.fault
        self._tried: set[str] = set()
        self.answered = False

    def body(self) -> Iterable[Widget]:
        """Return the list of bugs."""
        yield Choices(self._rows())

    def on_mount(self) -> None:
        """Say what the keys are for."""
        super().on_mount()
        self.explain("Look at the check's blocks, the curves, inside a step.")
        self._show()

    @property
    def choices(self) -> Choices:
        """The list."""
        return self.query_one(Choices)

    def _rows(self) -> list[Row]:
        rows: list[Row] = []
        for words, facts in in_parts(list(self.found)).items():
            rows += headed(words, [self._row(fact) for fact in facts], space=bool(rows))
        return rows

    def _row(self, fact: faults.Fact) -> Row:
        layers = self.found[fact.kind]
        note = "not this one" if fact.kind in self._tried else ""
        if layers == (0,):
            return Row(fact.kind, fact.title, "whole run", note)
        here = self._layer if self._layer in layers else 0
        return Row(fact.kind, fact.title, where(here, "any layer"), note, turns=True)

    @property
    def guess(self) -> PlantedFault | None:
        """What is chosen; layer 0 where none is said."""
        row = self.choices.row
        if row is None or row.key not in self.found:
            return None
        return PlantedFault(row.key, self._layer if self._layer in self.found[row.key] else 0)

    def _show(self) -> None:
        self.choices.show(self._rows())
        if self.answered:
            return
        guess = self.guess
        self.tell(f"My guess: {faults.title(guess)}" if guess else "No bug has a place in this run")

    def action_turn(self, by: int) -> None:
        """Say another layer: it stays while another bug is chosen."""
        row = self.choices.row
        if row and row.turns:
            layers = (0, *self.found[row.key])
            at = layers.index(self._layer) if self._layer in layers else 0
            self._layer = layers[(at + by) % len(layers)]
            self._show()

    def action_submit(self) -> None:
        """Compare the guess with what is hidden; close once the answer was seen."""
        guess, fault = self.guess, self._fault
        if self.answered:
            self.dismiss(Reveal())
        elif guess is None or fault is None:
            return
        elif guess.kind != fault.kind:
            self._tried.add(guess.kind)
            self._show()
            self.tell(f"It is not this one: {faults.title(guess)}", error=True)
        elif guess.layer not in (0, fault.layer):
            self.tell(f"It is this one, but not in layer {guess.layer}", error=True)
        else:
            self._answer(fault)

    def action_give_up(self) -> None:
        """Show the answer."""
        if self._fault is not None:
            self._answer(self._fault)

    def action_leave(self) -> None:
        """Leave; what was answered is no secret any more."""
        if self.answered:
            self.dismiss(Reveal())
        else:
            super().action_leave()

    def _answer(self, fault: PlantedFault) -> None:
        self.answered = True
        self.choices.choose(fault.kind)
        self.explain(faults.sentence(fault))
        self.tell(f"The bug: {faults.title(fault)}. Enter shows it in the run.")

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Say what the guess would be."""
        self._show()

    def on_choices_turned(self, event: Choices.Turned) -> None:
        """Take the layer whose arrow was clicked."""
        self.action_turn(event.by)

    def on_choices_taken(self, event: Choices.Taken) -> None:
        """Guess what was clicked twice."""
        self.action_submit()
