"""What the network answers over two inputs."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.network.specification import Layer
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.boundary import BoundaryPanel, field_of, picture_of
from nnsim.tui.panels.boundary_curve import MOST_POINTS, answer_range, border_of, curve_of
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.field import FieldWidget
from tests.tui import made
from tests.tui.odd import (
    multiclass,
    not_looked_at,
    of_inputs,
    one_input_multiclass,
    one_input_regression,
    regression,
)


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


def curve(frame):
    run, *others = frame.runs
    return curve_of(run, run.boundary, others)


def test_a_regression_over_two_inputs_names_its_values_and_colours_its_examples():
    frame = regression()
    found = field(frame)
    targets = frame.run.examples.Y[0]
    assert found.value_name == "yhat"
    assert np.array_equal(found.points.values, targets)
    assert found.span == answer_range(found.values, targets)


def test_wild_answers_do_not_flatten_the_examples():
    targets = np.array([0.0, 100.0])
    assert answer_range(np.array([20.0, 130.0]), targets) == (0.0, 130.0)
    assert answer_range(np.array([-1e9, 1e9]), targets) == (-100.0, 200.0)
    assert answer_range(np.array([np.nan, np.inf, 50.0]), targets) == (0.0, 100.0)
    assert answer_range(np.array([7.0]), np.array([3.0])) == (3.0, 6.0)


def test_one_input_gives_a_curve_in_the_units_of_the_data():
    frame = one_input_regression()
    run = frame.run
    yhat, examples, other = curve(frame).series
    assert (yhat.name, examples.name, other.name) == ("yhat", "price", "near")
    assert yhat.bold and examples.bare and not other.bold
    x, y = examples.points
    assert np.allclose(np.sort(run.examples.X[0] * 500 + 2000), x)
    assert np.allclose(y, 200 + 100 * (x - 2000) / 500)
    _, high = curve(frame).ranges[1]
    assert high < 1000, "the examples are to be seen although the answers reach a million"
    assert yhat.points[0][0] == pytest.approx(1400 + 10), "the centre of the first of 60 cells"


def test_other_runs_stand_beside_it_only_on_the_same_axis():
    frame = one_input_regression()
    run, near = frame.runs
    other = replace(near, boundary=replace(near.boundary, x_range=(0.0, 1.0)))
    rounded = replace(near, boundary=replace(near.boundary, x_range=(1400.0, 2600.0 + 1e-12)))
    assert len(curve_of(run, run.boundary, [rounded]).series) == 3
    assert len(curve_of(run, run.boundary, [near]).series) == 3
    assert len(curve_of(run, run.boundary, [other]).series) == 2
    assert len(curve_of(run, run.boundary, [replace(near, boundary=None)]).series) == 2


def test_two_classes_over_one_input_stand_at_0_and_1():
    frame = of_inputs(1)
    labels = frame.run.examples.labels
    answers, inner, outer = curve(frame).series
    assert answers.name == "A2"
    assert set(inner.points[1]) == {0.0} and set(outer.points[1]) == {1.0}
    assert len(inner.points[0]) == (labels == 0).sum()
    assert curve(frame).ranges[1] == (-0.05, 1.05)
    assert border_of(frame.run, frame.run.boundary) == "0.5 at 0.3"


def test_scores_over_one_input_part_at_0_and_stand_at_plus_and_minus_1():
    run = of_inputs(1).run
    layers = (*run.network.layers[:-1], Layer(1, "identity"))
    line = replace(run.boundary, answers=4 * run.boundary.answers - 2)
    run = replace(run, network=replace(run.network, layers=layers, loss="hinge"), boundary=line)
    _, inner, outer = curve_of(run, line).series
    assert set(inner.points[1]) == {-1.0} and set(outer.points[1]) == {1.0}
    assert border_of(run, line) == "0 at 0.3"


def test_where_the_answers_cross_the_border():
    run = of_inputs(1).run

    def border(values):
        return border_of(run, replace(run.boundary, answers=np.array([[values]])))

    assert border([0.1, 0.2, 0.3, 0.4]) == ""
    assert border([0.9, 0.1, 0.1, 0.1]) == "0.5 at -0.6"
    assert border([0.0, 1.0, 0.0, 1.0]) == "0.5 at -0.6, 0, 0.6"
    assert border([0.0, 1.0, 0.0, 1.0, 0.0]).endswith(", ...")
    assert border([0.1, np.nan, 0.9]) == ""
    regression_run = one_input_regression().run
    assert border_of(regression_run, regression_run.boundary) == ""


def test_more_classes_over_one_input_are_a_curve_each():
    found = curve(one_input_multiclass()).series
    assert [one.name for one in found[:3]] == ["p low", "p middle", "p high"]
    assert [one.name for one in found[3:]] == ["low", "middle", "high"]
    assert all(set(one.points[1]) == {1.0} for one in found[3:])


def test_many_examples_of_one_input_are_thinned_too():
    run = of_inputs(1).run
    plain = made.examples(3 * MOST_POINTS + 1)
    run = replace(run, examples=replace(plain, X=plain.X[:1], features=("x1",)))
    _, inner, outer = curve_of(run, run.boundary).series
    count = len(inner.points[0]) + len(outer.points[0])
    assert 200 < count <= MOST_POINTS and len(inner.points[0]) and len(outer.points[0])


LOOKS = ({}, {"ascii": True}, {"color": False}, {"theme": "nnsim-light"})


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("make", [lambda: of_inputs(1), one_input_regression, one_input_multiclass])
def test_the_curve_is_readable_at_three_sizes(stage, make, look):
    sizes = ((26, 8), (40, 14), (120, 40))
    texts = stage.at_sizes(BoundaryPanel(3), make(), sizes=sizes, **look)
    for (_, (width, _)), text in texts.items():
        assert "3 answers" in text or "3 answ" in text
        assert all(len(line) <= width for line in text.splitlines())
        if look.get("ascii"):
            assert text.isascii(), text


def test_the_legend_of_the_curve_has_no_last_values(stage):
    text = stage.show(BoundaryPanel(3), one_input_regression(), color=False, size=(80, 20))
    legend = next(line for line in text.splitlines() if "yhat" in line)
    assert "price" in legend and "near" in legend
    assert not any(letter.isdigit() for letter in legend)


def test_the_mouse_reads_the_curve(stage):
    panel = BoundaryPanel(3)

    async def walk(app, pilot):
        panel.show(of_inputs(1), Attention())
        await pilot.pause()
        before = panel.border_subtitle
        await pilot.hover(ChartWidget, offset=(50, 5))
        await pilot.pause()
        await pilot.click(ChartWidget, offset=(50, 5))
        await pilot.pause()
        return before, panel.border_subtitle, app.posted(BoundaryPanel.Sought)

    before, reading, sought = stage.do(panel, walk)
    assert before == "0.5 at 0.3"
    assert reading.startswith("x1 ") and ": A2 " in reading
    assert not sought, "a place on the x axis is no step"


def test_samples_are_the_same_with_a_curve(stage):
    panel = BoundaryPanel(3)

    async def walk(app, pilot):
        before = panel.samples
        panel.show(of_inputs(1), Attention())
        await pilot.pause()
        after = panel.samples
        panel.show(made.frame(), Attention())
        await pilot.pause()
        return before, after, panel.samples

    before, after, again = stage.do(panel, walk)
    assert before == after == again and min(before) > 5


def test_the_picture_anywhere_is_the_curve_or_the_plane():
    for frame, function in ((of_inputs(1), "draw_chart"), (made.frame(), "draw_field")):
        assert picture_of(frame.run, frame.run.boundary).func.__name__ == function
