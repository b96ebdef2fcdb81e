"""Names of what can be measured in a run: read and checked here, without Numba; see `measuring`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nnsim.scenario.measure_names import (
    ARRAYS,
    CURVATURE,
    CURVES,
    EVALUATED,
    LAYER_FIGURES,
    PARTS,
    REDUCERS,
    SERIES_REDUCERS,
    STEP_FIGURES,
    WORDS,
)
from nnsim.scenario.names import nearest
from nnsim.scenario.specification import TrainingSpecification

_OF_NORM = {"gamma", "beta", "Z_norm", "Z_tilde", "dZ_tilde", "mean", "variance"}

_NUMBER = r"(-?\d+)"
_ARRAY_NAMES = "|".join(sorted(ARRAYS, key=len, reverse=True))
_ARRAY = re.compile(
    rf"(?:(?P<name>{_ARRAY_NAMES}){_NUMBER}|(?P<labels>Y))"
    rf"(?:\[(?P<i>-?\d+)\s*,\s*(?P<j>-?\d+)\]|\.(?P<reducer>\w+))?"
)
_LAYER = re.compile(rf"layer{_NUMBER}\.(\w+)")
_CONDITION = re.compile(r"\s*(\S+)\s*(<=|>=|<|>)\s*(\S+)\s*")


class MeasureError(ValueError):
    """A measure's name is wrong: message, what was expected, the nearest name."""

    def __init__(self, message: str, expected: str = "", suggestion: str = ""):
        super().__init__(message)
        self.message, self.expected, self.suggestion = message, expected, suggestion


class NotInRun(MeasureError):
    """The name is right, but this run has no such set, layer or array."""


@dataclass(frozen=True)
class Measure:
    """A measure's name, taken apart.

    ``family`` is one of figure, evaluation, layer, array, check, curvature, history, status,
    best_step, diagnosis, steps_until.
    """

    text: str
    family: str
    name: str = ""
    layer: int = 0
    """From 1; 0 where no layer is meant (or the input)."""
    reducer: str = ""
    index: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()
    """Of a figure that is a word: the words there are."""

    @property
    def is_word(self) -> bool:
        """Whether the value is a word and not a number."""
        return bool(self.words)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that the value can be; empty for a number."""
        return self.choices or WORDS.get(self.text, ())


def parse_measure(text: str, run: TrainingSpecification) -> Measure:
    """Take a measure's name apart and check that the run has such a thing.

    Raises
    ------
    MeasureError
        No such measure; `NotInRun` for a layer, set, array or entry that this run lacks.
    """
    text = text.strip()
    head, _, tail = text.partition(".")
    if text in STEP_FIGURES:
        return Measure(text, "figure", text)
    if text in ("status", "best_step", "steps_until", "diagnosis"):
        return Measure(text, text)
    if head == "diagnosis" and tail in ("bias", "variance"):
        return Measure(text, "diagnosis", tail)
    if head in PARTS and tail in EVALUATED:
        _check_part(head, run)
        return Measure(text, "evaluation", text)
    if head == "check" and tail:
        _check_block(tail, run)
        return Measure(text, "check", tail)
    if head == "curvature" and tail in CURVATURE:
        return Measure(text, "curvature", tail)
    if found := _LAYER.fullmatch(text):
        if found[2] in LAYER_FIGURES:
            return Measure(text, "layer", found[2], _layer(found[1], run))
    if head == "history":
        series, _, reducer = tail.rpartition(".")
        if reducer in SERIES_REDUCERS:
            of = _series_in(series, reducer, run)
            return Measure(text, "history", of.name, of.layer, reducer)
        near = nearest(reducer, SERIES_REDUCERS)
        raise MeasureError(
            f"{text!r} does not say what to make of the series",
            "history.<series>. and one of " + ", ".join(SERIES_REDUCERS),
            f"history.{series}.{near}" if series and near else "",
        )
    if found := _ARRAY.fullmatch(text):
        return _array(text, found, run)
    raise MeasureError(
        f"no such measure {text!r}",
        "a name such as train.cost, dev.accuracy, layer1.z_std, W1[0,0], W1.norm, check.ratio",
        nearest(text, _examples(run)),
    )


def _series_in(series: str, reducer: str, run: TrainingSpecification) -> Measure:
    try:
        return parse_series(series, run)
    except MeasureError as error:
        if error.suggestion:
            error.suggestion = f"history.{error.suggestion}.{reducer}"
        raise


def parse_series(text: str, run: TrainingSpecification) -> Measure:
    """Take the name of a recorded series apart: cost, train.accuracy, layer1.gradient_norm."""
    if text in CURVES:
        return Measure(text, "history", text)
    head, _, tail = text.partition(".")
    if head in PARTS and tail in ("cost", "data_loss", "accuracy", "error"):
        _check_part(head, run)
        return Measure(text, "history", text)
    if found := _LAYER.fullmatch(text):
        if found[2] in LAYER_FIGURES:
            return Measure(text, "history", found[2], _layer(found[1], run))
    names = [*CURVES, *(f"{part}.{name}" for part in PARTS for name in EVALUATED[:-1])]
    names += [f"layer{i + 1}.{name}" for i in range(len(run.layers)) for name in LAYER_FIGURES]
    raise MeasureError(
        f"no series {text!r} is recorded",
        "cost, data_loss, penalty, learning_rate, train.cost, dev.accuracy, layer1.weight_norm ...",
        nearest(text, names),
    )


@dataclass(frozen=True)
class Condition:
    """What `steps_until` waits for: a recorded series below or above a number."""

    text: str
    series: Measure
    comparison: str
    value: float


def parse_condition(text: str, run: TrainingSpecification) -> Condition:
    """Read "train.cost < 0.1"; MeasureError where it is not of that form."""
    series, comparison, value = split_condition(
        text, _CONDITION, "a series, one of < <= > >=, a number: train.cost < 0.1"
    )
    return Condition(text.strip(), parse_series(series, run), comparison, value)


def split_condition(text: str, form: re.Pattern[str], expected: str) -> tuple[str, str, float]:
    """Return the name, the comparison and the number of a condition of this form, its groups."""
    found = form.fullmatch(text)
    try:
        value = float(found[3]) if found else 0.0
    except ValueError:
        found = None
    if not found:
        raise MeasureError(f"{text!r} is no condition", expected)
    return found[1], found[2], value


def _check_part(part: str, run: TrainingSpecification) -> None:
    if run.data.split[PARTS.index(part)] == 0:
        raise NotInRun(
            f"there is no {part} set: data.split is {list(run.data.split)}",
            f"a share of {part} examples above 0",
        )


def _layer(text: str, run: TrainingSpecification) -> int:
    """Return a layer's number; -1 is the last layer."""
    number, count = int(text), len(run.layers)
    counted = number + count + 1 if number < 0 else number
    if not 1 <= counted <= count:
        raise NotInRun(
            f"there is no layer {number}", f"1 to {count} (or -1 for the last, back to -{count})"
        )
    return counted


