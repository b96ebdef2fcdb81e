"""The panels of derivatives: the V, the secants, the table, at every moment."""

import numpy as np
import pytest

from nnsim.simulations.derivative.simulation import DerivativeSimulation
from nnsim.tui.panels import PANELS
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.derivative import DifferencesPanel, ErrorsPanel, SecantsPanel
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from tests.tui.stepped import LOOKS, frame, moments

PLACES = PANELS["derivative"]
DECADES = [float(f"1e-{k}") for k in range(1, 13)]


def cube(dtype="float64", epsilons=DECADES):
    return DerivativeSimulation("theta**3", 1.0, epsilons, dtype)


def kink():
    return DerivativeSimulation("abs(theta)", 0.003, DECADES)


def at(step, phase=0, **options):
    simulation = cube(**options)
    simulation.seek(step, phase)
    return simulation


def chart_of(panel):
    return panel.query_one(ChartWidget).chart


def test_the_v_is_drawn_over_epsilon(stage):
    text, chart = stage.show(ErrorsPanel(1), frame(at(12)), take=chart_of)
    two, one = chart.series
    assert chart.log_x and chart.log_y and chart.ranges[0] == (1e-12, 0.1)
    x, y = two.points
    np.testing.assert_allclose(x, DECADES[::-1])
    assert y.argmin() not in (0, 11)
    assert y[10] == pytest.approx(1e-4)
    assert one.points[1][10] == pytest.approx(0.0301)
    assert "two-sided 1e-4  one-sided 2.7e-4" in text


def test_theory_is_another_view(stage):
    _, chart = stage.show(ErrorsPanel(1), frame(at(3)), view=1, take=chart_of)
    names = [one.name for one in chart.series]
    assert names[2:] == ["bend, two-sided", "bend, one-sided", "round-off"]
    np.testing.assert_allclose(chart.series[2].points[1], np.array(DECADES[::-1]) ** 2)
    parabola = DerivativeSimulation("theta**2", 3.0, DECADES)
    parabola.seek(3)
    _, chart = stage.show(ErrorsPanel(1), frame(parabola), view=1, take=chart_of)
    assert [one.name for one in chart.series][2:] == ["bend, one-sided", "round-off"]


def test_other_runs_are_thin(stage):
    other = at(12, dtype="float32")
    _, chart = stage.show(ErrorsPanel(1), frame(at(12), other), take=chart_of)
    assert [one.bold for one in chart.series] == [True, True, False]
    assert chart.series[2].name == "run 1"


def test_an_error_of_nothing_lies_at_the_foot(stage):
    simulation = kink()
    simulation.seek(3)
    _, chart = stage.show(ErrorsPanel(1), frame(simulation), take=chart_of)
    assert chart.series[0].points[1].min() == 1e-17


def test_a_click_goes_to_the_nearest_epsilon(stage):
    async def walk(app, pilot):
        panel.show(frame(at(12)), Attention())
        await pilot.pause()
        panel.query_one(ChartWidget).post_message(ChartWidget.Picked(None, 2.3e-5))
        await pilot.pause()
        return [message.step for message in app.posted(Panel.Sought)]

    panel = ErrorsPanel(1)
    assert stage.do(panel, walk) == [5]


def test_secants_in_units_of_epsilon(stage):
    _, chart = stage.show(SecantsPanel(2), frame(at(1)), take=chart_of)
    lines = {one.name: one.points for one in chart.series}
    assert list(lines) == ["f", "2-sided", "1-sided", "slope"]
    x, y = lines["2-sided"]
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(3.01)
    x, y = lines["1-sided"]
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(3.31)
    x, y = lines["f"]
    above, below = np.interp([1, -1], x, y)
    two = lines["2-sided"]
    np.testing.assert_allclose(np.interp([1, -1], *two), [above, below], atol=1e-9)


def test_lines_come_with_their_phases(stage):
    for phase, count in ((1, 2), (2, 2), (3, 3), (4, 4)):
        _, chart = stage.show(SecantsPanel(2), frame(at(0, phase)), take=chart_of)
        assert len(chart.series) == count


def test_without_the_tangent_the_steps_of_rounding_show(stage):
    _, chart = stage.show(SecantsPanel(2), frame(at(12)), view=1, take=chart_of)
    f = chart.series[0].points[1]
    assert np.abs(f).max() > 1e-5
    assert chart.series[-1].name == "slope" and not chart.series[-1].points[1].any()


def test_the_whole_of_f_before_and_on_demand(stage):
    for view, step in ((0, 0), (2, 3)):
        _, chart = stage.show(SecantsPanel(2), frame(at(step)), view=view, take=chart_of)
        assert chart.x_name == "theta"
        np.testing.assert_allclose(chart.series[0].points[1], chart.series[0].points[0] ** 3)


def test_the_table_has_a_row_an_epsilon(stage):
    text = stage.show(DifferencesPanel(3), frame(at(2)), size=(70, 10))
    row = next(line for line in text.splitlines() if line.startswith("│0.01 "))
    assert row.strip(" │").split() == ["0.01", "1e-4", "0.03", "3.0001", "3.0301"]
    assert "exact 3" in text


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_moment_can_be_shown(stage, place):
    panel = place.make()

    async def walk(app, pilot):
        for size in ((14, 5), (70, 20)):
            await pilot.resize_terminal(*size)
            for simulation in (cube(), kink(), cube("float32"), cube(epsilons=[0.01])):
                for moment in moments(simulation):
                    panel.show(frame(moment), Attention())
                    await pilot.pause()
                    assert app._exception is None
                    panel.next_view()
                assert panel.border_title

    stage.do(panel, walk)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_look(stage, place, look):
    texts = stage.at_sizes(place.make(), frame(at(7)), views=3, sizes=((40, 14),), **LOOKS[look])
    for text in texts.values():
        assert all(len(line) <= 40 for line in text.splitlines())
        assert look != "ascii" or text.isascii()
        assert len(text) > 120
