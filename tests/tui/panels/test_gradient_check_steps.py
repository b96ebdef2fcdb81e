"""The panels of the stepped gradient check: theta, J along one parameter, blocks, the ratio."""

import numpy as np
import pytest

from nnsim.simulations.gradient_check.simulation import GradientCheckSimulation
from nnsim.simulations.gradient_check.snapshot import ENTRY_VERDICTS
from nnsim.training.specification import PlantedFault, Training
from nnsim.tui.look import Look
from nnsim.tui.panels import PANELS
from nnsim.tui.panels.gradient_check_map import SIGNS, VERDICTS, ParametersPanel, draw_map
from nnsim.tui.panels.gradient_check_steps import (
    AlongPanel,
    BlocksPanel,
    RatioPanel,
    WorstPanel,
    block_rows,
    worst_rows,
)
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.field import FieldWidget
from tests.simulations.made import data_set, network, rich_network
from tests.simulations.test_gradient_check import one_relu
from tests.tui.stepped import LOOKS, frame, moments

PLACES = PANELS["gradient_check"]


def made(described=None, *, fault=None, data=None, step=0, phase=0, **options):
    training = Training(steps=1, learning_rate=0.1, fault=PlantedFault(*fault) if fault else None)
    simulation = GradientCheckSimulation(
        described or network(3), training, data or data_set(), seed=3, **options
    )
    simulation.seek(step, phase)
    return simulation


def chart_of(panel):
    return panel.query_one(ChartWidget).chart


def drawn(simulation, width, height, ascii=False):
    strips = draw_map(simulation.snapshot(), Look(ascii=ascii), width, height)
    return [strip.text.rstrip() for strip in strips]


def test_verdicts_are_those_of_the_simulation():
    assert VERDICTS == ENTRY_VERDICTS
    assert set(SIGNS) == {*VERDICTS, ""}


def test_the_map_fills_in(stage):
    simulation = made(step=7, phase=1)
    rows = drawn(simulation, 40, 12)
    assert rows[0].startswith("dW1 ") and rows[0].count("=") + rows[0].count(":") == 6
    assert rows[1].split()[0] == "db1" and rows[1].count("●") == 1 and rows[1].count("·") == 1
    assert rows[2].count("·") == 3
    assert "to do" in rows[-1] + rows[-2]
    text = stage.show(ParametersPanel(1), frame(simulation, kind="gradient_check"))
    assert "b1[1,0]  7 of 13" in text


def test_a_wrong_block_is_seen_without_colour():
    simulation = made(network(4, 4), fault=("db_scaled", 2), data=data_set(m=40))
    simulation.run()
    rows = {row.split()[0]: row for row in drawn(simulation, 40, 14, ascii=True)[:6]}
    assert rows["db2"].count("!") == 4
    assert all("!" not in row for name, row in rows.items() if name != "db2")
    kinked, data = one_relu()
    at_kink = made(kinked, data=data, step=2)
    assert drawn(at_kink, 40, 12)[0].split() == ["dW1", "k"]


def test_many_parameters_share_a_cell_and_the_gravest_shows():
    simulation = made(network(30, 30), fault=("db_scaled", 2), data=data_set(m=40))
    simulation.run()
    rows = drawn(simulation, 40, 12)
    assert len(rows) == 12 and all(len(row) <= 40 for row in rows)
    assert "a cell" in rows[-1]
    assert "!" in next(row for row in rows if row.startswith("db2"))
    assert "more blocks" in drawn(simulation, 30, 3)[-1]


@pytest.mark.parametrize("size", [(0, 4), (4, 0), (1, 1), (5, 3)])
def test_the_map_keeps_to_its_size(size):
    width, height = size
    strips = draw_map(made(rich_network(), step=4).snapshot(), Look(), width, height)
    assert len(strips) == height and all(strip.cell_length in (0, width) for strip in strips)


def test_d_approx_against_d_is_another_view(stage):
    simulation = made(network(4, 4), fault=("dw_doubled", 2), data=data_set(m=40))
    simulation.run()
    take = lambda panel: panel.query_one(FieldWidget)._field  # noqa: E731
    _, field = stage.show(
        ParametersPanel(1), frame(simulation, kind="gradient_check"), view=1, take=take
    )
    points = field.points
    shown = simulation.snapshot()
    np.testing.assert_array_equal(points.x, shown.gradient)
    np.testing.assert_array_equal(points.y, shown.approximation)
    np.testing.assert_array_equal(points.label, shown.entries)
    assert points.names == VERDICTS
    assert field.x_range[1] > np.abs(shown.gradient).max()