def _check_block(name: str, run: TrainingSpecification) -> None:
    if name in ("ratio", "kinks", "verdict"):
        return
    blocks = list(_blocks(run))
    if name not in blocks:
        near = nearest(name, ["ratio", "verdict", "kinks", *blocks])
        raise NotInRun(
            f"the gradient check has no {name!r}",
            "ratio, verdict, kinks, or a block such as dW1, db1",
            f"check.{near}" if near else "",
        )


def _blocks(run: TrainingSpecification) -> Iterator[str]:
    for number, layer in enumerate(run.layers, start=1):
        yield f"dW{number}"
        if layer.bias:
            yield f"db{number}"
        if layer.norm:
            yield from (f"dgamma{number}", f"dbeta{number}")


def _array(text: str, found: re.Match[str], run: TrainingSpecification) -> Measure:
    reducer = found["reducer"] or ""
    if reducer and reducer not in REDUCERS:
        near = nearest(reducer, REDUCERS)
        raise MeasureError(
            f"there is no reducer {reducer!r}",
            "one of " + ", ".join(REDUCERS),
            f"{text.removesuffix(reducer)}{near}" if near else "",
        )
    index = (int(found["i"]), int(found["j"])) if found["i"] else None
    if found["labels"]:
        return Measure(text, "array", "Y", 0, reducer, index)
    name = found["name"]
    number = 0 if name == "A" and found[2] == "0" else _layer(found[2], run)
    if number:
        _check_array(name, number, run)
        units = run.layers[number - 1].units
        if index and not -units <= index[0] < units:
            raise NotInRun(
                f"there is no row {index[0]} in {name}{number}", f"0 to {units - 1}: its units"
            )
    return Measure(text, "array", f"{name}{number}", number, reducer, index)


def _check_array(name: str, number: int, run: TrainingSpecification) -> None:
    layer = run.layers[number - 1]
    bare = name.removeprefix("update_").removeprefix("running_")
    bare = re.sub(r"^(s_max_|v_|s_|d(?=[Wbg]))", "", bare)
    if bare in _OF_NORM and layer.norm is None:
        raise NotInRun(
            f"layer {number} has no {name}{number}",
            "a layer with batch_norm or layer_norm for this array",
        )
    if name.startswith("running_") and layer.batch_norm is None:
        raise NotInRun(
            f"layer {number} has no {name}{number}: layer norm keeps no running figures",
            "a layer with batch_norm for this array",
        )
    if bare == "b" and not layer.bias:
        raise NotInRun(f"layer {number} has no {name}{number}", "a layer with a bias")
    if name == "D" and layer.keep_prob == 1:
        raise NotInRun(f"layer {number} has no D{number}", "a layer with keep_prob < 1")
    if name == "dG" and (layer.keep_prob == 1 or not layer.residual):
        expected = f"a residual layer with keep_prob < 1; dA{number} is the same elsewhere"
        raise NotInRun(f"layer {number} has no dG{number}", expected)
    if name == "dA" and number == len(run.layers):
        expected = f"dA of a hidden layer, or dZ{number}: the loss gives dZ at once"
        raise NotInRun(f"the output layer has no dA{number}", expected)


def _examples(run: TrainingSpecification) -> list[str]:
    """Return the measures of a run for the search of the nearest one; long lists are cut."""
    numbers = range(1, min(len(run.layers), 12) + 1)
    names = [*STEP_FIGURES, "status", "best_step", "steps_until", "diagnosis"]
    names += [f"{part}.{name}" for part in PARTS for name in EVALUATED]
    names += [f"layer{i}.{name}" for i in numbers for name in LAYER_FIGURES]
    names += [f"{name}{i}" for i in numbers for name in ARRAYS]
    names += [f"{name}{i}.{reducer}" for i in numbers for name in ARRAYS for reducer in REDUCERS]
    names += ["check.ratio", "check.kinks", "check.verdict", *(f"check.{b}" for b in _blocks(run))]
    names += [f"curvature.{name}" for name in CURVATURE]
    return names
