"""Setting one parameter."""

import pytest

from nnsim.tui.formulas.cells import Cell
from nnsim.tui.screens.edit import EditScreen
from nnsim.tui.worker.commands import Fork
from tests.tui.screens.asking import OPEN, ask

CELL = Cell("W1", 2, 1)


def edited(steps, value=-0.41273, **options):
    return ask(EditScreen(CELL, value, 128), steps, **options)


def edit(value):
    return Fork(edits=(("W1", 2, 1, value),))


def test_typing_replaces_the_number():
    async def steps(asked):
        for word in ("Set W1[2,1]", "Row 2, column 1", "It is -0.41273 now"):
            assert word in asked.text
        assert asked.outcome == "Nothing is changed yet"
        await asked.type("0.5")
        assert asked.outcome == "A fork from step 128: W1[2,1] = 0.5"
        await asked.press("enter")

    assert edited(steps) == edit(0.5)


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["up"], -0.31273),
        (["down", "down"], -0.61273),
        (["f2"], 0.0),
        (["f3"], 0.41273),
        (["f2", "up"], 0.1),
    ],
)
def test_keys(keys, value):
    async def steps(asked):
        await asked.press(*keys, "enter")

    assert edited(steps) == edit(value)


@pytest.mark.parametrize(
    ("hints", "value"),
    [(["Up"], -0.31273), (["by 0.1"], -0.51273), (["zero"], 0.0), (["sign"], 0.41273)],
)
def test_mouse(hints, value):
    async def steps(asked):
        for hint in hints:
            await asked.click_hint(hint)
        await asked.click_hint("fork")

    assert edited(steps) == edit(value)


@pytest.mark.parametrize("text", ["half", "nan", "inf", "1,5", "-"])
def test_what_is_no_number_is_told(text):
    async def steps(asked):
        await asked.write(text)
        assert asked.wrong
        assert "expected one such as 0.5" in asked.outcome
        await asked.press("enter")

    assert edited(steps) == OPEN


def test_nothing_is_nothing():
    async def steps(asked):
        await asked.press("enter")
        assert asked.wrong
        await asked.press("delete", "enter")
        assert "Nothing is typed" in asked.outcome
        await asked.press("f3")
        await asked.press("f3", "enter")

    assert edited(steps) == OPEN


def test_leaving():
    async def steps(asked):
        await asked.type("1")
        await asked.press("escape")

    assert edited(steps) is None


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (200, 60)])
@pytest.mark.parametrize("ascii", [True, False])
def test_it_fits(size, ascii):
    async def steps(asked):
        assert "Esc leave" in asked.text
        assert not ascii or asked.text.isascii()

    edited(steps, size=size, ascii=ascii)
