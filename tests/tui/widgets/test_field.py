import asyncio

import numpy as np
import pytest
from textual.app import App
from textual.filter import ANSIToTruecolor, NoColor

from nnsim.tui.drawing.field import Field, centres
from nnsim.tui.look import Look
from nnsim.tui.widgets.field import FieldWidget


class FieldApp(App):
    CSS = "FieldWidget { width: 38; height: 11; }"

    def __init__(self, look=None):
        super().__init__()
        self.look = look or Look()
        self.seen = []

    def compose(self):
        yield FieldWidget()

    def on_field_widget_hovered(self, message):
        self.seen.append(("hovered", message.x, message.y, message.value))

    def on_field_widget_picked(self, message):
        self.seen.append(("picked", message.x, message.y, message.value))

    def on_field_widget_resized(self, message):
        self.seen.append(("resized", message.columns, message.rows))


def staged(play, look=None):
    """Run `play(app, widget, pilot)` on an app with one field."""

    async def run():
        app = FieldApp(look)
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause()
            await play(app, app.query_one(FieldWidget), pilot)

    asyncio.run(run())


def product():
    x, y = np.meshgrid(centres((0, 33), 33), centres((0, 9), 9))
    return Field(x * y, (0.0, 33.0), (0.0, 9.0), x_name="w", y_name="b", value_name="J")


def test_tells_how_many_samples_fit_and_when_that_changes():
    async def play(app, widget, pilot):
        assert app.seen == [("resized", 33, 18)]
        assert widget.samples == (33, 18)
        widget.styles.width = 78
        widget.styles.height = 18
        await pilot.pause()
        assert app.seen[-1] == ("resized", 72, 32)

    staged(play)


def test_ascii_has_one_sample_a_line():
    async def play(app, widget, pilot):
        assert widget.samples == (33, 9)

    staged(play, Look(ascii=True))


def test_hover_reads_and_click_picks_the_place_under_the_mouse():
    async def play(app, widget, pilot):
        app.seen.clear()
        widget.draw(product())
        await pilot.hover(FieldWidget, offset=(5 + 10, 2))
        await pilot.pause()
        assert app.seen == [("hovered", pytest.approx(10.5), pytest.approx(6.5), 10.5 * 6.5)]
        assert "w 10.5  b 6.5  J 68.2" in app.screen._compositor.render_strips()[10].text
        await pilot.click(FieldWidget, offset=(5, 8))
        await pilot.pause()
        assert app.seen[-1] == ("picked", pytest.approx(0.5), pytest.approx(0.5), 0.25)
        await pilot.hover(offset=(90, 29))
        await pilot.pause()
        assert "w 10.5" not in app.screen._compositor.render_strips()[10].text

    staged(play)


def test_mouse_on_the_axis_says_nothing():
    async def play(app, widget, pilot):
        app.seen.clear()
        await pilot.click(FieldWidget, offset=(10, 3))
        widget.draw(product())
        await pilot.click(FieldWidget, offset=(0, 3))
        await pilot.hover(FieldWidget, offset=(10, 10))
        await pilot.pause()
        assert app.seen == []

    staged(play)


def test_filters_of_the_app_are_kept_but_the_one_for_terminal_colours():
    async def play(app, widget, pilot):
        app._filters.append(NoColor())
        kinds = {type(each) for each in widget.get_line_filters()}
        assert kinds == {type(each) for each in app.get_line_filters()} - {ANSIToTruecolor}
        assert NoColor in kinds

    staged(play)
