"""What formulas are made of besides operators: functions of `Traced` lanes."""

from __future__ import annotations

import functools
from collections.abc import Callable

from llvmlite import ir
from numba import types

from nnsim.kernels.lanes.values import Traced, call_llvm, first_lanes, formula


def _named(name: str, *operands) -> Traced:
    first = first_lanes(operands)
    return first.like(call_llvm(first.builder, name, [first.beside(one) for one in operands]))


@formula
def magnitude(x):
    """Return |x|."""
    return _named("fabs", x)


@formula
def square_root(x):
    """Return sqrt(x)."""
    return _named("sqrt", x)


@formula
def with_sign_of(x, y):
    """Return |x| with the sign of y."""
    return _named("copysign", x, y)


@formula
def multiply_add(a, b, c):
    """Return a b + c, rounded once."""
    return _named("fma", a, b, c)


@formula
def where(mask, x, y):
    """Return x in the lanes where the mask holds, else y."""
    first = first_lanes((x, y))
    return first.like(first.builder.select(mask.value, first.beside(x), first.beside(y)))


def polynomial(x, coefficients, coefficients32):
    """Return the polynomial with these coefficients (float64's or float32's), highest power first.

    Even and odd powers are two chains, neither of which waits for the other.
    """
    terms = by_type(x, coefficients, coefficients32)
    square, odd = x * x, len(terms) % 2
    even_part, odd_part = (
        functools.reduce(lambda total, term: multiply_add(total, square, term), chain)
        for chain in (
            [_filled_like(x, terms[1 - odd]), *terms[3 - odd :: 2]],
            [_filled_like(x, terms[odd]), *terms[2 + odd :: 2]],
        )
    )
    return multiply_add(odd_part, x, even_part)


def _filled_like(x, number: float) -> Traced:
    return x.like(x.beside(number))


def by_type(x, number, number32):
    """Return what is meant for the lanes' type."""
    return number32 if x.kind.dtype == types.float32 else number


def _bits_of(x) -> tuple[ir.Value, int, Callable[[int], ir.Constant]]:
    """Return x's bits as integers, where the exponent begins in them, and lanes of an integer."""
    width, fraction = (32, 23) if x.kind.dtype == types.float32 else (64, 52)
    integers = ir.VectorType(ir.IntType(width), x.kind.count)
    bits = x.builder.bitcast(x.value, integers)
    return bits, fraction, lambda number: ir.Constant(integers, [number] * x.kind.count)


def power_of_low_bits(t):
    """Return the floats whose exponent field is the lowest bits of t, fraction zero."""
    bits, fraction, every = _bits_of(t)
    return t.like(t.builder.bitcast(t.builder.shl(bits, every(fraction)), t.value.type))


def _halving(x):
    """Return n as integers, and the bits of x / 2^n in [sqrt(1/2), sqrt(2))."""
    bits, fraction, every = _bits_of(x)
    root = every(0x3F3504F3 if fraction == 23 else 0x3FE6A09E667F3BCC)
    n = x.builder.ashr(x.builder.sub(bits, root), every(fraction))
    return n, x.builder.sub(bits, x.builder.shl(n, every(fraction)))


def exponent_of(x):
    """Return the n, in lanes, with x / 2^n in [sqrt(1/2), sqrt(2)), for normal x > 0."""
    return x.like(x.builder.sitofp(_halving(x)[0], x.value.type))


def fraction_of(x):
    """Return x / 2^n in [sqrt(1/2), sqrt(2)), for normal x > 0."""
    return x.like(x.builder.bitcast(_halving(x)[1], x.value.type))
