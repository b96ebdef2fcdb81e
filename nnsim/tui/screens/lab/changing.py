"""Changing a run: dials, single weights, faults; checking its gradients."""

from __future__ import annotations

import math
import secrets
from typing import TYPE_CHECKING

from nnsim.tui.panels.matrices import MatrixPanel
from nnsim.tui.screens.lab.looking import LookingAround
from nnsim.tui.worker import commands as c

if TYPE_CHECKING:
    from nnsim.tui.formulas import Cell

EPSILONS = tuple(10.0**-k for k in range(1, 13))
EPSILON = 1e-7
"""The course's; a run that is looked at anew begins with it."""
PARAMETERS = ("W", "b", "gamma", "beta")


class Changing(LookingAround):
    """The keys that fork a run or check it."""

    epsilon = EPSILON

    def action_fork(self) -> None:
        """Turn dials."""
        from nnsim.tui.screens.fork import ForkScreen

        self.open_dialog(ForkScreen)

    def action_edit(self) -> None:
        """Change the weight under the cursor."""
        frame = self.frame
        if frame is None or frame.run.snapshot is None:
            return
        arrays = frame.run.snapshot.arrays
        cell = self._weight_pointed_at()
        if cell is None or cell.array not in arrays:
            text = "Point at a weight first: 4 shows them, the arrows move the cursor."
            self.notify(text, markup=False)
            return
        from nnsim.tui.screens.edit import EditScreen

        value = float(arrays[cell.array][cell.row, cell.column])
        self.app.push_screen(EditScreen(cell, value, frame.run.step), self.take)

    def _weight_pointed_at(self) -> Cell | None:
        """Return the cell of the formula, or of the chosen panel's cursor, if it is a weight."""
        panel = self.chosen_panel()
        cells = (self.attention.cell, panel.cell if isinstance(panel, MatrixPanel) else None)
        return next(
            (each for each in cells if each and each.array.rstrip("0123456789") in PARAMETERS), None
        )

    def action_fault(self) -> None:
        """Plant a fault."""
        if self.frame is not None and self.frame.run.secret:
            self.notify("This run hides a bug; G names it.", markup=False)
            return
        from nnsim.tui.screens.fault import FaultScreen

        self.open_dialog(FaultScreen)

    def action_hunt(self) -> None:
        """Hide a fault."""
        self.ask(c.Hide(secrets.randbelow(2**31)))

    def action_guess(self) -> None:
        """Name the hidden fault."""
        if self.frame is None:
            return
        if not self.frame.run.secret:
            self.notify("No bug is hidden in this run; B hides one.", markup=False)
            return
        from nnsim.tui.screens.guess import GuessScreen

        self.open_dialog(GuessScreen)

    def action_check(self) -> None:
        """Check the gradients of this step."""
        self._show_panel_at_leisure("gradient_check")
        self.ask(c.Check(self.epsilon))

    def action_scan(self) -> None:
        """Check with many epsilons."""
        self._show_panel_at_leisure("gradient_check", view=2)
        self.ask(c.Scan())

    def action_epsilon_larger(self) -> None:
        """Check with ten times the epsilon."""
        self._change_epsilon(-1)

    def action_epsilon_smaller(self) -> None:
        """Check with a tenth of the epsilon."""
        self._change_epsilon(1)

    def _change_epsilon(self, by: int) -> None:
        at = min(range(len(EPSILONS)), key=lambda i: abs(_log(EPSILONS[i]) - _log(self.epsilon)))
        self.epsilon = EPSILONS[max(0, min(len(EPSILONS) - 1, at + by))]
        self.action_check()

    def _show_panel_at_leisure(self, module: str, view: int = 0) -> None:
        """Look at a panel, in one of its views."""
        self._show_panel(module)
        panel = self.chosen_panel()
        if panel is not None and panel.view != view:
            panel.view = view
            panel._title()


def _log(value: float) -> float:
    return 99.0 if math.isinf(value) else math.log10(value)
