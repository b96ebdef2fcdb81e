"""Commands that mean something only where a network is trained: checks, surfaces, hidden bugs."""

from __future__ import annotations

from collections.abc import Callable

from nnsim.tui.worker import commands as c
from nnsim.tui.worker import faults
from nnsim.tui.worker.runs import OnProgress, Runs
from nnsim.tui.worker.training_runs import HIDDEN, TrainingRuns


def look_closer(runs: Runs, command: c.Command, progress: Callable[[str], OnProgress]) -> None:
    """Compute what was asked for of the present run."""
    run = _training(runs).current
    match command:
        case c.Check():
            run.check = run.simulation.check_gradients(
                command.epsilon, command.masks, progress("Checking gradients")
            )
        case c.Scan():
            run.scan = run.simulation.scan_epsilons(
                on_progress=progress("Checking with many epsilons")
            )
        case c.Survey():
            run.surface = run.simulation.surface(
                command.directions,
                command.size,
                command.span,
                command.seed,
                on_progress=progress("Computing the loss surface"),
            )


def hide(runs: Runs, seed: int) -> None:
    """Begin a run with a bug that has to be found."""
    _training(runs).hide_fault(seed)


def reveal(runs: Runs) -> str:
    """Say which bug the present run has, and let its family be named after it."""
    trained = _training(runs)
    run = trained.current
    fault = run.simulation.training.fault
    if not run.secret or fault is None:
        raise ValueError("this run hides no bug")
    for each in trained.family(run):
        each.secret = False
        each.name = each.name.replace(HIDDEN, f"bug: {faults.title(fault)}")
    return f"The bug: {faults.title(fault)}. {faults.sentence(fault)}"


def _training(runs: Runs) -> TrainingRuns:
    if not isinstance(runs, TrainingRuns):
        raise ValueError(f"a scenario of the kind {runs.card.kind} trains no network")
    return runs
