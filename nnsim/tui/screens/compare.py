"""All runs side by side at one step: their curves above, a column each below."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult

from nnsim.tui.drawing.axes import Range, settled_range
from nnsim.tui.drawing.chart import Chart, Series, y_extent
from nnsim.tui.drawing.run_legend import dash_of
from nnsim.tui.drawing.text import figure
from nnsim.tui.keys import bindings_for, useless
from nnsim.tui.panels.attention import next_axis
from nnsim.tui.panels.comparing_curves import Curve, curves_of
from nnsim.tui.panels.comparison import ComparisonPanel
from nnsim.tui.panels.cost import axis_shown, marks_of, unit_of
from nnsim.tui.screens.moving import Moving
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.key_line import KeyLine
from nnsim.tui.widgets.time_bar import TimeBar
from nnsim.tui.widgets.title_line import TitleLine
from nnsim.tui.worker import commands as c
from nnsim.tui.worker.frames import Frame, TrainingFrame

SPEEDS = (1.0, 2.0, 5.0, 10.0, 30.0, 100.0, 300.0, 1000.0, math.inf)
"""Steps a second."""


class CompareScreen(Moving):
    """Sends commands to the worker and shows the frames that it is given."""

    PLACE = "compare"
    BINDINGS: ClassVar[list[Any]] = bindings_for(PLACE)
    AUTO_FOCUS = None
    DEFAULT_CSS = """
    CompareScreen {
        ChartWidget { height: 30%; min-height: 6; max-height: 16; padding: 0 1; margin-bottom: 1; }
    }
    CompareScreen.-short ChartWidget { margin-bottom: 0; }
    CompareScreen.-high ChartWidget { height: 36%; max-height: 24; }
    """

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame
        self.curve = 0
        """Place of the curve that is drawn."""
        self.axis = "steps"
        """What lies along the curve: all steps, recent ones, or epochs."""
        self.logs: dict[str, bool] = {}
        """By curve: its axis is logarithmic, where it was changed."""
        self._range: Range | None = None
        self._watched: c.Watch | None = None

    def compose(self) -> ComposeResult:
        """Hold title, curves, columns, time and keys."""
        look, keymap = self.app.look, self.app.settings.keys  # type: ignore[attr-defined]
        yield TitleLine(look)
        yield ChartWidget()
        yield ComparisonPanel()
        yield TimeBar(legend=False)
        yield KeyLine(self.PLACE, look, keymap)

    def on_mount(self) -> None:
        """Show the moment at which the screen was opened."""
        self.call_after_refresh(self.show, self.frame)

    @property
    def hidden_actions(self) -> frozenset[str]:
        """Ids of the actions that do nothing in this kind of scenario."""
        return useless(self.PLACE, self.frame.card.kind)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keep off what the kind has not."""
        return f"{self.PLACE}.{action}" not in self.hidden_actions

    def ask(self, command: c.Command) -> None:
        """Ask the worker for something."""
        self.app.worker.send(command)  # type: ignore[attr-defined]

    def show(self, frame: Frame) -> None:
        """Show a moment of all runs."""
        self.frame = frame
        if not self.query(ComparisonPanel):
            return
        state = f"{figure(frame.speed)} a second" if frame.playing else "paused"
        count = len(frame.runs)
        runs = f"{count} runs" if count > 1 else "one run"
        aside = f"{runs}   step {frame.run.step} / {frame.run.steps}   {state}"
        self.query_one(TitleLine).say(f"{frame.card.title} / compare", aside)
        self.query_one(ComparisonPanel).show(frame)
        self._share_rows()
        self._show_curves(frame)
        done = self.app.state.lessons_done(frame.card.name)  # type: ignore[attr-defined]
        self.query_one(TimeBar).show(frame, done)
        words = {"compare.play": "pause" if frame.playing else "play"}
        self.query_one(KeyLine).say(words, self.hidden_actions)
        self._watch()

    def refresh_look(self) -> None:
        """Draw with the app's new look."""
        for line in self.query("TitleLine, KeyLine"):
            line.use(self.app.look)  # type: ignore[attr-defined]
        self.show(self.frame)

    def _show_curves(self, frame: Frame) -> None:
        curve = self._curve()
        log = self.logs.get(curve.name, curve.log)
        series = []
        for run in frame.runs:
            x, y = curve.take(run)
            x = x / unit_of(run, self.axis)
            bold, dash = run is frame.run, dash_of(run.number)
            series.append(Series(run.name, x, y, run.number, bold=bold, dash=dash))
        x_name, x_range = axis_shown(frame, self.axis)
        if curve.limits is not None:
            self._range = curve.limits
        elif (extent := y_extent(series, log, x_range)) is not None:
            # Only what moves by itself needs an axis that stays; else it fits closely.
            before = self._range if frame.playing else None
            self._range = settled_range(before, *extent, log)
        look = self.app.look  # type: ignore[attr-defined]
        marks = marks_of(frame.run, look, unit_of(frame.run, self.axis))
        chart = Chart(series, log, x_range, self._range, x_name, curve.name, marks)
        self.query_one(ChartWidget).draw(chart)

    def _curve(self) -> Curve:
        curves = curves_of(self.frame)
        return curves[self.curve % len(curves)]

    def _share_rows(self) -> None:
        """Give the curves the rows that a table alone leaves; a picture gets them back."""
        panel = self.query_one(ComparisonPanel)
        rest = panel.table_height + 3  # title, time and keys have a line each
        alone = panel.is_low and not panel.picture
        self.query_one(ChartWidget).styles.height = self.size.height - rest if alone else None

    def _watch(self) -> None:
        """Tell the worker how large the boundaries' pictures are."""
        panel = self.query_one(ComparisonPanel)
        run = self.frame.run
        boundary = run.boundary if isinstance(run, TrainingFrame) else None
        watched = c.Watch(panel.samples, boundary.inputs if boundary else (0, 1))
        if watched != self._watched:
            self._watched = watched
            self.ask(watched)

    def on_resize(self, event: events.Resize) -> None:
        """Fit everything into the new size."""
        self.call_after_refresh(self.show, self.frame)

    # What is clicked

    @on(ComparisonPanel.RunPicked)
    @on(TimeBar.RunPicked)
    def _run_picked(self, event: ComparisonPanel.RunPicked | TimeBar.RunPicked) -> None:
        self.ask(c.ShowRun(event.number))

    @on(TimeBar.Sought)
    def _sought(self, event: TimeBar.Sought) -> None:
        self.ask(c.Seek(event.step))

    @on(ChartWidget.Picked)
    def _picked(self, event: ChartWidget.Picked) -> None:
        self.ask(c.Seek(max(round(event.x * unit_of(self.frame.run, self.axis)), 0)))

    # What keys do

    def action_faster(self) -> None:
        """Play more steps a second."""
        self._change_speed(1)

    def action_slower(self) -> None:
        """Play fewer steps a second."""
        self._change_speed(-1)

    def _change_speed(self, by: int) -> None:
        now = self.frame.speed
        at = sum(speed <= now for speed in SPEEDS) - 1
        self.ask(c.Speed(SPEEDS[min(max(at + by, 0), len(SPEEDS) - 1)]))

    def action_go_to(self) -> None:
        """Ask for a step or a condition."""
        from nnsim.tui.screens.go_to import GoToScreen

        self.app.push_screen(GoToScreen(self.frame), self._take)

    def _take(self, command: c.Command | None) -> None:
        if command is not None:
            self.ask(command)

    def action_curve(self) -> None:
        """Draw another curve."""
        self.curve = (self.curve + 1) % len(curves_of(self.frame))
        self._range = None
        self._show_curves(self.frame)

    def action_log(self) -> None:
        """Change the curve's axis."""
        curve = self._curve()
        self.logs[curve.name] = not self.logs.get(curve.name, curve.log)
        self._range = None
        self._show_curves(self.frame)

    def action_recent(self) -> None:
        """Show all steps, recent ones, or epochs."""
        self.axis = next_axis(self.axis, self.frame.card.kind)
        self._range = None
        self._show_curves(self.frame)

    def action_picture(self) -> None:
        """Draw other pictures."""
        self.query_one(ComparisonPanel).next_picture()
        self._share_rows()
        self.call_after_refresh(self._watch)  # when the picture has its room

    def action_columns_right(self) -> None:
        """See runs further at the right."""
        self.query_one(ComparisonPanel).scroll_columns(1)

    def action_columns_left(self) -> None:
        """See runs further at the left."""
        self.query_one(ComparisonPanel).scroll_columns(-1)

    def action_run(self) -> None:
        """Choose the next run."""
        runs = self.frame.runs
        if len(runs) > 1:
            self.ask(c.ShowRun(runs[(self.frame.current + 1) % len(runs)].number))

    def action_back(self) -> None:
        """Look at one run again."""
        self.dismiss(None)
