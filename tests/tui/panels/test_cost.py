"""Curves of cost, accuracy and learning rate; figures of the moment; clicks that seek."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.simulations.training import NonFinite
from nnsim.tui.drawing.run_legend import dash_of
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.cost import CostPanel, epochs_shown, marks_of, steps_shown
from nnsim.tui.widgets.chart import ChartWidget
from tests.tui import made
from tests.tui.odd import forked, not_finite


def shown_chart(stage, frame, attention=None, view=0):
    return stage.show(CostPanel(1), frame, attention=attention, view=view, take=chart_in)


def chart_in(panel):
    return panel.query_one(ChartWidget).chart


def test_it_shows_the_cost_of_train_and_dev(stage):
    text, chart = shown_chart(stage, made.frame())
    assert "1 cost" in text and "train 0.2  dev 0.25" in text
    assert [series.name for series in chart.series] == ["dev", "J"]
    assert [series.bold for series in chart.series] == [False, True]
    np.testing.assert_array_equal(chart.series[1].y, made.run().curve["cost"])


def test_its_views(stage):
    text, chart = shown_chart(stage, made.frame(), view=1)
    assert "1 accuracy" in text and "train 0.95  dev 0.9" in text
    assert chart.y_range == (0.0, 1.0)
    text, chart = shown_chart(stage, made.frame(), view=2)
    assert "1 learning rate" in text and "alpha 0.05" in text
    assert [series.name for series in chart.series] == ["alpha"]
    text, _ = shown_chart(stage, made.frame(), view=3)
    assert "1 cost" in text


def test_before_the_first_update_the_rate_is_the_one_set(stage):
    run = made.run(step=0, phase=3)
    run = replace(run, snapshot=replace(run.snapshot, learning_rate=0.0))
    text, _ = shown_chart(stage, made.frame(run), view=2)
    assert "alpha 0.05" in text


def test_parts_and_log(stage):
    text, chart = shown_chart(stage, made.frame(), Attention(parts=True, log=True))
    assert {"penalty", "loss"} < {series.name for series in chart.series}
    assert chart.log_y and "penalty" in text
    _, chart = shown_chart(stage, made.frame(), Attention(parts=True, log=True), view=1)
    assert not chart.log_y and len(chart.series) == 2


def test_other_runs_are_drawn_thin_with_another_dash(stage):
    _, chart = shown_chart(stage, forked())
    names = [series.name for series in chart.series]
    assert names == ["tanh", "relu", "dev", "J"]
    dashes = {run.name: dash_of(run.number) for run in forked().runs}
    assert all(series.dash == dashes[series.name] for series in chart.series[:2])
    assert [series.bold for series in chart.series] == [False, False, False, True]


def test_the_curve_reaches_to_the_present_step(stage):
    run = made.run(step=180, cost=0.0625)
    _, chart = shown_chart(stage, made.frame(run))
    assert (chart.series[-1].x[-1], chart.series[-1].y[-1]) == (180, 0.0625)
    _, chart = shown_chart(stage, made.frame(replace(run, step=100)))
    assert len(chart.series[-1].x) == 180


@pytest.mark.parametrize(
    ("reached", "steps", "high"), [(3, 2000, 10), (11, 2000, 20), (180, 190, 190), (0, 5, 5)]
)
def test_the_axis_of_steps_grows_in_jumps(reached, steps, high):
    frame = made.frame(made.run(reached=reached, steps=steps))
    assert steps_shown(frame, False) == (0, high)


def test_recent_steps_only():
    assert steps_shown(made.frame(made.run(step=150)), True) == (50, 150)
    assert steps_shown(made.frame(made.run(step=20)), True) == (0, 100)


@pytest.mark.parametrize(
    ("reached", "high"),
    [((0, 0), 10), ((80, 0), 10), ((81, 0), 20), ((800, 0), 100), ((80, 30), 50), ((80, 900), 100)],
)
def test_the_axis_of_epochs_grows_in_jumps_and_ends_with_this_run(reached, high):
    own, other = reached
    run = made.run(reached=own, steps=800, steps_an_epoch=8)
    assert epochs_shown(made.frame(run, made.run(1, "relu", reached=other))) == (0, high)


def test_over_epochs_every_run_has_its_own_scale(stage):
    run = made.run(step=120, steps_an_epoch=8, start=40, best_step=80)
    frame = made.frame(run, made.run(1, "relu", steps_an_epoch=20))
    looks = [Attention(parts=True, axis=axis) for axis in ("steps", "epochs")]
    for view in range(3):
        (_, steps), (text, epochs) = (shown_chart(stage, frame, each, view) for each in looks)
        assert (steps.x_name, epochs.x_name) == ("step", "epoch") and "epoch" in text
        assert [one.name for one in epochs.series] == [one.name for one in steps.series]
        for a, b in zip(steps.series, epochs.series, strict=True):
            np.testing.assert_allclose(np.asarray(b.x) * (20 if b.name == "relu" else 8), a.x)
            np.testing.assert_array_equal(a.y, b.y)
        assert [mark.x for mark in epochs.marks] == [15, 5, 10]


def test_marks_of_a_run():
    plain = marks_of(made.run(), Look())
    assert [mark.x for mark in plain] == [128] and plain[0].line
    run = made.run(start=60, best_step=90, non_finite=NonFinite(128, "update"))
    assert [(mark.x, mark.name) for mark in marks_of(run, Look())[1:]] == [
        (60, "fork"),
        (90, "best"),
        (128, "NaN"),
    ]


def test_a_run_that_met_nan_is_drawn_as_far_as_it_got(stage):
    text, chart = shown_chart(stage, not_finite())
    assert np.isnan(chart.series[-1].y[-1])
    assert chart.y_range is not None and all(map(np.isfinite, chart.y_range))
    assert "✗" in text


def test_the_range_stands_still_while_it_fits(stage):
    curve = made.run().curve
    lower = made.frame(made.run(curve=curve | {"cost": 0.9 * curve["cost"]}))
    _, before = stage.show(CostPanel(1), made.frame(), take=chart_in)
    _, after = stage.show(CostPanel(1), made.frame(), lower, take=chart_in)
    assert after.y_range == before.y_range
    assert after.series[-1].y[0] != before.series[-1].y[0]


def test_a_click_seeks_and_the_mouse_reads(stage):
    panel = CostPanel(1)

    async def walk(app, pilot):
        panel.show(made.frame(), Attention())
        await pilot.pause()
        chart = panel.query_one(ChartWidget)
        await pilot.hover(chart, offset=(30, 5))
        await pilot.pause()
        reading = panel.border_subtitle
        await pilot.click(chart, offset=(30, 5))
        await pilot.pause()
        return reading, [message.step for message in app.posted(CostPanel.Sought)]

    reading, steps = stage.do(panel, walk)
    assert reading.startswith("step ") and "dev 0." in reading and "J 0." in reading
    assert len(steps) == 1 and 60 < steps[0] < 140


def test_over_epochs_a_click_seeks_the_step(stage):
    panel = CostPanel(1)

    async def walk(app, pilot):
        panel.show(made.frame(made.run(steps_an_epoch=10)), Attention(axis="epochs"))
        await pilot.pause()
        chart = panel.query_one(ChartWidget)
        await pilot.hover(chart, offset=(30, 5))
        await pilot.pause()
        x = chart.readout.x
        reading = panel.border_subtitle
        await pilot.click(chart, offset=(30, 5))
        await pilot.pause()
        return x, reading, [message.step for message in app.posted(CostPanel.Sought)]

    x, reading, steps = stage.do(panel, walk)
    assert 6 < x < 14 and reading.startswith(f"epoch {x:.3g}: ")
    assert steps == [round(10 * x)]
