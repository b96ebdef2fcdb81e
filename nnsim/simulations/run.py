"""One run and its past: the machine, its checkpoints, and how to get to any position exactly."""

from __future__ import annotations

import sys
import time
from typing import Any

from nnsim.data.dataset import DataSet
from nnsim.network.specification import Network
from nnsim.simulations.fork import Edits, Segment, adopt, carry_over, changed, place_of
from nnsim.simulations.position import Position
from nnsim.simulations.timeline import Timeline
from nnsim.training.history import History
from nnsim.training.machine import Checkpoint, Machine
from nnsim.training.progress import Progress
from nnsim.training.specification import Training
from nnsim.training.tables import RUNNING

CHUNK_SECONDS = 0.1
"""Aim of one call into compiled code: between calls Ctrl-C and progress get their turn."""

REPLAY_SECONDS = 0.005
"""A replay between two checkpoints may take this long: cheap steps need fewer checkpoints."""


class Run:
    """A machine that can be taken to any position of its past or future.

    A run is made of segments: stretches under one set of settings. The first begins at step 0, and
    every fork adds one. A position is reached from the latest checkpoint before it by replay, with
    the settings that were in force.
    """

    def __init__(
        self, network: Network, training: Training, data: DataSet, *, seed: int, dtype: str
    ) -> None:
        self.machine = Machine(network, training, data, seed=seed, dtype=dtype)
        self.segments = [Segment(0, network, training, seed)]
        self.timeline = Timeline()
        self.timeline.add(self.machine.capture(), pin=True)
        self._active = 0
        self._frontier = 0
        self._end: Position | None = None
        self.steps_per_second = 1000.0
        self.chunk_seconds = CHUNK_SECONDS
        self.history.follow(self.machine.scratch)

    @property
    def history(self) -> History:
        """Figures over steps."""
        return self.machine.history

    @property
    def position(self) -> Position:
        """Where the machine stands."""
        # By columns: attributes of a record take microseconds, and this is asked all the time.
        state = self.machine.state
        return Position(int(state["step"][0]), int(state["phase"][0]))

    @property
    def reached(self) -> int:
        """The furthest step that the run has been at."""
        return max(self._frontier, self.position.step)

    @property
    def running(self) -> bool:
        """False once the run stopped early or met NaN or infinity."""
        return bool(self.machine.state[0].status == RUNNING)

    def phase(self) -> None:
        """Run one phase."""
        record = self.position.step >= self._frontier
        self.machine.execute(1, record=record)
        self._after_steps(record)
        self._cross()

    def seek(self, step: int, phase: int = 0, on_progress: Progress | None = None) -> None:
        """Go to a position, forwards or backwards, exactly: everything is as it was (or will be).

        `on_progress(step, target)` is called between chunks; what it raises ends the way at the
        step reached. Raises ValueError for a position that cannot be; a run that stops before
        stays there.
        """
        if step < 0 or not 0 <= phase < len(self.machine.phases):
            raise ValueError(
                f"seek: position ({step}, {phase}) cannot be; expected step >= 0 and a phase "
                f"from 0 to {len(self.machine.phases) - 1}"
            )
        if (step, phase) != (self.position.step, self.position.phase):
            self._go(step, phase, on_progress)
        if self.position == self._end and self.running:
            self.machine.execute(1, record=False)

    def _go(self, step: int, phase: int, on_progress: Progress | None) -> None:
        here = self.position
        ahead = (step, phase) > (here.step, here.phase) and self._active == self._segment_at(step)
        # A replay starts at least one step before, so that what the step before left is there.
        checkpoint = self.timeline.at_or_before(max(0, step - 1))
        if not ahead or checkpoint.step > here.step:
            self._restore(checkpoint)
        self.run_to(step, on_progress)
        state = self.machine.state[0]
        if phase and state.step == step and state.status == RUNNING:
            self.machine.execute(phase - int(state.phase), record=step >= self._frontier)

    def _restore(self, checkpoint: Checkpoint) -> None:
        self._enter(self._segment_at(checkpoint.step))
        self.machine.restore(checkpoint)
        if checkpoint.step == 0:
            self.machine.work[:] = 0
            self.machine.scratch[0].batch_loaded = 0

    def _segment_at(self, step: int) -> int:
        starts = [segment.start for segment in self.segments]
        return max(number for number, start in enumerate(starts) if start <= step)

    def settings_at(self, step: int) -> tuple[Network, Training]:
        """Return what was in force at a step."""
        segment = self.segments[self._segment_at(step)]
        return segment.network, segment.training

    def _enter(self, number: int) -> None:
        """Switch to the settings that were in force in a part of the run's past."""
        if number == self._active:
            return
        segment, history = self.segments[number], self.history
        scratch = self.machine.scratch
        self.machine = self._machine_for(segment)
        self.machine.adopt_history(history, scratch)
        self._active = number

    def run_to(self, target: int, on_progress: Progress | None = None) -> None:
        """Run whole steps until `target` steps are done or the run ends."""
        while self.position.step < target:
            machine, state = self.machine, self.machine.state[0]
            step = int(state.step)
            while self.timeline.interval < self.steps_per_second * REPLAY_SECONDS:
                self.timeline.thin()
            ends = [target, self.timeline.next_stop(step)]
            ends.append(step + max(1, int(self.steps_per_second * self.chunk_seconds)))
            if self._active + 1 < len(self.segments):
                ends.append(self.segments[self._active + 1].start)
            record = step >= self._frontier
            if not record:
                ends.append(self._frontier)
            end = min(ends)
            phases = (end - step) * len(self.machine.phases) - int(state.phase)
            begin = time.perf_counter()
            done = machine.execute(phases, record=record)
            seconds = time.perf_counter() - begin
            self.steps_per_second = max(1.0, (end - step) / max(seconds, 1e-6))
            self._after_steps(record)
            self._cross()
            # Last, so that it may raise: the machine stands between two steps, all books kept.
            if on_progress:
                on_progress(self.position.step, target)
            if done < phases:
                return

    def _cross(self) -> None:
        """Where the next segment begins, go over to its settings."""
        following = self._active + 1
        here = self.position
        if following == len(self.segments) or here != Position(self.segments[following].start):
            return
        before = self.machine
        self._enter(following)
        self.machine.restore(self.timeline.at_or_before(here.step))
        if not self.segments[following].edits:
            carry_over(before, self.machine)

    def _after_steps(self, recorded: bool) -> None:
        state = self.machine.state[0]
        step = int(state.step)
        if recorded:
            self._frontier = max(self._frontier, step)
        if not self.running:
            self._end = self.position
        if state.phase == 0 and state.status == RUNNING and self.timeline.wants(step):
            self.timeline.add(self.machine.capture())

    def fork(self, changes: dict[str, Any], edits: Edits = ()) -> Run:
        """Return another run with the same past, that differs from this step on."""
        here = self.position
        step = here.step
        for edit in edits:
            place_of(edit, self.machine)
        segment = changed(self.segments[self._active], step, changes, edits)
        machine = self._machine_for(segment)
        if here.phase:
            self.seek(step)
        try:
            return self._forked(segment, machine, edits)
        finally:
            self.seek(here.step, here.phase)

    def _forked(self, segment: Segment, machine: Machine, edits: Edits) -> Run:
        step = segment.start
        adopt(self.machine, machine, edits)
        other = object.__new__(Run)
        other.machine = machine
        past = [one for one in self.segments[: self._active + 1] if one.start < step]
        other.segments = [*past, segment]
        other.timeline = self.timeline.until(step)
        other.timeline.add(other.machine.capture(), pin=True)
        other._active = len(other.segments) - 1
        other._frontier = step
        other._end = None
        other.steps_per_second = self.steps_per_second
        other.chunk_seconds = self.chunk_seconds
        other.history.copy_until(self.history, step, other.machine.scratch)
        return other

    def copy(self) -> Run:
        """Return a copy for looking at the past: it goes anywhere, and nothing of it is kept."""
        other = object.__new__(Run)
        other.__dict__.update(self.__dict__)
        other.machine = self.machine.copy()
        other.machine.adopt_history(History(self.history.depth), self.machine.scratch)
        other.segments = list(self.segments)
        other.timeline = self.timeline.until(self.position.step)
        other._frontier = sys.maxsize
        return other

    def _machine_for(self, segment: Segment) -> Machine:
        return Machine(
            segment.network,
            segment.training,
            self.machine.data,
            seed=segment.seed,
            dtype=self.machine.dtype.name,
        )
