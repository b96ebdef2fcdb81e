"""The lab: one scenario, its runs, one moment of them in many panels."""

from __future__ import annotations

import itertools
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal

from nnsim.errors import ScenarioError
from nnsim.scenario.catalogue import find
from nnsim.scenario.reading import parsed, text_of
from nnsim.tui.drawing.text import figure, shorten
from nnsim.tui.keys import bindings_for, useless
from nnsim.tui.panels import PANELS, Place, places_of
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.boundary import BoundaryPanel
from nnsim.tui.panels.cost import CostPanel, alpha_of
from nnsim.tui.panels.formula import FormulaPanel
from nnsim.tui.panels.lesson import LessonPanel
from nnsim.tui.panels.lesson_state import LessonState
from nnsim.tui.panels.panel import Panel
from nnsim.tui.screens.arrangement import GRID, NARROW, WIDE, Arrangement, arrange
from nnsim.tui.screens.lab.changing import EPSILON
from nnsim.tui.screens.lab.following import followed, parts_of
from nnsim.tui.screens.lab.hearing import Hearing
from nnsim.tui.screens.lab.pointing import Pointing
from nnsim.tui.screens.lab.stepping import Stepping
from nnsim.tui.widgets.diagnosis_line import DiagnosisLine
from nnsim.tui.widgets.key_line import KeyLine
from nnsim.tui.widgets.panel_tabs import PanelTabs
from nnsim.tui.widgets.time_bar import TimeBar
from nnsim.tui.widgets.title_line import TitleLine
from nnsim.tui.worker import commands as c
from nnsim.tui.worker.frames import Frame, RunFrame, SteppedFrame, TrainingFrame

LOW_RATE, FULL_RATE = 5.0, 30.0
"""Frames a second at most, with low and with high bandwidth."""
WITH_STRIP = ("training",)
"""Kinds whose cost stands, slim, beside a single panel."""


_OPENINGS = itertools.count(1)


