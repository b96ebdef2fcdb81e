"""Checkpoints along a run: kept every so often, bounded in memory, for going anywhere exactly."""

from __future__ import annotations

from bisect import bisect_right

from nnsim.training.machine import Checkpoint

FIRST_INTERVAL = 16
MOST_CHECKPOINTS = 512
MOST_BYTES = 64 * 2**20


class Timeline:
    """Checkpoints at multiples of an interval that doubles when they become too many.

    Pinned checkpoints (the beginning, the steps of forks) are never dropped.
    """

    def __init__(self) -> None:
        self.interval = FIRST_INTERVAL
        self._kept: dict[int, Checkpoint] = {}
        self._pinned: set[int] = set()

    def add(self, checkpoint: Checkpoint, *, pin: bool = False) -> None:
        """Keep a checkpoint; drop every second of the others if there are too many."""
        self._kept[checkpoint.step] = checkpoint
        if pin:
            self._pinned.add(checkpoint.step)
        loose = len(self._kept) - len(self._pinned)
        most = min(MOST_CHECKPOINTS, max(2, MOST_BYTES // max(1, checkpoint.nbytes)))
        if loose > most:
            self.thin()

    def thin(self) -> None:
        """Double the interval and drop the checkpoints that it skips."""
        self.interval *= 2
        for step in [s for s in self._kept if s % self.interval and s not in self._pinned]:
            del self._kept[step]

    def wants(self, step: int) -> bool:
        """Tell whether a checkpoint at this step should be added."""
        return step % self.interval == 0 and step not in self._kept

    def next_stop(self, step: int) -> int:
        """Return the first step after this one at which a checkpoint may be due."""
        return (step // self.interval + 1) * self.interval

    def at_or_before(self, step: int) -> Checkpoint:
        """Return the latest checkpoint at or before a step."""
        steps = sorted(self._kept)
        return self._kept[steps[bisect_right(steps, step) - 1]]

    def until(self, step: int) -> Timeline:
        """Return a timeline with the checkpoints up to a step, for a fork; arrays are shared."""
        other = Timeline()
        other.interval = self.interval
        other._kept = {at: kept for at, kept in self._kept.items() if at <= step}
        other._pinned = {at for at in self._pinned if at <= step}
        return other

    @property
    def steps(self) -> tuple[int, ...]:
        """Steps that have a checkpoint."""
        return tuple(sorted(self._kept))

    @property
    def nbytes(self) -> int:
        """Bytes held by all checkpoints."""
        return sum(checkpoint.nbytes for checkpoint in self._kept.values())
