"""One parameter set by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from nnsim.tui.widgets.dialog import Dialog, Hint
from nnsim.tui.widgets.entry import Entry
from nnsim.tui.worker.commands import Fork

if TYPE_CHECKING:
    from nnsim.tui.formulas.cells import Cell


class EditScreen(Dialog[Fork]):
    """Asks for the new value of a parameter; dismissed with a `Fork` that has one edit.

    Parameters
    ----------
    cell : Cell
        Which one; row and column count from 0.
    value : float
        As it is now.
    step : int or None
        Where the run stands.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "add(0.1)", "Up by 0.1", show=False),
        Binding("down", "add(-0.1)", "Down by 0.1", show=False),
        Binding("f2", "zero", "Zero", show=False),
        Binding("f3", "flip", "Other sign", show=False),
    ]
    HINTS = (
        Hint("Enter", "fork", "submit"),
        Hint("Up", "", "add(0.1)"),
        Hint("Down", "by 0.1", "add(-0.1)"),
        Hint("F2", "zero", "zero"),
        Hint("F3", "sign", "flip"),
    )

    DETAIL = 1

    def __init__(self, cell: Cell, value: float, step: int | None = None) -> None:
        self.name_of_cell = f"{cell.array}[{cell.row},{cell.column}]"
        self.cell, self.value, self.step = cell, value, step
        where = f"Row {cell.row}, column {cell.column} of {cell.array}, counted from 0."
        super().__init__(f"Set {self.name_of_cell}", above=f"{where} It is {value:.6g} now.")

    def body(self) -> Iterable[Widget]:
        """Return the line to type in."""
        yield Entry(f"{self.value:.6g}")

    @property
    def entry(self) -> Input:
        """The line to type in."""
        return self.query_one(Input)

    def on_mount(self) -> None:
        """Say what is to be typed."""
        super().on_mount()
        self.explain("A number; the run as it was stays beside the fork.")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what Enter would do with what is typed."""
        self._show()

    def _show(self) -> None:
        value = self._read()
        if value is None:
            self.tell(self._trouble(), error=bool(self.entry.value.strip()))
        elif value == self.value or self.entry.value == f"{self.value:.6g}":
            self.tell("Nothing is changed yet")
        else:
            where = "A fork" if self.step is None else f"A fork from step {self.step}"
            self.tell(f"{where}: {self.name_of_cell} = {value:.6g}")

    def _read(self) -> float | None:
        """Return the number that is typed, or None where it is none."""
        try:
            value = float(self.entry.value)
        except ValueError:
            return None
        return value if math.isfinite(value) else None

    def _trouble(self) -> str:
        text = self.entry.value.strip()
        return f"{text!r} is no number; expected one such as 0.5 or -1e-3" if text else ""

    def action_add(self, by: float) -> None:
        """Turn the value up or down."""
        value = self._read()
        self._put(round((self.value if value is None else value) + by, 6))

    def action_zero(self) -> None:
        """Take 0."""
        self._put(0.0)

    def action_flip(self) -> None:
        """Take the other sign."""
        value = self._read()
        self._put(-(self.value if value is None else value))

    def _put(self, value: float) -> None:
        self.entry.value = f"{value + 0.0:.6g}"
        self.entry.action_end()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Fork."""
        self.action_submit()

    def action_submit(self) -> None:
        """Fork with the value, if it is another number."""
        value = self._read()
        if value is None:
            self.tell(self._trouble() or "Nothing is typed; expected a number", error=True)
        elif self.entry.value == f"{self.value:.6g}":
            self.tell("Nothing is changed yet: type another number, or leave with Esc", error=True)
        else:
            cell = self.cell
            self.dismiss(Fork(edits=((cell.array, cell.row, cell.column, value),)))
