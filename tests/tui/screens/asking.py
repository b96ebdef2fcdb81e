"""Showing a dialog, pressing keys and clicking, and what it answers."""

import asyncio

from textual.widgets import Input, Static

from nnsim.tui.widgets.choices import Choices
from nnsim.tui.widgets.dialog import HintKey
from tests.tui.stage import StageApp

OPEN = "still open"


class Asked:
    """A dialog on the stage, driven by a pilot."""

    def __init__(self, app, pilot):
        self.app, self.pilot = app, pilot

    @property
    def dialog(self):
        return self.app.screen

    @property
    def answer(self):
        return self.app.answers[0] if self.app.answers else OPEN

    @property
    def choices(self):
        return self.dialog.query_one(Choices)

    @property
    def rows(self):
        return {row.key: row for row in self.choices.rows if row.key}

    @property
    def outcome(self):
        return str(self.dialog.query_one("#outcome", Static).visual)

    @property
    def wrong(self):
        return self.dialog.query_one("#outcome").has_class("-error")

    @property
    def text(self):
        """Everything on the screen."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in lines)

    async def press(self, *keys):
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text):
        names = {" ": "space", "<": "less_than_sign", ">": "greater_than_sign", "=": "equals_sign",
                 ".": "full_stop", "+": "plus", "-": "minus"}  # fmt: skip
        await self.press(*(names.get(letter, letter) for letter in text))

    async def write(self, text):
        """Put a text into the line to type in, at once."""
        self.dialog.query_one(Input).value = text
        await self.pilot.pause()

    async def click_hint(self, word):
        for hint in self.dialog.query(HintKey):
            if word in (hint.hint.word, hint.hint.key):
                await self.pilot.click(hint)
                await self.pilot.pause()
                return
        raise AssertionError(f"no hint {word!r}")

    async def click_row(self, key, x=10, times=1):
        place = [row.key for row in self.choices.rows].index(key)
        y = place - self.choices.scroll_offset.y
        await self.pilot.click(Choices, offset=(int(x), int(y)), times=times)
        await self.pilot.pause()

    async def click_arrow(self, key, by):
        """Click the arrow before (-1) or after (1) a row's value."""
        left, right = self.choices._arrows(self.rows[key])
        await self.click_row(key, left if by < 0 else right)


def ask(dialog, steps, size=(80, 24), **options):
    """Show a dialog and run `steps(asked)`; return what it answered."""

    async def play():
        app = StageApp(screen=dialog, **options)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            asked = Asked(app, pilot)
            await steps(asked)
            return asked.answer

    return asyncio.run(play())
