"""How the diagnosis knows."""

from dataclasses import replace

import pytest

from nnsim.tui.screens.why import WhyScreen, told
from tests.tui import made
from tests.tui.screens.asking import OPEN, ask


def why(steps, *remarks, **options):
    return ask(WhyScreen(made.run(remarks=remarks or (made.remark(),))), steps, **options)


def test_it_says_how_it_knows_and_what_to_do():
    async def steps(asked):
        for words in ("Why", "tanh, step 128", "100 times smaller", "||dW1|| = 0.01", "Xavier"):
            assert words in asked.text
        assert "Topic B10 Vanishing" in asked.text

    assert why(steps) == OPEN


@pytest.mark.parametrize("key", ["escape", "question_mark", "enter", "q"])
def test_it_closes(key):
    assert why(lambda asked: asked.press(key)) is None


def test_it_closes_by_a_click():
    assert why(lambda asked: asked.click_hint("close")) is None


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
@pytest.mark.parametrize("ascii", [True, False])
def test_many_remarks_can_be_scrolled(size, ascii):
    remarks = [replace(made.remark(), sentence=f"Remark {k}.") for k in range(12)]

    async def steps(asked):
        assert "Remark 0." in asked.text and "Remark 11." not in asked.text
        assert "Esc close" in asked.text
        assert not ascii or asked.text.isascii()
        await asked.press(*["down"] * 60)
        assert "Remark 11." in asked.text
        await asked.press("up", *["k"] * 60)
        assert "Remark 0." in asked.text

    why(steps, *remarks, size=size, ascii=ascii)


def test_what_there_is_not_is_left_out():
    bare = replace(made.remark(), how="", advice="", topic="")
    assert told(bare).plain == bare.sentence
    assert told(replace(bare, topic="Z99")).plain.endswith("Topic Z99")


def test_square_brackets_are_text():
    odd = replace(made.remark(), sentence="dW2[1,0] and [bold]")
    assert told(odd).plain.startswith("dW2[1,0] and [bold]")
