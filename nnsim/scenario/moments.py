"""When something is measured or shown: start, end, a step, or the end of an epoch."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EPOCH = re.compile(r"epoch\s+(\d{1,9})")


@dataclass(frozen=True)
class When:
    """A time in a run: a step, the end of an epoch, or the end of the run (neither)."""

    step: int | None = None
    epoch: int | None = None

    def __str__(self) -> str:
        """Return it as one says it."""
        if self.epoch is not None:
            return f"epoch {self.epoch}"
        if self.step is None:
            return "end"
        return "start" if self.step == 0 else f"step {self.step}"

    def step_of(self, steps_an_epoch: int) -> int | None:
        """Return the step, or None for the end."""
        return self.step if self.epoch is None else self.epoch * steps_an_epoch


def parse_when(value: int | str) -> When:
    """Read "start", "end", "epoch 3" or a step; ValueError for anything else.

    >>> str(parse_when("epoch 3")), str(parse_when(0)), str(parse_when("end"))
    ('epoch 3', 'start', 'end')
    """
    if value == "end":
        return When()
    if value == "start":
        return When(0)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return When(value)
    found = _EPOCH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(value)
    return When(epoch=int(found[1]))
