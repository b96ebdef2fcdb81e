"""Expectations: what must hold for a scenario to pass, and how each is judged."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from nnsim.scenario.key_types import Comparison, NotNegative, Table, TimeOfRun
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.measures import (
    Condition,
    Measure,
    MeasureError,
    NotInRun,
)
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.moments import When
from nnsim.scenario.names import listed, nearest
from nnsim.scenario.runs import RunSpecification


class ThanTable(Table):
    """The other side of a comparison: times its value plus a number."""

    variant: str | None = None
    """Where it is measured; the expectation's own variant where it is left out."""
    metric: str | None = None
    """What is measured; the expectation's own metric where it is left out."""
    condition: str | None = None
    """For `steps_until`; the expectation's own where it is left out."""
    at: TimeOfRun | None = None
    """When; the expectation's own time where it is left out."""
    times: float = 1.0
    """Factor on it."""
    plus: float = 0.0
    """Added to it."""


class ExpectTable(Table):
    """What must hold for the scenario to pass: a metric, a comparison, a value."""

    variant: str | None = None
    """Where it is measured; in every variant where it is left out."""
    metric: str
    """What is measured: train.cost, dev.accuracy, layer1.gradient_norm, W1[0,0] ..."""
    condition: str | None = None
    """For the metric `steps_until`: what it waits for, such as "train.cost < 0.1"."""
    at: TimeOfRun = Field(default="end", validate_default=True)
    """When: a step, "start", "end" or "epoch 3"."""
    comparison: Annotated[Comparison, Field(alias="is")]
    """How it compares."""
    value: Annotated[float, Field(allow_inf_nan=True)] | str | None = None
    """With what: a number, or a word for status, diagnosis and check.verdict."""
    than: ThanTable | None = None
    """Or with another measure."""
    tolerance: NotNegative | None = None
    """For ~=: the largest difference."""
    because: Annotated[str, Field(max_length=20_000)] = ""
    """Why it must be so; shown when it is not."""


Runs = dict[str, RunSpecification]
BASE = "base"
"""Name of the only run of a scenario without variants."""


@dataclass(frozen=True)
class Side:
    """One measure of one variant at one time."""

    variant: str
    metric: str
    condition: str
    at: When

    def __str__(self) -> str:
        """Return it in words; the variant is left to the caller."""
        what = f"{self.metric} {self.condition}" if self.condition else self.metric
        return f"{what} at {self.at}"

    def measure(self, run: RunSpecification) -> tuple[Measure, Condition | None]:
        """Return the measure and condition taken apart; MeasureError where they are wrong."""
        condition = run.condition(self.condition) if self.condition else None
        return run.measure(self.metric), condition


@dataclass(frozen=True)
class Expectation:
    """A comparison of a measure with a value or with another measure."""

    left: Side
    comparison: str
    value: float | str | None
    right: Side | None
    times: float
    plus: float
    tolerance: float
    because: str
    line: int | None

    @property
    def sides(self) -> tuple[Side, ...]:
        """The measures to be taken."""
        return (self.left,) if self.right is None else (self.left, self.right)

    @property
    def text(self) -> str:
        """Return the expectation as a line: "sigmoid: train.cost at end > 0.6"."""
        alone = self.left.variant == BASE
        left = str(self.left) if alone else f"{self.left.variant}: {self.left}"
        text = f"{left} {self.comparison} {self._right_text()}"
        return f"{text} (+- {self.tolerance:g})" if self.comparison == "~=" else text

    def _right_text(self) -> str:
        if self.right is None:
            return repr(self.value) if isinstance(self.value, str) else f"{self.value:.10g}"
        right, left = self.right, self.left
        factor = "" if self.times == 1 else f"{self.times:g} x "
        what = str(right) if (right.metric, right.at) != (left.metric, left.at) else ""
        whose = right.variant if right.variant != left.variant else ""
        words = f"{whose}: {what}" if whose and what else what or f"that of {whose}"
        added = "" if self.plus == 0 else f" {'+' if self.plus > 0 else '-'} {abs(self.plus):g}"
        return factor + words + added

    def expected(self, right: float | str | None) -> float | str:
        """Return what the left side is compared with, `right` being the right side's measure."""
        if self.value is not None:
            return self.value
        if right is None or isinstance(right, str):
            return right or ""
        return self.times * right + self.plus

    def holds(self, measured: float | str, expected: float | str) -> bool:
        """Tell whether the comparison holds; NaN fulfils none."""
        if isinstance(measured, str) or isinstance(expected, str):
            return (measured == expected) == (self.comparison == "==")
        if math.isnan(measured) or math.isnan(expected):
            return False
        if self.comparison == "~=":
            return measured == expected or abs(measured - expected) <= self.tolerance
        return {
            "<": measured < expected,
            "<=": measured <= expected,
            ">": measured > expected,
            ">=": measured >= expected,
            "==": measured == expected,
            "!=": measured != expected,
        }[self.comparison]


