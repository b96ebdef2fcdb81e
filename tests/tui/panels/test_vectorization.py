"""The panels of loop and matrix form: the code, the sums, times and counts."""

import numpy as np
import pytest

from nnsim.simulations.vectorization.simulation import VectorizationSimulation
from nnsim.tui.look import Look
from nnsim.tui.panels import PANELS
from nnsim.tui.panels.vectorization import (
    CountsPanel,
    ExamplesPanel,
    ListingPanel,
    SumsPanel,
    TimesPanel,
    count_rows,
    draw_listing,
    seconds,
    sum_rows,
)
from nnsim.tui.widgets.chart import ChartWidget
from tests.simulations.test_vectorization import numbers
from tests.tui.stepped import LOOKS, frame, moments

PLACES = PANELS["vectorization"]


def made(m=5, n_x=2, form="right", step=0, phase=0):
    simulation = VectorizationSimulation(*numbers(m, n_x), form)
    simulation.seek(step, phase)
    return simulation


def framed(*simulations):
    return frame(*simulations, kind="vectorization")


def lit(simulation, view=0, width=70, height=30):
    strips = draw_listing(simulation.snapshot(), view, Look(ascii=True), width, height)
    return [strip.text.strip()[1:].strip() for strip in strips if strip.text.startswith(">")]


@pytest.mark.parametrize(
    ("step", "phase", "lines"),
    [
        (0, 0, []),
        (0, 1, ["z = b", "for j in range(n_x):", "z += w[j] * X[j][i]"]),
        (0, 2, ["a = 1 / (1 + exp(-z))"]),
        (2, 3, ["J -= Y[i] * log(a) + (1 - Y[i]) * log(1 - a)"]),
        (2, 4, ["dz = a - Y[i]"]),
        (3, 0, ["for j in range(n_x):", "dw[j] += X[j][i] * dz", "db += dz"]),
        (5, 1, ["J /= m", "for j in range(n_x):", "dw[j] /= m", "db /= m"]),
        (5, 2, ["Z = w.T @ X + b"]),
        (5, 4, ["dZ = A - Y"]),
        (6, 0, ["dw = X @ dZ.T / m", "db = np.sum(dZ) / m"]),
    ],
)
def test_the_lines_of_the_phase_are_lit(step, phase, lines):
    assert lit(made(step=step, phase=phase)) == lines


def test_both_forms_stand_side_by_side_where_there_is_room():
    wide = [s.text for s in draw_listing(made(step=1).snapshot(), 0, Look(), 130, 20)]
    assert any("for i in range(m):" in row and "A = 1" in row for row in wide)
    narrow = [s.text for s in draw_listing(made(step=1).snapshot(), 0, Look(), 60, 20)]
    assert not any("A = 1" in row for row in narrow)
    assert any("Z = w.T" in s.text for s in draw_listing(made().snapshot(), 2, Look(), 60, 20))


def test_the_lit_lines_are_seen_in_a_low_panel():
    for step, phase in ((0, 1), (3, 0), (5, 1)):
        assert lit(made(step=step, phase=phase), height=6)


def test_the_code_of_a_bug_is_that_which_runs(stage):
    text = stage.show(ListingPanel(1), framed(made(form="labels_as_column")), view=2)
    assert "Y = Y.reshape(m, 1)" in text and "a bug in the matrix form" in text


def test_sums_and_results(stage):
    simulation = made(step=3)
    rows = {row.cells[0]: row for row in sum_rows(simulation.snapshot())}
    assert set(rows) == {"J", "db", "dw1", "dw2"}
    assert rows["dw1"].bold and not rows["J"].bold and rows["J"].cells[2] == "-"
    assert float(rows["db"].cells[1]) == pytest.approx(simulation.figures()["db"], rel=1e-5)
    simulation.run()
    rows = {row.cells[0]: row for row in sum_rows(simulation.snapshot())}
    assert rows["dw1"].cells[1] == rows["dw1"].cells[2]
    assert "difference" in stage.show(SumsPanel(1), framed(simulation))


def test_dw_over_the_features_is_another_view(stage):
    simulation = made(7, 30)
    take = lambda panel: panel.query_one(ChartWidget).chart  # noqa: E731
    simulation.seek(4)
    _, chart = stage.show(SumsPanel(1), framed(simulation), view=1, take=take)
    np.testing.assert_allclose(chart.series[0].points[1], simulation.snapshot().dw / 4)
    assert len(chart.series) == 1
    simulation.run()
    _, chart = stage.show(SumsPanel(1), framed(simulation), view=1, take=take)
    loop, matrix = chart.series
    np.testing.assert_allclose(loop.points[1], matrix.points[1], atol=1e-14)


def test_times_are_shown_once_they_are_measured(stage):
    simulation = made(step=5)
    assert "Measured on this machine" in stage.show(TimesPanel(1), framed(simulation))
    simulation.run()
    text = stage.show(TimesPanel(1), framed(simulation))
    assert all(word in text for word in ("loop", "matrix", "compiled", "loop / matrix = "))


@pytest.mark.parametrize(
    ("value", "text"), [(2.5, "2.5 s"), (0.25, "250 ms"), (1.2e-3, "1.2 ms"), (3.4e-5, "34 us")]
)
def test_times_in_words(value, text):
    assert seconds(value) == text


def test_the_sums_over_the_examples(stage):
    simulation = made(step=6)
    take = lambda panel: panel.query_one(ChartWidget).chart  # noqa: E731
    _, chart = stage.show(ExamplesPanel(1), framed(simulation), take=take)
    assert [one.name for one in chart.series] == ["J", "dw1", "dw2", "db"]
    assert chart.series[0].points[0][-1] == 5
    _, chart = stage.show(ExamplesPanel(1), framed(simulation), view=1, take=take)
    np.testing.assert_array_equal(chart.series[0].points[1], simulation.snapshot().all_a)


def test_counts(stage):
    simulation = made(step=2)
    rows = {row.cells[0]: row.cells[1:] for row in count_rows(simulation.snapshot())}
    assert rows["operations so far"] == ("44", "0")
    assert rows["operations in all"] == (str(5 * 22 + 4), "21")
    assert rows["multiplications"] == ("30", "30")
    simulation.run()
    assert "time an operation" in stage.show(CountsPanel(1), framed(simulation))


SIZES = ((14, 5), (30, 12), (120, 40))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_panel_at_every_moment(stage, place):
    other = made(3, 2)
    frames = [framed(simulation, other) for simulation in moments(made(1, 1))]
    assert stage.show(place.make(), *frames)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_panel_at_every_size(stage, place):
    views = max(1, len(place.make().VIEWS))
    texts = stage.at_sizes(place.make(), framed(made(step=2, phase=3)), views=views, sizes=SIZES)
    assert len(texts) == views * len(SIZES)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_panel_in_every_look(stage, place, look):
    for simulation in (made(5, 12, step=2, phase=3), made(5, 12, step=6)):
        text = stage.show(place.make(), framed(simulation), **LOOKS[look])
        assert text.isascii() or look != "ascii"
