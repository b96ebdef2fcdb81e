"""Frames out of runs: copies of what the screens show, and no more of it than they show."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nnsim.kernels.codes import Task
from nnsim.simulations.snapshot import Snapshot
from nnsim.training.tables import evaluation_interval
from nnsim.tui.worker.commands import Watch
from nnsim.tui.worker.frames import Boundary, Examples, Frame, RunFrame
from nnsim.tui.worker.runs import Run, Runs

if TYPE_CHECKING:
    from nnsim.simulations.remark import Remark

MARGIN = 0.12
"""The boundary's picture reaches so far beyond the data, as a share of their range."""
SLOW = 0.012
"""What takes longer than this many seconds is not done for every frame of a playing run."""
READABLE = 0.25
"""Seconds for which a sentence must stand to be read."""
EVERY = 12
"""Of a playing run, slow pictures are made for one frame in so many."""


class Looking:
    """Makes frames; remembers what has not changed."""

    def __init__(self) -> None:
        self.watch = Watch()
        self._serial = 0
        self._seconds: dict[str, float] = {}

    def frame(
        self, runs: Runs, *, opening: int, playing: bool, speed: float, comparing: bool
    ) -> Frame:
        """Return the present moment."""
        self._serial += 1
        now = runs.current
        return Frame(
            serial=self._serial,
            card=runs.card,
            runs=tuple(
                self._run(run, looked_at=run is now or comparing, playing=playing)
                for run in runs.all
            ),
            current=runs.all.index(now),
            opening=opening,
            playing=playing,
            speed=speed,
            comparing=comparing,
            surface=now.surface,
            check=now.check,
            scan=now.scan,
        )

    def _run(self, run: Run, *, looked_at: bool, playing: bool) -> RunFrame:
        simulation = run.simulation
        position = simulation.position
        shown: dict[str, Any] = {}
        if looked_at:
            shown["snapshot"] = snapshot_of(run)
            if self._affordable("evaluations", playing):
                with _Stopwatch(self._seconds, "evaluations"):
                    shown["evaluations"] = simulation.evaluate()
            shown["remarks"] = self._remarks(run, playing)
            shown["cost"] = _cost(run, shown["snapshot"], playing)
            if self.watch.boundary:
                shown["boundary"] = self._boundary(run, playing)
        return RunFrame(
            number=run.number,
            name=run.name,
            variant=run.variant,
            parent=run.parent,
            start=run.start,
            steps=run.steps,
            step=position.step,
            phase=position.phase,
            phases=simulation.phases,
            reached=simulation.reached,
            status=simulation.status,
            steps_an_epoch=run.steps_an_epoch,
            best_step=simulation.best_step,
            non_finite=simulation.non_finite,
            network=simulation.network,
            training=simulation.training,
            shown=simulation.settings_at(max(0, position.step - (position.phase == 0))),
            seed=run.seed,
            examples=_kept(run, "examples", (), lambda: examples_of(run)),
            secret=run.secret,
            **_series(run),
            **shown,
        )

    def _remarks(self, run: Run, playing: bool) -> tuple[Remark, ...]:
        """Return what is to be said; of a playing run not oftener than it can be read."""
        now, last = time.monotonic(), run.kept.get("remarks")
        if playing and last and now - last[0] < READABLE:
            return last[1]
        step = run.simulation.position.step
        check = run.check if run.check and run.check.step == step else None
        found = run.simulation.remarks(check=check, thresholds=run.thresholds)
        run.kept["remarks"] = (now, found)
        return found

    def _affordable(self, what: str, playing: bool) -> bool:
        slow = self._seconds.get(what, 0.0) > SLOW
        return not (playing and slow and self._serial % EVERY)

    def _boundary(self, run: Run, playing: bool) -> Boundary | None:
        """Return the answers over a plane; of a playing run the last ones, if they are slow."""
        simulation, size = run.simulation, self.watch.boundary
        assert size is not None
        last_input = simulation.network.inputs - 1
        first, second = (min(i, last_input) for i in self.watch.inputs)
        inputs = first, second
        here = (simulation.position.step, size, inputs)
        last = run.kept.get("boundary")
        if last and (last[0] == here or not self._affordable("boundary", playing)):
            return last[1]
        with _Stopwatch(self._seconds, "boundary"):
            plane = _kept(run, "plane", (size, inputs), lambda: plane_of(run, size, inputs))
            X, x_range, y_range = plane
            answers = simulation.predict(X).reshape(-1, size[1], size[0])
            found = Boundary(here[0], inputs, x_range, y_range, answers)
        run.kept["boundary"] = (here, found)
        return found


