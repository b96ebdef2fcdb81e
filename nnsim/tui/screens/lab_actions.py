"""What the lab's keys do: each action of the registry that begins with `lab.`."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partialmethod
from typing import TYPE_CHECKING, Any

from textual.message import Message
from textual.screen import Screen

from nnsim.tui.formulas import Cell
from nnsim.tui.panels.lesson import LessonPanel
from nnsim.tui.panels.matrices import MatrixPanel
from nnsim.tui.panels.panel import Panel
from nnsim.tui.panels.surface import DIRECTIONS
from nnsim.tui.worker import commands as c

if TYPE_CHECKING:
    from nnsim.tui.app import NnsimApp
    from nnsim.tui.panels import Place
    from nnsim.tui.panels.attention import Attention
    from nnsim.tui.panels.lesson_state import LessonState
    from nnsim.tui.worker.frames import Frame

SPEEDS = (1.0, 2.0, 5.0, 10.0, 30.0, 100.0, 300.0, 1000.0, math.inf)
"""Steps a second."""
EPSILONS = tuple(10.0**-k for k in range(1, 13))
PARAMETERS = ("W", "b", "gamma", "beta")


class LabActions(Screen[None]):
    """The half of the lab that turns keys into commands for the worker and ways of looking."""

    frame: Frame | None
    attention: Attention
    lesson_state: LessonState
    chosen: int
    zoomed: bool
    lesson_open: bool
    inputs: tuple[int, int]
    places: tuple[Place, ...]
    panels: list[Panel]
    _watched: c.Watch | None

    if TYPE_CHECKING:

        @property
        def app(self) -> NnsimApp:  # type: ignore[override]
            """The app, which is always ours."""

        def again(self) -> None:
            """Show the same moment after the way of looking has changed."""

        def ask(self, command: c.Command) -> None:
            """Ask the worker for something."""

        def _arrange(self) -> None: ...

        def _watch(self) -> None: ...

    epsilon = 1e-7
    speed = 10.0
    _directions = 0

    # Time

    def action_play(self) -> None:
        """Play, or stand still."""
        self.ask(c.PlayOrPause())

    def action_next_phase(self) -> None:
        """Do one phase."""
        self.ask(c.Phase(1))

    def action_previous_phase(self) -> None:
        """Undo one phase."""
        self.ask(c.Phase(-1))

    def action_next_step(self) -> None:
        """Do a step, or the rest of one."""
        self.ask(c.Step(1))

    def action_previous_step(self) -> None:
        """Go back by a step."""
        self.ask(c.Step(-1))

    def action_next_epoch(self) -> None:
        """Go on to the next epoch."""
        self.ask(c.Epoch(1))

    def action_previous_epoch(self) -> None:
        """Go back to where an epoch begins."""
        self.ask(c.Epoch(-1))

    def action_first(self) -> None:
        """Go to the beginning."""
        self.seek(0)

    def action_last(self) -> None:
        """Go to the last step that was computed."""
        self.ask(c.Seek(None))

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

        self._dialog(GoToScreen)

    def seek(self, step: int, phase: int = 0) -> None:
        """Go to a position."""
        self.ask(c.Seek(step, phase))

    # Looking

    def choose(self, number: int, *, focus: bool = True) -> None:
        """Look at a panel; its matrix takes the arrow keys."""
        self.chosen = number
        self._arrange()
        if focus:
            panel = self._chosen_panel()
            self.set_focus(panel.main if panel is not None else None, scroll_visible=False)

    def _chosen_panel(self) -> Panel | None:
        return next(
            (panel for panel in self.panels if panel.number == self.chosen and panel.id != "strip"),
            None,
        )

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
        depth = len(self.frame.run.network.layers)
        layer = max(1, min(depth, self.attention.layer + by))
        cell = self.attention.cell
        if cell is not None:
            # The same matrix of the other layer, the same place in it as far as it has one.
            role = cell.array.rstrip("0123456789")
            array = f"{role}{layer}"
            arrays = self.frame.run.snapshot.arrays if self.frame.run.snapshot else {}
            cell = None
            if array in arrays:
                rows, columns = arrays[array].shape
                old = self.attention.cell
                assert old is not None
                cell = Cell(array, min(old.row, rows - 1), min(old.column, columns - 1))
        self.attention = replace(self.attention, layer=layer, cell=cell)
        self.again()

    def action_next_array(self) -> None:
        """Show the chosen panel's next view."""
        panel = self._chosen_panel()
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
        """Show recent steps, or all."""
        self.attention = replace(self.attention, recent=not self.attention.recent)
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

    # Changing

    def action_fork(self) -> None:
        """Turn dials."""
        from nnsim.tui.screens.fork import ForkScreen

        self._dialog(ForkScreen)

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
        self.app.push_screen(EditScreen(cell, value, frame.run.step), self._take)

    def _weight_pointed_at(self) -> Cell | None:
        """Return the cell of the formula, or of the chosen panel's cursor, if it is a weight."""
        panel = self._chosen_panel()
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

        self._dialog(FaultScreen)

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

        self._dialog(GuessScreen)

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
        panel = self._chosen_panel()
        if panel is not None and panel.view != view:
            panel.view = view
            panel._title()

    # Runs

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

    # Other

    def action_export(self) -> None:
        """Write the runs to a file."""
        from nnsim.tui.screens.export import ExportScreen

        self._dialog(ExportScreen)

    def action_back(self) -> None:
        """Leave the scenario."""
        self.dismiss(None)

    def _dialog(self, kind: Callable[[Frame], Screen[Any]]) -> None:
        """Ask something about the present moment; what is answered is a command."""
        if self.frame is not None:
            self.app.push_screen(kind(self.frame), self._take)

    def _take(self, command: Any) -> None:
        if isinstance(command, c.Command):
            self.ask(command)


def _log(value: float) -> float:
    return 99.0 if math.isinf(value) else math.log10(value)


for _number in range(1, 10):
    setattr(LabActions, f"action_panel_{_number}", partialmethod(LabActions.choose, _number))
