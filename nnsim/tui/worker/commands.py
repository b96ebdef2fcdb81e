"""What the screens ask of the worker. Frozen, light, handled in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Command:
    """Something asked of the worker."""


@dataclass(frozen=True)
class Warm(Command):
    """Import and load what a first step needs, before it is asked for."""


@dataclass(frozen=True)
class Open(Command):
    """Open a scenario: a name or a file."""

    source: str | Path
    variant: str | None = None
    opening: int = 0
    """Which lab asks: its frames carry the number, so that no other lab shows them."""


@dataclass(frozen=True)
class Close(Command):
    """Leave the scenario; its runs are forgotten."""


# Moving in time


@dataclass(frozen=True)
class Phase(Command):
    """Go on by so many phases; back where the number is negative."""

    count: int = 1


@dataclass(frozen=True)
class Step(Command):
    """Go on by so many steps (the rest of a begun step counts as one); back where negative."""

    count: int = 1


@dataclass(frozen=True)
class Epoch(Command):
    """Go to the beginning of the next epoch, or of this one and those before it."""

    count: int = 1


@dataclass(frozen=True)
class Seek(Command):
    """Go to a position; step None is the last one that was computed."""

    step: int | None
    phase: int = 0


@dataclass(frozen=True)
class Leave(Command):
    """Finish the step that was entered."""


@dataclass(frozen=True)
class Play(Command):
    """Go on by itself, at the speed set, until paused, or until a condition holds."""

    until: str = ""
    """As a learner writes it: "cost < 0.1", "step 500", "epoch 3", "end"."""


@dataclass(frozen=True)
class Pause(Command):
    """Stand still."""


@dataclass(frozen=True)
class PlayOrPause(Command):
    """Stand still where it plays, play where it stands still."""


@dataclass(frozen=True)
class Speed(Command):
    """Play so many steps a second; infinity: as many as can be."""

    steps_a_second: float


# Runs


@dataclass(frozen=True)
class ShowVariant(Command):
    """Look at another variant, at the same step."""

    name: str


@dataclass(frozen=True)
class ShowRun(Command):
    """Look at another run, at the same step."""

    number: int


@dataclass(frozen=True)
class RemoveRun(Command):
    """Forget a run; the last one stays."""

    number: int


@dataclass(frozen=True)
class Fork(Command):
    """Go on from here with other settings, as a new run; see `dials`."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    """Dial name to new value."""
    edits: tuple[tuple[str, int, int, float], ...] = ()
    """Single weights: block, row, column, new value."""


@dataclass(frozen=True)
class Hide(Command):
    """Start a run with a bug in it that the learner has to find."""

    seed: int


@dataclass(frozen=True)
class Reveal(Command):
    """Say which bug the current run has."""


@dataclass(frozen=True)
class Compare(Command):
    """Look at all variants and forks at one step, or at one run again."""

    on: bool = True


# Looking closer


@dataclass(frozen=True)
class Watch(Command):
    """What the screen shows now, so that only this is computed."""

    boundary: tuple[int, int] | None = None
    """Columns and rows of the boundary's picture."""
    inputs: tuple[int, ...] = (0, 1)
    """The inputs on its axes."""
    rate: float = 30.0
    """Frames a second at most."""


@dataclass(frozen=True)
class Check(Command):
    """Check the gradients of the present step."""

    epsilon: float = 1e-7
    masks: str = "frozen"


@dataclass(frozen=True)
class Scan(Command):
    """Check the gradients with many epsilons."""


@dataclass(frozen=True)
class Survey(Command):
    """Compute the loss surface around the present parameters."""

    directions: str = "random"
    size: int = 41
    span: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class Export(Command):
    """Write the runs to a file: its suffix says how (.json, .csv, .png)."""

    path: Path
