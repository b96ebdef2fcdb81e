"""Several runs: variants, forks, compare; the lesson; writing and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnsim.tui.panels.lesson import LessonPanel
from nnsim.tui.screens.lab.base import LabBase
from nnsim.tui.worker import commands as c

if TYPE_CHECKING:
    from textual.message import Message


class AmongRuns(LabBase):
    """The keys that go from run to run, and from the lab to elsewhere."""

    def action_variant(self) -> None:
        """Look at the next variant."""
        self._change_variant(1)

    def action_previous_variant(self) -> None:
        """Look at the variant before."""
        self._change_variant(-1)

    def _change_variant(self, by: int) -> None:
        if self.frame is None:
            return
        names = [variant.name for variant in self.frame.card.variants]
        if len(names) < 2:
            self.notify("This scenario has one variant; f forks it.", markup=False)
            return
        at = names.index(self.frame.run.variant) if self.frame.run.variant in names else 0
        self.ask(c.ShowVariant(names[(at + by) % len(names)]))

    def action_run(self) -> None:
        """Look at the next run."""
        if self.frame is None:
            return
        if len(self.frame.runs) < 2:
            self.notify("This is the only run; v and f make more.", markup=False)
            return
        following = self.frame.runs[(self.frame.current + 1) % len(self.frame.runs)]
        self.ask(c.ShowRun(following.number))

    def action_remove_run(self) -> None:
        """Forget the run."""
        if self.frame is not None:
            self.ask(c.RemoveRun(self.frame.run.number))

    def action_compare(self) -> None:
        """Put all runs side by side."""
        from nnsim.tui.screens.compare import CompareScreen

        if self.frame is not None:
            self.app.push_screen(CompareScreen(self.frame), self._compared)
            self.ask(c.Compare(True))

    def _compared(self, _: object = None) -> None:
        self.ask(c.Compare(False))
        # The other screen has asked for pictures of its own size.
        self._watched = None
        self._watch()

    # Lessons

    def action_lesson(self) -> None:
        """Open or close the lesson."""
        if self.frame is None:
            return
        if not self.frame.card.lessons:
            self.notify("This scenario has no lesson.", markup=False)
            return
        panel = self.query_one(LessonPanel)
        if panel.display and panel.has_focus:
            self.lesson_open = False
            self._arrange()
            return
        self.lesson_open = True
        self._arrange()
        if panel.display:
            panel.focus()
            return
        from nnsim.tui.screens.lesson import LessonScreen

        self.app.push_screen(LessonScreen(self.lesson_state, self.frame), self.follow_lesson)

    def follow_lesson(self, message: Message | None) -> None:
        """Go where the lesson says, or try what it offers."""
        if not isinstance(message, LessonPanel.Go | LessonPanel.Tried):
            return
        if message.variant is not None:
            self.ask(c.ShowVariant(message.variant))
        self.seek(message.step)
        if isinstance(message, LessonPanel.Tried):
            self.ask(c.Fork(dict(message.changes)))

    def action_export(self) -> None:
        """Write the runs to a file."""
        from nnsim.tui.screens.export import ExportScreen

        self.open_dialog(ExportScreen)

    def action_back(self) -> None:
        """Leave the scenario."""
        self.dismiss(None)
