"""What the network answers over two inputs."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.network.specification import Layer
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.boundary import MOST_POINTS, BoundaryPanel, field_of
from nnsim.tui.widgets.field import FieldWidget
from tests.tui import made
from tests.tui.odd import multiclass, not_looked_at, of_inputs, regression


def field(frame):
    return field_of(frame.run, frame.run.boundary)


def test_the_picture_has_the_examples_by_class_and_the_inputs_names(stage):
    text = stage.show(BoundaryPanel(3), made.frame(), color=False)
    assert "3 boundary" in text
    assert "o inner" in text and "x outer" in text
    assert "x1" in text and "x2" in text
    assert text.count("o") > 10 and text.count("x") > 10
    assert "of step" not in text


@pytest.mark.parametrize(
    ("frame", "kind", "contours"),
    [
        (made.frame, "probability", (0.5,)),
        (multiclass, "classes", ()),
        (regression, "sequential", ()),
    ],
)
def test_the_kind_of_picture_follows_from_the_answers(frame, kind, contours):
    found = field(frame())
    assert found.kind == kind
    assert tuple(found.contours or ()) == contours


def test_answers_that_are_no_probabilities_part_at_zero():
    run = made.run()
    layers = (*run.network.layers[:-1], Layer(1, "identity"))
    run = replace(run, network=replace(run.network, layers=layers, loss="hinge"))
    found = field(made.frame(run))
    assert found.kind == "signed" and tuple(found.contours) == (0.0,)


def test_an_old_picture_says_of_which_step_it_is(stage):
    run = replace(made.run(), boundary=made.boundary(step=12))
    assert "of step 12" in stage.show(BoundaryPanel(3), made.frame(run))


def test_other_inputs_are_at_their_means(stage):
    assert "62 other inputs at their means" in stage.show(BoundaryPanel(3), of_inputs(64))
    assert "other inputs" not in stage.show(BoundaryPanel(3), of_inputs(1))


def test_without_a_picture_the_last_one_stays(stage):
    text = stage.show(BoundaryPanel(3), made.frame(), not_looked_at(), color=False)
    assert "o inner" in text
    assert "o inner" not in stage.show(BoundaryPanel(3), not_looked_at())


def test_many_examples_are_thinned_evenly():
    run = replace(made.run(), examples=made.examples(3 * MOST_POINTS + 1))
    points = field(made.frame(run)).points
    assert 200 < len(points.x) <= MOST_POINTS
    assert set(np.unique(points.label)) == {0, 1}


def test_it_says_how_many_samples_fit(stage):
    panel = BoundaryPanel(3)

    async def walk(app, pilot):
        small = panel.samples
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        return small, panel.samples

    small, large = stage.do(panel, walk)
    assert 20 < small[0] < large[0] and 5 < small[1] < large[1]


def test_the_mouse_reads_the_answer(stage):
    panel = BoundaryPanel(3)

    async def walk(app, pilot):
        panel.show(made.frame(), Attention())
        await pilot.pause()
        await pilot.hover(FieldWidget, offset=(30, 5))
        await pilot.pause()
        return panel.border_subtitle

    reading = stage.do(panel, walk)
    assert reading.startswith("(") and "->" in reading
