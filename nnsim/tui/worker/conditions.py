"""Conditions as a learner writes them: "cost < 0.1", "epoch 3", "+100", "end"."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nnsim.scenario.names import nearest
from nnsim.training.figures import LAYER_FIGURES

PARTS = ("train", "dev", "test")
EVALUATED = ("cost", "data_loss", "accuracy", "error")
OF_A_STEP = ("cost", "data_loss", "penalty", "learning_rate", "step", "epoch")
_OF_SETS = tuple(f"{part}.{figure}" for part in PARTS for figure in EVALUATED)

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}

FORMS = "cost < 0.1, dev.accuracy >= 0.9, step 500, epoch 3, +100 or end"

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_TERM = re.compile(rf"(?P<name>[^\s<>=]+)\s*(?P<sign>[<>=!]=?)\s*(?P<number>{_NUMBER})")
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_LAYER = re.compile(r"layer(-?\d+)\.(\w+)")
_TIME = re.compile(r"(?:(?P<unit>step|epoch)\s*)?(?P<more>\+?)(?P<count>\d{1,12})")


@dataclass(frozen=True)
class Term:
    """A figure, a comparison, a number."""

    name: str
    sign: str
    number: float

    def holds(self, values: Mapping[str, float]) -> bool:
        """Tell whether it holds; a figure that is not known, or is NaN, fulfils nothing."""
        return self.name in values and COMPARISONS[self.sign](values[self.name], self.number)

    def __str__(self) -> str:
        """Return it as one writes it."""
        return f"{self.name} {self.sign} {self.number:.12g}"


@dataclass(frozen=True)
class Condition:
    """What a run is played until; without terms, until its end."""

    terms: tuple[Term, ...] = ()
    """All of them have to hold."""
    text: str = "end"

    @property
    def names(self) -> frozenset[str]:
        """The figures that it looks at."""
        return frozenset(term.name for term in self.terms)

    def holds(self, values: Mapping[str, float]) -> bool:
        """Tell whether it holds, given figures by name; the end is never reached by figures."""
        return bool(self.terms) and all(term.holds(values) for term in self.terms)

    def __str__(self) -> str:
        """Return it as one writes it."""
        return self.text


def parse_condition(text: str, *, step: int = 0, layers: int | None = None) -> Condition:
    """Read a condition.

    Parameters
    ----------
    text : str
        "cost < 0.1", two of them with "and" between, "step 500", "500", "epoch 3", "end", or
        "+100" for a hundred steps on from `step`.
    step : int
        Where the run stands.
    layers : int or None
        L; None: not known, any layer will do.

    Raises
    ------
    ValueError
        It is of no such form, or there is no such figure; says what there is.
    """
    given = " ".join(text.split())
    if not given:
        raise ValueError(f"nothing is written; expected {FORMS}")
    if given.casefold() == "end":
        return Condition()
    found = _TIME.fullmatch(given)
    if found:
        return _time(given, found, step)
    terms = tuple(_term(each, layers) for each in re.split(r"\s+and\s+", given))
    return Condition(terms, " and ".join(map(str, terms)))


def figures(layers: int | None = None) -> tuple[str, ...]:
    """Return the names of all figures; those of the layers as far as their number is known."""
    numbers = range(1, (layers or 1) + 1)
    of_layers = tuple(f"layer{k}.{figure}" for k in numbers for figure in LAYER_FIGURES)
    return (*OF_A_STEP, *_OF_SETS, *of_layers)


def _time(given: str, found: re.Match[str], step: int) -> Condition:
    unit, more, count = found["unit"] or "step", found["more"], int(found["count"])
    if more and unit == "epoch":
        raise ValueError(f"{given!r}: epochs are counted from the beginning; expected epoch 3")
    goal = step + count if more else count
    return Condition((Term(unit, ">=", goal),), f"{unit} {goal}")


def _term(text: str, layers: int | None) -> Term:
    found = _TERM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no condition; {_what_is_missing(text, layers)}")
    sign = {"=": "=="}.get(found["sign"], found["sign"])
    if sign not in COMPARISONS:
        raise ValueError(
            f"there is no comparison {sign!r}; expected one of {' '.join(COMPARISONS)}"
        )
    return Term(_checked(found["name"], layers), sign, float(found["number"]))


def _what_is_missing(text: str, layers: int | None) -> str:
    name = _NAME.match(text)
    if name is None or (name[0] not in figures(layers) and " " not in text and "." not in text):
        return f"expected {_or_nearest(text, layers, FORMS)}"
    figure = _checked(name[0], layers)
    form = f"{figure} 500" if figure in ("step", "epoch") else f"{figure} < 0.1"
    return f"expected {form}"


def _checked(name: str, layers: int | None) -> str:
    """Return a figure's full name; ValueError where there is no such figure."""
    if name in OF_A_STEP or name in _OF_SETS:
        return name
    found = _LAYER.fullmatch(name)
    if found and found[2] in LAYER_FIGURES:
        return f"layer{_layer(int(found[1]), layers)}.{found[2]}"
    if found:
        raise ValueError(
            f"a layer has no {found[2]!r}; expected "
            + _or_nearest(found[2], layers, "one of " + ", ".join(LAYER_FIGURES), LAYER_FIGURES)
        )
    known = "cost, data_loss, penalty, learning_rate, train.accuracy, layer1.gradient_norm ..."
    raise ValueError(f"there is no figure {name!r}; expected {_or_nearest(name, layers, known)}")


def _layer(number: int, layers: int | None) -> int:
    if layers is None and number > 0:
        return number
    if layers is None:
        raise ValueError(f"there is no layer {number}; expected 1, 2, 3 ...")
    counted = number + layers + 1 if number < 0 else number
    if not 1 <= counted <= layers:
        raise ValueError(f"there is no layer {number}; expected 1 to {layers}")
    return counted


def _or_nearest(
    text: str, layers: int | None, expected: str, among: tuple[str, ...] | None = None
) -> str:
    near = nearest(text, among or (*figures(layers), "end"))
    return f"{expected}; did you mean {near!r}?" if near else expected
