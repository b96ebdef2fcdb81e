"""A tree as text: as a learner reads it (2 w - 10), or as a file has it (2*w - 10). No NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from nnsim.simulations.formula.building import split_number
from nnsim.simulations.formula.tree import (
    ONE,
    Call,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    Tree,
)

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
"""How tightly a text holds together."""


def printed(tree: Tree) -> str:
    """Return a tree as it is read: 4 x (x^2 + y - 11)."""
    return _Printer(" ", "^", digits=6).text(tree)[0]


def written(tree: Tree) -> str:
    """Return a tree as `read_formula` reads it: 4*x*(x**2 + y - 11)."""
    return _Printer("*", "**", digits=0).text(tree)[0]


def substituted(tree: Tree, values: Mapping[str, str], times: str = "x") -> str:
    """Return a tree as it is read, with texts (of numbers) in the places of names: 2 x 0.5 - 10.

    A text with a minus sign in it stands in brackets: -2, 1e-5.
    """
    return _Printer(f" {times} ", "^", digits=6, values=values).text(tree)[0]


class _Printer:
    def __init__(
        self, times: str, power: str, digits: int, values: Mapping[str, str] | None = None
    ) -> None:
        self.times, self.power, self.digits = times, power, digits
        self.values = values or {}

    def text(self, tree: Tree) -> tuple[str, int]:
        """Return the text of a tree and how tightly it holds together."""
        if isinstance(tree, Number):
            return self._number(tree.value)
        if isinstance(tree, Symbol):
            value = self.values.get(tree.name, tree.name)
            return (f"({value})" if "-" in value else value), _ATOM
        if isinstance(tree, Call):
            return f"{tree.function}({self.text(tree.argument)[0]})", _ATOM
        if isinstance(tree, Sum):
            return self._sum(tree.terms), _SUM
        if isinstance(tree, Power) and _is_negative(tree.exponent):
            return self._product(Fraction(1), (tree,)), _PRODUCT
        if isinstance(tree, Power):
            base, exponent = self._in(tree.base, _ATOM), self._in(tree.exponent, _ATOM)
            return f"{base}{self.power}{exponent}", _POWER
        number, rest = split_number(tree)
        return self._product(number, _factors(rest)), _PRODUCT if number > 0 else _SUM

    def _in(self, tree: Tree, least: int) -> str:
        """Return the text, in brackets if it holds together less tightly."""
        text, tightness = self.text(tree)
        return text if tightness >= least else f"({text})"

    def _sum(self, terms: tuple[Tree, ...]) -> str:
        first = next((i for i, term in enumerate(terms) if split_number(term)[0] > 0), 0)
        ordered = [terms[first], *terms[:first], *terms[first + 1 :]]
        text = self.text(ordered[0])[0]
        for term in ordered[1:]:
            number, rest = split_number(term)
            one = self._product(abs(number), _factors(rest))
            text += f" {'-' if number < 0 else '+'} {one}"
        return text

    def _product(self, number: Fraction, factors: tuple[Tree, ...]) -> str:
        upper = [factor for factor in factors if not _is_below(factor)]
        lower = [_upside_down(factor) for factor in factors if _is_below(factor)]
        sign, size = "-" if number < 0 else "", abs(number)
        denominator = Fraction(1)
        if not _is_decimal(size):
            size, denominator = Fraction(size.numerator), Fraction(size.denominator)
        above = [self._in(factor, _POWER if len(upper) > 1 or lower else _PRODUCT)
                 for factor in upper]  # fmt: skip
        if upper and (size != 1 or len(upper) > 1):
            above = [self._in(factor, _POWER) for factor in upper]
        if size != 1 or not above:
            above.insert(0, self._decimal(size))
        below = [self._in(factor, _POWER) for factor in lower]
        if denominator != 1:
            below.insert(0, self._decimal(denominator))
        text = sign + self.times.join(above)
        if not below:
            return text
        joined = self.times.join(below)
        return f"{text} / {joined if len(below) == 1 else f'({joined})'}"

    def _number(self, value: Fraction) -> tuple[str, int]:
        if _is_decimal(value):
            return self._decimal(value), _ATOM if value >= 0 else _SUM
        return self._product(value, ()), _PRODUCT if value > 0 else _SUM

    def _decimal(self, value: Fraction) -> str:
        """Return a number without superfluous zeros; exactly, unless it is for a reader."""
        if value.denominator == 1 and abs(value) < 10**15:
            return str(value.numerator)
        text = f"{float(value):.{self.digits}g}" if self.digits else repr(float(value))
        mantissa, _, exponent = text.partition("e")
        return f"{mantissa}e{int(exponent)}" if exponent else text


def _factors(rest: Tree) -> tuple[Tree, ...]:
    if rest == ONE:
        return ()
    return rest.factors if isinstance(rest, Product) else (rest,)


def _is_negative(tree: Tree) -> bool:
    return isinstance(tree, Number) and tree.value < 0


def _is_below(factor: Tree) -> bool:
    """Tell whether a factor is written under the line of a fraction."""
    return isinstance(factor, Power) and _is_negative(factor.exponent)


def _upside_down(factor: Tree) -> Tree:
    assert isinstance(factor, Power) and isinstance(factor.exponent, Number)
    exponent = -factor.exponent.value
    return factor.base if exponent == 1 else Power(factor.base, Number(exponent))


def _is_decimal(value: Fraction) -> bool:
    """Tell whether a number ends after a few decimals, or is best written as one."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1 or value.denominator > 10**6
