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


@dataclass(frozen=True)
class Figures:
    """The figures that a condition may name."""

    layers: int | None = None
    """Of a network in training: L; None: not known, any layer will do."""
    names: tuple[str, ...] | None = None
    """Of other kinds: the names themselves."""

    def all(self) -> tuple[str, ...]:
        """Return every name; those of the layers as far as their number is known."""
        if self.names is not None:
            return (*self.names, "step")
        return figures(self.layers)

    def forms(self) -> str:
        """Return examples of conditions."""
        if self.names is None:
            return FORMS
        first = self.names[0] if self.names else "step"
        return f"{first} < 0.1, step 500, +100 or end"

    def checked(self, name: str) -> str:
        """Return a figure's full name; ValueError where there is no such figure."""
        if self.names is None:
            return _checked(name, self.layers)
        if name in self.all():
            return name
        known = ", ".join((*self.names[:6], "step")) + (" ..." if len(self.names) > 6 else "")
        expected = self.or_nearest(name, known)
        raise ValueError(f"there is no figure {name!r}; expected {expected}")

    def or_nearest(self, text: str, expected: str) -> str:
        """Return what was expected, and what was perhaps meant."""
        return _or_nearest(text, expected, (*self.all(), "end"))


def parse_condition(
    text: str,
    *,
    step: int = 0,
    layers: int | None = None,
    names: tuple[str, ...] | None = None,
) -> Condition:
    """Read a condition.

    Parameters
    ----------
    text : str
        "cost < 0.1", two of them with "and" between, "step 500", "500", "epoch 3", "end", or
        "+100" for a hundred steps on from `step`.
    step : int
        Where the run stands.
    layers : int or None
        L of a network in training; None: not known, any layer will do.
    names : tuple of str or None
        The figures of a kind that trains no network; there are no epochs then.

    Raises
    ------
    ValueError
        It is of no such form, or there is no such figure; says what there is.
    """
    known = Figures(layers, names)
    given = " ".join(text.split())
    if not given:
        raise ValueError(f"nothing is written; expected {known.forms()}")
    if given.casefold() == "end":
        return Condition()
    found = _TIME.fullmatch(given)
    if found:
        if names is not None and found["unit"] == "epoch":
            raise ValueError(f"{given!r}: there are no epochs here; expected step 500")
        return _time(given, found, step)
    terms = tuple(_term(each, known) for each in re.split(r"\s+and\s+", given))
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


def _term(text: str, known: Figures) -> Term:
    found = _TERM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no condition; {_what_is_missing(text, known)}")
    sign = {"=": "=="}.get(found["sign"], found["sign"])
    if sign not in COMPARISONS:
        raise ValueError(
            f"there is no comparison {sign!r}; expected one of {' '.join(COMPARISONS)}"
        )
    return Term(known.checked(found["name"]), sign, float(found["number"]))


def _what_is_missing(text: str, known: Figures) -> str:
    name = _NAME.match(text)
    if name is None or (name[0] not in known.all() and " " not in text and "." not in text):
        return f"expected {known.or_nearest(text, known.forms())}"
    figure = known.checked(name[0])
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
            + _or_nearest(found[2], "one of " + ", ".join(LAYER_FIGURES), LAYER_FIGURES)
        )
    known = "cost, data_loss, penalty, learning_rate, train.accuracy, layer1.gradient_norm ..."
    raise ValueError(
        f"there is no figure {name!r}; expected "
        + _or_nearest(name, known, (*figures(layers), "end"))
    )


def _layer(number: int, layers: int | None) -> int:
    if layers is None and number > 0:
        return number
    if layers is None:
        raise ValueError(f"there is no layer {number}; expected 1, 2, 3 ...")
    counted = number + layers + 1 if number < 0 else number
    if not 1 <= counted <= layers:
        raise ValueError(f"there is no layer {number}; expected 1 to {layers}")
    return counted


def _or_nearest(text: str, expected: str, among: tuple[str, ...]) -> str:
    near = nearest(text, among)
    return f"{expected}; did you mean {near!r}?" if near else expected
