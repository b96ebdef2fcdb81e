"""The lesson, a stop at a time: text, question, my guess, the steps that show it, the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from nnsim.tui.keys import bindings_for
from nnsim.tui.panels.lesson_actions import Choice, LessonActions
from nnsim.tui.panels.lesson_state import LessonState
from nnsim.tui.panels.lesson_text import changes, flowing, guessed, number, verdict, where, whole
from nnsim.tui.widgets.drawn import look_of_app
from nnsim.tui.widgets.key_button import KeyButton
from nnsim.tui.worker.frames import Frame

MOST_CHOICES = 9


class LessonPanel(LessonActions, Vertical, can_focus=True):
    """A lesson in a column; `show` tells it the moment, its messages ask to go elsewhere."""

    PLACE = "lesson"
    BINDINGS: ClassVar[list[Any]] = bindings_for(PLACE)
    DEFAULT_CSS = """
    LessonPanel {
        background: $background;
        border: round $faint;
        border-title-color: $text;
        border-subtitle-color: $muted;
        padding: 0 1;
        &:focus, &:focus-within { border: round $accent; border-title-color: $accent; }
        &.-ascii { border: ascii $faint; }
        &.-ascii:focus { border: ascii $accent; }
        VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        Static { height: auto; }
        .muted { color: $muted; }
        .gap { margin-top: 1; }
        #where { color: $muted; margin-bottom: 1; }
        #question { margin-top: 1; text-style: bold; }
        #choices { height: auto; margin-top: 1; }
        .choice { height: auto; padding: 0 1; }
        .choice .key { width: 4; }
        .choice .answer { width: 1fr; }
        .choice:hover { background: $raised; }
        .choice.-guess { background: $chosen; }
        #number { margin-top: 1; padding: 0 1; background: $raised; }
        #trouble { color: $error; }
        #verdict, #reveal { margin-top: 1; }
        #keys { height: auto; margin-top: 1; }
        #travel { height: 1; margin-top: 1; }
        #travel .last { dock: right; }
    }
    """

    class Go(Message):
        """Go to the steps that show it."""

        def __init__(self, step: int, variant: str | None) -> None:
            super().__init__()
            self.step, self.variant = step, variant

    class Tried(Message):
        """Fork at a step of a variant (None: of the present run's) with these settings."""

        def __init__(
            self, step: int, variant: str | None, changes: Mapping[str, float | str]
        ) -> None:
            super().__init__()
            self.step, self.variant, self.changes = step, variant, changes

    class Changed(Message):
        """A guess was made, an answer seen, another stop chosen: the state is another."""

    class Left(Message):
        """Back to where I was: the panel no longer wants the keyboard."""

    def __init__(self, state: LessonState, **options: str) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.state = state
        self.typed = ""
        """The number being typed."""
        self._step: int | None = None
        self.steps_an_epoch = 1
        self._composed = False

    def compose(self) -> ComposeResult:
        """Hold everything that a stop may have; what it has not is hidden."""
        self.border_title = "lesson"
        with VerticalScroll(can_focus=False):
            yield Static(id="where")
            yield Static(id="text")
            yield Static(id="question")
            with Vertical(id="choices"):
                yield from (Choice(index) for index in range(MOST_CHOICES))
            yield Static(id="number")
            yield Static(id="trouble")
            yield Static(id="verdict")
            yield Static(id="reveal")
            yield Static(id="trial", classes="gap")
            with Vertical(id="keys"):
                yield Static(id="hint", classes="muted")
                yield KeyButton("lesson.reveal")
                yield KeyButton("lesson.steps")
                yield KeyButton("lesson.give_up")
                yield KeyButton("lesson.fork")
        with Horizontal(id="travel"):
            yield KeyButton("lesson.before", "back")
            yield KeyButton("lesson.next", "next")
            yield KeyButton("lesson.read_all", "read all", classes="last")

    def on_mount(self) -> None:
        """Show the present stop."""
        self._composed = True
        self.update()

    def show(self, frame: Frame) -> None:
        """Show the moment that a frame has; cheap where nothing of the lesson changes."""
        self.steps_an_epoch = frame.run.steps_an_epoch
        if frame.card.lessons is not self.state.stops and frame.card.name == self.state.name:
            self.state.stops = frame.card.lessons
            self.update()
        if frame.run.step != self._step:
            self._step = frame.run.step
            self._show_where()

    def use(self, state: LessonState) -> None:
        """Show another scenario's lesson."""
        self.state, self.typed = state, ""
        self.update()

    def update(self) -> None:
        """Show the state as it is."""
        if not self._composed:
            return
        state, stop = self.state, self.state.stop
        self.set_class(look_of_app(self).ascii, "-ascii")
        self._show_where()
        # A scroll bar's ends are no ASCII.
        self.query_one(VerticalScroll).styles.scrollbar_size_vertical = (
            0 if self.has_class("-ascii") else 1
        )
        if stop is not None and stop.question is None:
            state.reveal()
        if stop is None or state.reading:
            self._show_only("text")
            self.put("text", whole(state) if stop else Content("This scenario has no lesson."))
        else:
            self._show_stop()
        self.border_subtitle = f"stop {state.place + 1} of {len(state.stops)}" if stop else ""
        if state.reading:
            self.border_subtitle = f"all {len(state.stops)} stops"
        for id, shown in (
            ("before", state.place > 0 and not state.reading),
            ("next", state.place + 1 < len(state.stops) and not state.reading),
            ("read_all", stop is not None),
        ):
            self._button(id).display = shown
        self._button("read_all").say("stop by stop" if state.reading else "read all")
        if state.trouble:
            self.notify(state.trouble, title="Not remembered", severity="warning")
            state.trouble = ""

    def _show_stop(self) -> None:
        stop, state = self.state.stop, self.state
        assert stop is not None
        question, guess, revealed = stop.question, state.my_guess, state.is_revealed
        shown = {"where", "text", "keys"}
        self.put("text", flowing(stop.text))
        if question is not None:
            shown |= {"question"}
            self.put("question", flowing(question.question))
            if question.choices:
                shown |= {"choices"}
                self._show_choices()
            elif not revealed:
                shown |= {"number"}
                self.show_number()
            if revealed:
                shown |= {"verdict", "reveal"}
                self.put("verdict", verdict(question, guess))
                self.put("reveal", flowing(question.reveal))
        if stop.trial is not None and revealed:
            shown |= {"trial"}
            lines = Content.assemble(
                ("To try: ", "$muted"),
                flowing(stop.trial.text),
                (f"\n{changes(stop.trial)}", "$muted"),
            )
            self.put("trial", lines)
        self._show_only(*shown)
        asks = question is not None and not revealed
        self._button("reveal").display = asks and guess is not None
        self._button("give_up").display = asks and guess is None
        self._button("fork").display = revealed and stop.trial is not None
        self.put("hint", self._hint() if asks else "")
        self.query_one("#hint").display = asks

    def _hint(self) -> str:
        assert self.state.stop is not None and self.state.stop.question is not None
        question, guess = self.state.stop.question, self.state.my_guess
        if guess is not None:
            return "Look at the steps, then at the answer. Another guess replaces yours."
        if question.choices:
            return f"Guess: 1 to {len(question.choices)}, or click."
        within = f" Right within {number(question.tolerance)}." if question.tolerance else ""
        return f"Guess: type a number, then Enter.{within}"

    def _show_choices(self) -> None:
        assert self.state.stop is not None and self.state.stop.question is not None
        question, guess = self.state.stop.question, self.state.my_guess
        revealed = self.state.is_revealed
        for choice in self.query(Choice):
            choice.display = choice.index < len(question.choices)
            if not choice.display:
                continue
            text = question.choices[choice.index]
            mine, right = text == guess, revealed and text == question.answer
            left, after = ("[", "]") if mine else (" ", " ")
            key = Content.assemble(
                (left, "bold"),
                (str(choice.index + 1), "" if revealed else "$accent bold"),
                (after, "bold"),
            )
            choice.say(key, Content.styled(text, "bold" if right else ""))
            choice.set_class(mine, "-guess")

    def show_number(self) -> None:
        """Show the number being typed, or the one that was guessed."""
        guess = self.state.my_guess
        shown = self.typed or (guessed(guess) if guess is not None else "")
        cursor = "_" if self.typed or guess is None else ""
        self.put("number", Content.assemble(("My guess  ", "$muted"), (f"{shown}{cursor}", "bold")))

    def _show_where(self) -> None:
        stop = self.state.stop
        if stop is None or not self._composed:
            return
        here = ", where I am" if self._step == stop.step else ""
        self.put("where", f"{where(stop)}{here}")

    def _show_only(self, *ids: str) -> None:
        # The line about a number that is none lasts until the next key.
        for each in self.query_one(VerticalScroll).children:
            each.display = each.id in ids

    def put(self, id: str, content: Content | str) -> None:
        """Write into a part of the page."""
        self.query_one(f"#{id}", Static).update(
            Content(content) if isinstance(content, str) else content
        )

    def _button(self, name: str) -> KeyButton:
        return next(each for each in self.query(KeyButton) if each.action == f"lesson.{name}")
