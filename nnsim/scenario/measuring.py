"""Measures taken: what a run's arrays, sets, history and checks say at one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from nnsim.scenario.measures import Condition, Measure
from nnsim.scenario.series import COMPARE, REDUCE_SERIES, NotMeasured
from nnsim.scenario.specification import DiagnosisSettings
from nnsim.training.diagnosis import Diagnosis, diagnose

NEAR_ZERO = 1e-3
"""The reducer `near_zero` counts entries smaller than this."""


def _spread(array: np.ndarray) -> float:
    """Return max |row_i - row_0|: exactly 0 while all units of a layer are the same."""
    return np.max(np.abs(array - array[:1]))


_REDUCE: dict[str, Callable[[np.ndarray], Any]] = {
    "norm": np.linalg.norm,
    "mean": np.mean,
    "std": np.std,
    "variance": np.var,
    "min": np.min,
    "max": np.max,
    "sum": np.sum,
    "abs_max": lambda array: np.max(np.abs(array)),
    "abs_mean": lambda array: np.mean(np.abs(array)),
    "spread": _spread,
    "near_zero": lambda array: np.mean(np.abs(array) < NEAR_ZERO),
    "zeros": lambda array: np.mean(array == 0),
}


class Moment:
    """A simulation at the step it stands at; what is asked for twice is computed once."""

    def __init__(self, simulation: Any, diagnosis: DiagnosisSettings):
        self._simulation, self._settings = simulation, diagnosis
        self._of_family: dict[str, Callable[[Measure], Any]] = {
            "status": lambda measure: simulation.status,
            "best_step": self._best_step,
            "figure": self._figure,
            "evaluation": self._evaluation,
            "layer": lambda m: getattr(self._probed.layers[m.layer - 1], m.name),
            "array": self._array,
            "check": self._check,
            "curvature": lambda measure: getattr(self._curved, measure.name),
            "history": self._history,
            "diagnosis": self._diagnosis,
        }

    def value(self, measure: Measure, condition: Condition | None = None) -> float | str:
        """Return what a measure says here; `condition` is what `steps_until` waits for.

        Raises
        ------
        NotMeasured
            There is no such thing in this run: no best step without early stopping, no accuracy
            in regression, an entry beyond the array.
        """
        if condition is not None:
            return self._steps_until(condition)
        value = self._of_family[measure.family](measure)
        return value if isinstance(value, str) else float(value)

    @cached_property
    def _probed(self) -> Any:
        return self._simulation.probe()

    @cached_property
    def _evaluations(self) -> dict[str, Any]:
        return self._simulation.evaluate()

    @cached_property
    def _checked(self) -> Any:
        return self._simulation.check_gradients()

    @cached_property
    def _curved(self) -> Any:
        return self._simulation.curvature()

    def _best_step(self, measure: Measure) -> float:
        step = self._simulation.best_step
        if step is None:
            raise NotMeasured("there is no best step (yet); it needs training.early_stopping")
        return step

    def _figure(self, measure: Measure) -> float:
        if measure.name == "step":
            return self._simulation.position.step
        return getattr(self._probed, measure.name)

    def _evaluation(self, measure: Measure) -> float:
        part, name = measure.name.split(".")
        if part not in self._evaluations:
            raise NotMeasured(f"the {part} set is empty")
        value = getattr(self._evaluations[part], name)
        if name in ("accuracy", "error") and value != value:
            raise NotMeasured(f"there is no {name} in regression: compare {part}.cost")
        return value

    def _array(self, measure: Measure) -> float:
        name = measure.name
        array = self._probed.arrays.get(name)
        if array is None:
            raise NotMeasured(f"there is no {name} in this run (at this step)")
        if measure.reducer:
            return _REDUCE[measure.reducer](array)
        if measure.index is not None:
            try:
                return array[measure.index]
            except IndexError:
                raise NotMeasured(f"{name} has the shape {array.shape}") from None
        if array.size != 1:
            entries = f"{name}[0,0] or {name}.norm"
            raise NotMeasured(f"{name} has the shape {array.shape}: say {entries}")
        return array.item()

    def _check(self, measure: Measure) -> float | str:
        if measure.name in ("ratio", "verdict", "kinks"):
            return getattr(self._checked, measure.name)
        return self._checked.blocks[measure.name]

    def _diagnosis(self, measure: Measure) -> float | str:
        diagnosis = diagnosis_of(self._evaluations, self._settings)
        if diagnosis is None:
            raise NotMeasured("a diagnosis needs classes and a dev set: data.split[1] > 0")
        return getattr(diagnosis, measure.name or "verdict")

    def _history(self, measure: Measure) -> float:
        steps, values = self._series(measure)
        if not len(values):
            raise NotMeasured("nothing was recorded until this step")
        return REDUCE_SERIES[measure.reducer](steps, values)

    def _steps_until(self, condition: Condition) -> float:
        steps, values = self._series(condition.series)
        found = np.flatnonzero(COMPARE[condition.comparison](values, condition.value))
        return float(steps[found[0]]) if len(found) else float("inf")

    def _series(self, measure: Measure) -> tuple[np.ndarray, np.ndarray]:
        """Return the steps and values recorded until here."""
        history, name = self._simulation.history, measure.name
        if measure.layer:
            table = history.records
            values = table[name][:, measure.layer - 1]
        elif "." in name:
            table = history.records
            values = _recorded(table, *name.split("."))
        else:
            table = history.curve
            values = table[name]
        until_here = table["step"] <= self._simulation.position.step
        return table["step"][until_here], values[until_here]


def _recorded(table: dict[str, np.ndarray], part: str, name: str) -> np.ndarray:
    values = 1 - table[f"{part}_accuracy"] if name == "error" else table[f"{part}_{name}"]
    if name in ("accuracy", "error") and np.all(np.isnan(values)) and len(values):
        raise NotMeasured(f"there is no {name} in regression: take {part}.cost")
    return values


def diagnosis_of(evaluations: Mapping[str, Any], settings: DiagnosisSettings) -> Diagnosis | None:
    """Return the bias / variance verdict on evaluated sets; None without classes or a dev set."""
    if "train" not in evaluations or "dev" not in evaluations:
        return None
    errors = evaluations["train"].error, evaluations["dev"].error
    if any(error != error for error in errors):
        return None
    return diagnose(
        *errors, settings.bayes_error, settings.bias_threshold, settings.variance_threshold
    )
