"""What simulations with small states share: every state walked through is kept, and shown again.

Training replays from checkpoints, for its states are large. A descent, an average or a search has a
few numbers a step: all of them are kept, so going anywhere is exact and takes no time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from nnsim.simulations.position import Position
from nnsim.simulations.remark import Remark

State = TypeVar("State")
Figure = float | str
Progress = Callable[[int, int], None]
MOST_STEPS = 100_000
"""Steps of such a simulation at most: so many states are kept."""


@dataclass(frozen=True)
class SteppedHistory:
    """Figures over the steps walked so far."""

    curve: Mapping[str, np.ndarray]
    """A row a step, from 0 on: step, and every figure that is a number."""
    records: Mapping[str, np.ndarray]
    """Empty: nothing is evaluated apart from the figures."""


class Stepped(Generic[State]):
    """A simulation whose states are small.

    A kind gives `begin` and `after`, which make states, `figures_of`, which measures one, and
    `snapshot`, which is what panels, reports and tests see. States are frozen; the state of step k
    holds also what step k computed on its way, so that a step can be entered: at phase p of step
    k + 1, `working` is the state that is being made, of which the first p phases may be shown.
    """

    KIND: ClassVar[str] = ""
    phases: tuple[str, ...] = ("step",)
    """Names of a step's phases, in order."""

    def __init__(self, steps: int) -> None:
        if not 0 <= steps <= MOST_STEPS:
            raise ValueError(f"{self.KIND}: steps is {steps}, expected 0 to {MOST_STEPS}")
        self.steps = steps
        """Steps planned."""
        self._states: list[State] = [self.begin()]
        self._rows: list[dict[str, Figure]] = []
        self._step = self._phase = 0
        self._columns: dict[str, np.ndarray] = {}
        self._recorded = 0
        self._curve: dict[str, np.ndarray] | None = None

    # What a kind gives

    def begin(self) -> State:
        """Return the state before the first step."""
        raise NotImplementedError

    def after(self, state: State, step: int) -> State:
        """Return the state after step `step` (1, 2 ...) from the one before; no side effects."""
        raise NotImplementedError

    def figures_of(self, state: State, step: int) -> dict[str, Figure]:
        """Return everything that can be measured in a state, by name; the main figure first."""
        raise NotImplementedError

    def snapshot(self) -> Any:
        """Return what is shown of the present position: frozen, arrays read-only."""
        raise NotImplementedError

    def remarks(self) -> tuple[Remark, ...]:
        """Return what can be said for certain about the present, most important first."""
        return ()

    def over(self, state: State) -> bool:
        """Tell whether a state is the last one although more steps were planned."""
        return False

    # Where it stands

    @property
    def position(self) -> Position:
        """Where the run stands."""
        return Position(self._step, self._phase)

    @property
    def reached(self) -> int:
        """The furthest step that was computed; seeking back does not lower it."""
        return len(self._states) - 1

    @property
    def state(self) -> State:
        """The state after the steps done."""
        return self._states[self._step]

    @property
    def working(self) -> State:
        """The state whose making is shown: inside a step the next one, else the present one."""
        return self._states[self._step + (self._phase > 0)]

    @property
    def status(self) -> str:
        """One of "ready", "finished"."""
        last = self._step >= self.steps or self.over(self.state)
        return "finished" if last and not self._phase else "ready"

    @property
    def non_finite(self) -> None:
        """Nothing stops at NaN here: a path that leaves the numbers is a figure like another."""
        return None

    @property
    def best_step(self) -> None:
        """No step is kept as the best."""
        return None

    # Moving in time

    def next_phase(self) -> str:
        """Do the next phase; return its name."""
        if self.status == "finished":
            raise ValueError(f"{self.KIND}: the run ends at step {self._step}")
        name = self.phases[self._phase]
        self._walk_to(self._step + 1)
        self._phase += 1
        if self._phase == len(self.phases):
            self._step, self._phase = self._step + 1, 0
        return name

    def previous_phase(self) -> None:
        """Go back by one phase; at the very beginning, do nothing."""
        if self._phase:
            self._phase -= 1
        elif self._step:
            self._step, self._phase = self._step - 1, len(self.phases) - 1

    def advance(self, steps: int = 1, on_progress: Progress | None = None) -> int:
        """Run whole steps (the rest of a begun step counts as one); return how many were done."""
        if steps < 0:
            raise ValueError(f"advance: steps is {steps}, expected >= 0; seek() goes back")
        begin = self._step
        self.seek(min(begin + steps, self.steps), 0, on_progress)
        return self._step - begin

    def run(self, on_progress: Progress | None = None) -> None:
        """Run to the end; `on_progress(step, steps)` is called between steps."""
        self.seek(self.steps, 0, on_progress)

    def seek(self, step: int, phase: int = 0, on_progress: Progress | None = None) -> None:
        """Go to a position, forwards or backwards, exactly; what ends before stays at its end.

        `on_progress(step, target)` may raise: what was computed until then is kept. Raises
        ValueError for a position that cannot be.
        """
        if not (0 <= step <= self.steps and 0 <= phase < len(self.phases)):
            raise ValueError(
                f"seek: there is no step {step}, phase {phase}; expected steps 0 to {self.steps}, "
                f"phases 0 to {len(self.phases) - 1}"
            )
        wanted = step + (phase > 0)
        if wanted > self.steps:
            raise ValueError(f"seek: step {step} is the last one and has no inside")
        try:
            self._walk_to(wanted, on_progress)
        except BaseException:
            self._step, self._phase = min(step, self.reached), 0
            raise
        if self.reached < wanted:
            step, phase = self.reached, 0
        self._step, self._phase = step, phase

    def _walk_to(self, step: int, on_progress: Progress | None = None) -> None:
        """Compute states up to a step, as far as the run goes."""
        begin = self.reached
        while self.reached < step and not self.over(self._states[-1]):
            # Looking up takes longer than most steps; long ones have few steps altogether.
            if on_progress is not None and (self.steps <= 1000 or self.reached % 100 == 0):
                on_progress(self.reached, step)
            self._states.append(self.after(self._states[-1], self.reached + 1))
        if self.reached > begin and on_progress is not None:
            on_progress(self.reached, step)

    # Figures

    def evaluate(self) -> dict[str, Any]:
        """Return nothing: there are no train, dev and test sets to evaluate."""
        return {}

    def figures(self) -> dict[str, Figure]:
        """Return everything that can be measured after the steps done, by name."""
        return dict(self._row(self._step))

    @property
    def history(self) -> SteppedHistory:
        """Figures over all steps computed so far: views of buffers that only grow."""
        count = self.reached + 1
        have = self._recorded
        if have < count:
            columns = self._columns
            if not columns:
                first = self._row(0)
                columns["step"] = np.empty(0, dtype=np.int64)
                numbers = [name for name, value in first.items() if not isinstance(value, str)]
                columns |= {name: np.empty(0) for name in numbers}
            if len(columns["step"]) < count:
                for name, column in columns.items():
                    columns[name] = np.concatenate([column, np.empty(count, dtype=column.dtype)])
            columns["step"][have:count] = np.arange(have, count)
            rows = [self._row(step) for step in range(have, count)]
            for name in columns.keys() - {"step"}:
                columns[name][have:count] = [_number(row.get(name, math.nan)) for row in rows]
            self._recorded = count
            self._curve = None
        if self._curve is None:
            self._curve = {name: column[:count] for name, column in self._columns.items()}
            for view in self._curve.values():
                view.flags.writeable = False
        return SteppedHistory(self._curve, {})

    def _row(self, step: int) -> dict[str, Figure]:
        while len(self._rows) <= step:
            at = len(self._rows)
            self._rows.append(self.figures_of(self._states[at], at))
        return self._rows[step]


def _number(value: Figure) -> float:
    return math.nan if isinstance(value, str) else float(value)
