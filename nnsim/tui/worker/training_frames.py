"""Frames of networks in training: snapshots, evaluations, the picture of the boundary."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np

from nnsim.kernels.codes import Task
from nnsim.simulations.snapshot import Snapshot
from nnsim.training.tables import evaluation_interval
from nnsim.tui.worker.commands import Watch
from nnsim.tui.worker.frames import Boundary, Examples, TrainingFrame
from nnsim.tui.worker.keeping import kept
from nnsim.tui.worker.training_runs import TrainingRun

MARGIN = 0.12
"""The boundary's picture reaches so far beyond the data, as a share of their range."""
SLOW = 0.012
"""What takes longer than this many seconds is not done for every frame of a playing run."""
DENSITY = 2
"""Answers a column of a chart, as its lines are two dots a column."""
EVERY = 12
"""Of a playing run, slow pictures are made for one frame in so many."""


class TrainingFrames:
    """Makes them; remembers how long things take."""

    def __init__(self) -> None:
        self.watch = Watch()
        self._serial = 0
        self._seconds: dict[str, float] = {}

    def at(self, serial: int, watch: Watch) -> None:
        """Begin the frame of a number, of what is watched."""
        self._serial, self.watch = serial, watch

    def frame(
        self, run: TrainingRun, common: dict[str, Any], *, looked_at: bool, playing: bool
    ) -> TrainingFrame:
        """Return a run as it stands; `common` is what frames of all kinds have."""
        simulation = run.simulation
        position = simulation.position
        shown: dict[str, Any] = {}
        if looked_at:
            shown["snapshot"] = snapshot_of(run)
            if self._affordable("evaluations", playing):
                with _Stopwatch(self._seconds, "evaluations"):
                    shown["evaluations"] = simulation.evaluate()
            shown["cost"] = _cost(run, shown["snapshot"], playing)
            if self.watch.boundary:
                shown["boundary"] = self._boundary(run, playing)
        elif self.watch.boundary and simulation.network.inputs == 1:
            # A few hundred answers: the other runs' curves can stand beside this one's.
            shown["boundary"] = self._boundary(run, playing)
        return TrainingFrame(
            **common,
            network=simulation.network,
            training=simulation.training,
            in_force=simulation.settings_at(max(0, position.step - (position.phase == 0))),
            examples=kept(run, "examples", (), lambda: examples_of(run)),
            **_series(run),
            **shown,
        )

    def _affordable(self, what: str, playing: bool) -> bool:
        slow = self._seconds.get(what, 0.0) > SLOW
        return not (playing and slow and self._serial % EVERY)

    def _boundary(self, run: TrainingRun, playing: bool) -> Boundary | None:
        """Return the answers over a plane; of a playing run the last ones, if they are slow."""
        simulation, size = run.simulation, self.watch.boundary
        assert size is not None
        count = simulation.network.inputs
        inputs = tuple(min(i, count - 1) for i in self.watch.inputs) if count > 1 else (0,)
        here = (simulation.position.step, size, inputs)
        last = run.kept.get("boundary")
        if last and (last[0] == here or not self._affordable("boundary", playing)):
            return last[1]
        with _Stopwatch(self._seconds, "boundary"):
            plane = kept(run, "plane", (size, inputs), lambda: plane_of(run, size, inputs))
            X, x_range, y_range = plane
            rows, columns = (size[1], size[0]) if y_range else (1, X.shape[1])
            answers = simulation.predict(X).reshape(-1, rows, columns)
            found = Boundary(here[0], inputs, x_range, y_range, answers)
        run.kept["boundary"] = (here, found)
        return found


def snapshot_of(run: TrainingRun) -> Snapshot:
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


def _cost(run: TrainingRun, snapshot: Snapshot, playing: bool) -> float | None:
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


def examples_of(run: TrainingRun) -> Examples:
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
        data.target_names if labels is None else (),
        *((normal.mean, normal.scale) if (normal := data.normalization) else ()),
    )


def plane_of(
    run: TrainingRun, size: tuple[int, int], inputs: tuple[int, ...]
) -> tuple[np.ndarray, tuple[float, float], tuple[float, float] | None]:
    """Return X over a grid of two inputs (the others at their means) and the two ranges.

    The grid's points are the centres of its cells; the first row is the lowest second input. One
    input alone gives a line, without a second range; its range is in the units of the data.
    """
    data = run.simulation.data
    X = data.train.X
    if len(inputs) == 1:
        x_range = range_of(X[0])
        line = np.ascontiguousarray(centres(x_range, DENSITY * size[0])[None])
        if data.normalization is not None:
            mean, scale = data.normalization.mean.item(), data.normalization.scale.item()
            x_range = x_range[0] * scale + mean, x_range[1] * scale + mean
        return line, x_range, None
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


def _series(run: TrainingRun) -> dict[str, Any]:
    """Return the history's columns, copied anew only when there are new rows."""
    simulation = run.simulation
    reached, status = simulation.reached, simulation.status
    interval = evaluation_interval(simulation.training)
    history = simulation.history
    return {
        "curve": kept(run, "curve", (reached, status), lambda: history.curve),
        "records": kept(run, "records", (-(-reached // interval), status), lambda: history.records),
    }


class _Stopwatch:
    """Remembers about how long something takes."""

    def __init__(self, seconds: dict[str, float], what: str) -> None:
        self.seconds, self.what = seconds, what

    def __enter__(self) -> None:
        self.begin = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        took = time.perf_counter() - self.begin
        self.seconds[self.what] = 0.5 * self.seconds.get(self.what, took) + 0.5 * took
