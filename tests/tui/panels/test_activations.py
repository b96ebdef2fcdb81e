"""Histograms of what each layer gives out."""

from dataclasses import replace

import pytest

from nnsim.tui.panels.activations import ActivationsPanel, histogram_rows
from nnsim.tui.panels.attention import Attention
from tests.tui import made
from tests.tui.odd import not_finite, of_sizes


def test_a_histogram_a_layer_with_the_saturated_share(stage):
    text = stage.show(ActivationsPanel(7), made.frame())
    assert "7 activations" in text
    for words in ("A1", "A2", "A3", "saturated 25 %", "saturated 12 %", "saturated 8 %"):
        assert words in text


@pytest.mark.parametrize(
    ("view", "title", "role"),
    [(1, "inputs Z", "Z"), (2, "weights W", "W"), (3, "gradients dW", "dW")],
)
def test_its_views(stage, view, title, role):
    text = stage.show(ActivationsPanel(7), made.frame(), view=view)
    assert title in text and f"{role}1" in text and f"{role}3" in text and "sd " in text


def test_dead_units_are_named_before_saturated_ones():
    run = made.run()
    layers = tuple(replace(each, dead_share=0.5) for each in run.snapshot.layers)
    dead = replace(run, snapshot=replace(run.snapshot, layers=layers))
    assert {row.note for row in histogram_rows(dead, "A", 1)} == {"dead 50 %"}
    unknown = tuple(replace(each, saturated_share=float("nan")) for each in run.snapshot.layers)
    unknown = replace(run, snapshot=replace(run.snapshot, layers=unknown))
    assert {row.note for row in histogram_rows(unknown, "A", 1)} == {""}


def test_relu_says_dead_where_sigmoid_and_tanh_say_saturated():
    figures = [replace(each, saturated_share=0.0) for each in made.run().snapshot.layers]
    run = made.run(network=made.network(activation="relu"))
    run = replace(run, snapshot=replace(run.snapshot, layers=tuple(figures)))
    notes = [row.note for row in histogram_rows(run, "A", 1)]
    assert notes == ["dead 0 %", "dead 0 %", "saturated 0 %"]


def test_the_layer_looked_at_is_bold():
    rows = histogram_rows(made.run(), "A", 2)
    assert [row.bold for row in rows] == [False, True, False]
    assert rows[0].values.size == 4 * made.M


def test_inside_a_step_only_layers_that_are_done(stage):
    text = stage.show(ActivationsPanel(7), made.frame(made.run(phase=3)))
    assert "A2" in text and "A3" not in text
    text = stage.show(ActivationsPanel(7), made.frame(made.run(phase=1)))
    assert "not yet in this step" in text
    text = stage.show(ActivationsPanel(7), made.frame(made.run(phase=1)), made.frame())
    assert "not yet" not in text


def test_numbers_that_are_not_finite_do_no_harm(stage):
    for view in range(4):
        assert stage.show(ActivationsPanel(7), not_finite(), view=view)


def test_a_deep_network_in_little_room_has_its_first_and_last_layer(stage):
    deep = of_sizes(2, *[4] * 9, 1)
    text = stage.show(ActivationsPanel(7), deep, attention=Attention(layer=1), size=(30, 8))
    assert "A1 " in text and "A10" in text