def expectations_of(
    table: ExpectTable, names: tuple[str, ...], line: int | None
) -> list[Expectation]:
    """Return what a valid table says: one expectation, or one a variant where it names none."""
    than = table.than
    found = []
    for name in [table.variant] if table.variant is not None else names:
        left = Side(name, table.metric, table.condition or "", table.at)
        right = None
        if than is not None:
            metric = than.metric or table.metric
            condition = than.condition or (table.condition if metric == table.metric else None)
            right = Side(than.variant or name, metric, condition or "", than.at or table.at)
        found.append(
            Expectation(
                left,
                table.comparison,
                table.value,
                right,
                than.times if than else 1.0,
                than.plus if than else 0.0,
                table.tolerance or 0.0,
                table.because,
                line,
            )
        )
    return found


def expectation_mistakes(
    table: ExpectTable, runs: Runs, doubtful: frozenset[str]
) -> Iterator[Mistake]:
    """Yield what is wrong with an expectation whose keys are valid one by one.

    Parameters
    ----------
    table : ExpectTable
    runs : dict
        Every variant's specification.
    doubtful : frozenset of str
        Variants with mistakes of their own: what they seem to lack they may get.
    """
    found = list(_names_and_forms(table, runs))
    yield from found
    if found:
        return
    words: dict[KeyPath, tuple[str, ...]] = {}
    for expectation in expectations_of(table, tuple(runs), None):
        for side, place in zip(expectation.sides, ((), ("than",)), strict=False):
            run = runs[side.variant]
            path = place if place and not (table.than and table.than.metric) else (*place, "metric")
            try:
                measure, condition = side.measure(run)
            except NotInRun as error:
                if side.variant not in doubtful:
                    yield _of_measure(path, error, side.variant, runs)
                return
            except MeasureError as error:
                yield _of_measure(path, error, "", runs)
                return
            words[place] = measure.words
            late = run.too_late(side.at)
            if late and side.variant not in doubtful:
                yield Mistake((*place, "at"), late[0], late[1])
                return
            if (measure.family == "steps_until") != (condition is not None):
                yield _condition_mistake(place, measure)
                return
    yield from _value_mistakes(table, words)


def _of_measure(path: KeyPath, error: MeasureError, variant: str, runs: Runs) -> Mistake:
    where = f" (in variant {variant!r})" if variant and len(runs) > 1 else ""
    return Mistake(path, error.message + where, error.expected, error.suggestion)


def _condition_mistake(place: KeyPath, measure: Measure) -> Mistake:
    if measure.family == "steps_until":
        message, expected = "missing: steps_until waits for it", 'such as "train.cost < 0.1"'
    else:
        message, expected = "given to a metric that waits for nothing", "it beside steps_until"
    return Mistake((*place, "condition"), message, expected)


def _names_and_forms(table: ExpectTable, runs: Runs) -> Iterator[Mistake]:
    than = table.than
    names: list[tuple[KeyPath, str | None]] = [(("variant",), table.variant)]
    if than is not None:
        names.append((("than", "variant"), than.variant))
    for path, name in names:
        if name is not None and name not in runs:
            expected = listed(runs) if list(runs) != [BASE] else "no variant: the file has none"
            yield Mistake(path, f"no such variant {name!r}", expected, nearest(name, runs))
    if (table.value is None) == (than is None):
        message = "has neither value nor than" if than is None else "has both value and than"
        yield Mistake((), message, "one of them")
    if isinstance(table.value, float) and math.isnan(table.value):
        yield Mistake(("value",), "nothing compares with nan", "a number")
    if table.comparison == "~=" and table.tolerance is None:
        path = ("tolerance",)
        message, expected = "missing: ~= needs it", "the largest difference allowed"
        yield Mistake(path, message, expected, between=(path, ("is",)))
    if table.comparison != "~=" and table.tolerance is not None:
        path = ("tolerance",)
        message = f"has no effect on {table.comparison}"
        yield Mistake(path, message, '"~=" as `is`', between=(path, ("is",)))
    if than is not None:
        same = (than.variant in (None, table.variant), than.metric in (None, table.metric))
        if all(same) and than.at in (None, table.at) and than.condition is None:
            message = "compares a measure with itself"
            yield Mistake(("than",), message, "another variant, metric or at")


def _value_mistakes(table: ExpectTable, words: dict[KeyPath, tuple[str, ...]]) -> Iterator[Mistake]:
    own = words[()]
    value = table.value
    path: KeyPath = ("value",)
    between: tuple[KeyPath, ...] = (path, ("metric",))
    if isinstance(value, str) and value not in own:
        if own:
            message, near = f"{table.metric} is never {value!r}", nearest(value, own)
            yield Mistake(path, message, listed(own), near, between)
        else:
            expected = f"a number: {table.metric} is one"
            yield Mistake(path, f"found {value!r}", expected, between=between)
    if own and isinstance(value, float):
        yield Mistake(path, f"found {value:g}", listed(own), between=between)
    if bool(words.get(("than",), own)) != bool(own):
        yield Mistake(("than",), "compares a word with a number", "two of a kind")
    if own and table.comparison not in ("==", "!="):
        path = ("is",)
        message = f"found {table.comparison!r}"
        yield Mistake(path, message, "== or != for words", between=(path, ("metric",)))
