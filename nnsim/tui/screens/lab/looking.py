"""Looking: which panel, which layer, which view, how much of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partialmethod

from nnsim.tui.formulas import Cell
from nnsim.tui.panels.attention import next_axis
from nnsim.tui.panels.surface import DIRECTIONS
from nnsim.tui.screens.lab.base import LabBase
from nnsim.tui.screens.lab.following import parts_of
from nnsim.tui.worker import commands as c
from nnsim.tui.worker.frames import TrainingFrame


class LookingAround(LabBase):
    """The keys that change what is seen, and nothing else."""

    _directions = 0

    def choose(self, number: int, *, focus: bool = True) -> None:
        """Look at a panel; its matrix takes the arrow keys."""
        self.chosen = number
        self._arrange()
        if focus:
            panel = self.chosen_panel()
            self.set_focus(panel.main if panel is not None else None, scroll_visible=False)

    def action_zoom(self) -> None:
        """Give the chosen panel all the room, or share it again."""
        self.zoomed = not self.zoomed
        self._arrange()

    def action_layer_up(self) -> None:
        """Look at the next layer."""
        self._change_layer(1)

    def action_layer_down(self) -> None:
        """Look at the layer before."""
        self._change_layer(-1)

    def _change_layer(self, by: int) -> None:
        if self.frame is None:
            return
        run = self.frame.run
        layer = max(1, min(parts_of(run), self.attention.layer + by))
        cell = None
        if self.attention.cell is not None and isinstance(run, TrainingFrame):
            cell = _same_cell(self.attention.cell, layer, run)
        self.attention = replace(self.attention, layer=layer, cell=cell)
        self.again()

    def action_next_array(self) -> None:
        """Show the chosen panel's next view."""
        panel = self.chosen_panel()
        if panel is not None and panel.next_view():
            self.again()

    def action_log(self) -> None:
        """Make the cost's axis logarithmic, or linear."""
        self.attention = replace(self.attention, log=not self.attention.log)
        self.again()

    def action_parts(self) -> None:
        """Draw data loss and penalty, or not."""
        self.attention = replace(self.attention, parts=not self.attention.parts)
        self.again()

    def action_recent(self) -> None:
        """Show all steps, recent ones, or epochs."""
        axis = next_axis(self.attention.axis, self.kind)
        self.attention = replace(self.attention, axis=axis)
        self.again()

    def action_inputs(self) -> None:
        """Choose the inputs on the boundary's axes."""
        if self.frame is None:
            return
        if len(self.frame.run.examples.features) < 3:
            self.notify("There are no other inputs to choose.", markup=False)
            return
        from nnsim.tui.screens.choose import ChooseInputs

        self.app.push_screen(ChooseInputs(self.frame, self.inputs), self._take_inputs)

    def _take_inputs(self, inputs: tuple[int, int] | None) -> None:
        if inputs is not None:
            self.inputs = inputs
            self._watch()

    def action_why(self) -> None:
        """Say how the diagnosis knows, and what the course advises."""
        if self.frame is not None and self.frame.run.remarks:
            from nnsim.tui.screens.why import WhyScreen

            self.app.push_screen(WhyScreen(self.frame.run))

    def action_survey(self) -> None:
        """Compute the loss surface, and show it."""
        self._show_panel("surface")
        self.ask(c.Survey(DIRECTIONS[self._directions]))

    def action_directions(self) -> None:
        """Compute it along other directions."""
        self._directions = (self._directions + 1) % len(DIRECTIONS)
        self.action_survey()

    def _show_panel(self, module: str) -> None:
        for place in self.places:
            if place.module == module and place.number != self.chosen:
                self.choose(place.number)


def _same_cell(cell: Cell, layer: int, run: TrainingFrame) -> Cell | None:
    """Return the place in the same matrix of another layer, as far as it has one."""
    array = cell.array.rstrip("0123456789") + str(layer)
    arrays = run.snapshot.arrays if run.snapshot else {}
    if array not in arrays:
        return None
    rows, columns = arrays[array].shape
    return Cell(array, min(cell.row, rows - 1), min(cell.column, columns - 1))


for _number in range(1, 10):
    setattr(LookingAround, f"action_panel_{_number}", partialmethod(LookingAround.choose, _number))
