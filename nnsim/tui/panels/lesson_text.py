"""The words of a lesson: headings, answers, the whole lesson in one piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from textual.content import Content

from nnsim.tui.drawing.text import figure
from nnsim.tui.worker.stepped_dials import written

if TYPE_CHECKING:
    from nnsim.scenario.lessons import Question, Trial
    from nnsim.tui.panels.lesson_state import Guess, LessonState
    from nnsim.tui.worker.frames import LessonStop

DIGITS = 8
"""Of numbers in answers: as the lesson's author wrote them."""


def flowing(text: str) -> str:
    r"""Return a text whose lines may flow: single line breaks are spaces, blank lines stay.

    >>> flowing("one\ntwo\n\nthree\n")
    'one two\n\nthree'
    """
    paragraphs = text.replace("\r", "").split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs if each.strip())


def where(stop: LessonStop) -> str:
    """Return when a stop is and what it is about: "step 100, tanh"."""
    at = stop.at if stop.at.startswith(("step", "start")) else f"{stop.at}, step {stop.step}"
    return f"{at}, {stop.variant}" if stop.variant else at


def number(value: float) -> str:
    """Return a number in full, as an author writes it: 0.693, 1e-5, 250."""
    return figure(int(value) if float(value).is_integer() and abs(value) < 1e6 else value, DIGITS)


def answer(question: Question) -> str:
    """Return the right answer, with the tolerance of a number."""
    if isinstance(question.answer, str):
        return question.answer
    text = number(question.answer)
    return f"{text} (+- {number(question.tolerance)})" if question.tolerance else text


def guessed(guess: Guess) -> str:
    """Return a guess as it is shown."""
    return guess if isinstance(guess, str) else number(guess)


def verdict(question: Question, guess: Guess | None) -> Content:
    """Return my guess and the answer, one below the other, plainly."""
    lines = [("It is     ", "$muted"), (answer(question), "bold")]
    if guess is not None:
        lines = [("You said  ", "$muted"), (f"{guessed(guess)}\n", ""), *lines]
    return Content.assemble(*lines)


def changes(trial: Trial) -> str:
    """Return what a fork changes: "activation = relu, initializer = he"."""
    return ", ".join(f"{name} = {_written(value)}" for name, value in trial.changes)


def _written(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return figure(value, DIGITS) if is_number else written(value)


def whole(state: LessonState) -> Content:
    """Return all stops with their answers, to be read in one go."""
    parts: list[Content] = []
    for stop in state.stops:
        if parts:
            parts.append(Content("\n\n"))
        parts.extend(_stop(stop, state.guesses.get(stop.number)))
    return Content.assemble(*parts)


def _stop(stop: LessonStop, guess: Guess | None) -> Iterator[Content]:
    yield Content.assemble((f"{stop.number + 1}  ", "$accent bold"), (where(stop), "$muted"))
    yield Content(f"\n{flowing(stop.text)}")
    if stop.question is not None:
        question = stop.question
        yield Content.assemble("\n\n", (flowing(question.question), "bold"))
        for choice in question.choices:
            yield Content(f"\n  - {choice}")
        yield Content("\n\n") + verdict(question, guess)
        yield Content(f"\n{flowing(question.reveal)}")
    if stop.trial is not None:
        yield Content.assemble("\n\n", ("To try: ", "$muted"), flowing(stop.trial.text))
        yield Content.assemble((f"\n  {changes(stop.trial)}", "$muted"))
