"""The dials of a network in training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nnsim.tui.worker import dials
from nnsim.tui.worker.dial_table import BY_NAME, DIALS, GROUPS, Dial
from nnsim.tui.worker.dial_values import expected, written

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import TrainingFrame

_TYPED = ("number", "whole", "sizes")


class TrainingBench:
    """See `Bench`; a change that no longer does anything is dropped."""

    def __init__(self, run: TrainingFrame) -> None:
        self._step = run.step
        self._was = (run.network, run.training, run.seed)
        self._now = (*self._was, False)
        self.changes: dict[str, Any] = {}

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield group and name of the dials that do something now."""
        for group in GROUPS:
            for dial in DIALS:
                if dial.group == group and dials.applies(dial, *self._now[:2]):
                    yield group, dial.name

    def title(self, name: str) -> str:
        """Return what the list calls a dial."""
        return BY_NAME[name].title

    def note(self, name: str) -> str:
        """Return what it is, in a line."""
        dial = BY_NAME[name]
        topic = f"  (topic {dial.topic})" if dial.topic not in ("", "beyond") else ""
        return f"{dial.note}{topic}"

    def expected(self, name: str, width: int) -> str:
        """Return what it takes; of many choices those near the present one."""
        dial = BY_NAME[name]
        if dial.kind != "choice":
            return expected(dial)
        names = list(dial.choices)
        value = self._value(dial)
        left_out = False
        while len(" ".join(names)) > width and len(names) > 1:
            # The far end of the list goes, so that what is near the present one stays.
            at = names.index(value) if value in names else 0
            names.pop(0 if at > len(names) // 2 else -1)
            left_out = True
        return " ".join(names) + (" ..." if left_out else "")

    def value(self, name: str) -> str:
        """Return where it stands."""
        return written(BY_NAME[name], self._value(BY_NAME[name]))

    def was(self, name: str) -> str:
        """Return where it stood before it was turned; "" if it was not."""
        dial = BY_NAME[name]
        was = dials.value_of(dial, *self._was)
        return written(dial, was) if self._value(dial) != was else ""

    def is_typed(self, name: str) -> bool:
        """Tell whether its value can be written."""
        return BY_NAME[name].kind in _TYPED

    def turns(self, name: str) -> bool:
        """Return that it can be turned."""
        return True

    def begins(self, name: str, letter: str) -> bool:
        """Tell whether a letter begins a value to be written."""
        return self.is_typed(name) and letter in "0123456789."

    def turn(self, name: str, by: int) -> str:
        """Turn it up (1) or down (-1)."""
        dial = BY_NAME[name]
        return self._set(dial, dials.turn(dial, self._value(dial), by))

    def reset(self, name: str) -> str:
        """Turn it back to where it stood."""
        dial = BY_NAME[name]
        return self._set(dial, dials.value_of(dial, *self._was))

    def take(self, name: str, text: str) -> str:
        """Take what was written."""
        dial = BY_NAME[name]
        return self._set(dial, dials.parse(dial, text))

    def jump(self, name: str, letter: str) -> str | None:
        """Take the next choice that begins with a letter; None where there is none."""
        dial = BY_NAME[name]
        if dial.kind != "choice":
            return None
        value = self._value(dial)
        start = dial.choices.index(value) if value in dial.choices else -1
        for choice in (*dial.choices[start + 1 :], *dial.choices[: start + 1]):
            if choice.startswith(letter):
                return self._set(dial, choice)
        return None

    def outcome(self) -> str:
        """Return what the fork will be."""
        what = dials.describe(self.changes)
        return (
            f"A new run from step 0: {what}"
            if self._now[3]
            else (f"A fork from step {self._step}: {what}")
        )

    def _value(self, dial: Dial) -> Any:
        return dials.value_of(dial, *self._now[:3])

    def _set(self, dial: Dial, value: Any) -> str:
        others = {name: other for name, other in self.changes.items() if name != dial.name}
        try:
            base = dials.apply(others, *self._was)
            same = dials.value_of(dial, *base[:3]) == value
            changes = others if same else {**others, dial.name: value}
            now = dials.apply(changes, *self._was)
            # A dial that no longer does anything is not to be named as a difference.
            kept = {
                name: each
                for name, each in changes.items()
                if dials.applies(BY_NAME[name], *now[:2])
            }
            self._now, self.changes = dials.apply(kept, *self._was), kept
        except ValueError as error:
            return str(error)
        return ""
