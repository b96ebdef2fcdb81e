"""The dials' dialog, by keys and mouse."""

from dataclasses import replace

import pytest

from nnsim.network.specification import Layer, Network
from nnsim.tui.screens.fork import ForkScreen
from nnsim.tui.worker.commands import Fork
from nnsim.tui.worker.dial_table import DIALS
from tests.tui.made import frame, network, run, stepped_frame, stepped_run, training
from tests.tui.screens.asking import OPEN, ask

KEYS = [
    "learning_rate", "optimizer", "beta1", "clip_norm", "schedule", "l2", "l1",
    "label_smoothing", "keep_prob", "hidden", "activation", "batch_norm", "layer_norm",
    "initializer", "scale", "batch_size", "steps", "evaluate_every", "seed",
]  # fmt: skip


def forked(steps, made=None, **options):
    return ask(ForkScreen(made or frame()), steps, **options)


async def to(asked, name):
    asked.choices.choose(name)
    await asked.pilot.pause()


def test_it_lists_what_can_be_turned_and_where_it_stands():
    async def steps(asked):
        assert list(asked.rows) == KEYS
        assert asked.rows["learning_rate"].value == "0.05"
        assert asked.rows["hidden"].value == "4 3"
        assert asked.outcome == "Nothing is changed yet"
        for word in ("Turn a dial", "Learning rate", "0.05", "tanh", "Enter fork"):
            assert word in asked.text

    assert forked(steps) == OPEN


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_long_value_leaves_room_for_what_another_was(size):
    deep = replace(network(), layers=(*[Layer(16, "sigmoid")] * 9, network().layers[-1]))

    async def steps(asked):
        assert "16 16 16 16 16 16 16 16 16" in asked.text
        for name in ("activation", "initializer"):
            await to(asked, name)
            await asked.press("right")
            assert asked.rows[name].note in asked.text
        await to(asked, "hidden")
        await asked.press("right")
        (line,) = [each for each in asked.text.splitlines() if "Hidden layers" in each]
        assert "was 16 16" in line

    forked(steps, frame(run(network=deep)), size=size)


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["right"], 0.1),
        (["plus"], 0.1),
        (["space"], 0.1),
        (["left"], 0.02),
        (["minus"], 0.02),
        (["right", "right", "left"], 0.1),
    ],
)
def test_turning_by_keys(keys, value):
    async def steps(asked):
        await asked.press(*keys)
        assert asked.outcome == f"A fork from step 128: learning_rate {value}"
        row = asked.rows["learning_rate"]
        assert (row.changed, row.note) == (True, "was 0.05")
        await asked.press("enter")

    assert forked(steps) == Fork({"learning_rate": value})


def test_moving_by_keys():
    async def steps(asked):
        for key, place in (
            ("down", "optimizer"), ("down", "beta1"), ("up", "optimizer"), ("end", "seed"),
            ("down", "seed"), ("home", "learning_rate"), ("up", "learning_rate"),
        ):  # fmt: skip
            await asked.press(key)
            assert asked.choices.row.key == place
        await asked.press("pagedown")
        below = asked.choices.at
        assert below > 5
        await asked.press("pageup")
        assert asked.choices.at < below

    forked(steps)


def test_turning_back_changes_nothing():
    async def steps(asked):
        await asked.press("right", "left", "enter")
        assert asked.wrong
        assert "Nothing is changed yet" in asked.outcome

    assert forked(steps) == OPEN


def test_delete_turns_back():
    async def steps(asked):
        await asked.press("right", "right", "down", "right", "delete", "enter")

    assert forked(steps) == Fork({"learning_rate": 0.2})


def test_a_number_is_typed():
    async def steps(asked):
        await asked.type("0.003")
        assert asked.choices.row.editing
        assert "Enter takes the value" in asked.outcome
        await asked.press("enter")
        assert not asked.choices.row.editing
        await asked.press("enter")

    assert forked(steps) == Fork({"learning_rate": 0.003})


def test_a_typed_number_may_have_signs_and_be_edited():
    async def steps(asked):
        await to(asked, "scale")
        await asked.press("backspace", "backspace")
        await asked.type("-5e-x")
        await asked.press("backspace")
        await asked.type("1")
        assert asked.choices.row.value == "-5e-1"
        await asked.press("down")
        assert asked.choices.row.key == "batch_size"
        assert asked.outcome == "A new run from step 0: scale -0.5"
        await asked.press("enter")

    assert forked(steps) == Fork({"scale": -0.5})


