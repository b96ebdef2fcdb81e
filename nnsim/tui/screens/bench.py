"""The dials of a run as the dialog turns them: what stands where, and what a fork would change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol


class Bench(Protocol):
    """Dials by name; every method that changes something returns what is wrong, or ""."""

    changes: dict[str, Any]
    """What the fork differs in."""

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield group and name of the dials that do something now."""

    def title(self, name: str) -> str:
        """Return what the list calls a dial."""

    def note(self, name: str) -> str:
        """Return what it is, in a line."""

    def expected(self, name: str, width: int) -> str:
        """Return what it takes, in a line of so many cells."""

    def value(self, name: str) -> str:
        """Return where it stands."""

    def was(self, name: str) -> str:
        """Return where it stood before it was turned; "" if it was not."""

    def is_typed(self, name: str) -> bool:
        """Tell whether its value can be written."""

    def turns(self, name: str) -> bool:
        """Tell whether it can be turned."""

    def begins(self, name: str, letter: str) -> bool:
        """Tell whether a letter begins a value to be written."""

    def turn(self, name: str, by: int) -> str:
        """Turn it up (1) or down (-1)."""

    def reset(self, name: str) -> str:
        """Turn it back to where it stood."""

    def take(self, name: str, text: str) -> str:
        """Take what was written."""

    def jump(self, name: str, letter: str) -> str | None:
        """Take the next choice that begins with a letter; None where there is none."""

    def outcome(self) -> str:
        """Return what the fork will be, once something is changed."""