class LabScreen(Hearing, Stepping, Pointing):
    """A scenario that is open.

    It asks the worker for things and draws what comes back; it owns nothing but what the learner
    looks at.
    """

    PLACE = "lab"
    BINDINGS: ClassVar[list[Any]] = bindings_for(PLACE)
    AUTO_FOCUS = ""

    def __init__(self, source: str | Path, variant: str | None = None) -> None:
        super().__init__()
        self.source, self.variant = source, variant
        self.opening = next(_OPENINGS)
        self.frame: Frame | None = None
        self.attention = Attention()
        self.lesson_state = LessonState("")
        self.chosen = 1
        self.zoomed = False
        self.lesson_open = True
        self.inputs = (0, 1)
        self.kind = _kind_of(source)
        self.places: tuple[Place, ...] = places_of(self.kind)
        self.panels = [place.make() for place in self.places]
        if self.kind in WITH_STRIP:
            self.panels.append(CostPanel(1, name="strip"))
        self._broken: set[int] = set()
        self.broken = False
        self._arrangement: Arrangement | None = None
        self._at: tuple[int, int, int] | None = None
        self._watched: c.Watch | None = None

    def compose(self) -> ComposeResult:
        """Hold the lines above and below, and the panels between."""
        look, keymap = self.app.look, self.app.settings.keys
        yield TitleLine(look, "opening ...")
        yield PanelTabs([(place.number, place.short) for place in self.places])
        with Horizontal(id="body"):
            with Grid(id="panels"):
                yield from self.panels
            yield LessonPanel(self.lesson_state)
        yield FormulaPanel(0)
        yield DiagnosisLine()
        yield TimeBar()
        yield KeyLine(self.PLACE, look, keymap)

    def on_mount(self) -> None:
        """Open the scenario; until it is there, the panels are empty."""
        self._arrange()
        self.app.worker.cancel()
        self.ask(c.Open(self.source, self.variant, self.opening))

    def on_unmount(self) -> None:
        """Forget the runs; another scenario that was opened meanwhile has forgotten them."""
        if self.app.receiver not in (self, self.app):
            return
        self.app.worker.cancel()
        self.ask(c.Close())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let a scenario that could not be opened only be left; keep off what its kind has not."""
        if self.broken:
            return action == "back"
        return f"{self.PLACE}.{action}" not in self.hidden_actions

    @property
    def hidden_actions(self) -> frozenset[str]:
        """Ids of the actions that do nothing here: another kind's, and panels that are not."""
        numbers = {place.number for place in self.places}
        panels = {f"lab.panel_{k}" for k in range(1, 10) if k not in numbers}
        hidden = useless(self.PLACE, self.kind) | panels
        if self.frame is not None and parts_of(self.frame.run) < 2:
            hidden |= {"lab.layer_up", "lab.layer_down"}
        return hidden

    def ask(self, command: c.Command) -> None:
        """Ask the worker for something."""
        self.app.worker.send(command)

    # Showing

    def show(self, frame: Frame) -> None:
        """Show a moment in everything that can be seen."""
        if self.frame is None:
            self._begin(frame)
        run, before = frame.run, self._at
        if self.frame is None or self.frame.run.number != run.number:
            self.epsilon, before = EPSILON, None
        self.frame = frame
        self.attention = followed(self.attention, run, before)
        self._at = (run.number, run.step, run.phase)
        if not self.is_attached or self.broken:
            return
        self._title(frame)
        for panel in (*self._seen(), self.query_one(FormulaPanel)):
            self._show_in(panel, frame)
        self.query_one(DiagnosisLine).show(frame)
        done = self.app.state.lessons_done(frame.card.name)
        self.query_one(TimeBar).show(frame, done)
        self._key_words(frame)
        lesson = self.query_one(LessonPanel)
        if lesson.display:
            lesson.show(frame)
        above = self.app.screen
        if above is not self and hasattr(above, "show"):
            above.show(frame)

    def _show_in(self, panel: Panel, frame: Frame) -> None:
        """Show a moment in a panel; one that fails says so, and the others go on."""
        try:
            panel.show(frame, self.attention)
        except Exception as error:
            panel.reading(f"cannot be shown: {type(error).__name__}")
            if panel.number not in self._broken:
                self._broken.add(panel.number)
                text = f"{error}\nThe run goes on; the other panels show it."
                title = f"Panel {panel.number} cannot show this moment"
                self.notify(text, title=title, severity="error", timeout=15, markup=False)

    def _begin(self, frame: Frame) -> None:
        """Set up what depends on the scenario, now that it is open."""
        self.lesson_state = LessonState.of(frame.card, self.app.state)
        self.query_one(LessonPanel).use(self.lesson_state)
        if self.chosen == 1 and frame.card.panel in [place.number for place in self.places]:
            self.chosen = frame.card.panel
        self.call_after_refresh(self._arrange)

    def again(self) -> None:
        """Show the same moment after the way of looking has changed."""
        if self.frame is not None:
            self.show(self.frame)

    def refresh_look(self) -> None:
        """Draw with the app's new look."""
        for line in self.query("TitleLine, KeyLine"):
            line.use(self.app.look)  # type: ignore[attr-defined]
        self.again()
        self.refresh(layout=True)

    def _seen(self) -> list[Panel]:
        return [panel for panel in self.panels if panel.display]

    def _title(self, frame: Frame) -> None:
        card, run = frame.card, frame.run
        name = f" / {run.name}" if card.variants or run.parent is not None else ""
        phase = f", {run.done_phase}" if run.phase else ""
        state = f"{figure(frame.speed)} a second" if frame.playing else _state_of(run)
        parts = [
            f"{card.dtype}  seed {run.seed}",
            *_figures_of(run),
            f"step {run.step} / {run.steps}{phase}",
            state,
        ]
        title = f"{card.title}{name}"
        line = self.query_one(TitleLine)
        room = self.size.width - len(" nnsim    ") - 3
        while len(parts) > 2 and len(title) + len("   ".join(parts)) > room:
            parts.pop(0)
        aside = "   ".join(parts)
        line.say(shorten(title, room - len(aside), ascii=self.app.look.ascii), aside)

    def _key_words(self, frame: Frame) -> None:
        words = {"lab.play": "pause" if frame.playing else "play"}
        self.query_one(KeyLine).say(words, self.hidden_actions)

    # The room there is

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the panels anew."""
        self._arrange()

    def _arrange(self) -> None:
        """Show, order and size the panels for the room there is."""
        if self.broken:
            return
        width = self.size.width or self.app.size.width
        lesson = self.query_one(LessonPanel)
        lesson.display = self.lesson_open and width >= WIDE and bool(self._lessons())
        strip = self.kind in WITH_STRIP
        arrangement = arrange(self.places, self.chosen, width, self.zoomed, strip=strip)
        self.query_one(PanelTabs).display = width < NARROW
        self.query_one(PanelTabs).choose(self.chosen)
        self.query_one(FormulaPanel).set_class(width < NARROW, "-slim")
        for panel in self.panels:
            panel.set_class(panel.number == self.chosen and panel.id != "strip", "-chosen")
        if arrangement != self._arrangement:
            self._arrangement = arrangement
            self._place(arrangement)
        self.call_after_refresh(self._arranged)

    def _place(self, arrangement: Arrangement) -> None:
        grid = self.query_one("#panels", Grid)
        grid.styles.grid_size_columns = GRID
        grid.styles.grid_size_rows = arrangement.rows
        columns = dict(arrangement.columns)
        for panel in self.panels:
            if panel.id == "strip":
                panel.display = arrangement.strip
                panel.styles.column_span = GRID - sum(columns.values())
                continue
            panel.display = panel.number in columns
            panel.styles.column_span = columns.get(panel.number, GRID)

    def _arranged(self) -> None:
        """Tell the worker what is seen now, and draw it."""
        self._watch()
        self.again()

    def _watch(self) -> None:
        size = next((each.samples for each in self.query(BoundaryPanel) if each.display), None)
        rate = LOW_RATE if self.app.settings.bandwidth == "low" else FULL_RATE
        watched = c.Watch(size if size and min(size) > 0 else None, self.inputs, rate)
        if watched != self._watched:
            self._watched = watched
            self.ask(watched)

    def _lessons(self) -> tuple[Any, ...]:
        return self.frame.card.lessons if self.frame else ()


def _kind_of(source: str | Path) -> str:
    """Return the kind of a scenario, whose panels are made before it is open; else the first."""
    kind = next(iter(PANELS))
    with suppress(ScenarioError):
        paths = find(source)
        return str(parsed(text_of(paths[0]), str(paths[0])).get("kind", kind))
    return kind


def _figures_of(run: RunFrame) -> list[str]:
    """Return what the title says of a moment, what may go where it is narrow first."""
    if isinstance(run, TrainingFrame):
        alpha = f"{run.training.optimizer} alpha {figure(alpha_of(run))}"
        return [alpha, f"epoch {run.step // run.steps_an_epoch}"]
    assert isinstance(run, SteppedFrame)
    name, value = next(iter(run.figures.items()), ("", ""))
    if not name or value != value:
        return []
    return [f"{name} {value if isinstance(value, str) else figure(value)}"]


def _state_of(run: RunFrame) -> str:
    return "paused" if run.status == "ready" else run.status