def test_what_is_no_number_stays_until_it_is_one():
    async def steps(asked):
        await asked.type("1x")
        for key in ("enter", "down", "right"):
            await asked.press(key)
            assert asked.wrong
            assert "expected a number" in asked.outcome
            assert asked.choices.row.key == "learning_rate"
        await asked.press("escape")
        assert not asked.choices.row.editing
        assert asked.rows["learning_rate"].value == "0.05"
        await asked.press("escape")

    assert forked(steps) is None


def test_a_value_out_of_range_is_refused():
    async def steps(asked):
        await to(asked, "keep_prob")
        await asked.type("2")
        await asked.press("enter")
        assert asked.wrong
        assert "at most 1" in asked.outcome

    assert forked(steps) == OPEN


def test_sizes_are_typed_and_turned():
    async def steps(asked):
        await to(asked, "hidden")
        await asked.type("16 8")
        await asked.press("enter", "right")
        assert asked.outcome == "A new run from step 0: hidden 16 8 8"
        await asked.press("enter")

    assert forked(steps) == Fork({"hidden": (16, 8, 8)})


def test_a_letter_jumps_to_a_choice():
    async def steps(asked):
        await to(asked, "optimizer")
        found = []
        for letter in ("a", "a", "r", "A", "z"):
            await asked.press(letter)
            found.append(asked.rows["optimizer"].value)
        assert found == ["adagrad", "adam", "rmsprop", "adam", "adam"]
        await asked.press("enter")

    assert forked(steps) == Fork({"optimizer": "adam"})


def test_choices_go_round_and_switches_turn():
    async def steps(asked):
        await to(asked, "initializer")
        await asked.press("right")
        await to(asked, "batch_norm")
        await asked.press("space")
        assert asked.rows["batch_norm"].value == "on"
        await asked.press("enter")

    assert forked(steps) == Fork({"initializer": "glorot", "batch_norm": True})


def test_dials_come_and_go_with_what_they_belong_to():
    async def steps(asked):
        await to(asked, "beta1")
        await asked.press("right")
        assert asked.outcome == "A fork from step 128: beta1 0.95"
        await to(asked, "optimizer")
        await asked.press("a", "a")
        assert {"beta1", "beta2", "epsilon"} <= set(asked.rows)
        await asked.press("s")
        assert not {"beta1", "beta2", "epsilon"} & set(asked.rows)
        assert asked.choices.row.key == "optimizer"
        # A beta that does nothing any more is not part of the fork.
        assert asked.outcome == "A fork from step 128: sgd"
        await asked.press("enter")

    assert forked(steps) == Fork({"optimizer": "sgd"})


def test_every_dial_can_be_turned_and_makes_a_fork():
    made = frame(run(training=training(optimizer="adamw")))
    # Without a rate, a slope, or a layer as wide as the one before it these have no place.
    missing = ("schedule_rate", "slope", "residual")
    names = [dial.name for dial in DIALS if dial.name not in missing]

    async def steps(asked):
        assert set(asked.rows) == set(names)
        names.remove("optimizer")  # another one has other dials
        for name in names:
            asked.choices.choose(name)
            await asked.press("left" if name in ("keep_prob", "epsilon") else "right")
            assert asked.rows[name].changed, name
        await asked.press("enter")

    answer = forked(steps, made)
    assert set(answer.changes) == set(names)


def test_a_network_without_hidden_layers():
    flat = Network(2, (Layer(1, "sigmoid"),), "binary_cross_entropy")

    async def steps(asked):
        assert not {"keep_prob", "activation", "batch_norm"} & set(asked.rows)
        await to(asked, "hidden")
        assert asked.choices.row.value == "none"
        await asked.press("right", "enter")

    assert forked(steps, frame(run(network=flat))) == Fork({"hidden": (4,)})


def test_layers_that_differ_are_called_mixed():
    layers = network().layers
    mixed = replace(network(), layers=(replace(layers[0], activation="relu"), *layers[1:]))

    async def steps(asked):
        assert asked.rows["activation"].value == "mixed"
        await to(asked, "activation")
        await asked.press("right", "enter")

    assert forked(steps, frame(run(network=mixed))) == Fork({"activation": "identity"})


def test_a_hidden_bug_is_not_shown():
    from nnsim.training.specification import PlantedFault

    made = frame(run(training=training(fault=PlantedFault("dw_doubled", 1)), secret=True))

    async def steps(asked):
        assert "dW" not in asked.text
        assert "bug" not in asked.text
        await asked.press("right", "enter")

    assert forked(steps, made) == Fork({"learning_rate": 0.1})


