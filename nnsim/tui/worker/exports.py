"""Writing the open scenario's runs to a file; its suffix says how."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from nnsim.report.files import check_writable, write_bytes
from nnsim.report.picture import Palette, check_matplotlib, picture
from nnsim.report.recorded import RecordedRun, RecordedScenario
from nnsim.report.runs_csv import runs_csv
from nnsim.report.runs_json import runs_json
from nnsim.tui.look import SERIES_MARKS
from nnsim.tui.themes import LOOKS
from nnsim.tui.worker.runs import OnProgress, Run, Runs
from nnsim.tui.worker.stepped_runs import SteppedRun
from nnsim.tui.worker.training_runs import TrainingRun

PICTURES = (".png", ".svg", ".pdf")
_TEXTS: dict[str, Callable[[RecordedScenario], str]] = {".json": runs_json, ".csv": runs_csv}
SUFFIXES = (*_TEXTS, *PICTURES)


def write(runs: Runs, path: Path, on_progress: OnProgress) -> None:
    """Write all runs to `path`: settings and history (.json), history (.csv), or a picture.

    Raises
    ------
    ValueError
        The suffix is none of SUFFIXES.
    OutputError
        The file cannot be written: no such folder, no permission ...
    MissingExtraError
        A picture is wanted and matplotlib is not installed.
    """
    path = Path(os.path.expanduser(path))
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        known = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        raise ValueError(
            f"cannot write {path}: the end of its name says how to write, and "
            f"{path.suffix or 'no suffix'} says nothing; expected a name that ends in {known}"
        )
    check_writable(path)
    if kind in PICTURES:
        check_matplotlib()
    scenario = recorded(runs, on_progress)
    if kind in PICTURES:
        content = picture(scenario, palette(), kind[1:], on_progress)
    else:
        content = _TEXTS[kind](scenario).encode()
    # The last chance to give up: from here on the file is written whole.
    on_progress(1, 1)
    write_bytes(path, content)


def recorded(runs: Runs, on_progress: OnProgress) -> RecordedScenario:
    """Return what the open scenario's runs were set to and have recorded."""
    found: list[RecordedRun] = []
    for run in runs.all:
        on_progress(len(found), len(runs.all) + 1)
        found.append(_recorded(run, runs))
    card = runs.card
    path = None if card.path is None else str(card.path)
    return RecordedScenario(card.name, card.title, path, card.topics, tuple(found), card.kind)


def palette() -> Palette:
    """Return the light theme's colours, which also print well."""
    look = LOOKS["nnsim-light"]
    return Palette(look.background, look.text, look.muted, look.faint, look.series, SERIES_MARKS)


def _recorded(run: Run, runs: Runs) -> RecordedRun:
    simulation = run.simulation
    history = simulation.history
    return RecordedRun(
        number=run.number,
        name=run.name,
        variant=run.variant,
        parent=run.parent,
        start=run.start,
        seed=run.seed,
        dtype=runs.scenario.dtype,
        status=simulation.status,
        step=simulation.position.step,
        steps=run.steps,
        best_step=simulation.best_step,
        non_finite=simulation.non_finite,
        curve=history.curve,
        records=history.records,
        **(_of_training(run, runs) if isinstance(run, TrainingRun) else _of_stepped(run)),
    )


def _of_training(run: TrainingRun, runs: Runs) -> dict[str, Any]:
    simulation = run.simulation
    training, secret = simulation.training, hides_fault(run, runs)
    return {
        "network": simulation.network,
        "training": replace(training, fault=None) if secret else training,
        "evaluations": simulation.evaluate(),
        "secret": secret,
    }


def _of_stepped(run: Run) -> dict[str, Any]:
    assert isinstance(run, SteppedRun)
    return {
        "figures": run.simulation.figures(),
        "settings": run.settings,
    }


def hides_fault(run: TrainingRun, runs: Runs) -> bool:
    """Tell whether a run has a bug that is still to be found: its own, or one it forked with."""
    fault = run.simulation.training.fault
    if fault is None:
        return False
    known = {each.number: each for each in runs.all}
    ancestor: TrainingRun | None = run
    while ancestor is not None:
        if ancestor.secret and ancestor.simulation.training.fault == fault:
            return True
        ancestor = known.get(ancestor.parent) if ancestor.parent is not None else None
    return False
