"""The time bar in an app: clicks, drags, what is under the mouse."""

from nnsim.tui.drawing.time_bar import layout
from nnsim.tui.widgets.time_bar import TimeBar
from tests.tui import made
from tests.tui.stage import StageApp, lines_of, play

TWO = (made.run(0, "tanh"), made.run(1, "relu"))


def walk_with(bar, *steps, frame=None):
    async def walk(pilot):
        bar.show(frame or made.frame(*TWO))
        await pilot.pause()
        for step in steps:
            await step(pilot)

    return walk


def test_runs_are_named_below_once_there_are_two():
    bar = TimeBar()
    heights = []

    async def another(pilot):
        heights.append(bar.size.height)
        bar.show(made.frame(*TWO))
        await pilot.pause()
        heights.append(bar.size.height)
        assert "[o─ tanh]" in lines_of(bar)[1]

    play(StageApp(bar), walk_with(bar, another, frame=made.frame(TWO[0])))
    assert heights == [1, 2]


def test_without_a_legend_it_is_one_line():
    bar = TimeBar(legend=False)
    heights = []

    async def look(pilot):
        heights.append(bar.size.height)

    play(StageApp(bar), walk_with(bar, look))
    assert heights == [1]


def test_a_click_seeks_and_a_drag_follows():
    bar = TimeBar()

    async def drag(pilot):
        where = layout(bar.time, bar.size.width)
        await pilot.mouse_down(bar, offset=(where.cell(40), 0))
        await pilot.hover(bar, offset=(where.cell(100), 0))
        await pilot.hover(bar, offset=(where.cell(100), 0))
        await pilot.mouse_up(bar, offset=(where.cell(100), 0))
        await pilot.hover(bar, offset=(where.cell(10), 0))

    app = play(StageApp(bar), walk_with(bar, drag))
    steps = [message.step for message in app.posted(TimeBar.Sought)]
    assert len(steps) == 2
    assert abs(steps[0] - 40) <= 2
    assert steps[1] == 100  # the lesson's stop, exactly


def test_a_click_on_a_name_picks_the_run():
    bar = TimeBar()

    async def click(pilot):
        await pilot.click(bar, offset=(lines_of(bar)[1].index("relu"), 1))
        await pilot.click(bar, offset=(70, 1))

    app = play(StageApp(bar), walk_with(bar, click))
    assert [message.number for message in app.posted(TimeBar.RunPicked)] == [1]
    assert not app.posted(TimeBar.Sought)


def test_hovering_tells_the_step_and_what_is_there():
    bar = TimeBar()
    found = []

    async def hover(pilot):
        await pilot.hover(bar, offset=(layout(bar.time, bar.size.width).cell(100), 0))
        found.append(str(bar.tooltip))
        await pilot.hover(bar, offset=(lines_of(bar)[1].index("relu"), 1))
        found.append(str(bar.tooltip))

    play(StageApp(bar), walk_with(bar, hover))
    assert found == ["step 100\nlesson, stop 2, about tanh", "relu"]


def test_an_equal_moment_is_not_drawn_again():
    bar = TimeBar()
    lines = []

    async def again(pilot):
        lines.append(bar.lines(bar.look, 80, 2))
        before = bar._drawn_for
        bar.show(made.frame(*TWO, serial=2))
        assert bar._drawn_for is before
        bar.show(made.frame(*TWO), {0})
        assert bar._drawn_for is None

    play(StageApp(bar), walk_with(bar, again))
    assert lines
