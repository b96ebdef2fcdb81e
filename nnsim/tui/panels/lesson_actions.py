"""What the lesson's keys and clicks do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import events
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nnsim.tui.panels.lesson_state import LessonState, guess_of

NUMBER_KEYS = frozenset("0123456789.-+e")
LONGEST_NUMBER = 24


class Choice(Horizontal):
    """One answer to choose from, its key in a column of its own."""

    def __init__(self, index: int) -> None:
        self._key, self._answer = Static(classes="key"), Static(classes="answer")
        super().__init__(self._key, self._answer, classes="choice")
        self.index = index

    def say(self, key: Content, answer: Content) -> None:
        """Show another answer."""
        self._key.update(key)
        self._answer.update(answer)


class LessonActions:
    """Mixed into the lesson's panel: keys become guesses, answers, wishes to go elsewhere."""

    if TYPE_CHECKING:
        state: LessonState
        typed: str
        steps_an_epoch: int
        update: Callable[[], None]
        focus: Callable[..., Any]
        post_message: Callable[..., bool]
        call_after_refresh: Callable[..., bool]
        query_one: Callable[..., Any]
        show_number: Callable[[], None]
        put: Callable[..., None]
        Go: Any
        Tried: Any
        Changed: Any
        Left: Any

    def on_key(self, event: events.Key) -> None:
        """Choose with a digit, or type a number."""
        stop, character = self.state.stop, event.character or ""
        if stop is None or stop.question is None or self.state.reading or self.state.is_revealed:
            return
        choices = stop.question.choices
        if choices:
            if character.isdigit() and 1 <= int(character) <= len(choices):
                event.stop()
                self._guess(choices[int(character) - 1])
            return
        if event.key == "backspace":
            self._type(self.typed[:-1])
        elif character in NUMBER_KEYS and character:
            self._type(self.typed + character)
        else:
            return
        event.stop()

    def on_paste(self, event: events.Paste) -> None:
        """Take a number from the clipboard."""
        self._type(self.typed + "".join(each for each in event.text if each in NUMBER_KEYS))

    def _type(self, text: str) -> None:
        if self.state.stop is None or self.state.is_revealed:
            return
        self.typed = text[:LONGEST_NUMBER]
        self.show_number()
        self.query_one("#trouble").display = False

    def on_click(self, event: events.Click) -> None:
        """Take the keyboard; choose the answer that was clicked."""
        self.focus()
        clicked = event.widget.ancestors_with_self if event.widget else ()
        choice = next((each for each in clicked if isinstance(each, Choice)), None)
        stop = self.state.stop
        if choice is not None and stop is not None and stop.question is not None:
            self._guess(stop.question.choices[choice.index])

    def _guess(self, guess: float | str) -> None:
        self.state.guess(guess)
        self.typed = ""
        self._changed()

    def _changed(self) -> None:
        self.update()
        self.post_message(self.Changed())

    def action_enter(self) -> None:
        """Keep the number that was typed; with a guess made, see the answer."""
        stop = self.state.stop
        if stop is None or self.state.reading:
            return
        if not self.typed:
            self.action_reveal()
            return
        guess = guess_of(stop, self.typed)
        if guess is None:
            self.put("trouble", f"{self.typed!r} is no number: type one such as 0.693 or 2e-7.")
            self.query_one("#trouble").display = True
            return
        self._guess(guess)

    def action_reveal(self) -> None:
        """See the answer, once there is a guess."""
        if self.state.my_guess is not None and not self.state.reading:
            self._reveal()

    def action_give_up(self) -> None:
        """See the answer without a guess."""
        if self.state.stop is not None and not self.state.reading:
            self._reveal()

    def _reveal(self) -> None:
        self.typed = ""
        self.state.reveal()
        self._changed()
        self.call_after_refresh(
            self.query_one(VerticalScroll).scroll_end, animate=False, immediate=True
        )

    def action_steps(self) -> None:
        """Go to the steps that show it."""
        stop = self.state.stop
        if stop is not None:
            self.post_message(self.Go(stop.step, stop.variant))

    def action_fork(self) -> None:
        """Try what the lesson offers, once the answer was seen."""
        stop = self.state.stop
        if stop is not None and stop.trial is not None and self.state.is_revealed:
            step = stop.trial.at.step_of(self.steps_an_epoch) or 0
            self.post_message(self.Tried(step, stop.variant, dict(stop.trial.changes)))

    def action_next(self) -> None:
        """Show the next stop."""
        self._move(1)

    def action_before(self) -> None:
        """Show the stop before."""
        self._move(-1)

    def _move(self, by: int) -> None:
        if not self.state.reading and self.state.move(by):
            self.typed = ""
            self._changed()
            self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_read_all(self) -> None:
        """Show the whole lesson with its answers, or a stop again."""
        self.state.reading = not self.state.reading
        self._changed()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_down(self) -> None:
        """Scroll by a line."""
        self.query_one(VerticalScroll).scroll_down(animate=False)

    def action_up(self) -> None:
        """Scroll back by a line."""
        self.query_one(VerticalScroll).scroll_up(animate=False)

    def action_leave(self) -> None:
        """Give the keyboard back."""
        self.post_message(self.Left())