def snapshot_of(run: Run) -> Snapshot:
    """Return the run's snapshot; where no step led here, what the next step is about to see.

    Without that, the panels would be empty before the first step (and after a weight was set by
    hand), and an initialisation could not be looked at.
    """
    simulation = run.simulation
    snapshot = simulation.snapshot()
    if simulation.position.phase or "A0" in snapshot.arrays or snapshot.status != "ready":
        return snapshot
    ahead = simulation.probe()
    arrays = {name: each for name, each in ahead.arrays.items() if not name.startswith("update_")}
    return replace(ahead, arrays=arrays)


def _cost(run: Run, snapshot: Snapshot, playing: bool) -> float | None:
    """Return J where the run stands: not that of the step before, which led here."""
    simulation = run.simulation
    phase = simulation.position.phase
    computed = phase > len(simulation.network.layers) + 1
    ahead = not phase and "update_W1" not in snapshot.arrays
    if computed or ahead:
        return snapshot.cost
    if playing or simulation.status == "non-finite":
        return None
    return simulation.probe().cost


def examples_of(run: Run) -> Examples:
    """Return the training examples as the screens see them."""
    data = run.simulation.data
    labels = None
    if data.task != Task.REGRESSION:
        Y = data.train.Y
        labels = (Y.argmax(axis=0) if len(Y) > 1 else Y[0]).astype(np.int64)
    sizes = {"train": data.train.m, "dev": data.dev.m, "test": data.test.m}
    return Examples(
        data.train.X,
        data.train.Y,
        labels,
        data.feature_names or tuple(f"x{i + 1}" for i in range(len(data.train.X))),
        data.class_names,
        sizes,
    )


def plane_of(
    run: Run, size: tuple[int, int], inputs: tuple[int, int]
) -> tuple[np.ndarray, tuple[float, float], tuple[float, float]]:
    """Return X over a grid of two inputs (the others at their means) and the two ranges.

    The grid's points are the centres of its cells; the first row is the lowest second input.
    """
    X = run.simulation.data.train.X
    first, second = inputs
    x_range, y_range = range_of(X[first]), range_of(X[second])
    columns, rows = size
    grid = np.repeat(X.mean(axis=1)[:, None], columns * rows, axis=1)
    if first != second:
        grid[second] = np.repeat(centres(y_range, rows), columns)
    grid[first] = np.tile(centres(x_range, columns), rows)
    return np.ascontiguousarray(grid), x_range, y_range


def range_of(values: np.ndarray) -> tuple[float, float]:
    """Return the values' range with a margin on both sides."""
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * ((high - low) or 1.0)
    return low - margin, high + margin


def centres(bounds: tuple[float, float], count: int) -> np.ndarray:
    """Return the centres of so many equal cells between two bounds."""
    low, high = bounds
    return low + (np.arange(count) + 0.5) * (high - low) / count


def _series(run: Run) -> dict[str, Any]:
    """Return the history's columns, copied anew only when there are new rows."""
    simulation = run.simulation
    reached, status = simulation.reached, simulation.status
    interval = evaluation_interval(simulation.training)
    history = simulation.history
    return {
        "curve": _kept(run, "curve", (reached, status), lambda: history.curve),
        "records": _kept(
            run, "records", (-(-reached // interval), status), lambda: history.records
        ),
    }


def _kept(run: Run, name: str, key: Any, make: Any) -> Any:
    """Return what was made under the same key, or make it."""
    found = run.kept.get(name)
    if found is None or found[0] != key:
        found = run.kept[name] = (key, make())
    return found[1]


class _Stopwatch:
    """Remembers about how long something takes."""

    def __init__(self, seconds: dict[str, float], what: str) -> None:
        self.seconds, self.what = seconds, what

    def __enter__(self) -> None:
        self.begin = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        took = time.perf_counter() - self.begin
        self.seconds[self.what] = 0.5 * self.seconds.get(self.what, took) + 0.5 * took
