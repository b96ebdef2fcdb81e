"""Where a learner is in a lesson: guesses and what was revealed, kept while panels come and go."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from nnsim.errors import NnsimError

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import Card, LessonStop

Guess = float | str


class Memory(Protocol):
    """What is remembered from one session to the next."""

    def lessons_done(self, name: str) -> set[int]:
        """Return the numbers of the stops that were revealed."""

    def lesson_done(self, name: str, number: int, guess: str = "") -> None:
        """Remember that a stop was revealed, and what was guessed before."""

    def guess(self, name: str, number: int) -> str:
        """Return what was guessed at a stop, or ""."""


@dataclass
class LessonState:
    """The state of one scenario's lesson."""

    name: str
    """The scenario's."""
    stops: tuple[LessonStop, ...] = ()
    place: int = 0
    """The stop that is shown, as a place in `stops`."""
    guesses: dict[int, Guess] = field(default_factory=dict)
    """By the stop's number: a choice, word for word, or a number."""
    revealed: set[int] = field(default_factory=set)
    """Numbers of the stops whose answer was shown, or that ask nothing and were seen."""
    reading: bool = False
    """The whole lesson is shown, with all answers."""
    memory: Memory | None = None
    trouble: str = ""
    """Why something could not be remembered; told once."""

    @classmethod
    def of(cls, card: Card, memory: Memory | None = None) -> LessonState:
        """Return the state of a scenario's lesson, as the memory has it."""
        state = cls(card.name, card.lessons, memory=memory)
        if memory is None:
            return state
        numbers = {stop.number for stop in card.lessons}
        state.revealed = memory.lessons_done(card.name) & numbers
        for stop in card.lessons:
            guess = guess_of(stop, memory.guess(card.name, stop.number))
            if guess is not None:
                state.guesses[stop.number] = guess
        fresh = [at for at, stop in enumerate(card.lessons) if stop.number not in state.revealed]
        state.place = fresh[0] if fresh else 0
        return state

    @property
    def stop(self) -> LessonStop | None:
        """The stop that is shown; None where the scenario has no lesson."""
        return self.stops[self.place] if self.stops else None

    @property
    def my_guess(self) -> Guess | None:
        """What was guessed at this stop."""
        return self.guesses.get(self.stop.number) if self.stop else None

    @property
    def is_revealed(self) -> bool:
        """Whether this stop's answer may be seen."""
        return self.stop is not None and self.stop.number in self.revealed

    def move(self, by: int) -> bool:
        """Go to another stop; tell whether there is one."""
        place = self.place + by
        if not 0 <= place < len(self.stops):
            return False
        self.place = place
        return True

    def guess(self, guess: Guess) -> None:
        """Keep a guess; once the answer was seen the guess stays as it was."""
        if self.stop is not None and self.stop.question is not None and not self.is_revealed:
            self.guesses[self.stop.number] = guess

    def reveal(self) -> None:
        """Show this stop's answer from now on, and remember it."""
        if self.stop is None or self.is_revealed:
            return
        self.revealed.add(self.stop.number)
        guess = self.my_guess
        if self.memory is not None:
            try:
                self.memory.lesson_done(
                    self.name, self.stop.number, "" if guess is None else str(guess)
                )
            except NnsimError as error:
                self.trouble = str(error)


def guess_of(stop: LessonStop, text: str) -> Guess | None:
    """Return a text as a guess at a stop's question; None where it is none.

    For a question with choices that is one of them, else a finite number.
    """
    if stop.question is None:
        return None
    if stop.question.choices:
        return text if text in stop.question.choices else None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
