"""Choosing the two inputs on the axes of the boundary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from nnsim.tui.widgets.choices import Choices, Row
from nnsim.tui.widgets.dialog import Dialog, Hint

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import Frame

_AXES = ("across", "up")


class ChooseInputs(Dialog[tuple[int, int]]):
    """All inputs; dismissed with the numbers of the two on the axes: across, and up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Draw", show=False),
        Binding("x,left", "take(0)", "Across", show=False),
        Binding("y,right", "take(1)", "Up", show=False),
        Binding("space", "next", "Take for the next axis", show=False),
    ]
    HINTS = (
        Hint("Enter", "draw", "submit"),
        Hint("x", "across", "take(0)"),
        Hint("y", "up", "take(1)"),
        Hint("Space", "in turn", "next"),
    )
    DETAIL = 0

    def __init__(self, frame: Frame, inputs: tuple[int, int] | None = None) -> None:
        run = frame.run
        super().__init__("Inputs of the boundary", run.name)
        self.features, self._X = run.examples.features, run.examples.X
        present = inputs or (run.boundary.inputs if run.boundary else (0, 1))
        self.inputs = list(present)
        self._turn = 0

    def body(self) -> Iterable[Widget]:
        """Return the list of inputs."""
        yield Choices(self._rows())

    def on_mount(self) -> None:
        """Say which two are chosen."""
        super().on_mount()
        self._show()

    def _rows(self) -> list[Row]:
        return [
            Row(
                str(number),
                name,
                " and ".join(axis for axis, at in zip(_AXES, self.inputs, strict=True)
                             if at == number),
                self._range(number),
                changed=number in self.inputs,
            )
            for number, name in enumerate(self.features)
        ]  # fmt: skip

    def _range(self, number: int) -> str:
        values = self._X[number]
        return f"from {values.min():.3g} to {values.max():.3g}" if values.size else ""

    def _show(self) -> None:
        self.query_one(Choices).show(self._rows())
        across, up = self.inputs
        if across == up:
            self.tell(f"Both axes are {self.features[up]}: choose two inputs", error=True)
        else:
            self.tell(f"Across {self.features[across]}, up {self.features[up]}")

    def action_take(self, axis: int) -> None:
        """Take the chosen input for an axis; the other axis takes what stood there."""
        row = self.query_one(Choices).row
        if row is None:
            return
        number = int(row.key)
        if self.inputs[1 - axis] == number:
            self.inputs[1 - axis] = self.inputs[axis]
        self.inputs[axis] = number
        self._turn = 1 - axis
        self._show()

    def action_next(self) -> None:
        """Take the chosen input for the axis whose turn it is."""
        self.action_take(self._turn)

    def on_choices_taken(self, event: Choices.Taken) -> None:
        """Take what was clicked twice."""
        self.action_next()

    def action_submit(self) -> None:
        """Draw the boundary over the two."""
        if self.inputs[0] != self.inputs[1]:
            self.dismiss((self.inputs[0], self.inputs[1]))
