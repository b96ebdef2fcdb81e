"""What runs of stepped kinds (descent, averages, search ...) share: length, measures, moments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from nnsim.scenario.measure_names import SERIES_REDUCERS
from nnsim.scenario.measures import Condition, Measure, MeasureError, NotInRun, split_condition
from nnsim.scenario.moments import When
from nnsim.scenario.names import listed, nearest
from nnsim.scenario.series import COMPARE, REDUCE_SERIES, NotMeasured

_CONDITION = re.compile(r"\s*(.+?)\s*(<=|>=|<|>)\s*(\S+)\s*")
_MOST_SHOWN = 12
"""Entries of a list that `nnsim show` writes out."""


@dataclass(frozen=True)
class SteppedSpecification:
    """What every run of a stepped kind needs; a kind adds its own fields."""

    seed: int
    dtype: str
    non_finite: str

    @property
    def steps(self) -> int | None:
        """Steps planned; None where only the data tell."""
        return None

    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Return every figure's name, and the words that it can be: () for a number."""
        raise NotImplementedError

    def set_up(self) -> dict[str, str]:
        """Return what the run is set to, a line each, for `nnsim show`."""
        own = {field.name for field in fields(SteppedSpecification)}
        lines = {
            field.name.replace("_", " "): text
            for field in fields(self)
            if field.name not in own and (text := said(getattr(self, field.name)))
        }
        return lines | {"seed": f"{self.seed}, {self.dtype}"}

    # What the scenario layer asks of a run

    def steps_an_epoch_in(self, simulation: Any) -> int:
        """Return 1: there are no epochs here but steps."""
        return 1

    def too_late(self, when: When) -> tuple[str, str] | None:
        """Return a message and what was expected for a time after the end, as far as is known."""
        if when.epoch is not None:
            return f"{when}: there are no epochs in this kind", "a step, start or end"
        steps = self.steps
        if steps is not None and (when.step or 0) > steps:
            return f"{when} is after the end", f"at most {steps}, the last step"
        return None

    def judge(self, evaluations: Any) -> None:
        """Return nothing: bias and variance are judged where a network was trained."""
        return

    def measure(self, text: str) -> Measure:
        """Take a measure's name apart; MeasureError where there is no such figure here."""
        text = text.strip()
        names = self.names()
        if text in ("step", "status", "steps_until"):
            return Measure(text, text)
        if text in names:
            return Measure(text, "figure", text, choices=names[text])
        head, _, tail = text.partition(".")
        if head == "history" and head not in names:
            series, _, reducer = tail.rpartition(".")
            if reducer not in SERIES_REDUCERS:
                near = nearest(reducer, SERIES_REDUCERS)
                raise MeasureError(
                    f"{text!r} does not say what to make of the series",
                    "history.<figure>. and one of " + ", ".join(SERIES_REDUCERS),
                    f"history.{series}.{near}" if series and near else "",
                )
            self._series(series)
            return Measure(text, "history", series, reducer=reducer)
        known = [*names, "step", "status", "steps_until"]
        raise NotInRun(f"no such measure {text!r}", _some(known), nearest(text, known))

    def condition(self, text: str) -> Condition:
        """Read "J < 0.1"; MeasureError where it is not of that form."""
        first = next(iter(self.names()))
        name, comparison, value = split_condition(
            text, _CONDITION, f"a figure, one of < <= > >=, a number: {first} < 0.1"
        )
        self._series(name)
        return Condition(text.strip(), Measure(name, "history", name), comparison, value)

    def _series(self, name: str) -> None:
        names = self.names()
        if name in names and not names[name]:
            return
        numbers = [each for each, words in names.items() if not words]
        raise MeasureError(
            f"no series {name!r} is recorded", _some(numbers), nearest(name, numbers)
        )

    def moment(self, simulation: Any) -> SteppedMoment:
        """Return what takes measures of a simulation where it stands."""
        return SteppedMoment(simulation)


def said(value: Any) -> str:
    """Return a setting as a learner reads it: numbers short, tables as "key value, key value"."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = ((field.name, said(getattr(value, field.name))) for field in fields(value))
        return ", ".join(
            text if name == "name" else f"{name.replace('_', ' ')} {text}"
            for name, text in parts
            if text
        )
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {said(each)}" for name, each in value.items())
    if isinstance(value, tuple | list):
        nested = any(is_dataclass(each) for each in value)
        shown = ("; " if nested else ", ").join(map(said, value[:_MOST_SHOWN]))
        return shown + (f" ... ({len(value)} of them)" if len(value) > _MOST_SHOWN else "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def _some(names: list[str]) -> str:
    """Return a list of names, cut where it is long."""
    return listed(names) if len(names) <= 12 else ", ".join(names[:10]) + " ..."


class SteppedMoment:
    """A stepped simulation at the step it stands at."""

    def __init__(self, simulation: Any) -> None:
        self._simulation = simulation

    def value(self, measure: Measure, condition: Condition | None = None) -> float | str:
        """Return what a measure says here; `condition` is what `steps_until` waits for.

        Raises
        ------
        NotMeasured
            The figure has no value at this step.
        """
        if condition is not None:
            steps, values = self._until_here(condition.series.name)
            found = np.flatnonzero(COMPARE[condition.comparison](values, condition.value))
            return float(steps[found[0]]) if len(found) else float("inf")
        if measure.family == "status":
            return str(self._simulation.status)
        if measure.family == "step":
            return float(self._simulation.position.step)
        if measure.family == "history":
            steps, values = self._until_here(measure.name)
            known = ~np.isnan(values)
            if not known.any():
                raise NotMeasured("nothing was recorded until this step")
            return float(REDUCE_SERIES[measure.reducer](steps[known], values[known]))
        value = self._simulation.figures().get(measure.name)
        if value is None or value != value or value == "":
            raise NotMeasured(f"there is no {measure.name} at this step")
        return value if isinstance(value, str) else float(value)

    def _until_here(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        curve = self._simulation.history.curve
        if name not in curve:
            raise NotMeasured(f"there is no {name} in this run")
        end = self._simulation.position.step + 1
        return curve["step"][:end], curve[name][:end]
