"""Figures of every layer: lines over the steps, bars of one step."""

from dataclasses import replace

import numpy as np
import pytest
from textual.widgets import ContentSwitcher

from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.layers import LayersPanel, layer_figures, some_layers
from nnsim.tui.widgets.chart import ChartWidget
from tests.tui import made
from tests.tui.odd import before_all, of_sizes


def chart_in(panel):
    return panel.query_one(ChartWidget).chart


def seen_in(panel):
    return panel.query_one(ContentSwitcher).current


def test_a_line_a_layer_on_a_log_axis(stage):
    text, chart = stage.show(
        LayersPanel(2), made.frame(), attention=Attention(layer=2), take=chart_in
    )
    assert chart.log_y
    assert [series.name for series in chart.series] == ["1", "2", "3"]
    assert [series.bold for series in chart.series] == [False, True, False]
    assert len({series.dash for series in chart.series}) == 3
    assert "layer 1 0.01  layer 3 1" in text


@pytest.mark.parametrize(
    ("view", "title", "reading"),
    [
        (1, "weight norm by layer", "layer 1 1.75  layer 3 2.25"),
        (2, "update / weight ratio", "layer 1 1e-4  layer 3 0.01"),
        (3, "size of A by layer", "layer 1 0.602  layer 3 0.602"),  # sqrt(0.05^2 + 0.6^2)
        (4, "gradient norm, this step", "layer 1 0.01  layer 3 1"),
        (5, "weight norm, this step", "layer 1 1.75  layer 3 2.25"),
        (6, "update ratio, this step", "layer 1 1e-4  layer 3 0.01"),
        (7, "size of A, this step", "layer 1 0.602  layer 3 0.602"),
    ],
)
def test_its_views(stage, view, title, reading):
    text, seen = stage.show(LayersPanel(2), made.frame(), view=view, take=seen_in)
    assert title in text and reading in text
    assert seen == ("lines" if view < 4 else "bars")


def test_bars_before_there_is_a_history(stage):
    run = made.run(step=1)
    run = replace(run, records={name: each[:1] for name, each in run.records.items()})
    text, seen = stage.show(LayersPanel(2), made.frame(run), take=seen_in)
    assert seen == "bars"
    assert "layer 1 0.01  layer 3 1" in text


def test_before_all_it_says_that_there_is_nothing(stage):
    assert "not yet" in stage.show(LayersPanel(2), before_all())


def test_between_evaluations_the_line_reaches_to_the_step_just_done(stage):
    _, chart = stage.show(LayersPanel(2), made.frame(made.run(step=178)), take=chart_in)
    first = chart.series[0]
    assert first.x[-1] == 177 and first.y[-1] == 0.01


def test_inside_a_step_the_figures_are_those_of_the_last_evaluation():
    run = made.run(step=128, phase=4)
    figures = layer_figures(run, "gradient_norm")
    np.testing.assert_array_equal(figures, run.records["gradient_norm"][12])
    empty = {name: each[:0] for name, each in run.records.items()}
    assert layer_figures(replace(run, records=empty), "gradient_norm") == []


@pytest.mark.parametrize(
    ("depth", "looked_at", "layers"),
    [
        (1, 1, [1]),
        (6, 2, [1, 2, 3, 4, 5, 6]),
        (10, 1, [1, 3, 6, 8, 10]),
        (10, 4, [1, 3, 4, 6, 8, 10]),
        (10, 99, [1, 3, 6, 8, 10]),
    ],
)
def test_some_layers_of_a_deep_network(depth, looked_at, layers):
    assert [int(each) for each in some_layers(depth, looked_at)] == layers


def test_a_deep_network_has_few_lines(stage):
    deep = of_sizes(2, *[4] * 9, 1)
    _, chart = stage.show(LayersPanel(2), deep, attention=Attention(layer=4), take=chart_in)
    assert [series.name for series in chart.series] == ["1", "3", "4", "6", "8", "10"]


def test_a_click_seeks(stage):
    panel = LayersPanel(2)

    async def walk(app, pilot):
        panel.show(made.frame(), Attention())
        await pilot.pause()
        await pilot.click("#lines", offset=(30, 5))
        await pilot.pause()
        return [message.step for message in app.posted(LayersPanel.Sought)]

    (step,) = stage.do(panel, walk)
    assert 60 < step < 140


def test_of_one_layer_it_says_the_figure_once(stage):
    run = made.run()
    run = replace(run, snapshot=replace(run.snapshot, layers=run.snapshot.layers[:1]))
    text = stage.show(LayersPanel(2), made.frame(run), view=4)
    assert text.count("layer 1 0.01") == 1
