"""What runs have in common and what not: settings that differ, figures of one moment."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nnsim.tui.drawing.text import figure

if TYPE_CHECKING:
    from nnsim.network.specification import Layer, Network
    from nnsim.tui.worker.frames import SteppedFrame, TrainingFrame

Better = Literal["low", "high", ""]
NONE = "-"
"""Stands for a value that a run does not have."""
UNKNOWN = "?"
"""Stands for a value that a run keeps to itself."""


@dataclass(frozen=True)
class Row:
    """A line of the table: a name and a text a run."""

    name: str
    values: tuple[str, ...]
    best: tuple[bool, ...] = ()
    """Which of them are the best of the row; empty where none is better than another."""


def differences(runs: Sequence[TrainingFrame]) -> tuple[Row, ...]:
    """Return the settings in which runs differ, a row each; of a secret fault only that it is.

    Settings of the layers are a row where all hidden layers agree, else a row a layer.
    """
    settings = [_settings(run) for run in runs]
    names = dict.fromkeys(name for each in settings for name in each)
    rows = []
    for name in names:
        secret = UNKNOWN if name.startswith("fault ") else NONE
        values = tuple(
            each.get(name, secret if run.secret else NONE)
            for run, each in zip(runs, settings, strict=True)
        )
        if len(set(values)) > 1:
            rows.append(Row(name, values))
    return tuple(rows)


def _settings(run: TrainingFrame) -> dict[str, str]:
    found = {"fork at step": str(run.start) if run.parent is not None else NONE}
    found["sizes"] = " ".join(map(str, run.network.sizes))
    found |= _layers(run.network)
    of_network = ((f.name, getattr(run.network, f.name)) for f in fields(run.network))
    found |= _flat((name, value) for name, value in of_network if name not in ("inputs", "layers"))
    of_training = ((f.name, getattr(run.training, f.name)) for f in fields(run.training))
    found |= _flat(
        (name, value) for name, value in of_training if not (run.secret and name == "fault")
    )
    if run.secret:
        found["fault kind"] = UNKNOWN
    found["seed"] = str(run.seed)
    return found


def _layers(network: Network) -> dict[str, str]:
    """Return the layers' settings: one for all hidden layers where they agree."""
    found: dict[str, str] = {}
    described = [_flat(_of_layer(layer)) for layer in network.layers]
    hidden, depth = described[:-1], len(described)
    for name in dict.fromkeys(name for each in described for name in each):
        values = [each.get(name, NONE) for each in hidden]
        if hidden and len(set(values)) == 1:
            found[name] = values[0]
        else:
            found |= {f"{name}, layer {at}": value for at, value in enumerate(values, start=1)}
        found[f"{name}, layer L"] = described[depth - 1].get(name, NONE)
    return found


def _of_layer(layer: Layer) -> Iterable[tuple[str, Any]]:
    return ((f.name, getattr(layer, f.name)) for f in fields(layer) if f.name != "units")


def _flat(settings: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Return settings as texts; those of a table by table and key, such as schedule kind."""
    found: dict[str, str] = {}
    for name, value in settings:
        if is_dataclass(value) and not isinstance(value, type):
            inner = ((f.name, getattr(value, f.name)) for f in fields(value))
            found |= {f"{name} {key}": text for key, text in _flat(inner).items()}
        else:
            found[name] = _written(value)
    return found


def _written(value: Any) -> str:
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return figure(value, 6)
    if isinstance(value, tuple):
        return "given" if value else NONE
    return str(value)


@dataclass(frozen=True)
class _Figure:
    name: str
    take: Callable[[TrainingFrame], float]
    better: Better = ""


def figures(runs: Sequence[TrainingFrame]) -> tuple[Row, ...]:
    """Return the figures of the runs' present step, a row each, the best ones marked."""
    rows = []
    if len({run.step for run in runs}) > 1:
        rows.append(Row("at step", tuple(str(run.step) for run in runs)))
    for each in _FIGURES:
        values = [each.take(run) for run in runs]
        if any(math.isfinite(value) for value in values) or not each.better:
            rows.append(Row(each.name, tuple(map(_shown, values)), _best(values, each.better)))
    if any(run.status != "ready" for run in runs):
        rows.append(Row("status", tuple(run.status for run in runs)))
    return tuple(rows)


def stepped_figures(runs: Sequence[SteppedFrame]) -> tuple[Row, ...]:
    """Return every figure of the runs' present step, a row each; which is best, none can say."""
    rows = []
    if len({run.step for run in runs}) > 1:
        rows.append(Row("at step", tuple(str(run.step) for run in runs)))
    for name in dict.fromkeys(name for run in runs for name in run.figures):
        values = [run.figures.get(name, math.nan) for run in runs]
        rows.append(Row(name, tuple(v if isinstance(v, str) else _shown(v) for v in values)))
    return tuple(rows)


def stepped_differences(runs: Sequence[SteppedFrame]) -> tuple[Row, ...]:
    """Return the settings in which runs of a kind with small states differ, a row each."""
    rows = []
    for name in dict.fromkeys(name for run in runs for name in run.settings):
        values = tuple(run.settings.get(name, NONE) for run in runs)
        if len(set(values)) > 1:
            rows.append(Row(name, values))
    return tuple(rows)


def _shown(value: float) -> str:
    return NONE if math.isnan(value) else figure(value, 4)


def _best(values: Sequence[float], better: Better) -> tuple[bool, ...]:
    finite = [value for value in values if math.isfinite(value)]
    if not better or len(values) < 2 or not finite:
        return ()
    best = min(finite) if better == "low" else max(finite)
    marked = tuple(value == best for value in values)
    return () if all(marked) else marked


def _evaluated(part: str, name: str) -> Callable[[TrainingFrame], float]:
    def take(run: TrainingFrame) -> float:
        if part in run.evaluations:
            return float(getattr(run.evaluations[part], name))
        return float(_recorded(run, f"{part}_{name}"))

    return take


def _gradient_norm(layer: int) -> Callable[[TrainingFrame], float]:
    def take(run: TrainingFrame) -> float:
        if run.snapshot is not None and run.snapshot.layers:
            return float(run.snapshot.layers[layer].gradient_norm)
        row = np.atleast_1d(_recorded(run, "gradient_norm"))
        return float(row[layer])

    return take


def _recorded(run: TrainingFrame, name: str) -> Any:
    """Return a figure at the last evaluation up to the present step, NaN where there is none."""
    values = run.records.get(name)
    steps = run.records.get("step")
    if values is None or steps is None:
        return math.nan
    at = int(np.searchsorted(steps, run.step, side="right")) - 1
    return values[at] if at >= 0 else np.full(values.shape[1:] or 1, math.nan).squeeze()


_FIGURES = (
    _Figure("train cost", _evaluated("train", "cost"), "low"),
    _Figure("dev cost", _evaluated("dev", "cost"), "low"),
    _Figure("train accuracy", _evaluated("train", "accuracy"), "high"),
    _Figure("dev accuracy", _evaluated("dev", "accuracy"), "high"),
    _Figure("||dW1||", _gradient_norm(0)),
    _Figure("||dW|| of L", _gradient_norm(-1)),
)
