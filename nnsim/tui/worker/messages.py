"""What the worker tells the screens."""

from __future__ import annotations

from textual.message import Message


class FrameReady(Message):
    """A new frame lies in `Worker.frame`; older ones were never shown and are gone."""


class Working(Message):
    """Something takes longer: what it is, and how far it is (total 0: nobody knows)."""

    def __init__(self, what: str, done: int = 0, total: int = 0) -> None:
        super().__init__()
        self.what, self.done, self.total = what, done, total

    def can_replace(self, message: Message) -> bool:
        """Let a newer one stand for those still waiting."""
        return isinstance(message, Working)


class Idle(Message):
    """What took longer has ended."""

    def __init__(self, cancelled: bool = False) -> None:
        super().__init__()
        self.cancelled = cancelled


class Told(Message):
    """A short answer to a command: what was written where, what the bug was."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Trouble(Message):
    """A command failed; everything stands as before it."""

    def __init__(self, title: str, text: str, advice: str = "", *, opening: bool = False) -> None:
        super().__init__()
        self.title, self.text, self.advice, self.opening = title, text, advice, opening


class Cancelled(Exception):
    """The learner stopped what took long; everything stands where it had got to."""
