import asyncio

import numpy as np
import pytest
from textual.app import App
from textual.color import Color

from nnsim.tui.drawing.chart import Chart, Series
from nnsim.tui.look import Look
from nnsim.tui.widgets.chart import ChartWidget

STEPS = np.arange(0, 1001, 10)


class ChartApp(App):
    CSS = "Screen {background: #102030} ChartWidget {border: round white; height: 100%}"

    def __init__(self, look=None):
        super().__init__()
        if look is not None:
            self.look = look
        self.hovered, self.picked = [], []

    def compose(self):
        yield ChartWidget(id="cost")

    def on_chart_widget_hovered(self, message):
        self.hovered.append(message.readout)

    def on_chart_widget_picked(self, message):
        self.picked.append(message.x)

    @property
    def lines(self):
        widget = self.query_one(ChartWidget)
        return [widget.render_line(y).text for y in range(widget.size.height)]


def run(look, steps):
    async def go():
        app = ChartApp(look)
        async with app.run_test(size=(42, 12)) as pilot:
            widget = app.query_one(ChartWidget)
            widget.draw(Chart([Series("train", STEPS, STEPS / 1000)]))
            await pilot.pause()
            await steps(app, widget, pilot)

    asyncio.run(go())


def test_it_draws_as_the_app_looks():
    async def steps(app, widget, pilot):
        assert all(line.isascii() for line in app.lines)
        app.look = Look()
        assert not all(line.isascii() for line in app.lines)

    run(Look(ascii=True), steps)


def test_it_has_the_background_of_what_it_lies_on():
    async def steps(app, widget, pilot):
        strips = app.screen._compositor.render_strips()
        for strip in strips[1:-1]:
            for segment in strip:
                assert Color.from_rich_color(segment.style.bgcolor) == Color(16, 32, 48)

    run(None, steps)


def test_strips_are_kept_until_something_changes():
    async def steps(app, widget, pilot):
        drawings = []
        draw = widget.lines
        widget.lines = lambda *given: drawings.append(given) or draw(*given)
        assert app.lines == app.lines
        assert len(drawings) == 0
        widget.draw(Chart([Series("dev", STEPS, STEPS)]))
        assert app.lines == app.lines
        assert len(drawings) == 1
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert {len(line) for line in app.lines} == {58}

    run(None, steps)


def test_the_mouse_reads_values():
    async def steps(app, widget, pilot):
        await pilot.hover("#cost", offset=(20, 5))
        (readout,) = app.hovered
        assert readout.values == (pytest.approx(readout.x / 1000),)
        assert app.lines[0].split()[-1] == f"{readout.values[0]:.3g}"
        await pilot.hover("#cost", offset=(20, 6))
        assert len(app.hovered) == 1
        await pilot.hover("#cost", offset=(1, 5))
        assert app.hovered[1:] == [None]
        assert app.lines[0].split()[-1] == "1"

    run(None, steps)


def test_where_the_mouse_points_is_kept_with_other_data():
    async def steps(app, widget, pilot):
        await pilot.hover("#cost", offset=(20, 5))
        widget.draw(Chart([Series("train", STEPS, 2 * STEPS / 1000)]))
        assert widget.readout.values == (pytest.approx(2 * widget.readout.x / 1000),)

    run(None, steps)


def test_a_click_picks_an_x():
    async def steps(app, widget, pilot):
        await pilot.click("#cost", offset=(41 - 1, 5))
        await pilot.click("#cost", offset=(2, 5))
        await pilot.click("#cost", offset=(20, 0))
        assert app.picked == [1000]

    run(None, steps)


def test_without_a_chart_it_is_blank():
    async def steps(app, widget, pilot):
        widget.draw(None)
        await pilot.click("#cost", offset=(20, 5))
        assert {line.strip() for line in app.lines} == {""}
        assert app.picked == []

    run(None, steps)
