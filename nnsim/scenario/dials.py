"""Settings that a learner may turn while a scenario is open, and that a lesson may offer to try."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dial:
    """One setting of a kind of scenario."""

    name: str
    """As `[lesson.try] set` calls it: learning_rate."""
    key: str
    """As --set takes it: descent.learning_rate."""
    title: str
    """As a list shows it: Learning rate."""
    help: str
    """What it does, in a few words."""
    choices: tuple[str | float | bool, ...] = ()
    """Values to go through, in order; others may be written where they are numbers."""
