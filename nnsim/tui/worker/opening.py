"""From a scenario to its runs: which kind of runs it has."""

from __future__ import annotations

from nnsim.scenario import Scenario
from nnsim.tui.worker.runs import Runs
from nnsim.tui.worker.stepped_runs import SteppedRuns
from nnsim.tui.worker.training_runs import TrainingRuns


def open_runs(scenario: Scenario, variant: str | None = None) -> Runs:
    """Return the runs of a scenario; the first variant, or the named one, has begun."""
    made: type[Runs] = TrainingRuns if scenario.kind == "training" else SteppedRuns
    return made(scenario, variant)
