import asyncio

import numpy as np
from textual.app import App

from nnsim.tui.drawing.heat_map import HeatMap
from nnsim.tui.look import Look
from nnsim.tui.widgets.heat_map import HeatMapWidget


class MapApp(App):
    AUTO_FOCUS = None
    CSS = "HeatMapWidget { width: 20; height: 6; background: #204080; }"

    def __init__(self):
        super().__init__()
        self.look = Look()
        self.picked = []

    def compose(self):
        yield HeatMapWidget()

    def on_heat_map_widget_cell_picked(self, message):
        self.picked.append((message.array, message.row, message.column, message.hover))


def staged(play):
    """Run `play(app, widget, pilot)` on an app with one heat map."""

    async def run():
        app = MapApp()
        async with app.run_test(size=(40, 12)) as pilot:
            await play(app, app.query_one(HeatMapWidget), pilot)

    asyncio.run(run())


def lines(app):
    return [strip.text[:20] for strip in app.screen._compositor.render_strips()[:6]]


WEIGHTS = np.array([[0.5, -0.25], [1.0, 0.0]])


def test_arrows_move_the_cursor_and_stop_at_the_edges():
    async def play(app, widget, pilot):
        widget.draw(HeatMap(WEIGHTS, "W1"))
        widget.focus()
        await pilot.press("right", "right", "right", "down", "down", "left", "up")
        await pilot.pause()
        assert [picked[1:3] for picked in app.picked] == [
            (0, 0), (0, 1), (0, 1), (0, 1), (1, 1), (1, 1), (1, 0), (0, 0),
        ]  # fmt: skip
        assert app.picked[0] == ("W1", 0, 0, False)
        assert widget.cursor == (0, 0)

    staged(play)


def test_click_picks_and_hover_points_only_while_it_is_there():
    async def play(app, widget, pilot):
        widget.draw(HeatMap(WEIGHTS, "W1"))
        await pilot.click(HeatMapWidget, offset=(6, 1))
        await pilot.pause()
        assert app.picked[-1] == ("W1", 0, 0, False)
        await pilot.hover(HeatMapWidget, offset=(14, 3))
        await pilot.pause()
        assert app.picked[-1] == ("W1", 1, 1, True)
        assert widget.cursor == (0, 0)
        assert "W1[1,1] 0" in "".join(lines(app))
        await pilot.hover(offset=(35, 11))
        await pilot.pause()
        assert app.picked[-1] == ("W1", 0, 0, False)
        assert "W1[0,0] 0.5" in "".join(lines(app))

    staged(play)


def test_mouse_beside_the_numbers_picks_nothing():
    async def play(app, widget, pilot):
        await pilot.hover(HeatMapWidget, offset=(3, 3))
        widget.draw(HeatMap(WEIGHTS, "W1"))
        await pilot.hover(HeatMapWidget, offset=(0, 5))
        await pilot.pause()
        assert app.picked == []

    staged(play)


def test_scale_is_kept_and_moves_in_jumps():
    async def play(app, widget, pilot):
        def scale(values, name="W1"):
            widget.draw(HeatMap(np.array(values), name))
            return widget._map.scale

        assert scale([[0.8]]) == 1.0
        assert scale([[0.3]]) == 1.0
        assert scale([[-1.1]]) == 1.5
        assert scale([[0.1]]) == 0.1
        assert scale([[40.0]], "b1") == 50.0
        assert scale([[0.09]]) == 0.1
        widget.forget_limits()
        assert scale([[0.02]]) == 0.02

    staged(play)


def test_cursor_is_kept_from_map_to_map_as_far_as_there_are_cells():
    async def play(app, widget, pilot):
        widget.draw(HeatMap(np.zeros((9, 9)), "W1", cursor=(8, 3)))
        widget.draw(HeatMap(np.zeros((9, 9)), "W1"))
        assert widget.cursor == (8, 3)
        widget.draw(HeatMap(np.zeros((2, 9)), "W2"))
        assert widget.cursor == (1, 3)
        widget.cursor = (50, 50)
        assert widget.cursor == (1, 8)
        widget.draw(HeatMap(np.zeros((0, 9)), "W3"))
        assert widget.cursor is None
        assert app.picked == []

    staged(play)


def test_window_follows_the_kept_cursor_and_not_the_mouse():
    async def play(app, widget, pilot):
        widget.draw(HeatMap(np.zeros((100, 100)), "W1", cursor=(50, 50)))
        await pilot.pause()
        offset = widget._offset
        assert offset[0] > 0
        await pilot.hover(HeatMapWidget, offset=(3, 1))
        await pilot.pause()
        assert widget._offset == offset
        assert app.picked[-1][1:3] == offset

    staged(play)


def test_picture_stands_on_the_widgets_background_and_follows_the_look():
    async def play(app, widget, pilot):
        await pilot.pause()
        widget.draw(HeatMap(WEIGHTS, "W1"))
        await pilot.pause()
        segments = list(app.screen._compositor.render_strips()[1])
        assert segments[0].style.bgcolor.name == "#204080"
        colored = lines(app)[1:3]
        app.look = Look(color=False)
        widget.refresh()
        await pilot.pause()
        assert lines(app)[1:3] == colored  # the figures stay
        assert "░" in lines(app)[5]
        first = next(iter(app.screen._compositor.render_strips()[1]))
        assert first.style.bgcolor.name == "#204080"

    staged(play)