def test_j_along_a_parameter_has_three_points_and_two_slopes(stage):
    simulation = made(step=2, phase=1)
    _, chart = stage.show(AlongPanel(1), frame(simulation, kind="gradient_check"), take=chart_of)
    assert list(chart.series[0].points[0]) == [0, 1]
    assert len(chart.series) == 1
    simulation.next_phase()
    simulation.next_phase()
    text, chart = stage.show(AlongPanel(1), frame(simulation, kind="gradient_check"), take=chart_of)
    shown = simulation.snapshot()
    J, approx, back = chart.series
    np.testing.assert_allclose(J.points[1], [shown.minus - shown.cost, 0, shown.plus - shown.cost])
    x, y = approx.points
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(shown.d_approx * shown.epsilon)
    x, y = back.points
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(shown.d * shown.epsilon)
    assert "J along W1[1,0]" in text and "d_approx" in text


def test_blocks_with_their_verdicts(stage):
    simulation = made(network(4, 4), fault=("db_scaled", 2), data=data_set(m=40))
    simulation.run()
    rows = {row.cells[0]: row.cells for row in block_rows(simulation.snapshot())}
    assert rows["db2"][1:] == ("0.6", "! wrong", "4/4")
    assert rows["dW2"][2] == "= great"
    assert rows["all"][2] == "! wrong"
    simulation.seek(1)
    rows = {row.cells[0]: row for row in block_rows(simulation.snapshot())}
    assert rows["dW1"].bold and rows["dW1"].cells[3] == "1/8"
    assert rows["db3"].cells[1:] == ("-", "", "0/1")
    text = stage.show(BlocksPanel(1), frame(simulation, kind="gradient_check"))
    assert "block" in text and "dW2" in text


def test_the_largest_differences_come_first(stage):
    simulation = made(fault=("dw_doubled", 1))
    simulation.run()
    rows = worst_rows(simulation.snapshot())
    assert rows[0].cells[0].startswith("dW1[")
    assert float(rows[0].cells[1]) >= float(rows[1].cells[1])
    text = stage.show(WorstPanel(1), frame(made(), kind="gradient_check"))
    assert "not yet" in text


def test_the_ratio_of_this_run_and_of_the_others(stage):
    first, second = made(step=13), made(fault=("dw_doubled", 1), step=13)
    _, chart = stage.show(RatioPanel(1), frame(first, second, kind="gradient_check"), take=chart_of)
    names = [one.name for one in chart.series]
    assert names == ["ratio", "run 1", "wrong", "great"]
    assert chart.log_y and chart.ranges[0] == (0, 13)
    assert chart.series[0].points[1][-1] < 1e-7 < chart.series[1].points[1][-1]


SIZES = ((14, 5), (30, 12), (120, 40))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_panel_at_every_moment(stage, place):
    other = made()
    simulation = made(rich_network(), fault=("dw_doubled", 2), masks="fresh")
    frames = [frame(each, other, kind="gradient_check") for each in moments(simulation)]
    assert stage.show(place.make(), *frames)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_panel_at_every_size(stage, place):
    views = max(1, len(place.make().VIEWS))
    shown_frame = frame(made(rich_network(), step=9, phase=3), kind="gradient_check")
    texts = stage.at_sizes(place.make(), shown_frame, views=views, sizes=SIZES)
    assert len(texts) == views * len(SIZES)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_panel_in_every_look(stage, place, look):
    simulation = made(rich_network(), fault=("dw_doubled", 2), step=20, phase=3)
    text = stage.show(place.make(), frame(simulation, kind="gradient_check"), **LOOKS[look])
    assert text.isascii() or look != "ascii"


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_panel_bears_what_is_not_a_number(stage, place):
    data = data_set()
    broken = data.train.X.copy()
    broken[0] = np.nan
    data = type(data)(type(data.train)(broken, data.train.Y), data.dev, data.test, data.task)
    simulation = made(network(2), data=data, step=3, phase=3)
    for view in range(max(1, len(place.make().VIEWS))):
        assert stage.show(place.make(), frame(simulation, kind="gradient_check"), view=view)
