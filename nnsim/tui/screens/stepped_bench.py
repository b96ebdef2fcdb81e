"""The dials of a kind with small states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nnsim.tui.worker import stepped_dials

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import SteppedFrame


class SteppedBench:
    """See `Bench`. Whether settings agree is seen when the run begins."""

    def __init__(self, run: SteppedFrame) -> None:
        self._step = run.step
        self._dials = {dial.name: dial for dial, _ in run.dials}
        self._was = {dial.name: value for dial, value in run.dials}
        self.changes: dict[str, Any] = {}

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield the names of all dials, in no group."""
        for name in self._dials:
            yield "", name

    def title(self, name: str) -> str:
        """Return what the list calls a dial."""
        return self._dials[name].title

    def note(self, name: str) -> str:
        """Return what it is, in a line."""
        return self._dials[name].help

    def expected(self, name: str, width: int) -> str:
        """Return what it takes."""
        return stepped_dials.expected(self._dials[name], self._was[name])

    def value(self, name: str) -> str:
        """Return where it stands."""
        return stepped_dials.written(self._value(name))

    def was(self, name: str) -> str:
        """Return where it stood before it was turned; "" if it was not."""
        return stepped_dials.written(self._was[name]) if name in self.changes else ""

    def is_typed(self, name: str) -> bool:
        """Tell whether its value can be written."""
        return stepped_dials.is_typed(self._dials[name], self._was[name])

    def turns(self, name: str) -> bool:
        """Tell whether it can be turned."""
        return stepped_dials.turns(self._dials[name], self._was[name])

    def begins(self, name: str, letter: str) -> bool:
        """Tell whether a letter begins a value to be written."""
        if not self.is_typed(name):
            return False
        return isinstance(self._was[name], str) or letter in "0123456789."

    def turn(self, name: str, by: int) -> str:
        """Turn it up (1) or down (-1)."""
        if not self.turns(name):
            return "This one is written: type its value"
        return self._set(name, stepped_dials.turned(self._dials[name], self._value(name), by))

    def reset(self, name: str) -> str:
        """Turn it back to where it stood."""
        return self._set(name, self._was[name])

    def take(self, name: str, text: str) -> str:
        """Take what was written."""
        return self._set(name, stepped_dials.read(self._dials[name], self._was[name], text))

    def jump(self, name: str, letter: str) -> str | None:
        """Take the next choice that begins with a letter; None where there is none."""
        choices = self._dials[name].choices
        value = self._value(name)
        start = choices.index(value) if value in choices else -1
        for choice in (*choices[start + 1 :], *choices[: start + 1]):
            if isinstance(choice, str) and choice.startswith(letter):
                return self._set(name, choice)
        return None

    def outcome(self) -> str:
        """Return what the new run will be."""
        words = ", ".join(
            stepped_dials.described(self._dials[name], value)
            for name, value in self.changes.items()
        )
        return f"A new run, shown at step {self._step}: {words}"

    def _value(self, name: str) -> Any:
        return self.changes.get(name, self._was[name])

    def _set(self, name: str, value: Any) -> str:
        if value == self._was[name]:
            self.changes.pop(name, None)
        else:
            self.changes[name] = value
        return ""
