"""Lessons: stops of a run with text, and questions whose answers stay hidden until reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from nnsim.scenario.dials import Dial
from nnsim.scenario.key_types import (
    ActivationName,
    Beta,
    CountOrNone,
    InitializerName,
    NotNegative,
    OptimizerName,
    Table,
    Text,
    TimeOfRun,
)
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


class DialsTable(Table):
    """Settings that a fork may change; those left out stay as they are."""

    optimizer: OptimizerName | None = None
    """The update rule."""
    learning_rate: Annotated[float, Field(ge=0, le=1e9)] | None = None
    """alpha."""
    beta1: Beta | None = None
    """Momentum's beta; the first beta of Adam's kind."""
    beta2: Beta | None = None
    """RMSprop's beta; the second beta of Adam's kind."""
    weight_decay: NotNegative | None = None
    """adamw, lion: decoupled weight decay."""
    batch_size: CountOrNone | None = None
    """Examples a step; 0 is all of them."""
    clip_value: NotNegative | None = None
    """Clip each entry of the gradient; 0 is off."""
    clip_norm: NotNegative | None = None
    """Clip the norm of the whole gradient; 0 is off."""
    l1: NotNegative | None = None
    """lambd of the L1 penalty."""
    l2: NotNegative | None = None
    """lambd of the L2 penalty."""
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] | None = None
    """s of smoothed labels; 0 is off."""
    activation: ActivationName | None = None
    """g of every hidden layer."""
    keep_prob: Annotated[float, Field(gt=0, le=1)] | None = None
    """Inverted dropout in every hidden layer; 1 is none."""
    residual: bool | None = None
    """Residual connections of the hidden layers that are as wide as the one before."""
    initializer: InitializerName | None = None
    """First W of every hidden layer: only for a fork at the start."""


class SteppedTryTable(Table):
    """One thing to try at a stop: a run with other settings, offered after the reveal."""

    text: Text
    """What to try and what to look for."""
    at: TimeOfRun = Field(default="start", validate_default=True)
    """Where the fork begins: a step, "start" or "epoch 3"."""
    changes: Annotated[dict[str, Any], Field(alias="set", min_length=1)]
    """The settings of the run: dials of the kind, by name."""


class TryTable(SteppedTryTable):
    """One thing to try at a stop: a fork with other settings, offered after the reveal."""

    changes: Annotated[DialsTable, Field(alias="set")]  # type: ignore[assignment]
    """The settings of the fork."""


class SteppedLessonTable(Table):
    """A stop on the way: text at a step, perhaps with a question."""

    step: TimeOfRun
    """When: a step, "start", "end" or "epoch 3"."""
    variant: str | None = None
    """The variant it is about; all of them where it is left out."""
    text: Text
    """What there is to see."""
    predict: PredictTable | None = None
    """A question."""
    trial: Annotated[SteppedTryTable | None, Field(alias="try")] = None
    """One thing to try."""


class LessonTable(SteppedLessonTable):
    """A stop on the way of a training run: text at a step, perhaps with a question."""

    trial: Annotated[TryTable | None, Field(alias="try")] = None
    """One thing to try."""


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
class Trial:
    """One thing to try: what to look for, and what a fork changes."""

    text: str
    at: When
    """Where the fork begins; never the end."""
    changes: tuple[tuple[str, Any], ...]
    """Name of the setting and its new value, in the order of the guide's table."""


@dataclass(frozen=True)
class Lesson:
    """Text at a time of the run."""

    step: When
    variant: str | None
    text: str
    predict: Question | None
    trial: Trial | None = None


def lesson_of(table: SteppedLessonTable) -> Lesson:
    """Return what a valid table says."""
    question = None
    if table.predict is not None:
        asked = table.predict
        choices = tuple(asked.choices or ())
        question = Question(asked.question, choices, asked.answer, asked.tolerance, asked.reveal)
    trial = None
    if table.trial is not None:
        trial = Trial(table.trial.text, table.trial.at, _changes_of(table.trial))
    return Lesson(table.step, table.variant, table.text, question, trial)


def _changes_of(table: SteppedTryTable) -> tuple[tuple[str, Any], ...]:
    if not isinstance(table, TryTable):
        return tuple(table.changes.items())
    dials = table.changes
    changes = tuple((name, getattr(dials, name)) for name in DialsTable.model_fields)
    return tuple(each for each in changes if each[1] is not None)


def lesson_mistakes(
    table: SteppedLessonTable,
    runs: dict[str, Any],
    doubtful: frozenset[str],
    dials: tuple[Dial, ...] = (),
) -> Iterator[Mistake]:
    """Yield what is wrong with a lesson whose keys are valid one by one."""
    known = table.variant is None or table.variant in runs
    names = list(runs) if table.variant is None or not known else [table.variant]

    def late_at(when: When) -> tuple[str, str] | None:
        late = [runs[name].too_late(when) for name in names if name not in doubtful]
        return late[0] if known and late and all(late) else None

    if not known:
        message = f"no such variant {table.variant!r}"
        yield Mistake(("variant",), message, listed(runs), nearest(str(table.variant), runs))
    elif late := late_at(table.step):
        yield Mistake(("step",), *late)
    if table.predict is not None:
        for mistake in _question_mistakes(table.predict):
            yield mistake.below("predict")
    if table.trial is not None:
        for mistake in _trial_mistakes(table.trial, dials, late_at):
            yield mistake.below("try")


def _trial_mistakes(
    table: SteppedTryTable,
    dials: tuple[Dial, ...],
    late_at: Callable[[When], tuple[str, str] | None],
) -> Iterator[Mistake]:
    first_weights = False
    if isinstance(table, TryTable):
        first_weights = table.changes.initializer is not None
        if not table.changes.model_fields_set:
            names = listed(DialsTable.model_fields)
            yield Mistake(("set",), "is empty", f"one or more of {names}")
    else:
        known = [dial.name for dial in dials]
        for name in table.changes:
            if name not in known:
                yield Mistake(("set", name), "unknown key", listed(known), nearest(name, known))
    if table.at == When():
        yield Mistake(("at",), "nothing is left to run at the end", "start, a step or an epoch")
    elif late := late_at(table.at):
        yield Mistake(("at",), *late)
    elif first_weights and table.at.step_of(1) != 0:
        message = f"first weights can no longer be changed at {table.at}"
        yield Mistake(("set", "initializer"), message, 'at = "start"')


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
