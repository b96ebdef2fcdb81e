"""Lessons: stops of a run with text, and questions whose answers stay hidden until reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from nnsim.scenario.key_types import NotNegative, Table, Text, TimeOfRun
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.moments import When
from nnsim.scenario.names import listed, nearest


class PredictTable(Table):
    """A question whose answer stays hidden until the learner has guessed."""

    question: Text
    """What happens next, or which of them."""
    choices: Annotated[list[Text], Field(min_length=2, max_length=9)] | None = None
    """Answers to choose from; left out where a number is asked for."""
    answer: str | float
    """The right choice, word for word; or the number."""
    tolerance: NotNegative = 0.0
    """How far a guessed number may be off."""
    reveal: Text
    """Why, in two or three sentences."""


class LessonTable(Table):
    """A stop on the way: text at a step, perhaps with a question."""

    step: TimeOfRun
    """When: a step, "start", "end" or "epoch 3"."""
    variant: str | None = None
    """The variant it is about; all of them where it is left out."""
    text: Text
    """What there is to see."""
    predict: PredictTable | None = None
    """A question."""


@dataclass(frozen=True)
class Question:
    """What a learner is asked before the run shows it."""

    question: str
    choices: tuple[str, ...]
    """Empty where a number is asked for."""
    answer: str | float
    tolerance: float
    reveal: str

    def is_right(self, guess: str | float) -> bool:
        """Tell whether a guess is the answer."""
        if isinstance(self.answer, str) or isinstance(guess, str):
            return guess == self.answer
        return abs(guess - self.answer) <= self.tolerance


@dataclass(frozen=True)
class Lesson:
    """Text at a time of the run."""

    step: When
    variant: str | None
    text: str
    predict: Question | None


def lesson_of(table: LessonTable) -> Lesson:
    """Return what a valid table says."""
    question = None
    if table.predict is not None:
        asked = table.predict
        choices = tuple(asked.choices or ())
        question = Question(asked.question, choices, asked.answer, asked.tolerance, asked.reveal)
    return Lesson(table.step, table.variant, table.text, question)


def lesson_mistakes(
    table: LessonTable, runs: dict[str, Any], doubtful: frozenset[str]
) -> Iterator[Mistake]:
    """Yield what is wrong with a lesson whose keys are valid one by one."""
    if table.variant is not None and table.variant not in runs:
        message = f"no such variant {table.variant!r}"
        yield Mistake(("variant",), message, listed(runs), nearest(table.variant, runs))
    else:
        names = [table.variant] if table.variant is not None else list(runs)
        late = [runs[name].too_late(table.step) for name in names if name not in doubtful]
        if late and all(late):
            yield Mistake(("step",), *late[0])
    if table.predict is not None:
        for mistake in _question_mistakes(table.predict):
            yield mistake.below("predict")


def _question_mistakes(table: PredictTable) -> Iterator[Mistake]:
    answer = table.answer
    if table.choices is None:
        if isinstance(answer, str):
            expected = "a number, or choices beside it"
            yield Mistake(("answer",), f"found {answer!r}", expected)
        return
    for i, choice in enumerate(table.choices):
        if choice in table.choices[:i]:
            yield Mistake(("choices", i), f"{choice!r} stands there twice", "different choices")
    if answer not in table.choices:
        suggestion = nearest(answer, table.choices) if isinstance(answer, str) else ""
        message = "is none of the choices"
        yield Mistake(("answer",), message, listed(map(repr, table.choices)), suggestion)
