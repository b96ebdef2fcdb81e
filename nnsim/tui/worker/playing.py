"""Playing: how many steps the time that has passed is worth, and when to stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

from nnsim.tui.worker.conditions import Condition
from nnsim.tui.worker.runs import Run, ignore

CHUNK_SECONDS = 0.015
"""One call into compiled code while playing: a key that is pressed meanwhile waits so long."""


class Player:
    """Plays runs on, at a speed, until a condition holds."""

    def __init__(self, speed: float, condition: Condition | None) -> None:
        self.speed, self.condition = speed, condition
        self._owed = 0.0
        self._steps_a_second = 500.0

    def go_on(
        self,
        now: Run,
        runs: list[Run],
        seconds: float,
        stops: list[int],
        give_up: Callable[[], bool],
    ) -> str | None:
        """Run what `seconds` are worth; return None to play on, or why it stopped ("" or words)."""
        for steps in self._portions(seconds):
            here = now.simulation.position.step
            there = min([here + steps, now.steps, *stops[:1]])
            begin = time.perf_counter()
            for run in runs:
                run.go(min(there, run.steps), 0, ignore)
            took = time.perf_counter() - begin
            if there > here:
                self._steps_a_second = max(1.0, (there - here) / max(took, 1e-6))
            reached = now.simulation.position.step
            if self.condition:
                met = first_step_where(self.condition, now, here, reached)
                if met is not None:
                    for run in runs:
                        run.go(met, 0, ignore)
                    return f"{self.condition} at step {met}"
            if now.simulation.status not in ("ready",) or reached < there:
                return "" if now.simulation.status == "finished" else ending_of(now)
            if stops and reached >= stops[0]:
                return ""
            if give_up():
                return ""
        return None

    def _portions(self, seconds: float) -> Iterator[int]:
        """Yield numbers of steps, each short enough to look up afterwards."""
        most = max(1, int(self._steps_a_second * CHUNK_SECONDS))
        if math.isinf(self.speed):
            end = time.perf_counter() + seconds
            yield most
            while time.perf_counter() < end:
                yield max(1, int(self._steps_a_second * CHUNK_SECONDS))
            return
        self._owed = min(self._owed + seconds * self.speed, max(1.0, self.speed))
        end = time.perf_counter() + 2 * seconds
        while self._owed >= 1:
            steps = min(int(self._owed), most)
            self._owed -= steps
            yield steps
            if time.perf_counter() > end:
                # The machine cannot keep the pace; what is owed is forgiven.
                self._owed = 0.0


def first_step_where(condition: Condition, run: Run, begin: int, end: int) -> int | None:
    """Return the first recorded step in (begin, end] at which a condition holds, if any.

    A long run's history is thinned, and evaluations are made every so often; between two rows
    nothing is known, so the first row at which it holds is the answer.
    """
    if condition.names <= {"step", "epoch"}:
        steps: Iterator[int] = iter(range(begin + 1, end + 1))
        for step in steps:
            if condition.holds({"step": step, "epoch": step // run.steps_an_epoch}):
                return step
        return None
    for row in sorted(run.rows(begin, end), key=lambda row: row["step"]):
        if condition.names <= row.keys() and condition.holds(row):
            return int(row["step"])
    return None


def ending_of(run: Run) -> str:
    """Return why a run goes no further, in words."""
    where = run.simulation.non_finite
    if where is not None:
        return f"NaN or infinity stopped the run at step {where.step}, {where.phase}"
    if run.simulation.status == "stopped early":
        best = run.simulation.best_step
        return f"early stopping ended the run; the parameters of step {best} are restored"
    return f"the run ends at step {run.simulation.position.step}; {run.AT_END}"
