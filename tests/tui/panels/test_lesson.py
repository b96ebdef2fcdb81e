"""The lesson's column: guessing, looking, the answer beside the guess, reading it all."""

from dataclasses import replace

import pytest

from nnsim.scenario.lessons import Trial
from nnsim.scenario.moments import When
from nnsim.tui.panels.lesson import LessonPanel
from nnsim.tui.panels.lesson_actions import Choice
from nnsim.tui.panels.lesson_state import LessonState
from nnsim.tui.panels.lesson_text import answer, changes, flowing, where, whole
from nnsim.tui.widgets.key_button import KeyButton
from tests.tui import made
from tests.tui.stage import StageApp, play, shown

TRIAL = Trial("Take ReLU.", When(epoch=2), (("activation", "relu"), ("learning_rate", 0.1)))


def card():
    first, *others = made.lessons()
    return made.card(lessons=(replace(first, trial=TRIAL), *others))


def walked(*keys, place=0, size=(60, 40), card=card, frame=None):
    """Press keys in a panel that has the keyboard; return app, state and the screen's text."""
    state = LessonState.of(card())
    state.place = place
    panel = LessonPanel(state)
    texts = []

    async def walk(pilot):
        panel.show(frame or made.frame(card=card()))
        panel.focus()
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        texts.append("\n".join(shown(pilot.app)))
        texts.append({each.action for each in panel.query(KeyButton) if each.region.area})

    app = play(StageApp(panel), walk, size)
    app.buttons = texts[1]
    return app, state, texts[0]


def test_a_stop_asks_and_shows_no_answer():
    _, _, text = walked()
    for words in ("start", "Nothing has been trained yet.", "Which layer learns slowest?"):
        assert words in text
    assert " 2  layer 2" in text
    assert "every layer" not in text
    assert "It is" not in text
    assert "Take ReLU" not in text
    assert "stop 1 of 3" in text


def test_a_guess_is_kept_and_can_be_changed_before_the_answer():
    app, state, text = walked("3", "2")
    assert state.guesses == {0: "layer 2"}
    assert "[2] layer 2" in text
    assert "It is" not in text
    assert not state.revealed
    assert len(app.posted(LessonPanel.Changed)) == 2


def test_the_answer_stands_beside_the_guess():
    _, state, text = walked("2", "r")
    assert "You said  layer 2" in text
    assert "It is     layer 1" in text
    assert "every layer on the" in text
    assert "To try: Take ReLU." in text
    assert "activation = relu, learning_rate = 0.1" in text
    assert state.revealed == {0}


def test_a_right_guess_is_shown_as_plainly():
    _, _, text = walked("1", "enter")
    assert "You said  layer 1" in text
    assert "It is     layer 1" in text
    assert "!" not in text


def test_without_a_guess_only_giving_up_reveals():
    assert not walked("r", "enter", "9", "f")[1].revealed
    _, state, text = walked("g")
    assert state.revealed == {0}
    assert "It is     layer 1" in text
    assert "You said" not in text


def test_after_the_answer_the_guess_stands():
    assert walked("2", "r", "1")[1].guesses == {0: "layer 2"}


def test_a_number_is_typed():
    _, state, text = walked("0", ".", "6", "8", "backspace", "7", place=1)
    assert "My guess  0.67_" in text
    assert not state.guesses
    _, state, text = walked("0", ".", "6", "7", "enter", "enter", place=1)
    assert state.guesses == {1: 0.67}
    assert "You said  0.67" in text
    assert "It is     0.693 (+- 0.05)" in text


@pytest.mark.parametrize("keys", ["1e", "..", "-", "1e999"])
def test_what_is_no_number_is_told_and_can_be_mended(keys):
    _, state, text = walked(*keys, "enter", place=1)
    assert f"'{keys}' is no number: type one such as 0.693" in text
    assert not state.guesses
    _, state, text = walked(*keys, "enter", *["backspace"] * 5, "7", "enter", place=1)
    assert state.guesses == {1: 7.0}
    assert "is no number" not in text


def test_the_tolerance_is_told_before_the_guess():
    assert "Right within 0.05." in " ".join(walked(place=1)[2].replace("│", " ").split())


def test_it_goes_to_the_steps_and_back():
    app, _, _ = walked("2", "s", place=0)
    (go,) = app.posted(LessonPanel.Go)
    assert (go.step, go.variant) == (0, None)
    app, _, _ = walked("s", place=1)
    (go,) = app.posted(LessonPanel.Go)
    assert (go.step, go.variant) == (100, "tanh")


def test_what_it_offers_to_try_is_a_fork_at_its_step():
    frame = made.frame(made.run(steps_an_epoch=4), card=card())
    app, _, _ = walked("g", "f", frame=frame)
    (tried,) = app.posted(LessonPanel.Tried)
    assert (tried.step, tried.variant) == (8, None)
    assert tried.changes == {"activation": "relu", "learning_rate": 0.1}


