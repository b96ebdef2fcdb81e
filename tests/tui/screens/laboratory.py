"""A lab with a real worker and a tiny scenario, driven by tests in turn."""

import asyncio
import time
from pathlib import Path

from textual.widgets import ContentSwitcher

import nnsim.tui.worker.worker as worker_module
from nnsim.tui.app import NnsimApp
from nnsim.tui.panels.attention import Attention
from nnsim.tui.screens.lab import LabScreen
from nnsim.tui.settings import Settings
from nnsim.tui.state import State
from nnsim.tui.worker import commands as c
from tests.tui.shared import LONGEST, Shared
from tests.tui.stage import shown

SCENARIO = """\
kind = "training"
[scenario]
title = "Two circles"
topic = "B10"
[data]
source = "circles"
examples = 60
noise = 0.1
split = [0.8, 0.2]
[network]
loss = "binary_cross_entropy"
layers = [{ units = 4 }, { units = 3 }, { units = 1, activation = "sigmoid" }]
[network.hidden]
activation = "tanh"
initializer = "xavier"
[training]
steps = 60
learning_rate = 0.1
batch_size = 16
[[variant]]
name = "tanh"
[[variant]]
name = "relu"
[variant.network.hidden]
activation = "relu"
[[lesson]]
step = 20
text = "Look at layer 1."
[lesson.predict]
question = "Which layer learns slowest?"
choices = ["layer 1", "layer 3"]
answer = "layer 1"
reveal = "Every layer on the way back makes the gradient smaller."
"""
STEPS, PHASES = 60, 10
PATIENCE = 0.002


class CountingWorker(worker_module.Worker):
    """A worker that can be waited for."""

    def __init__(self, post):
        super().__init__(post)
        self.sent, self.done, self.published = [], 0, -1

    def send(self, command):
        self.sent.append(command)
        super().send(command)

    def _do(self, command):
        try:
            super()._do(command)
        finally:
            self.done += 1

    def _publish(self):
        done = self.done
        super()._publish()
        self.published = done

    @property
    def at_rest(self):
        """Whether all that was sent is done, and what came of it lies there or was shown."""
        return self.published == len(self.sent) and not self._told_of_frame


class Lab:
    """What tests do in the lab."""

    def __init__(self, app, pilot):
        self.app, self.pilot = app, pilot

    @property
    def screen(self) -> LabScreen:
        return next(each for each in self.app.screen_stack if isinstance(each, LabScreen))

    @property
    def frame(self):
        return self.screen.frame

    @property
    def run(self):
        return self.frame.run

    @property
    def at(self):
        return self.run.step, self.run.phase

    @property
    def sent(self):
        """What was asked for since the test began, without what only tells what is seen."""
        asked = self.app.worker.sent[self.from_ :]
        return [command for command in asked if not isinstance(command, c.Watch)]

    @property
    def notes(self):
        return [note.message for note in self.app._notifications]

    @property
    def text(self):
        """The lab's own text, even where a dialog lies above."""
        return "\n".join(line.rstrip() for line in shown(self.app))

    def panel(self, id):
        return self.screen.query_one(f"#{id}")

    def switched(self, id):
        return self.panel(id).query_one(ContentSwitcher).current

    async def until(self, holds, what="it"):
        """Wait until something holds, not longer than any test should take."""
        end = time.monotonic() + LONGEST / 2
        while not holds():
            if self.app._exception is not None:
                raise self.app._exception
            assert time.monotonic() < end, f"waited for {what} in vain"
            await asyncio.sleep(PATIENCE)

    async def settle(self):
        """Wait until the worker has answered everything and the screen has shown it."""
        worker = self.app.worker
        while True:
            sent = len(worker.sent)
            await self.until(lambda: worker.at_rest, "the worker")
            await self.pilot.pause()
            if len(worker.sent) == sent and worker.at_rest:
                return

    async def press(self, *keys):
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def click(self, selector, x=1, y=0):
        await self.pilot.click(selector, offset=(x, y))
        await self.settle()

    async def resize(self, width, height):
        if self.app.size != (width, height):
            await self.pilot.resize_terminal(width, height)
            await self.settle()

    async def anew(self, source):
        """Open the scenario again, as if nothing had been done yet; faster than a new screen."""
        app = self.app
        app.worker.cancel()
        while not isinstance(app.screen, LabScreen) and len(app.screen_stack) > 1:
            app.pop_screen()
        app.clear_notifications()
        screen = self.screen
        screen.attention, screen.inputs = Attention(), (0, 1)
        screen.chosen, screen.zoomed, screen.lesson_open = 1, False, True
        screen.epsilon, screen._directions, screen._at, screen.speed = 1e-7, 0, None, 10.0
        for panel in screen.query("#panels > Panel"):
            panel.view = 0
            panel._title()
        screen.set_focus(None)
        screen.frame = None
        opening = c.Open(source, None, screen.opening)
        for command in (c.Pause(), c.Compare(False), opening, c.Speed(10.0)):
            screen.ask(command)
        await self.resize(120, 40)
        await self.settle()
        screen._arrange()
        await self.settle()
        self.from_ = len(app.worker.sent)


class Laboratory:
    """The app of all lab tests."""

    def __init__(self, folder: Path, scenario: str = SCENARIO, **settings):
        self.source = folder / "circles.toml"
        self.source.write_text(scenario)
        self.folder = folder
        self.settings = Settings(**({"glyphs": "unicode"} | settings))
        self.shared = Shared(self._make)

    def _make(self):
        state = State(self.folder / "state.json")
        app = NnsimApp(settings=self.settings, state=state, warm=False, open_first=self.source)
        app._worker = CountingWorker(app._deliver)
        app._worker.start()
        return app

    def walk(self, steps, size=(120, 40)):
        """Run `steps(lab)` in a lab that was just opened; return what it returns."""

        async def walked(app, pilot):
            lab = Lab(app, pilot)
            lab.from_ = 0
            if not any(isinstance(each, LabScreen) for each in app.screen_stack):
                app.open_scenario(self.source)
                await pilot.pause()
            await lab.until(lambda: lab.screen.frame is not None, "the scenario")
            await lab.anew(self.source)
            await lab.resize(*size)
            return await steps(lab)

        return self.shared.do(walked)

    def stop(self):
        self.shared.stop()
