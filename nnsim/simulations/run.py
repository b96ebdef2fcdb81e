"""One run and its past: the machine, its checkpoints, and how to get to any position exactly."""

from __future__ import annotations

import time
from collections.abc import Callable

from nnsim.data.dataset import DataSet
from nnsim.network.specification import Network
from nnsim.simulations.fork import Segment, adopt, carry_over, changed
from nnsim.simulations.position import Position
from nnsim.simulations.timeline import Timeline
from nnsim.training.history import History
from nnsim.training.machine import Checkpoint, Machine
from nnsim.training.specification import Training
from nnsim.training.tables import RUNNING

CHUNK_SECONDS = 0.1
"""Aim of one call into compiled code: between calls Ctrl-C and progress get their turn."""

REPLAY_SECONDS = 0.005
"""A replay between two checkpoints may take this long: cheap steps need fewer checkpoints."""

Progress = Callable[[int, int], None]


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
        self._steps_per_second = 1000.0
        self.history.follow(self.machine.scratch)

    @property
    def history(self) -> History:
        """Figures over steps."""
        return self.machine.history

    @property
    def position(self) -> Position:
        """Where the machine stands."""
        state = self.machine.state[0]
        return Position(int(state.step), int(state.phase))

    @property
    def running(self) -> bool:
        """False once the run stopped early or met NaN or infinity."""
        return bool(self.machine.state[0].status == RUNNING)

    def phase(self) -> None:
        """Run one phase."""
        record = self.position.step >= self._frontier
        self.machine.execute(1, record=record)
        self._after_steps(record)

    def seek(self, step: int, phase: int = 0) -> None:
        """Go to a position, forwards or backwards, exactly: everything is as it was (or will be).

        Raises ValueError for a position that cannot be; a run that stops before stays there.
        """
        if step < 0 or not 0 <= phase < len(self.machine.phases):
            raise ValueError(
                f"seek: position ({step}, {phase}) cannot be; expected step >= 0 and a phase "
                f"from 0 to {len(self.machine.phases) - 1}"
            )
        here = self.position
        if (step, phase) == (here.step, here.phase):
            return
        ahead = (step, phase) > (here.step, here.phase) and self._active == self._segment_at(step)
        # A replay starts at least one step before, so that what the step before left is there.
        checkpoint = self.timeline.at_or_before(max(0, step - 1))
        if not ahead or checkpoint.step > here.step:
            self._restore(checkpoint)
        self.run_to(step)
        state = self.machine.state[0]
        if phase and state.step == step and state.status == RUNNING:
            self.machine.execute(phase - int(state.phase), record=step >= self._frontier)
        if self.position == self._end and self.running:
            self.machine.execute(1, record=False)

    def _restore(self, checkpoint: Checkpoint) -> None:
        self._enter(self._segment_at(checkpoint.step))
        self.machine.restore(checkpoint)
        if checkpoint.step == 0:
            self.machine.work[:] = 0
            self.machine.scratch[0].batch_loaded = 0

    def _segment_at(self, step: int) -> int:
        starts = [segment.start for segment in self.segments]
        return max(number for number, start in enumerate(starts) if start <= step)

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
            while self.timeline.interval < self._steps_per_second * REPLAY_SECONDS:
                self.timeline.thin()
            ends = [target, self.timeline.next_stop(step)]
            ends.append(step + max(1, int(self._steps_per_second * CHUNK_SECONDS)))
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
            self._steps_per_second = max(1.0, (end - step) / max(seconds, 1e-6))
            self._after_steps(record)
            if on_progress:
                on_progress(self.position.step, target)
            if done < phases:
                return
            following = self._active + 1
            if following < len(self.segments) and self.segments[following].start == end:
                checkpoint = self.timeline.at_or_before(end)
                self._enter(following)
                self.machine.restore(checkpoint)
                carry_over(machine, self.machine)

    def _after_steps(self, recorded: bool) -> None:
        state = self.machine.state[0]
        step = int(state.step)
        if recorded:
            self._frontier = max(self._frontier, step)
        if not self.running:
            self._end = self.position
        if state.phase == 0 and state.status == RUNNING and self.timeline.wants(step):
            self.timeline.add(self.machine.capture())

    def fork(self, changes: dict) -> Run:
        """Return another run with the same past, whose settings differ from this step on."""
        here = self.position
        step = here.step
        segment = changed(self.segments[self._active], step, changes)
        if here.phase:
            self.seek(step)
        other = object.__new__(Run)
        other.machine = self._machine_for(segment)
        adopt(self.machine, other.machine)
        past = [one for one in self.segments[: self._active + 1] if one.start < step]
        other.segments = [*past, segment]
        other.timeline = self.timeline.until(step)
        other.timeline.add(other.machine.capture(), pin=True)
        other._active = len(other.segments) - 1
        other._frontier = step
        other._end = None
        other._steps_per_second = self._steps_per_second
        other.history.copy_until(self.history, step, other.machine.scratch)
        self.seek(here.step, here.phase)
        return other

    def _machine_for(self, segment: Segment) -> Machine:
        return Machine(
            segment.network,
            segment.training,
            self.machine.data,
            seed=segment.seed,
            dtype=self.machine.dtype.name,
        )
