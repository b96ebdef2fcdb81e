"""The panels of averages: what they draw of a moment, and that every moment can be drawn."""

import numpy as np
import pytest

from nnsim.simulations.averages.simulation import AveragesSimulation, Curve
from nnsim.tui.panels import PANELS
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.averages import (
    AveragesPanel,
    WeightsPanel,
    WindowsPanel,
    block_rows,
    window_rows,
)
from nnsim.tui.widgets.chart import ChartWidget
from tests.tui.stepped import LOOKS, frame, moments

CURVES = (Curve("main", 0.9), Curve("right", 0.98, "corrected"), Curve("bad", 0.98, "stored"))
PLACES = PANELS["averages"]


def two_numbers():
    return AveragesSimulation([40, 49], CURVES, steps=20)


def year():
    days = np.arange(100)
    return AveragesSimulation(10 - 8 * np.cos(days / 60), CURVES[:2], name="temperature (C)")


def at(step, phase=0, make=two_numbers):
    simulation = make()
    simulation.seek(step, phase)
    return simulation


def chart_of(panel):
    return panel.query_one(ChartWidget).chart


def test_the_series_is_points_while_it_is_short(stage):
    text, chart = stage.show(AveragesPanel(1), frame(at(2)), take=chart_of)
    names = [one.name for one in chart.series]
    assert names == ["main", "right", "bad", "theta"]
    assert chart.series[-1].bare
    np.testing.assert_allclose(chart.series[0].y, [0, 4, 8.5])
    assert "theta 49  main 8.5" in text
    _, chart = stage.show(AveragesPanel(1), frame(at(90, make=year)), take=chart_of)
    assert not chart.series[-1].bare


def test_the_curve_looked_at_is_bold(stage):
    for layer, bold in ((1, "main"), (2, "right"), (3, "bad"), (9, "bad")):
        attention = Attention(layer=layer)
        text, chart = stage.show(AveragesPanel(1), frame(at(2)), attention=attention, take=chart_of)
        assert [one.name for one in chart.series if one.bold] == [bold]
        assert f"{bold} " in text.splitlines()[-1]


def test_curves_of_another_run_are_thin_and_only_what_differs(stage):
    other = AveragesSimulation([40, 49], (Curve("main", 0.5), *CURVES[1:]), steps=20)
    other.seek(4)
    _, chart = stage.show(AveragesPanel(1), frame(at(2), other), take=chart_of)
    assert [one.name for one in chart.series] == ["main", "right", "bad", "theta", "main 0.5"]
    np.testing.assert_allclose(chart.series[-1].y[:3], [0, 20, 34.5])
    series_of_its_own = year()
    _, chart = stage.show(AveragesPanel(1), frame(at(2), series_of_its_own), take=chart_of)
    assert len(chart.series) == 4


def test_weights_are_those_of_the_average(stage):
    _, chart = stage.show(WeightsPanel(2), frame(at(3)), take=chart_of)
    main, right, bad = chart.series
    np.testing.assert_allclose(main.y, [0.1, 0.09, 0.081])
    np.testing.assert_allclose(np.sum(right.y), 1)
    assert np.sum(bad.y) > 10
    assert chart.x_name == "days ago"


def test_weights_day_by_day(stage):
    text = stage.show(
        WeightsPanel(2), frame(at(3)), view=1, attention=Attention(layer=1), size=(40, 10)
    )
    lines = text.splitlines()
    assert "weights of main" in lines[0] and "main: sum 0.271" in lines[-1]
    assert "today" in lines[1] and lines[1].rstrip(" │").endswith("0.1")
    assert "2 ago" in lines[3] and "0.081" in lines[3]


def test_before_the_first_day_nothing_has_a_weight(stage):
    for view in (0, 1):
        text = stage.show(WeightsPanel(2), frame(two_numbers()), view=view)
        assert "no day yet" in text


def test_the_table_in_a_wide_and_in_a_high_panel(stage):
    text = stage.show(WindowsPanel(3), frame(at(2)), size=(80, 8))
    main = next(line for line in text.splitlines() if "main" in line)
    assert main.strip(" │").split() == ["main", "0.9", "8.5", "10", "0.1", "0.19", "0.4737"]
    text = stage.show(WindowsPanel(3), frame(at(2)), size=(30, 40))
    assert "1 / (1 - beta)" in text and "bad, stored back" in text
    assert "1015" in text


def test_inside_a_day_only_what_is_computed_shows(stage):
    simulation = at(1, 1)
    assert [row.cells[2] for row in window_rows(simulation.snapshot(), 0)] == ["-", "-", "-"]
    simulation.next_phase()
    assert [row.cells[2] for row in window_rows(simulation.snapshot(), 0)] == ["8.5", "-", "-"]
    simulation.next_phase()
    shown = [row.cells[2] for row in window_rows(simulation.snapshot(), 0)]
    assert shown == ["8.5", "44.55", "1015"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_moment_can_be_shown(stage, place):
    panel = place.make()

    async def walk(app, pilot):
        for size in ((14, 5), (70, 20)):
            await pilot.resize_terminal(*size)
            for make in (two_numbers, year):
                for simulation in moments(make()):
                    for log in (False, True):
                        panel.show(frame(simulation), Attention(layer=2, log=log))
                        await pilot.pause()
                        assert app._exception is None
                    panel.next_view()
                assert panel.border_title

    stage.do(panel, walk)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_look(stage, place, look):
    texts = stage.at_sizes(place.make(), frame(at(7)), views=2, sizes=((40, 14),), **LOOKS[look])
    for text in texts.values():
        assert all(len(line) <= 40 for line in text.splitlines())
        assert look != "ascii" or text.isascii()
        assert len(text) > 120


def test_a_block_is_headed_by_its_name_and_form_once():
    curves = (
        Curve("main", 0.9),
        Curve("right", 0.9, "corrected"),
        Curve("corrected", 0.9, "corrected"),
    )
    heads = [
        row.cells[0]
        for row in block_rows(AveragesSimulation(np.ones(3), curves).snapshot(), 0)
        if len(row.cells) == 1
    ]
    assert heads == ["main", "right, corrected", "corrected"]
