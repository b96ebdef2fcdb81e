"""Moving in time: phases, steps, epochs, playing."""

from __future__ import annotations

import math

from nnsim.tui.screens.lab.looking import LookingAround
from nnsim.tui.worker import commands as c

SPEEDS = (1.0, 2.0, 5.0, 10.0, 30.0, 100.0, 300.0, 1000.0, math.inf)
"""Steps a second."""


class Stepping(LookingAround):
    """The keys that move in time, where steps have an inside."""

    speed = 10.0

    def action_next_phase(self) -> None:
        """Do one phase."""
        self.ask(c.Phase(1))

    def action_previous_phase(self) -> None:
        """Undo one phase."""
        self.ask(c.Phase(-1))

    def action_enter_step(self) -> None:
        """Begin a step, and stop after its first phase."""
        self.ask(c.Phase(1))

    def action_leave_step(self) -> None:
        """Cancel what works; else the enlarged panel shrinks; else the step is finished."""
        if self.app.worker.working:
            self.app.worker.cancel()
        elif self.zoomed:
            self.action_zoom()
        else:
            self.set_focus(None)
            self.ask(c.Leave())

    def action_faster(self) -> None:
        """Play more steps a second."""
        self._change_speed(1)

    def action_slower(self) -> None:
        """Play fewer steps a second."""
        self._change_speed(-1)

    def _change_speed(self, by: int) -> None:
        if self.frame is None:
            return
        at = max(0, min(len(SPEEDS) - 1, SPEEDS.index(self.speed) + by))
        self.speed = SPEEDS[at]
        self.ask(c.Speed(self.speed))
        if not self.frame.playing:
            endless = math.isinf(self.speed)
            words = "as many steps as can be" if endless else f"{self.speed:g} steps"
            self.notify(f"Playing does {words} a second.", timeout=2, markup=False)

    def action_go_to(self) -> None:
        """Ask for a step or a condition."""
        from nnsim.tui.screens.go_to import GoToScreen

        self.open_dialog(GoToScreen)
