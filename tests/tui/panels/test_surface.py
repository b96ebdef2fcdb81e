"""The cost around the present parameters."""

import numpy as np
import pytest

from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.surface import DIRECTIONS, SurfacePanel, cells_of, cost_here
from nnsim.tui.widgets.field import FieldWidget
from tests.tui import made
from tests.tui.odd import surface


def test_before_it_was_asked_for_it_says_how(stage):
    text = stage.show(SurfacePanel(9), made.frame())
    assert "9 loss surface" in text and "compute it" in text and "other directions" in text


def test_it_shows_the_surface_and_says_the_cost_here(stage):
    text = stage.show(SurfacePanel(9), made.frame(surface=surface()), size=(80, 20))
    assert "loss surface, principal directions" in text
    assert "J 0.1" in text
    assert "compute it" not in text


def test_where_random_directions_stand_in_it_says_so_and_why(stage):
    why = "The path has fewer than 3 distinct points; instead random directions."
    shown = surface(stand_in=True, description=why)
    text = stage.show(SurfacePanel(9), made.frame(surface=shown), size=(80, 20))
    assert "loss surface, random directions" in text and "principal" not in text
    assert "J 0.1, the path has fewer than 3 distinct points" in text


def test_an_old_one_says_of_which_step(stage):
    text = stage.show(SurfacePanel(9), made.frame(surface=surface(12)))
    assert "of step 12" in text and "J 0.1 " not in text


def test_of_another_run_it_is_gone(stage):
    text = stage.show(SurfacePanel(9), made.frame(surface=surface()), made.frame())
    assert "compute it" in text and "principal" not in text


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_surface_that_overflows_is_drawn(stage, bad):
    cost = surface().cost.copy()
    cost[:5] = bad
    text = stage.show(SurfacePanel(9), made.frame(surface=surface(cost=cost)), size=(80, 20))
    assert "J 0.1" in text
    stage.show(SurfacePanel(9), made.frame(surface=surface(cost=np.full_like(cost, bad))))


def test_a_path_of_one_point_is_drawn(stage):
    start = surface(path=np.zeros((1, 2)), path_steps=np.zeros(1))
    assert "J 0.1" in stage.show(SurfacePanel(9), made.frame(surface=start))


def test_the_cells_reach_half_a_cell_beyond_the_points():
    assert cells_of(np.array([-1.0, 0.0, 1.0])) == (-1.5, 1.5)


def test_the_cost_here_is_that_of_the_nearest_point():
    uneven = surface(alphas=np.linspace(-0.9, 1.1, 21))
    row, column = 10, 9
    assert cost_here(uneven) == uneven.cost[row, column]


def test_the_directions_are_those_of_the_engine():
    from nnsim.training import plane

    assert set(DIRECTIONS) == set(plane.DIRECTIONS)


def test_the_mouse_reads_the_cost(stage):
    panel = SurfacePanel(9)

    async def walk(app, pilot):
        panel.show(made.frame(surface=surface()), Attention())
        await pilot.pause()
        await pilot.hover(FieldWidget, offset=(30, 5))
        await pilot.pause()
        return panel.border_subtitle

    assert ": J " in stage.do(panel, walk)
