"""The compare screen: what its keys and clicks ask of the worker, what it shows."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.tui.keys import actions_for
from nnsim.tui.panels.comparing_curves import OF_TRAINING
from nnsim.tui.panels.comparison import ComparisonPanel
from nnsim.tui.screens.compare import CompareScreen
from nnsim.tui.screens.go_to import GoToScreen
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.time_bar import TimeBar
from nnsim.tui.worker import commands as c
from tests.tui import made
from tests.tui.stage import StageApp, play, shown


def frame(count=3, **changes):
    names = ("tanh", "tanh, learning_rate 0.1", "relu", "adam", "he", "sgd")
    rates = (0.05, 0.1, 0.05, 0.01, 0.2, 0.3)
    runs = (
        made.run(n, names[n], training=made.training(learning_rate=rates[n])) for n in range(count)
    )
    return made.frame(*runs, comparing=True, **changes)


def walked(*keys, at=None, size=(120, 40), then=None, **options):
    screen = CompareScreen(at or frame())
    texts = []

    async def walk(pilot):
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        if then is not None:
            await then(pilot, screen)
            await pilot.pause()
        if pilot.app.screen is screen:
            texts.append("\n".join(shown(pilot.app)))

    app = play(StageApp(screen=screen, **options), walk, size)
    app.text = texts[0] if texts else ""
    app.asked = [command for command in app.worker.sent if not isinstance(command, c.Watch)]
    return app


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("space", c.PlayOrPause()),
        ("N", c.Step(1)),
        ("right", c.Step(1)),
        ("P", c.Step(-1)),
        ("left", c.Step(-1)),
        ("e", c.Epoch(1)),
        ("E", c.Epoch(-1)),
        ("home", c.Seek(0)),
        ("end", c.Seek(None)),
        ("right_square_bracket", c.Speed(30.0)),
        ("left_square_bracket", c.Speed(5.0)),
        ("r", c.ShowRun(1)),
    ],
)
def test_keys_ask_the_worker(key, command):
    assert walked(key).asked == [command]


def test_space_pauses_what_plays():
    app = walked("space", at=frame(playing=True))
    assert app.asked == [c.PlayOrPause()]
    assert "pause" in app.text


@pytest.mark.parametrize("key", ["c", "escape", "q"])
def test_back_to_the_lab(key):
    app = walked(key)
    assert app.answers == [None]
    assert app.asked == []


def test_t_asks_where_to_go():
    screens = []

    async def look(pilot, screen):
        screens.append(type(pilot.app.screen))

    walked("t", then=look)
    assert screens == [GoToScreen]


def test_every_action_has_its_method():
    for each in actions_for("compare", everywhere=False):
        assert callable(getattr(CompareScreen, f"action_{each.method}")), each.id


def test_all_runs_are_seen_with_figures_and_what_differs():
    text = walked().text
    for words in ("3 runs", "step 128 / 200", "[o─ tanh]", "relu", "train cost", "||dW1||"):
        assert words in text
    assert "settings that differ" in text
    assert text.splitlines()[[*map(str.strip, text.splitlines())].index("settings that differ") + 1]


def test_curves_take_turns_and_axes_change():
    found = []

    async def look(pilot, screen):
        for _ in range(len(OF_TRAINING) + 1):
            chart = screen.query_one(ChartWidget).chart
            found.append((chart.y_name, chart.log_y))
            await pilot.press("o")
        await pilot.press("k")
        found.append(screen.query_one(ChartWidget).chart.log_y)

    walked(then=look)
    *curves, again, log = found
    assert curves == [(curve.name, curve.log) for curve in OF_TRAINING]
    assert again == curves[0]
    assert log is True


def batches():
    """Run 0 takes one step an epoch, run 1 takes 9; both see the data 20 times."""
    whole = made.run(0, "batch", step=20, steps=20, reached=20)
    parts = made.run(1, "mini-batch", step=90, steps=180, reached=180, steps_an_epoch=9)
    return made.frame(whole, parts, comparing=True, current=1)


@pytest.mark.parametrize("curve", range(len(OF_TRAINING)))
def test_over_epochs_runs_with_other_batches_stand_on_one_scale(curve):
    charts = []

    async def look(pilot, screen):
        for _ in range(3):
            charts.append(screen.query_one(ChartWidget).chart)
            await pilot.press("a")
        charts.append(screen.query_one(ChartWidget).chart)

    walked(*["o"] * curve, at=batches(), then=look)
    steps, _, epochs, _ = charts
    assert [chart.x_name for chart in charts] == ["step", "step", "epoch", "step"]
    assert [chart.x_range for chart in charts] == [(0, 180), (0, 100), (0, 20), (0, 180)]
    for a, b, length in zip(steps.series, epochs.series, (1, 9), strict=True):
        np.testing.assert_allclose(np.asarray(b.x) * length, a.x)
        np.testing.assert_array_equal(a.y, b.y)
    assert [steps.marks[0].x, epochs.marks[0].x] == [90, 10]
    assert "epoch" in walked("a", "a", at=batches()).text


def test_a_click_over_epochs_goes_to_the_step_of_the_run_looked_at():
    asked = []
    for keys in ((), ("a", "a")):

        async def click(pilot, screen):
            await pilot.click(ChartWidget, offset=(60, 4))

        (command,) = walked(*keys, at=batches(), then=click).asked
        asked.append(command.step)
    assert asked[0] == pytest.approx(asked[1], abs=4) and 60 < asked[1] < 120


def test_pictures_take_turns():
    assert "boundary" in walked().text
    assert "||dW|| by layer" in walked("m").text
    assert "weights" in walked("m", "m").text
    assert "boundary" in walked("m", "m", "m").text


def test_in_a_small_terminal_the_table_comes_first_and_pictures_replace_it():
    text = walked(size=(80, 24)).text
    assert "learning_rate" in text
    assert "train cost" in text
    assert "boundary" not in text
    assert "1 ▸" in text
    text = walked("m", size=(80, 24)).text
    assert "boundary" in text
    assert "train cost" not in text


def test_in_a_small_terminal_the_curves_get_the_rows_that_the_table_leaves():
    heights = []

    async def look(pilot, screen):
        heights.append(screen.query_one(ChartWidget).outer_size.height)

    lines = walked(size=(80, 24), then=look).text.splitlines()
    assert not [line for line in lines if not line.strip()]
    walked("m", size=(80, 24), then=look)
    walked("m", "m", "m", "m", size=(80, 24), then=look)
    assert heights[1] < 8 < heights[0] == heights[2]


def test_curves_that_are_looked_at_have_a_close_axis():
    ranges = []

    async def look(pilot, screen):
        higher, *_ = frame(1).runs
        curve = {**higher.curve, "cost": higher.curve["cost"] * 1.07}
        screen.show(made.frame(replace(higher, curve=curve)))
        ranges.append(screen.query_one(ChartWidget).chart.y_range)

    walked(then=look)
    assert ranges == [(0.0, 0.8)]


def test_columns_scroll_sideways_by_key_and_wheel():
    async def wheel(pilot, screen):
        panel = screen.query_one(ComparisonPanel)
        panel.on_mouse_scroll_up()

    six = frame(6)
    assert "[o─ tanh]" in walked(at=six).text
    text = walked("full_stop", "full_stop", at=six).text.partition("boundary")[0]
    assert "2 ◂" not in text
    assert "◂ 2" in text
    assert "◂ 1" in walked("full_stop", "comma", "full_stop", at=six).text
    assert "◂ 1" in walked("full_stop", "full_stop", at=six, then=wheel).text


def test_the_run_looked_at_is_brought_into_sight():
    assert "[#╌ he]" in walked(at=frame(6, current=4)).text


def test_clicks_pick_runs_and_seek():
    async def click(pilot, screen):
        panel = screen.query_one(ComparisonPanel)
        await pilot.click(panel, offset=(60, 2))
        await pilot.click(TimeBar, offset=(3, 0))
        await pilot.click(ChartWidget, offset=(40, 4))

    picked, sought, in_chart = walked(then=click).asked
    assert picked == c.ShowRun(1)
    assert sought == c.Seek(0)
    assert isinstance(in_chart, c.Seek)
    assert 0 < in_chart.step < 200


def test_one_run_is_told_how_to_get_more():
    text = walked(at=frame(1)).text
    assert "one run" in text
    assert "This is the only run." in text
    assert "settings that differ" not in text


def test_new_frames_are_shown_and_the_boundary_is_asked_for_at_its_size():
    async def another(pilot, screen):
        screen.show(frame(2, current=1))

    app = walked(then=another)
    assert "[x╌ tanh, learning_rate 0.1]" in app.text
    watched = [command for command in app.worker.sent if isinstance(command, c.Watch)]
    assert len(watched) == 2
    assert all(min(each.boundary) > 5 for each in watched)
    assert watched[0].boundary[0] < watched[1].boundary[0]


def test_runs_without_pictures_are_shown():
    bare = [replace(run, boundary=None, snapshot=None, evaluations={}) for run in frame(2).runs]
    text = walked(at=made.frame(*bare, comparing=True)).text
    assert "no picture" in text
    assert "train cost" in text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_ascii_only(size):
    text = walked("m", at=frame(6), size=size, ascii=True, color=False).text
    assert text.isascii(), {each for each in text if not each.isascii()}


def test_a_run_with_other_settings_in_a_new_frame_is_compared_anew():
    async def another(pilot, screen):
        first, second = frame(2).runs
        screen.show(made.frame(first, replace(second, network=made.network(activation="relu"))))

    app = walked(at=frame(2), then=another)
    rows = [line.split() for line in app.text.splitlines()]
    assert ["activation", "tanh", "relu"] in rows


# Kinds that train no network


def stepped(count=2):
    runs = (made.stepped_run(n, ("sgd", "adam", "momentum")[n]) for n in range(count))
    return made.stepped_frame(*runs, comparing=True)


def test_other_kinds_compare_their_figures_and_what_differs():
    text = walked(at=stepped()).text
    assert "J" in text and "0.5" in text and "falling" in text
    below = text.split("settings that differ")[1].splitlines()
    assert below[1].split() == ["learning_rate", "0.1", "0.2"]
    assert not any(line.startswith(" steps ") for line in below), "both have as many"
    assert "picture" not in text and "boundary" not in text


def test_other_kinds_curves_are_their_figures_in_turn():
    names = []

    async def then(pilot, screen):
        for _ in range(3):
            chart = screen.query_one(ChartWidget).chart
            names.append((chart.y_name, chart.log_y, len(chart.series)))
            await pilot.press("k" if len(names) == 1 else "o")
            await pilot.pause()

    walked(at=stepped(), then=then)
    assert names == [("J", False, 2), ("J", True, 2), ("w", False, 2)]


def test_runs_need_not_have_the_same_figures():
    odd = made.stepped_run(
        1, "odd", figures={"J": 1.0}, curve={"step": np.arange(9), "J": np.ones(9)}
    )
    frame = made.stepped_frame(made.stepped_run(), odd, comparing=True)
    text = walked("o", at=frame).text
    row = next(line for line in text.splitlines() if line.startswith(" w "))
    assert row.split() == ["w", "0.686", "-"]


def test_other_kinds_have_no_epochs():
    ranges = []

    async def then(pilot, screen):
        for _ in range(3):
            chart = screen.query_one(ChartWidget).chart
            ranges.append((chart.x_name, chart.x_range))
            await pilot.press("a")

    walked(at=stepped(), then=then)
    assert ranges == [("step", (0, 10)), ("step", (0, 100)), ("step", (0, 10))]


def test_keys_of_training_do_nothing_with_other_kinds():
    app = walked("e", "E", "m", at=stepped())
    assert app.asked == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("ascii", [False, True])
def test_other_kinds_fit_every_size(size, ascii):
    text = walked(at=stepped(3), size=size, ascii=ascii).text
    assert all(len(line) <= size[0] for line in text.splitlines())
    assert "learning_rate" in text and (text.isascii() or not ascii)
