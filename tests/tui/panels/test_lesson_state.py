"""What is kept of a lesson, and what is remembered."""

import pytest

from nnsim.errors import NnsimError
from nnsim.tui.panels.lesson_state import LessonState, guess_of
from tests.tui import made


class Memory:
    """Remembers in a table; refuses when it is full."""

    def __init__(self, done=(), guesses=None, full=False):
        self.done, self.guesses, self.full = set(done), dict(guesses or {}), full

    def lessons_done(self, name):
        assert name == "vanishing-gradients"
        return self.done

    def guess(self, name, number):
        return self.guesses.get(number, "")

    def lesson_done(self, name, number, guess=""):
        if self.full:
            raise NnsimError("the disk is full")
        self.done.add(number)
        self.guesses[number] = guess


def test_it_begins_at_the_first_stop_that_was_not_revealed():
    state = LessonState.of(made.card(), Memory({0}, {0: "layer 2", 1: "0.7"}))
    assert state.place == 1
    assert state.guesses == {0: "layer 2", 1: 0.7}
    assert LessonState.of(made.card(), Memory({0, 1, 2})).place == 0


def test_what_is_remembered_of_other_stops_and_choices_is_forgotten():
    state = LessonState.of(made.card(), Memory({7}, {0: "layer 9", 1: "often"}))
    assert (state.guesses, state.revealed) == ({}, set())


def test_a_guess_stands_once_the_answer_was_seen():
    memory = Memory()
    state = LessonState.of(made.card(), memory)
    state.guess("layer 3")
    state.guess("layer 2")
    state.reveal()
    state.guess("layer 1")
    assert state.my_guess == "layer 2"
    assert (memory.done, memory.guesses) == ({0}, {0: "layer 2"})


def test_giving_up_is_remembered_without_a_guess():
    memory = Memory()
    state = LessonState.of(made.card(), memory)
    state.reveal()
    assert (memory.guesses, state.my_guess) == ({0: ""}, None)


def test_what_cannot_be_remembered_is_told_and_holds():
    state = LessonState.of(made.card(), Memory(full=True))
    state.reveal()
    assert state.is_revealed
    assert state.trouble == "the disk is full"


def test_moving_stays_within_the_lesson():
    state = LessonState.of(made.card())
    assert not state.move(-1)
    assert state.move(1)
    assert state.move(1)
    assert not state.move(1)
    assert state.stop.number == 2


def test_a_scenario_without_a_lesson_has_no_stop():
    state = LessonState.of(made.card(lessons=()))
    state.guess("x")
    state.reveal()
    assert (state.stop, state.my_guess, state.is_revealed) == (None, None, False)


@pytest.mark.parametrize(
    ("place", "text", "guess"),
    [
        (0, "layer 2", "layer 2"),
        (0, "2", None),
        (1, "0.7", 0.7),
        (1, "-2e-7", -2e-7),
        (1, "1e", None),
        (1, "inf", None),
        (1, "1e999", None),
        (1, "", None),
        (2, "1", None),
    ],
)
def test_texts_as_guesses(place, text, guess):
    assert guess_of(made.lessons()[place], text) == guess
