"""Frames of the kinds with small states: their snapshot, figures, and curves."""

from __future__ import annotations

from typing import Any

from nnsim.tui.worker.frames import Series, SteppedFrame
from nnsim.tui.worker.keeping import kept
from nnsim.tui.worker.stepped_runs import SteppedRun


def stepped_frame(run: SteppedRun, common: dict[str, Any]) -> SteppedFrame:
    """Return a run as it stands; `common` is what frames of all kinds have."""
    simulation = run.simulation
    position = simulation.position
    # Some snapshots reach over all steps computed, so these count too.
    here = (position.step, position.phase, simulation.reached)
    return SteppedFrame(
        **common,
        shown=kept(run, "shown", here, simulation.snapshot),
        figures=kept(run, "figures", position.step, simulation.figures),
        curve=kept(run, "curve", run.furthest_step, lambda: _curve(run)),
        dials=run.dials,
        settings=run.settings,
    )


def _curve(run: SteppedRun) -> Series:
    """Return the figures of all steps done so far."""
    curve = run.simulation.history.curve
    return {name: column[: run.furthest_step + 1] for name, column in curve.items()}
