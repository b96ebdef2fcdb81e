"""Planting a bug."""

from dataclasses import replace

import pytest

from nnsim.network.specification import BatchNorm, Layer, Network
from nnsim.training.specification import PlantedFault
from nnsim.tui.screens.fault import FaultScreen
from nnsim.tui.worker import faults
from nnsim.tui.worker.commands import Fork
from tests.tui.made import frame, network, run, training
from tests.tui.screens.asking import OPEN, ask


def planted(steps, made=None, **options):
    return ask(FaultScreen(made or frame()), steps, **options)


def everything():
    """A run in which every bug but one has a place."""
    layers = (
        Layer(4, "tanh"),
        Layer(4, "tanh", keep_prob=0.5),
        Layer(4, "tanh", batch_norm=BatchNorm()),
        Layer(1, "sigmoid"),
    )
    net = Network(2, layers, "binary_cross_entropy", l2=0.1)
    return frame(run(network=net, training=training(optimizer="adam", batch_size=16)))


def test_it_lists_bugs_in_groups_and_what_has_no_place():
    async def steps(asked):
        titles = [row.title for row in asked.choices.rows if row.heading and row.title]
        assert titles == [
            "The gradient check catches",
            "The gradient check is blind to",
            "No place in this run, for want of",
        ]
        assert set(asked.rows) == set(faults.FACTS)
        assert not asked.rows["dropout_at_test"].chooses
        assert asked.rows["dropout_at_test"].note == "keep_prob below 1"
        assert asked.rows["dw_doubled"].value == "layer 1"
        for word in ("Plant a bug", "dW doubled", "Back-propagation returns 2 dW.", "Esc leave"):
            assert word in asked.text
        assert asked.outcome == "A fork from step 128: dW doubled in layer 1"

    assert planted(steps) == OPEN


@pytest.mark.parametrize("keys", [["right"], ["plus"], ["space"], ["left", "minus"]])
def test_the_layer_is_turned_by_keys(keys):
    async def steps(asked):
        await asked.press(*keys)
        assert asked.rows["dw_doubled"].turns
        await asked.press("enter")

    assert planted(steps) == Fork({"fault": PlantedFault("dw_doubled", 2)})


def test_layers_go_round():
    async def steps(asked):
        await asked.press("left")
        assert asked.outcome.endswith("layer 3")
        await asked.press("right", "enter")

    assert planted(steps) == Fork({"fault": PlantedFault("dw_doubled", 1)})


def test_bugs_without_a_place_cannot_be_chosen():
    async def steps(asked):
        await asked.press("end")
        assert asked.choices.row.key == "shared_initial_weight"
        assert asked.rows["shared_initial_weight"].note == "from step 0"
        assert asked.outcome.startswith("A new run from step 0: One first weight")
        await asked.click_row("no_reshuffle")
        assert asked.choices.row.key == "shared_initial_weight"
        await asked.press("enter")

    answer = planted(steps, size=(120, 40))
    assert answer == Fork({"fault": PlantedFault("shared_initial_weight", 1)})


def test_every_bug_can_be_planted():
    found = {}

    async def steps(asked):
        for kind, row in asked.rows.items():
            if row.chooses:
                asked.choices.choose(kind)
                await asked.pilot.pause()
                fault = asked.dialog.fault
                assert fault.kind == kind
                assert faults.title(fault) in asked.outcome
                found[kind] = fault
        assert "whole run" in asked.text

    planted(steps, everything(), size=(120, 60))
    assert set(found) == set(faults.FACTS) - {"dev_normalized_alone"}
    assert found["no_reshuffle"].layer == 0
    assert found["dropout_scale_forgotten"].layer == 2


def test_a_planted_bug_can_be_taken_out():
    fault = PlantedFault("dw_doubled", 2)
    made = frame(run(training=training(fault=fault)))

    async def steps(asked):
        assert asked.choices.row.note == "dW doubled in layer 2"
        assert asked.outcome == "A fork from step 128, without the bug"
        await asked.press("down", "right")
        assert asked.outcome == "This bug is planted already"
        await asked.press("enter")
        assert asked.answer == OPEN
        await asked.press("home", "enter")

    assert planted(steps, made) == Fork({"fault": None})


def test_a_hidden_bug_is_not_named():
    made = frame(run(training=training(fault=PlantedFault("dw_doubled", 2)), secret=True))
    plain = frame(run(secret=True))
    texts = []

    async def steps(asked):
        texts.append(asked.text)

    for each in (made, plain):
        planted(steps, each)
    assert texts[0] == texts[1]


def test_the_mouse():
    async def steps(asked):
        await asked.click_arrow("sign_flipped", 1)
        await asked.click_arrow("sign_flipped", 1)
        await asked.click_arrow("sign_flipped", -1)
        await asked.click_hint("other layer")
        assert asked.outcome.endswith("Sign flipped in layer 3")
        await asked.click_hint("-")
        await asked.click_hint("plant")

    answer = planted(steps, size=(120, 40))
    assert answer == Fork({"fault": PlantedFault("sign_flipped", 2)})


def test_a_double_click_plants():
    async def steps(asked):
        await asked.click_row("mean_forgotten", times=2)

    assert planted(steps) == Fork({"fault": PlantedFault("mean_forgotten", 1)})


@pytest.mark.parametrize("by_mouse", [True, False])
def test_leaving(by_mouse):
    async def steps(asked):
        await (asked.click_hint("leave") if by_mouse else asked.press("escape"))

    assert planted(steps) is None


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
def test_it_fits(size):
    async def steps(asked):
        await asked.press("end")
        assert "Esc leave" in asked.text
        assert asked.choices.row.title in asked.text

    planted(steps, everything(), size=size)


def test_ascii_only():
    async def steps(asked):
        assert asked.text.isascii()

    planted(steps, everything(), size=(120, 60), ascii=True)


def test_a_square_layer_is_offered_where_it_is():
    layers = network().layers
    square = replace(network(), layers=(layers[0], replace(layers[1], units=4), layers[2]))

    async def steps(asked):
        row = asked.rows["weights_transposed"]
        assert (row.value, row.turns) == ("layer 2", False)

    planted(steps, frame(run(network=square)))
