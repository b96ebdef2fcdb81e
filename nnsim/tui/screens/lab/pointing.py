"""The mouse: what is pointed at or clicked in the widgets of the lab."""

from __future__ import annotations

from dataclasses import replace

from textual import on

from nnsim.tui.panels.boundary import BoundaryPanel
from nnsim.tui.panels.lesson import LessonPanel
from nnsim.tui.panels.matrices import MatrixPanel
from nnsim.tui.panels.panel import Panel
from nnsim.tui.screens.lab.changing import Changing
from nnsim.tui.screens.lab.runs import AmongRuns
from nnsim.tui.widgets.diagnosis_line import DiagnosisLine
from nnsim.tui.widgets.panel_tabs import PanelTabs
from nnsim.tui.widgets.phase_strip import PhaseStrip
from nnsim.tui.widgets.time_bar import TimeBar
from nnsim.tui.worker import commands as c


class Pointing(AmongRuns, Changing):
    """Turns what widgets say into what keys do."""

    @on(MatrixPanel.CellPicked)
    def _cell_picked(self, event: MatrixPanel.CellPicked) -> None:
        self.attention = replace(self.attention, cell=event.cell)
        self.again()

    @on(Panel.Chosen)
    def _panel_chosen(self, event: Panel.Chosen) -> None:
        if event.panel.id != "strip" and event.panel.number:
            self.choose(event.panel.number, focus=False)

    @on(BoundaryPanel.Resized)
    def _boundary_resized(self) -> None:
        self._watch()

    @on(PanelTabs.Picked)
    def _tab_picked(self, event: PanelTabs.Picked) -> None:
        self.choose(event.number)

    @on(Panel.Sought)
    @on(TimeBar.Sought)
    def _sought(self, event: Panel.Sought | TimeBar.Sought) -> None:
        self.seek(event.step)

    @on(PhaseStrip.Picked)
    def _phase_picked(self, event: PhaseStrip.Picked) -> None:
        self.seek(*event.seek)

    @on(LessonPanel.Go)
    def _lesson_goes(self, event: LessonPanel.Go) -> None:
        self.follow_lesson(event)

    @on(LessonPanel.Tried)
    def _lesson_tries(self, event: LessonPanel.Tried) -> None:
        self.follow_lesson(event)

    @on(LessonPanel.Left)
    def _lesson_left(self) -> None:
        self.set_focus(None)

    @on(TimeBar.RunPicked)
    def _run_picked(self, event: TimeBar.RunPicked) -> None:
        self.ask(c.ShowRun(event.number))

    @on(DiagnosisLine.Asked)
    def _asked_why(self) -> None:
        self.action_why()
