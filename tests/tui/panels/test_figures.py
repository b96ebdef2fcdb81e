"""Any figure over the steps."""

import numpy as np
import pytest

from nnsim.tui.panels import FIGURES, PANELS, places_of
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.figures import FiguresPanel
from nnsim.tui.widgets.chart import ChartWidget
from tests.tui import made


def shown_by(stage, frame, *, attention=None, views=0):
    """Return the chart, the title and the reading of a panel that shows a frame."""
    panel = FiguresPanel(1)

    async def walk(app, pilot):
        panel.show(frame, attention or Attention())
        for _ in range(views):
            assert panel.next_view()
            panel.show(frame, attention or Attention())
        await pilot.pause()
        return panel.query_one(ChartWidget).chart, panel.border_title, panel.border_subtitle

    return stage.do(panel, walk)


def test_it_begins_with_the_main_figure_of_all_runs(stage):
    frame = made.stepped_frame(made.stepped_run(), made.stepped_run(1, "adam"))
    chart, title, reading = shown_by(stage, frame)
    assert (title, reading) == ("1 J", "J 0.5")
    assert [(one.name, one.bold, one.number) for one in chart.series] == [
        ("sgd", True, 0),
        ("adam", False, 1),
    ]
    np.testing.assert_array_equal(chart.series[1].y, frame.runs[1].curve["J"])
    assert chart.marks[0].x == 3


@pytest.mark.parametrize(("views", "title"), [(1, "1 w"), (2, "1 J")])
def test_the_next_view_is_the_next_figure(stage, views, title):
    assert shown_by(stage, made.stepped_frame(), views=views)[1] == title


def test_its_axis_can_be_logarithmic(stage):
    chart, _, _ = shown_by(stage, made.stepped_frame(), attention=Attention(log=True))
    assert chart.log_y


def test_runs_without_the_figure_are_left_out_and_words_are_no_reading(stage):
    odd = made.stepped_run(1, "odd", curve={"step": np.arange(9), "other": np.ones(9)})
    mine = made.stepped_run(figures={"J": "none"})
    chart, _, reading = shown_by(stage, made.stepped_frame(mine, odd))
    assert [one.name for one in chart.series] == ["sgd"] and reading == ""


def test_a_run_without_figures_draws_nothing(stage):
    bare = made.stepped_frame(made.stepped_run(figures={}, curve={"step": np.arange(9)}))
    assert shown_by(stage, bare)[0] is None


def test_a_kind_without_panels_of_its_own_has_this_one():
    assert places_of("no_such_kind") == FIGURES
    assert places_of("training") is PANELS["training"]
