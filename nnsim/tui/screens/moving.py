"""The keys that move in time, the same wherever runs are looked at."""

from __future__ import annotations

from textual.screen import Screen

from nnsim.tui.worker import commands as c


class Moving(Screen[None]):
    """Steps, epochs, both ends, play and pause; a subclass asks the worker."""

    def ask(self, command: c.Command) -> None:
        """Ask the worker for something."""
        raise NotImplementedError

    def action_play(self) -> None:
        """Play, or stand still."""
        self.ask(c.PlayOrPause())

    def action_next_step(self) -> None:
        """Do a step, or the rest of one."""
        self.ask(c.Step(1))

    def action_previous_step(self) -> None:
        """Go back by a step."""
        self.ask(c.Step(-1))

    def action_next_epoch(self) -> None:
        """Go on to where the next epoch begins."""
        self.ask(c.Epoch(1))

    def action_previous_epoch(self) -> None:
        """Go back to where an epoch begins."""
        self.ask(c.Epoch(-1))

    def action_first(self) -> None:
        """Go to the beginning, before any step."""
        self.ask(c.Seek(0))

    def action_last(self) -> None:
        """Go to the last step that was computed."""
        self.ask(c.Seek(None))
