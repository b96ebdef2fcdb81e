"""Sums, products and powers put together and simplified on the way. No NumPy.

Only what holds for every value of the variables is done: numbers are joined, like terms and like
factors collected, 0 and 1 left out. Nothing is multiplied out: 2 (w - 5) stays as it is.
"""

from __future__ import annotations

from fractions import Fraction

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
)

MOST_BITS = 2000
"""A power of numbers that takes more is left as it is written."""


def sum_of(*terms: Tree) -> Tree:
    """Return the sum of terms: 2 w + 3 w is 5 w; a number stays where the first one stood."""
    collected: dict[Tree, Fraction] = {}
    for term in terms:
        for one in term.terms if isinstance(term, Sum) else (term,):
            number, rest = split_number(one)
            collected[rest] = collected.get(rest, Fraction(0)) + number
    kept = [_scaled(number, rest) for rest, number in collected.items() if number != 0]
    if not kept:
        return ZERO
    return kept[0] if len(kept) == 1 else Sum(tuple(kept))


def product_of(*factors: Tree) -> Tree:
    """Return the product of factors: a number first, then names, functions and brackets."""
    number = Fraction(1)
    powers: dict[Tree, Tree] = {}
    for factor in factors:
        for one in factor.factors if isinstance(factor, Product) else (factor,):
            if isinstance(one, Number):
                number *= one.value
                continue
            base, exponent = (one.base, one.exponent) if isinstance(one, Power) else (one, ONE)
            if base in powers and not _may_join(powers[base], exponent):
                base, exponent = Power(base, exponent), ONE
            powers[base] = sum_of(powers[base], exponent) if base in powers else exponent
    if number == 0:
        return ZERO
    kept: list[Tree] = []
    for base, exponent in powers.items():
        if isinstance(base, Power):
            # One that may not join another power of its base: x in x / x.
            base = power_of(base.base, base.exponent)
        factor = power_of(base, exponent)
        if isinstance(factor, Number):
            number *= factor.value
        else:
            kept.append(factor)
    return _scaled(number, _joined(kept))


def power_of(base: Tree, exponent: Tree) -> Tree:
    """Return base^exponent: w^1 is w, w^0 is 1, numbers are worked out where they can be."""
    if exponent == ZERO:
        return ONE
    if exponent == ONE:
        return base
    if isinstance(base, Number) and isinstance(exponent, Number):
        folded = _power(base.value, exponent.value)
        if folded is not None:
            return Number(folded)
    if isinstance(base, Power) and _is_whole(base.exponent) and _is_whole(exponent):
        return power_of(base.base, product_of(base.exponent, exponent))
    if isinstance(base, Product) and _is_whole(exponent):
        return product_of(*(power_of(factor, exponent) for factor in base.factors))
    return Power(base, exponent)


def call_of(function: str, argument: Tree) -> Tree:
    """Return function(argument); of 0 and 1 what is exact is worked out: exp(0) is 1."""
    exact: dict[tuple[str, Fraction | int], int] = {
        ("exp", 0): 1, ("log", 1): 0, ("sqrt", 0): 0, ("sqrt", 1): 1, ("sin", 0): 0,
        ("cos", 0): 1, ("tanh", 0): 0, ("abs", 0): 0, ("sign", 0): 0,
    }  # fmt: skip
    if isinstance(argument, Number):
        value = exact.get((function, argument.value))
        if value is not None:
            return Number(Fraction(value))
    return Call(function, argument)


def negative_of(tree: Tree) -> Tree:
    """Return -tree, taken into a sum's terms so that signs stand where they are read."""
    if isinstance(tree, Sum):
        return sum_of(*(product_of(MINUS_ONE, term) for term in tree.terms))
    return product_of(MINUS_ONE, tree)


def quotient_of(upper: Tree, lower: Tree) -> Tree:
    """Return upper / lower."""
    return product_of(upper, power_of(lower, MINUS_ONE))


def split_number(tree: Tree) -> tuple[Fraction, Tree]:
    """Return a term's number and the rest of it: 3 w is (3, w), 7 is (7, 1)."""
    if isinstance(tree, Number):
        return tree.value, ONE
    if isinstance(tree, Product) and isinstance(tree.factors[0], Number):
        rest = tree.factors[1:]
        return tree.factors[0].value, rest[0] if len(rest) == 1 else Product(rest)
    return Fraction(1), tree


def _scaled(number: Fraction, rest: Tree) -> Tree:
    if rest == ONE:
        return Number(number)
    if number == 1:
        return rest
    factors = rest.factors if isinstance(rest, Product) else (rest,)
    return Product((Number(number), *factors))


def _joined(factors: list[Tree]) -> Tree:
    factors = sorted(factors, key=_rank)
    if not factors:
        return ONE
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def _rank(factor: Tree) -> int:
    """Return where a factor is written: names, then functions, then brackets."""
    base = factor.base if isinstance(factor, Power) else factor
    if isinstance(base, Symbol):
        return 0
    return 2 if isinstance(base, Sum) else 1


def _may_join(first: Tree, second: Tree) -> bool:
    """Tell whether w^a w^b may become w^(a + b).

    Not where w / w would become 1: it has no value at 0. Nor with roots: sqrt(w) sqrt(w) has none
    below 0.
    """
    if not (_is_whole(first) and _is_whole(second)):
        return False
    return (first.value > 0) == (second.value > 0)  # type: ignore[union-attr]


def _is_whole(tree: Tree) -> bool:
    return isinstance(tree, Number) and tree.value.denominator == 1


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Return a power of numbers; None where it is no fraction, or a very long one."""
    if exponent.denominator != 1 or (base == 0 and exponent < 0):
        return None
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    return base**exponent.numerator if bits * abs(exponent) <= MOST_BITS else None
