"""The lesson over the lab: it closes with what was asked for."""

import pytest

from nnsim.tui.keys import actions_for
from nnsim.tui.panels.lesson import LessonPanel
from nnsim.tui.panels.lesson_state import LessonState
from nnsim.tui.screens.lesson import LessonScreen
from tests.tui import made
from tests.tui.stage import StageApp, play, shown


def walked(*keys, size=(80, 24), **options):
    state = LessonState.of(made.card())
    texts = []

    async def walk(pilot):
        await pilot.press(*keys)
        await pilot.pause()
        texts.append(shown(pilot.app))

    app = play(StageApp(screen=LessonScreen(state, made.frame()), **options), walk, size)
    return app, state, texts[0]


@pytest.mark.parametrize("key", ["escape", "l", "q"])
def test_it_closes_and_keeps_the_guess(key):
    app, state, _ = walked("2", key)
    assert app.answers == [None]
    assert state.guesses == {0: "layer 2"}


def test_showing_the_steps_closes_it():
    app, _, _ = walked("right", "s")
    (go,) = app.answers
    assert isinstance(go, LessonPanel.Go)
    assert (go.step, go.variant) == (100, "tanh")


def test_it_fits_into_a_small_terminal():
    _, _, lines = walked("2", "r")
    assert len(lines) == 24
    assert any("It is     layer 1" in line for line in lines)
    assert any("read all" in line for line in lines)


def test_the_palette_can_do_all_that_keys_can():
    screen = LessonScreen(LessonState.of(made.card()))
    for each in actions_for("lesson", everywhere=False):
        assert callable(getattr(screen, f"action_{each.method}"))


def test_an_action_of_the_screen_is_the_panels():
    state = LessonState.of(made.card())
    screen = LessonScreen(state, made.frame())

    async def walk(pilot):
        await pilot.app.run_action("screen.give_up")

    play(StageApp(screen=screen), walk)
    assert state.revealed == {0}
