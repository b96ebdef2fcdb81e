"""Matrices of the layer that is looked at, and the cell pointed at."""

from dataclasses import replace

import pytest

from nnsim.tui.formulas import Cell
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.matrices import GradientsPanel, MatrixPanel, UpdatesPanel, WeightsPanel
from nnsim.tui.widgets.heat_map import HeatMapWidget
from tests.tui import made
from tests.tui.odd import before_all, not_looked_at, of_sizes


def heat_map(panel):
    return panel.query_one(HeatMapWidget)._map


@pytest.mark.parametrize(
    ("panel", "title", "shape"),
    [
        (WeightsPanel, "4 W1  weights", (4, 2)),
        (GradientsPanel, "5 dW1  gradient", (4, 2)),
        (UpdatesPanel, "6 update_W1  last update", (4, 2)),
    ],
)
def test_the_first_matrix(stage, panel, title, shape):
    number = int(title[0])
    text, shown = stage.show(panel(number), made.frame(), take=heat_map)
    assert title in text and f"{shape[0]} x {shape[1]}" in text
    assert shown.values.shape == shape


def test_it_is_of_the_layer_that_is_looked_at(stage):
    text, shown = stage.show(
        WeightsPanel(4), made.frame(), attention=Attention(layer=2), take=heat_map
    )
    assert "4 W2" in text and "3 x 4" in text
    assert shown.name == "W2" and shown.values.shape == (3, 4)


@pytest.mark.parametrize(
    ("panel", "names"),
    [
        (WeightsPanel, ["W1", "b1", "W1"]),
        (GradientsPanel, ["dW1", "db1", "dZ1", "dA1", "dW1"]),
        (UpdatesPanel, ["update_W1", "v_W1", "update_b1", "v_b1", "update_W1"]),
    ],
)
def test_matrices_take_turns(stage, panel, names):
    for view, name in enumerate(names):
        _, shown = stage.show(panel(4), made.frame(), view=view, take=heat_map)
        assert shown.name == name


def test_what_is_not_there_yet(stage):
    early = made.frame(made.run(phase=2))
    assert "not yet" in stage.show(GradientsPanel(5), early)
    assert "5 dW1" in stage.show(GradientsPanel(5), early)
    assert "4 x 2" in stage.show(WeightsPanel(4), early)
    for frame in (before_all(), not_looked_at()):
        for panel in (WeightsPanel, GradientsPanel, UpdatesPanel):
            assert "not yet" in stage.show(panel(4), frame)


def test_after_not_yet_the_matrix_comes_back(stage):
    text = stage.show(GradientsPanel(5), made.frame(made.run(phase=2)), made.frame())
    assert "not yet" not in text and "4 x 2" in text


@pytest.mark.parametrize(
    ("phase", "layer", "name"), [(2, 1, "Z1"), (3, 2, "Z2"), (6, 3, "dZ3"), (8, 1, "dA1")]
)
def test_inside_a_step_the_phases_arrays_come_first(stage, phase, layer, name):
    _, shown = stage.show(
        UpdatesPanel(6),
        made.frame(made.run(phase=phase)),
        attention=Attention(layer=layer),
        take=heat_map,
    )
    assert shown.name == name


@pytest.mark.parametrize("width", [14, 30, 60])
def test_the_cell_pointed_at_shows_its_value(stage, width):
    cell = Cell("W1", 2, 1)
    text, shown = stage.show(
        WeightsPanel(4), made.frame(), attention=Attention(cell=cell), take=heat_map,
        size=(width, 12),
    )  # fmt: skip
    assert shown.cursor == (2, 1)
    assert "-1.1" in text


def test_a_cell_of_another_matrix_is_not_marked(stage):
    other = Attention(cell=Cell("dW1", 2, 1))
    _, shown = stage.show(WeightsPanel(4), made.frame(), attention=other, take=heat_map)
    assert shown.cursor is None


def test_colours_mean_the_same_from_step_to_step(stage):
    run = made.run()
    arrays = dict(run.snapshot.arrays)
    arrays["W1"] = arrays["W1"] * 0.9
    lower = replace(run, snapshot=replace(run.snapshot, arrays=arrays))
    _, before = stage.show(WeightsPanel(4), made.frame(), take=heat_map)
    _, after = stage.show(WeightsPanel(4), made.frame(), made.frame(lower), take=heat_map)
    assert before.limit == after.limit


def test_a_matrix_of_one_number_and_of_sixty_four_inputs(stage):
    assert "1 x 2" in stage.show(WeightsPanel(4), of_sizes(2, 1))
    assert "10 x 64" in stage.show(WeightsPanel(4), of_sizes(64, 10, 1))


def test_clicks_and_arrows_point_at_cells(stage):
    panel = WeightsPanel(4)

    async def walk(app, pilot):
        panel.show(made.frame(), Attention())
        await pilot.pause()
        await pilot.click(HeatMapWidget, offset=(10, 2))
        panel.query_one(HeatMapWidget).focus()
        await pilot.press("down", "right")
        await pilot.pause()
        return [message.cell for message in app.posted(MatrixPanel.CellPicked)]

    cells = stage.do(panel, walk)
    assert Cell("W1", 0, 0) in cells
    assert cells[-1] == Cell("W1", 1, 1)
