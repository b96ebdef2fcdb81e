"""Frames out of runs: copies of what the screens show, and no more of it than they show.

What is the same for every kind; `training_frames` and `stepped_frames` have the rest.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from nnsim.tui.worker.commands import Watch
from nnsim.tui.worker.frames import Frame, RunFrame
from nnsim.tui.worker.runs import Run, Runs
from nnsim.tui.worker.stepped_frames import stepped_frame
from nnsim.tui.worker.stepped_runs import SteppedRun
from nnsim.tui.worker.training_frames import TrainingFrames
from nnsim.tui.worker.training_runs import TrainingRun

if TYPE_CHECKING:
    from nnsim.simulations.remark import Remark

READABLE = 0.25
"""Seconds for which a sentence must stand to be read."""


class Looking:
    """Makes frames; remembers what has not changed."""

    def __init__(self) -> None:
        self.watch = Watch()
        self._serial = 0
        self._training = TrainingFrames()

    def frame(
        self, runs: Runs, *, opening: int, playing: bool, speed: float, comparing: bool
    ) -> Frame:
        """Return the present moment."""
        self._serial += 1
        self._training.at(self._serial, self.watch)
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
            **(asked_for(now) if isinstance(now, TrainingRun) else {}),
        )

    def _run(self, run: Run, *, looked_at: bool, playing: bool) -> RunFrame:
        simulation = run.simulation
        position = simulation.position
        common: dict[str, Any] = {
            "number": run.number,
            "name": run.name,
            "variant": run.variant,
            "parent": run.parent,
            "start": run.start,
            "steps": run.steps,
            "step": position.step,
            "phase": position.phase,
            "phases": simulation.phases,
            "reached": run.furthest_step,
            "status": simulation.status,
            "steps_an_epoch": run.steps_an_epoch,
            "best_step": simulation.best_step,
            "non_finite": simulation.non_finite,
            "seed": run.seed,
            "secret": run.secret,
            "remarks": remarks_of(run, playing) if looked_at else (),
        }
        if isinstance(run, TrainingRun):
            return self._training.frame(run, common, looked_at=looked_at, playing=playing)
        assert isinstance(run, SteppedRun)
        return stepped_frame(run, common)


def asked_for(run: TrainingRun) -> dict[str, Any]:
    """Return what was computed of a run because it was asked for."""
    return {"surface": run.surface, "check": run.check, "scan": run.scan}


def remarks_of(run: Run, playing: bool) -> tuple[Remark, ...]:
    """Return what is to be said; of a playing run not oftener than it can be read."""
    now, last = time.monotonic(), run.kept.get("remarks")
    if playing and last and now - last[0] < READABLE:
        return last[1]
    found = run.remarks()
    run.kept["remarks"] = (now, found)
    return found
