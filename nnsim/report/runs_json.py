"""Runs of one scenario, with their settings and everything recorded, as one JSON document.

Keys (version 1)::

    version        1
    nnsim          version of nnsim
    scenario       name, kind, title, topics, path (null: not from a file)
    runs           list, in the order of their birth:
      number       0, 1, 2 ...; a run that was removed leaves a gap
      name, variant
      parent       number of the run that it forked from, or null
      start        step at which it forked, or 0; its columns hold the shared past from step 0
      seed, dtype
      status       "ready", "finished", "stopped early" or "non-finite"
      step         where it stands
      steps        planned
      best_step    with early stopping: the step of the best dev loss so far, or null
      non_finite   null, or step and phase
      hidden_fault true: a bug is still to be found, and `training.fault` does not tell it
      network      settings from step `start` on: inputs, layers (units, activation ...), loss ...
      training     the same: steps, optimizer, learning_rate, ... fault (null, or kind and layer)
      sets         train, dev, test (absent when empty), at `step`: examples, cost, data_loss,
                   accuracy (null for regression), error
      settings     of other kinds than training, in place of network and training: every setting
                   by its name, as a text
      figures      the same kinds, in place of sets: every figure at `step`, a number or a word
      curve        step, cost, data_loss, penalty, learning_rate: a list each, a figure a step (in
                   a long run every second, fourth ...); of other kinds step and their figures
      records      step, epoch, train_cost ... test_accuracy: a list each, a figure an evaluation;
                   gradient_norm, weight_norm ...: a list each, with a list of L figures an
                   evaluation, one a layer; of other kinds empty

Numbers are written in full; what is not finite is null, for JSON has no NaN. Keys may be added;
none is renamed or removed before the version changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import nnsim
from nnsim.report.figures import number

if TYPE_CHECKING:
    from nnsim.report.recorded import Columns, RecordedRun, RecordedScenario

VERSION = 1


def runs_json(scenario: RecordedScenario) -> str:
    """Return the document, with a line end."""
    document = {
        "version": VERSION,
        "nnsim": nnsim.__version__,
        "scenario": {
            "name": scenario.name,
            "kind": scenario.kind,
            "title": scenario.title,
            "topics": list(scenario.topics),
            "path": scenario.path,
        },
        "runs": [_run(run) for run in scenario.runs],
    }
    return "".join(_written(document)) + "\n"


def _run(run: RecordedRun) -> dict[str, Any]:
    where = run.non_finite
    trained = run.network is not None and run.training is not None
    return {
        "number": run.number,
        "name": run.name,
        "variant": run.variant,
        "parent": run.parent,
        "start": int(run.start),
        "seed": int(run.seed),
        "dtype": run.dtype,
        "status": run.status,
        "step": int(run.step),
        "steps": int(run.steps),
        "best_step": None if run.best_step is None else int(run.best_step),
        "non_finite": where and {"step": int(where.step), "phase": str(where.phase)},
        "hidden_fault": run.secret,
        **(_of_training(run) if trained else _of_other_kind(run)),
        "curve": _columns(run.curve),
        "records": _columns(run.records),
    }


def _of_training(run: RecordedRun) -> dict[str, Any]:
    assert run.network is not None and run.training is not None
    return {
        "network": _plain(asdict(run.network)),
        "training": _plain(asdict(run.training)),
        "sets": {
            name: {
                "examples": int(each.m),
                "cost": number(each.cost),
                "data_loss": number(each.data_loss),
                "accuracy": number(each.accuracy),
                "error": number(each.error),
            }
            for name, each in run.evaluations.items()
        },
    }


def _of_other_kind(run: RecordedRun) -> dict[str, Any]:
    return {
        "settings": _plain(dict(run.settings)),
        "figures": _plain(dict(run.figures)),
    }


def _columns(columns: Columns) -> dict[str, Any]:
    found = {name: _plain(values.tolist()) for name, values in columns.items()}
    for name in {"step", "epoch"} & found.keys():
        found[name] = [int(value) for value in found[name]]
    return found


def _plain(value: Any) -> Any:
    """Return what JSON can hold: lists for tuples, null for what is not finite."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return number(value)
    return value


def _written(value: Any, indent: str = "") -> Iterator[str]:
    """Yield JSON text: a line a key, but a list of numbers in one line."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        opening = "{\n"
        for key, item in value.items():
            yield f"{opening}{inner}{json.dumps(key, ensure_ascii=False)}: "
            yield from _written(item, inner)
            opening = ",\n"
        yield f"\n{indent}}}"
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        opening = "[\n"
        for item in value:
            yield f"{opening}{inner}"
            yield from _written(item, inner)
            opening = ",\n"
        yield f"\n{indent}]"
    else:
        yield json.dumps(value, ensure_ascii=False, allow_nan=False)