@pytest.mark.parametrize("key", ["escape"])
def test_leaving(key):
    async def steps(asked):
        await asked.press("right", key)

    assert forked(steps) is None


def test_the_mouse_turns_and_forks():
    async def steps(asked):
        await asked.click_arrow("optimizer", 1)
        assert asked.rows["optimizer"].value == "momentum_sum"
        await asked.click_arrow("optimizer", -1)
        await asked.click_arrow("optimizer", -1)
        assert asked.rows["optimizer"].value == "sgd"
        await asked.click_row("l2")
        assert asked.choices.row.key == "l2"
        assert asked.rows["l2"].value == "0.1"
        await asked.click_hint("turn")
        assert asked.rows["l2"].value == "0.2"
        await asked.click_hint("-")
        await asked.click_hint("-")
        assert asked.rows["l2"].value == "0.05"
        await asked.click_hint("as it was")
        assert asked.rows["l2"].value == "0.1"
        await asked.click_hint("type")
        assert asked.choices.row.editing
        await asked.press("escape")
        await asked.click_hint("fork")

    assert forked(steps, size=(120, 40)) == Fork({"optimizer": "sgd"})


def test_the_mouse_leaves():
    async def steps(asked):
        await asked.click_hint("leave")

    assert forked(steps) is None


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40), (200, 60)])
def test_it_fits(size):
    async def steps(asked):
        await asked.press("end")
        lines = asked.text.splitlines()
        assert any("Enter fork" in line and "Esc leave" in line for line in lines)
        assert any("Seed" in line for line in lines)
        assert any("Turn a dial" in line for line in lines)
        card = asked.dialog.query_one("#card").region
        assert card.height <= size[1]
        assert card.width <= size[0]

    forked(steps, size=size)


def test_ascii_only():
    async def steps(asked):
        await asked.press("right")
        assert "< 0.1" in asked.text
        assert asked.text.isascii()

    forked(steps, ascii=True, size=(120, 40))


# Kinds that train no network


def test_other_kinds_list_their_own_dials():
    async def steps(asked):
        values = {key: row.value for key, row in asked.rows.items()}
        assert values == {
            "learning_rate": "0.1", "optimizer": "sgd", "beta": "0.5", "start": "1 2",
            "corrected": "off",
        }  # fmt: skip
        assert "How far a step goes." in asked.text

    assert forked(steps, stepped_frame()) == OPEN


@pytest.mark.parametrize(
    ("name", "keys", "value", "words"),
    [
        ("learning_rate", ["right"], 0.2, "learning rate 0.2"),
        ("learning_rate", ["0", "full_stop", "3", "enter"], 0.3, "learning rate 0.3"),
        ("optimizer", ["left"], "adam", "optimiser adam"),
        ("optimizer", ["a"], "adam", "optimiser adam"),
        ("beta", ["plus"], 0.9, "beta 0.9"),
        ("beta", ["minus"], 0.0, "beta 0"),
        ("start", ["3", "space", "4", "enter"], [3.0, 4.0], "start 3 4"),
        ("corrected", ["space"], True, "correction on"),
    ],
)
def test_other_kinds_dials_are_turned_and_written(name, keys, value, words):
    async def steps(asked):
        await to(asked, name)
        await asked.press(*keys)
        assert asked.outcome == f"A new run, shown at step 3: {words}"
        row = asked.rows[name]
        assert row.changed and row.note.startswith("was ")
        await asked.press("enter")

    assert forked(steps, stepped_frame()) == Fork({name: value})


def test_other_kinds_dials_turn_back_and_refuse_what_is_no_number():
    async def steps(asked):
        await asked.press("right", "delete")
        assert asked.outcome == "Nothing is changed yet"
        await asked.press("1", "x", "enter")
        assert asked.wrong and "is no number" in asked.outcome
        await asked.press("escape")
        await to(asked, "start")
        await asked.press("right")
        assert asked.wrong and "type its value" in asked.outcome
        await asked.press("enter")
        assert "Nothing is changed yet" in asked.outcome

    assert forked(steps, stepped_frame()) == OPEN


def test_a_kind_without_dials_says_so():
    async def steps(asked):
        assert "nothing to turn" in asked.outcome
        await asked.press("right", "a", "1", "delete", "backspace", "enter")

    assert forked(steps, stepped_frame(stepped_run(dials=()))) == OPEN
