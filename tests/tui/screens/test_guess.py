"""Naming a hidden bug; choosing the boundary's inputs."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.training.specification import PlantedFault
from nnsim.tui.screens.choose import ChooseInputs
from nnsim.tui.screens.guess import GuessScreen
from nnsim.tui.worker import faults
from nnsim.tui.worker.commands import Reveal
from tests.tui.made import examples, frame, run, training
from tests.tui.screens.asking import OPEN, ask

HIDDEN = PlantedFault("sign_flipped", 2)
HIDDEN_SENTENCE = faults.sentence(HIDDEN)


def secret():
    return frame(run(training=training(fault=HIDDEN), secret=True))


def guessed(steps, **options):
    return ask(GuessScreen(secret()), steps, **options)


def test_it_lists_titles_and_says_nothing_about_them():
    async def steps(asked):
        kinds = {place.kind for place in faults.places(secret().run.network, training(), 40)}
        assert set(asked.rows) == kinds
        for kind in kinds:
            fact = faults.FACTS[kind]
            assert fact.title in asked.text
            assert fact.sentence not in asked.text
        for words in faults.GROUPS.values():
            assert words not in asked.text

    assert guessed(steps) == OPEN


def test_the_list_is_the_same_whatever_is_hidden():
    texts = set()

    async def steps(asked):
        texts.add(asked.text)

    for fault in (HIDDEN, PlantedFault("dw_doubled", 1), PlantedFault("adam_uncorrected"), None):
        ask(GuessScreen(frame(run(training=training(fault=fault), secret=True))), steps)
    assert len(texts) == 1


def test_a_wrong_guess_is_noted_and_the_search_goes_on():
    async def steps(asked):
        await asked.press("down", "down")
        assert asked.outcome == "My guess: Derivative missing"
        await asked.press("enter")
        assert asked.wrong
        assert asked.outcome == "It is not this one: Derivative missing"
        assert asked.rows["derivative_missing"].note == "not this one"
        assert HIDDEN_SENTENCE not in asked.text
        await asked.press("down")
        assert not asked.wrong
        await asked.press("escape")

    assert guessed(steps) is None


def test_the_right_guess_shows_the_answer():
    async def steps(asked):
        asked.choices.choose("sign_flipped")
        await asked.press("enter")
        assert asked.outcome == "The bug: Sign flipped in layer 2. Enter shows it in the run."
        assert HIDDEN_SENTENCE in asked.text
        await asked.press("up", "right")
        assert asked.outcome.startswith("The bug: Sign flipped")
        await asked.press("enter")

    assert guessed(steps) == Reveal()


def test_a_guess_with_its_layer():
    async def steps(asked):
        await asked.press("right", "right", "right", "right", "left", "left")
        assert asked.outcome == "My guess: dW doubled in layer 2"
        # The layer stays, where it can be.
        asked.choices.choose("sign_flipped")
        await asked.press("plus")
        assert asked.outcome == "My guess: Sign flipped in layer 3"
        await asked.press("enter")
        assert asked.outcome == "It is this one, but not in layer 3"
        await asked.press("minus", "enter")
        assert asked.outcome.startswith("The bug: Sign flipped in layer 2")
        await asked.press("escape")

    assert guessed(steps) == Reveal()


@pytest.mark.parametrize("by_mouse", [True, False])
def test_giving_up(by_mouse):
    async def steps(asked):
        await (asked.click_hint("give up: show it") if by_mouse else asked.press("delete"))
        assert HIDDEN_SENTENCE in asked.text
        await (asked.click_hint("guess") if by_mouse else asked.press("enter"))

    assert guessed(steps) == Reveal()


@pytest.mark.parametrize("by_mouse", [True, False])
def test_leaving(by_mouse):
    async def steps(asked):
        await (asked.click_hint("leave") if by_mouse else asked.press("escape"))

    assert guessed(steps) is None


def test_the_mouse():
    async def steps(asked):
        await asked.click_arrow("mean_forgotten", 1)
        await asked.click_hint("layer")
        await asked.click_hint("-")
        await asked.click_row("db_scaled")
        assert asked.outcome == "My guess: db scaled by 4 in layer 1"
        await asked.click_hint("guess")
        assert asked.wrong

    assert guessed(steps) == OPEN


def test_a_double_click_guesses():
    async def steps(asked):
        await asked.click_row("db_scaled", times=2)
        assert asked.wrong
        await asked.click_row("sign_flipped", times=2)
        assert asked.outcome.startswith("The bug:")

    assert guessed(steps) == OPEN


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
@pytest.mark.parametrize("ascii", [True, False])
def test_it_fits(size, ascii):
    async def steps(asked):
        assert "Esc leave" in asked.text
        assert "any layer" in asked.text
        assert not ascii or asked.text.isascii()

    guessed(steps, size=size, ascii=ascii)


# The boundary's inputs


def four():
    shown = examples()
    X = np.concatenate([shown.X, 2 * shown.X])
    return frame(run(examples=replace(shown, X=X, features=("x1", "x2", "x3", "x4"))))


def chosen(steps, inputs=None, **options):
    return ask(ChooseInputs(four(), inputs), steps, **options)


def test_the_present_inputs_are_marked():
    async def steps(asked):
        values = [asked.rows[str(k)].value for k in range(4)]
        assert values == ["across", "up", "", ""]
        assert asked.rows["2"].note == "from -1.8 to 1.78"
        assert asked.outcome == "Across x1, up x2"
        await asked.press("enter")

    assert chosen(steps) == (0, 1)
    assert ask(ChooseInputs(four(), (3, 2)), lambda asked: asked.press("enter")) == (3, 2)


@pytest.mark.parametrize(
    ("keys", "pair"),
    [
        (["down", "down", "x", "down", "y"], (2, 3)),
        (["end", "left", "up", "right"], (3, 2)),
        (["end", "space", "up", "space"], (3, 2)),
        (["end", "y", "space"], (3, 0)),
        (["down", "x"], (1, 0)),
        (["y"], (1, 0)),
    ],
)
def test_keys(keys, pair):
    async def steps(asked):
        await asked.press(*keys, "enter")

    assert chosen(steps) == pair


def test_mouse():
    async def steps(asked):
        await asked.click_row("2")
        await asked.click_hint("across")
        await asked.click_row("3")
        await asked.click_hint("up")
        await asked.click_row("0")
        await asked.click_hint("in turn")
        await asked.click_row("1", times=2)
        await asked.click_hint("draw")

    assert chosen(steps) == (0, 1)


def test_leaving_the_inputs():
    assert chosen(lambda asked: asked.press("escape")) is None
