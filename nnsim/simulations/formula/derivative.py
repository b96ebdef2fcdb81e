"""Exact derivatives of a formula, rule by rule (course topics C9, C8). No NumPy."""

from __future__ import annotations

from fractions import Fraction

from nnsim.simulations.formula.building import (
    call_of,
    power_of,
    product_of,
    quotient_of,
    sum_of,
)
from nnsim.simulations.formula.tree import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    Tree,
    symbols_of,
)

_TWO, _HALF = Number(Fraction(2)), Number(Fraction(1, 2))


def derivative(tree: Tree, name: str) -> Tree:
    """Return d tree / d name, simplified; other names count as constants.

    abs has the slope sign, which is 0 at 0; sign has the slope 0.
    """
    return _Differentiation(name).of(tree)


def gradient(tree: Tree, names: tuple[str, ...]) -> tuple[Tree, ...]:
    """Return the derivative with respect to each name, in their order."""
    return tuple(derivative(tree, name) for name in names)


def hessian(tree: Tree, names: tuple[str, ...]) -> tuple[tuple[Tree, ...], ...]:
    """Return the second derivatives, row by row; the matrix is symmetric."""
    rows = [
        [derivative(slope, name) for name in names[: i + 1]]
        for i, slope in enumerate(gradient(tree, names))
    ]
    size = range(len(names))
    return tuple(tuple(rows[max(i, j)][min(i, j)] for j in size) for i in size)


class _Differentiation:
    """Derivatives with respect to one name; parts that occur twice are done once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.known: dict[Tree, Tree] = {}

    def of(self, tree: Tree) -> Tree:
        found = self.known.get(tree)
        if found is None:
            found = self.known[tree] = self._work_out(tree)
        return found

    def _work_out(self, tree: Tree) -> Tree:
        if isinstance(tree, Symbol):
            return ONE if tree.name == self.name else ZERO
        if isinstance(tree, Sum):
            return sum_of(*map(self.of, tree.terms))
        if isinstance(tree, Product):
            factors = tree.factors
            return sum_of(
                *(
                    product_of(*factors[:i], self.of(factor), *factors[i + 1 :])
                    for i, factor in enumerate(factors)
                )
            )
        if isinstance(tree, Power):
            return self._of_power(tree)
        if isinstance(tree, Call):
            slope = self.of(tree.argument)
            return ZERO if slope == ZERO else product_of(_slope(tree), slope)
        return ZERO

    def _of_power(self, tree: Power) -> Tree:
        base, exponent = tree.base, tree.exponent
        slope = self.of(base)
        lower = product_of(exponent, power_of(base, sum_of(exponent, MINUS_ONE)), slope)
        if self.name not in symbols_of(exponent):
            return ZERO if slope == ZERO else lower
        grown = product_of(tree, call_of("log", base), self.of(exponent))
        return grown if slope == ZERO else sum_of(lower, grown)


def _slope(call: Call) -> Tree:
    """Return the derivative of a function at its argument."""
    u = call.argument
    if call.function == "exp":
        return call
    if call.function == "log":
        return power_of(u, MINUS_ONE)
    if call.function == "sqrt":
        return quotient_of(_HALF, call)
    if call.function == "sin":
        return call_of("cos", u)
    if call.function == "cos":
        return product_of(MINUS_ONE, call_of("sin", u))
    if call.function == "tanh":
        return sum_of(ONE, product_of(MINUS_ONE, power_of(call, _TWO)))
    if call.function == "abs":
        return call_of("sign", u)
    return ZERO
