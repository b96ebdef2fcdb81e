"""Formulas worked out at points: many at once, each common part once, without `eval`.

A program is a list of operations on numbered places, in order. Python's floats run it fastest for
a point; where they refuse (overflow, a root of a negative number), and for arrays, NumPy runs it:
its infinities and NaN are what a path that leaves the numbers shows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import add, mul, truediv
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from nnsim.simulations.formula.tree import (
    MINUS_ONE,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    Tree,
)

_BUILT_IN = {"pi": math.pi, "e": math.e}
MOST_MULTIPLICATIONS = 16
"""Whole powers up to here are multiplied out: w^2 is w w to the last bit, everywhere."""


def _sign(value: float) -> float:
    return math.copysign(1.0, value) if value else value


def _power(base: float, exponent: float) -> float:
    value = base**exponent
    if isinstance(value, complex):
        raise ValueError("a root of a negative number")
    return value


_ON_FLOATS: Mapping[str, Any] = {
    "+": add, "*": mul, "/": truediv, "^": _power, "exp": math.exp, "log": math.log,
    "sqrt": math.sqrt, "sin": math.sin, "cos": math.cos, "tanh": math.tanh, "abs": abs,
    "sign": _sign,
}  # fmt: skip
_ON_ARRAYS: Mapping[str, Any] = {
    "+": np.add, "*": np.multiply, "/": np.divide, "^": np.power, "exp": np.exp, "log": np.log,
    "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "abs": np.abs,
    "sign": np.sign,
}  # fmt: skip


class Program:
    """Several formulas of the same variables, worked out together.

    Parameters
    ----------
    trees : sequence of Tree
        The formulas.
    variables : sequence of str
        What changes from point to point, in the order in which points give it.
    constants : mapping
        Values of the other names; pi and e are known.
    """

    def __init__(
        self,
        trees: Sequence[Tree],
        variables: Sequence[str],
        constants: Mapping[str, float] | None = None,
    ) -> None:
        self.variables = tuple(variables)
        self._constants = {**_BUILT_IN, **(constants or {})}
        self._values: list[float] = [0.0] * len(self.variables)
        self._operations: list[tuple[str, int, int, int]] = []
        self._places: dict[Any, int] = {}
        for place, name in enumerate(self.variables):
            self._places[Symbol(name)] = place
        self._results = [self._place(tree) for tree in trees]
        self._on_floats = [
            (_ON_FLOATS[name], first, second, target)
            for name, first, second, target in self._operations
        ]

    def at(self, point: Sequence[float]) -> list[float]:
        """Return each formula's value at a point, one number a variable."""
        values = self._values.copy()
        values[: len(self.variables)] = map(float, point)
        try:
            for function, first, second, target in self._on_floats:
                if second < 0:
                    values[target] = function(values[first])
                else:
                    values[target] = function(values[first], values[second])
        except (OverflowError, ZeroDivisionError, ValueError):
            return [float(value) for value in self.over(point)]
        return [values[place] for place in self._results]

    def over(self, points: Sequence[ArrayLike], dtype: DTypeLike = np.float64) -> list[NDArray]:
        """Return each formula's values over arrays, one array a variable, all of one shape.

        Every operation is done in `dtype`: float64 or float32.
        """
        arrays = [np.asarray(each, dtype) for each in points]
        shape = np.broadcast_shapes(*(each.shape for each in arrays))
        constants = np.asarray(self._values[len(arrays) :], dtype)
        values: list[Any] = [*arrays, *constants]
        with np.errstate(all="ignore"):
            for name, first, second, target in self._operations:
                function = _ON_ARRAYS[name]
                one = values[first]
                values[target] = function(one) if second < 0 else function(one, values[second])
        return [np.broadcast_to(values[place], shape).astype(dtype) for place in self._results]

    def _place(self, tree: Tree) -> int:
        """Return where a tree's value will stand; its operations are put down once."""
        place = self._places.get(tree)
        if place is None:
            place = self._places[tree] = self._put(tree)
        return place

    def _put(self, tree: Tree) -> int:
        if isinstance(tree, Number):
            return self._given(float(tree.value))
        if isinstance(tree, Symbol):
            return self._given(float(self._constants[tree.name]))
        if isinstance(tree, Sum):
            return self._chain("+", [self._place(term) for term in tree.terms])
        if isinstance(tree, Product):
            upper, lower = [], []
            for factor in tree.factors:
                if isinstance(factor, Power) and factor.exponent == MINUS_ONE:
                    lower.append(self._place(factor.base))
                else:
                    upper.append(self._place(factor))
            place = self._chain("*", upper) if upper else self._given(1.0)
            for each in lower:
                place = self._done("/", place, each)
            return place
        if isinstance(tree, Power):
            return self._put_power(tree)
        return self._done(tree.function, self._place(tree.argument))

    def _put_power(self, tree: Power) -> int:
        base = self._place(tree.base)
        exponent = tree.exponent
        if not isinstance(exponent, Number):
            return self._done("^", base, self._place(exponent))
        whole = exponent.value.denominator == 1
        if not whole or abs(exponent.value) > MOST_MULTIPLICATIONS:
            return self._done("^", base, self._place(exponent))
        place = base
        for _ in range(abs(exponent.value.numerator) - 1):
            place = self._done("*", place, base)
        return self._done("/", self._given(1.0), place) if exponent.value < 0 else place

    def _chain(self, name: str, places: list[int]) -> int:
        place = places[0]
        for each in places[1:]:
            place = self._done(name, place, each)
        return place

    def _done(self, name: str, first: int, second: int = -1) -> int:
        key = (name, first, second)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = self._given(0.0)
            self._operations.append((name, first, second, place))
        return place

    def _given(self, value: float) -> int:
        self._values.append(value)
        return len(self._values) - 1
