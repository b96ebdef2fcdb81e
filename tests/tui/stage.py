"""A small app that holds what is tested, drawn as the real app draws; it collects messages."""

import asyncio
from dataclasses import replace
from pathlib import Path

from textual.app import App

import nnsim.tui
from nnsim.tui.app import NnsimApp
from nnsim.tui.look import Look
from nnsim.tui.settings import Settings
from nnsim.tui.themes import DEFAULT, look_of, themes


class SilentWorker:
    """Takes commands and does nothing."""

    def __init__(self):
        self.sent = []

    def send(self, command):
        self.sent.append(command)

    def cancel(self):
        self.sent.append("cancel")


class Forgetful:
    """Remembers nothing."""

    def lessons_done(self, name):
        return set()


class StageApp(App):
    """Holds the widgets it is given, or shows the screen it is given."""

    HORIZONTAL_BREAKPOINTS = NnsimApp.HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = NnsimApp.VERTICAL_BREAKPOINTS
    CSS_PATH = Path(nnsim.tui.__file__).parent / "style.tcss"

    def __init__(self, *widgets, screen=None, theme=DEFAULT, ascii=False, color=True, state=None):
        super().__init__()
        self.widgets, self.first = widgets, screen
        self.settings = Settings(glyphs="ascii" if ascii else "unicode")
        self.state = state or Forgetful()
        self.worker = SilentWorker()
        self.answers = []
        self._posted = []
        for each in themes():
            self.register_theme(each)
        self.theme = theme
        self.set_class(ascii, "-ascii")
        self._colors = color

    @property
    def look(self) -> Look:
        return replace(look_of(self.current_theme, self.settings, False), color=self._colors)

    def compose(self):
        yield from self.widgets

    def on_mount(self):
        if self.first is not None:
            self.push_screen(self.first, self.answers.append)

    def posted(self, kind):
        """Return the messages of a kind that came up to the app."""
        return [message for message in self._posted if isinstance(message, kind)]

    async def _on_message(self, message):
        self._posted.append(message)
        await super()._on_message(message)


def play(app, walk, size=(80, 24)):
    """Run an app without a terminal and walk through it; return the app."""

    async def go():
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await walk(pilot)
            await pilot.pause()

    asyncio.run(go())
    return app


def lines_of(widget):
    """Return what a widget with lines of its own shows, as texts."""
    return [widget.render_line(y).text for y in range(widget.size.height)]


def shown(app):
    """Return what the screen shows, as texts."""
    return [
        "".join(segment.text for segment in strip)
        for strip in app.screen._compositor.render_strips()
    ]