def test_stops_are_walked_through_and_a_stop_without_a_question_is_done_when_seen():
    _, state, text = walked("right", "right", "right")
    assert state.place == 2
    assert "Look at the borders." in text
    assert state.revealed == {2}
    assert "end, step 200" in text
    assert walked("right", "full_stop", "left", "comma")[1].place == 0


def test_the_whole_lesson_can_be_read_without_answering():
    _, state, text = walked("a")
    for words in ("Which layer learns slowest?", "It is     layer 1", "0.693", "Look at the"):
        assert words in text
    assert state.revealed == set()
    _, state, text = walked("a", "1", "g", "a")
    assert (state.guesses, state.revealed) == ({}, set())
    assert "It is" not in text


def test_it_says_when_the_present_step_is_the_stops():
    assert "where I am" not in walked()[2]
    frame = made.frame(made.run(step=0), card=card())
    assert "start, where I am" in walked(frame=frame)[2]


def test_escape_gives_the_keyboard_back():
    assert len(walked("escape")[0].posted(LessonPanel.Left)) == 1


def test_only_what_can_be_done_has_a_button():
    always = {"lesson.steps", "lesson.next", "lesson.read_all"}
    assert walked()[0].buttons == {*always, "lesson.give_up"}
    assert walked("1")[0].buttons == {*always, "lesson.reveal"}
    assert walked("1", "r")[0].buttons == {*always, "lesson.fork"}
    assert walked("a")[0].buttons == {"lesson.read_all"}


def test_everything_works_by_mouse():
    state = LessonState.of(card())
    panel = LessonPanel(state)

    async def walk(pilot):
        await pilot.click([*pilot.app.query(Choice)][1])
        for action in ("steps", "reveal", "fork", "next", "before", "read_all"):
            button = next(
                each for each in pilot.app.query(KeyButton) if each.action == f"lesson.{action}"
            )
            await pilot.pause()
            assert await pilot.click(button), action
        assert panel.has_focus

    app = play(StageApp(panel), walk, (60, 40))
    assert state.guesses == {0: "layer 2"}
    assert state.revealed == {0}
    assert state.reading
    assert len(app.posted(LessonPanel.Go)) == len(app.posted(LessonPanel.Tried)) == 1


def test_long_lessons_scroll():
    def long_card():
        stop = replace(made.lessons()[0], text="A long text. " * 80)
        return made.card(lessons=(stop,))

    _, _, above = walked(size=(50, 16), card=long_card)
    _, _, below = walked(*["down"] * 60, size=(50, 16), card=long_card)
    assert "Which layer" not in above
    assert "give up" in below


def test_another_scenario_brings_its_own_lesson():
    panel = LessonPanel(LessonState.of(card()))

    async def walk(pilot):
        panel.use(LessonState.of(made.card(name="other", lessons=())))
        await pilot.pause()
        assert "This scenario has no lesson." in "\n".join(shown(pilot.app))
        for key in ("1", "r", "g", "s", "f", "right", "a", "enter", "backspace"):
            await pilot.press(key)

    app = play(StageApp(panel), walk)
    assert not app.posted(LessonPanel.Go)


def test_ascii_only():
    state = LessonState.of(card())
    panel = LessonPanel(state)

    async def walk(pilot):
        panel.focus()
        await pilot.press("1", "r")
        await pilot.pause()
        text = "\n".join(shown(pilot.app))
        assert text.isascii(), {each for each in text if not each.isascii()}

    play(StageApp(panel, ascii=True), walk)


def test_markup_in_a_lesson_is_text():
    def tricky():
        stop = replace(made.lessons()[0], text="W[l] [bold] and [/] stay.")
        return made.card(lessons=(stop,))

    assert "W[l] [bold] and [/] stay." in walked(card=tricky)[2]


def test_words():
    first, second, third = made.lessons()
    assert flowing("one\ntwo\n\n\nthree \n") == "one two\n\nthree"
    assert [where(stop) for stop in (first, second, third)] == [
        "start",
        "step 100, tanh",
        "end, step 200",
    ]
    assert answer(second.question) == "0.693 (+- 0.05)"
    assert changes(TRIAL) == "activation = relu, learning_rate = 0.1"
    text = whole(LessonState.of(card())).plain
    assert text.index("Which layer") < text.index("It is     layer 1") < text.index("A hundred")


def test_a_long_choice_goes_on_below_its_first_word():
    long = "no, for the gradient is almost nothing there and stays so for a long while"

    def asked():
        first, *others = made.lessons()
        choices = (long, *first.question.choices[1:])
        return made.card(
            lessons=(replace(first, question=replace(first.question, choices=choices)), *others)
        )

    lines = walked(size=(40, 40), card=asked)[2].splitlines()
    row = next(k for k, line in enumerate(lines) if "no, for the" in line)
    at = lines[row].index("no, for")
    assert lines[row + 1][:at].strip("│ ") == "" and lines[row + 1][at] != " "
