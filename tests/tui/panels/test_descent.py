"""The panels of descent: what they draw of a moment, and that every moment can be drawn."""

import numpy as np
import pytest

from nnsim.simulations.descent.settings import PathSettings
from nnsim.simulations.descent.simulation import Descent
from nnsim.simulations.descent.surfaces import SURFACES, Surface
from nnsim.tui.drawing.field import Field
from nnsim.tui.panels import PANELS
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.descent import curve_of, field_of
from nnsim.tui.panels.descent_figures import (
    AveragesPanel,
    DerivativesPanel,
    FiguresPanel,
    path_rows,
    point_rows,
)
from nnsim.tui.widgets.chart import ChartWidget
from tests.tui.stepped import LOOKS, frame, moments

PLACES = PANELS["descent"]
VIEWS = {"FiguresPanel": 6, "AveragesPanel": 3, "StandingPanel": 2}
PATHS = (
    PathSettings(name="plain", learning_rate=0.036),
    PathSettings(name="adam", optimizer="adam", learning_rate=0.1),
    PathSettings(name="wild", learning_rate=3.0),
)


def at(step, phase=0, surface="long_bowl", paths=PATHS, steps=400):
    simulation = Descent(SURFACES[surface], paths, steps)
    simulation.seek(step, phase)
    return simulation


def chart_of(panel):
    return panel.query_one(ChartWidget).chart


def test_all_paths_are_on_the_contours_and_the_chosen_one_above():
    shown = frame(at(5))
    field = field_of(shown, 1)
    assert isinstance(field, Field)
    assert [path.name for path in field.paths] == ["adam", "plain", "wild"]
    assert [path.number for path in field.paths] == [1, 0, 2]
    np.testing.assert_allclose(field.paths[1].x[:2], [-8, -8 + 0.036 * 8])
    assert (field.x_name, field.y_name) == ("w1", "w2")
    assert field.values[:, 0].max() == field.values.max()
    assert not field.log
    assert field_of(frame(at(0, surface="rosenbrock")), 0).log


def test_a_path_that_leaves_is_cut_at_the_edge():
    wild = field_of(frame(at(300)), 2).paths[0]
    assert np.isfinite(wild.x).all() and np.isfinite(wild.y).all()
    assert np.abs(wild.y).max() <= 7.5


def test_other_runs_are_thin_where_they_have_the_same_surface():
    other, elsewhere = at(3, paths=PATHS[:1]), at(3, surface="bowl")
    paths = field_of(frame(at(2), other, elsewhere), 0).paths
    assert [path.thin for path in paths] == [False, False, False, True]


def test_one_variable_is_a_curve_with_points_on_it():
    simulation = at(3, surface="parabola")
    chart = curve_of(frame(simulation).run, 0)
    curve, *points = chart.series
    assert [each.name for each in points] == ["adam", "wild", "plain"]
    assert all(each.bare for each in points) and points[-1].bold
    w, J = points[-1].points
    np.testing.assert_allclose(J, (w - 5) ** 2, atol=1e-12)
    assert chart.ranges[0] == (-2, 12)
    assert curve.points[1].min() == pytest.approx(0, abs=1e-3)


def test_the_figures_of_every_path(stage):
    _, chart = stage.show(FiguresPanel(2), frame(at(20)), take=chart_of)
    assert [each.name for each in chart.series] == ["plain", "adam", "wild"]
    assert [each.bold for each in chart.series] == [True, False, False]
    assert chart.log_y
    attention = Attention(layer=2, log=True)
    text, chart = stage.show(FiguresPanel(2), frame(at(20)), attention=attention, take=chart_of)
    assert not chart.log_y
    assert "adam" in text.splitlines()[-1]
    _, chart = stage.show(FiguresPanel(2), frame(at(20, surface="saddle")), take=chart_of)
    assert not chart.log_y  # J falls below 0


def test_a_lone_path_beside_other_runs(stage):
    alone = (PathSettings(learning_rate=0.01),)
    runs = at(5, paths=alone), at(9, paths=alone)
    _, chart = stage.show(FiguresPanel(2), frame(*runs), take=chart_of)
    assert [each.name for each in chart.series] == ["sgd", "run 1"]
    assert [each.number for each in chart.series] == [0, 1]


def test_averages_of_the_chosen_path(stage):
    panel = AveragesPanel(4)
    _, chart = stage.show(panel, frame(at(9)), attention=Attention(layer=2), take=chart_of)
    assert [each.name for each in chart.series] == ["dw1", "v_w1", "dw2", "v_w2"]
    _, chart = stage.show(AveragesPanel(4), frame(at(9)), take=chart_of)
    assert [each.name for each in chart.series] == ["dw1", "dw2"]


def test_where_each_path_stands():
    run = frame(at(0)).run
    heading, rows = path_rows(run, run.shown, 1)
    assert heading == ("path", "J", "eigenvalues", "place", "gradient", "w1", "w2")
    assert rows[1].cells == ("adam", "88.2", "1, 50", "slope", "75.4", "-8", "1.5")
    assert [row.bold for row in rows] == [False, True, False]


def test_at_the_point():
    run = frame(at(1)).run
    heading, rows = point_rows(run.shown, 1)
    assert heading == ("adam", "w1", "w2")
    cells = {row.cells[0]: row.cells[1:] for row in rows if row.cells[0]}
    assert cells["gradient"] == ("-7.9", "70")
    assert cells["Hessian"] == ("1", "0")
    assert cells["last update"] == ("0.1", "-0.1")
    assert cells["v"] == ("-0.8", "7.5")
    run = frame(at(1, surface="parabola")).run
    names = [row.cells[0] for row in point_rows(run.shown, 0)[1]]
    assert "second derivative" in names and "eigenvalues" not in names


def test_j_and_its_derivatives(stage):
    surface = Surface(
        "formula", "x0*w**2 + x1*w", ("w",), (("x0", 1.0), ("x1", -10.0)), start=(0.0,)
    )
    simulation = Descent(surface, [PathSettings()], 5)
    text = stage.show(DerivativesPanel(5), frame(simulation))
    text = text[0] if isinstance(text, tuple) else text
    assert "J = x0 w^2 + x1 w" in text
    assert "dJ/dw = 2 x0 w + x1" in text
    assert "d2J/(dw dw) = 2 x0" in text
    assert "x1 = -10" in text


@pytest.mark.parametrize("surface", ["parabola", "long_bowl", "saddle"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_moment_can_be_shown(stage, place, surface):
    panel = place.make()

    async def walk(app, pilot):
        for size in ((14, 5), (40, 14)):
            await pilot.resize_terminal(*size)
            for simulation in moments(Descent(SURFACES[surface], PATHS, 400)):
                for _ in range(VIEWS.get(place.name, 1)):
                    panel.show(frame(simulation, kind="descent"), Attention(layer=3))
                    await pilot.pause()
                    assert app._exception is None
                    panel.next_view()

    stage.do(panel, walk)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_view_at_every_size(stage, place, look):
    sizes = ((14, 5), (30, 12), (120, 40)) if look == "dark" else ((40, 14),)
    views = VIEWS.get(place.name, 1)
    shown = frame(at(7, 1), kind="descent")
    for (_, (width, _)), text in stage.at_sizes(
        place.make(), shown, views=views, sizes=sizes, **LOOKS[look]
    ).items():
        assert all(len(line) <= width for line in text.splitlines())
        if look == "ascii":
            assert text.isascii(), text


def test_rows_fill_the_arrangements():
    for sizes in ([place.normal for place in PLACES], [place.wide for place in PLACES]):
        assert sum(sizes) == 48
