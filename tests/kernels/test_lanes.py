"""Lanes: compiled against short NumPy arrays, and what happens at the end of a stretch."""

import math
from types import FunctionType

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels import lanes
from nnsim.kernels.jit import kernel
from nnsim.kernels.lanes import (
    by_type,
    copy_number,
    exponent_of,
    filled,
    formula,
    fraction_of,
    lanes_in,
    load,
    load_whole,
    magnitude,
    multiply_add,
    plain,
    polynomial,
    power_of_low_bits,
    spread,
    square_root,
    store,
    store_whole,
    sum_of_lanes,
    where,
    with_sign_of,
    within,
)
from nnsim.kernels.lanes.integers import COUNT, WORDS, counting, every, ones_below

DTYPES = (np.float64, np.float32)
each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
only_compiled = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")

SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-30, -1e30, math.inf, -math.inf, math.nan)
POWERS, POWERS32 = (0.25, -0.5, 1.0, 3.0), (0.125, 2.0, -1.0)


@formula
def exponent(a):
    """Apply `exponent_of`."""
    return exponent_of(a)


@formula
def fraction(a):
    """Apply `fraction_of`."""
    return fraction_of(a)


@formula
def number_of_type(a):
    """Apply `by_type`; the other term only makes lanes of it."""
    return by_type(a, 64.0, 32.0) + 0.0 * magnitude(a)


@formula
def polynomial_of(a):
    """Apply `polynomial`."""
    return polynomial(a, POWERS, POWERS32)


@formula
def raised_to(t):
    """Apply `power_of_low_bits`."""
    return power_of_low_bits(t)


FORMULAS = (exponent, fraction, number_of_type, polynomial_of, raised_to)


@kernel
def arithmetic(A, B, out):
    """Write a row of `out` for each operator and for each kind of operand."""
    end = A.size
    for at in range(0, end, lanes_in(A)):
        a, b = load(A, at, end), load(B, at, end)
        # A result of its own: over NumPy arrays these operators change what they are applied to.
        changed = 1.0 * a
        changed += b
        changed *= 2.0
        changed -= 1
        changed /= b
        store(out, at, end, a + b)
        store(out, end + at, 2 * end, a - b)
        store(out, 2 * end + at, 3 * end, a * b)
        store(out, 3 * end + at, 4 * end, a / b)
        store(out, 4 * end + at, 5 * end, -a)
        store(out, 5 * end + at, 6 * end, 2 * a + 0.1)
        store(out, 6 * end + at, 7 * end, 0.1 - a)
        store(out, 7 * end + at, 8 * end, 1.0 / a)
        store(out, 8 * end + at, 9 * end, changed)


@kernel
def comparisons(A, B, out):
    """Write a row of ones and zeros for each comparison, with lanes and with a number."""
    end, one = A.size, filled(A, 1.0)
    for at in range(0, end, lanes_in(A)):
        a, b = load(A, at, end), load(B, at, end)
        store(out, at, end, where(a < b, one, 0.0))
        store(out, end + at, 2 * end, where(a <= b, one, 0.0))
        store(out, 2 * end + at, 3 * end, where(a > b, one, 0.0))
        store(out, 3 * end + at, 4 * end, where(a >= b, one, 0.0))
        store(out, 4 * end + at, 5 * end, where(a == b, one, 0.0))
        store(out, 5 * end + at, 6 * end, where(a != b, one, 0.0))
        store(out, 6 * end + at, 7 * end, where(a > 0.5, 1.0, b))
        store(out, 7 * end + at, 8 * end, where(a != a, 0, a))


@kernel
def functions(A, B, out):
    """Write a row for each function of lanes."""
    end = A.size
    for at in range(0, end, lanes_in(A)):
        a, b = load(A, at, end), load(B, at, end)
        positive = magnitude(a) + 1e-3
        store(out, at, end, magnitude(a))
        store(out, end + at, 2 * end, square_root(magnitude(a)))
        store(out, 2 * end + at, 3 * end, with_sign_of(a, b))
        store(out, 3 * end + at, 4 * end, with_sign_of(1.0, b))
        store(out, 4 * end + at, 5 * end, exponent(positive))
        store(out, 5 * end + at, 6 * end, fraction(positive))
        store(out, 6 * end + at, 7 * end, number_of_type(a))
        store(out, 7 * end + at, 8 * end, spread(B, end - 1))
        store(out, 8 * end + at, 9 * end, within(a, at, end - 3))


@kernel
def rounded(A, B, out):
    """Write a row for each function that is rounded once where it is compiled."""
    end = A.size
    for at in range(0, end, lanes_in(A)):
        a, b = load(A, at, end), load(B, at, end)
        store(out, at, end, multiply_add(a, b, -0.5))
        store(out, end + at, 2 * end, polynomial_of(a))


@kernel
def raised(T, out):
    """Apply `power_of_low_bits`."""
    for at in range(0, T.size, lanes_in(T)):
        store(out, at, T.size, raised_to(load(T, at, T.size)))


@kernel
def copied(A, at, end, out, to, stop):
    """Copy lanes from A[at : end] to out[to : stop]."""
    store(out, to, stop, load(A, at, end))


@kernel
def copied_whole(A, at, out, to):
    """Copy all lanes, and one number to the place before them."""
    store_whole(out, to, load_whole(A, at))
    copy_number(A, at, out, to - 1)


@kernel
def summed(A, at, end):
    """Return the sum of A[at : end]."""
    return sum_of_lanes(load(A, at, end))


@kernel
def narrow(A, out):
    """Write (1 + 1e-9 - 1) 1e9 in lanes of A's type."""
    store(out, 0, A.size, (load(A, 0, A.size) + 1e-9 - 1.0) * 1e9)


@kernel
def count_of_lanes(A):
    """Return how many lanes there are."""
    return lanes_in(A)


def width_of(dtype):
    """Return how many numbers of a type lanes hold."""
    return count_of_lanes(np.zeros(1, dtype))


def without_compiler(function):
    """Return the same function over short NumPy arrays."""
    code = getattr(function, "py_func", function).__code__
    names = globals() | {name: getattr(plain, name) for name in lanes.__all__}
    names |= {one.__name__: FunctionType(one.__code__, names) for one in FORMULAS}
    return FunctionType(code, names)


def drawn(dtype, seed=0, size=75):
    """Return two vectors: special values in all pairs, then ordinary ones."""
    A = np.repeat(SPECIAL, len(SPECIAL)), np.tile(SPECIAL, len(SPECIAL))
    rest = np.random.default_rng(seed).normal(size=(2, size))
    return (np.concatenate(pair).astype(dtype) for pair in zip(A, rest, strict=True))


def results(function, rows, A, B):
    """Return what a kernel writes, compiled and over NumPy arrays."""
    outputs = np.zeros((2, rows, A.size), A.dtype)
    function(A, B, outputs[0])
    with np.errstate(all="ignore"):
        without_compiler(function)(A, B, outputs[1])
    return outputs


@only_compiled
@each_dtype
@pytest.mark.parametrize(
    ("function", "rows"),
    [(arithmetic, 9), (comparisons, 8), (functions, 9)],
    ids=["arithmetic", "comparisons", "functions"],
)
def test_compiled_lanes_are_numpy_s_to_the_bit(function, rows, dtype):
    compiled, expected = results(function, rows, *drawn(dtype))
    np.testing.assert_array_equal(compiled, expected)
    numbers = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(compiled)[numbers], np.signbit(expected)[numbers])


@each_dtype
def test_operators_and_functions_are_those_they_are_named_after(dtype):
    A, B = drawn(dtype)
    out = np.zeros((9, A.size), dtype)
    with np.errstate(all="ignore"):
        arithmetic(A, B, out)
        for row, expected in enumerate((A + B, A - B, A * B, A / B, -A)):
            np.testing.assert_array_equal(out[row], expected)
        functions(A, B, out)
        for row, expected in enumerate((abs(A), np.sqrt(abs(A)), np.copysign(A, B))):
            np.testing.assert_array_equal(out[row], expected)
        x = abs(A) + dtype(1e-3)
        ordinary = np.isfinite(x)
        whole = out[5] * 2.0 ** out[4]
        np.testing.assert_array_equal(whole[ordinary], x[ordinary])
        inside = (out[5] >= np.sqrt(0.5) - 1e-7) & (out[5] < np.sqrt(2.0))
        assert inside[ordinary].all()
    assert set(out[6][ordinary]) == {64.0 if dtype == np.float64 else 32.0}
    assert set(out[7]) == {B[-1]}
    np.testing.assert_array_equal(out[8], np.append(A[:-3], [0.0] * 3))


@each_dtype
def test_comparisons_with_nan_are_false_but_for_unequal(dtype):
    A, B = drawn(dtype)
    out = np.zeros((8, A.size), dtype)
    comparisons(A, B, out)
    for row, expected in enumerate((A < B, A <= B, A > B, A >= B, A == B, A != B)):
        np.testing.assert_array_equal(out[row], expected)
    unordered = np.isnan(A) | np.isnan(B)
    assert not out[:5, unordered].any() and out[5, unordered].all()
    np.testing.assert_array_equal(out[6], np.where(A > 0.5, 1, B))
    np.testing.assert_array_equal(out[7], np.where(np.isnan(A), 0, A))


@each_dtype
@given(seed=st.integers(0, 1000))
def test_fused_functions_are_near_their_unfused_twins(dtype, seed):
    A, B = np.random.default_rng(seed).normal(size=(2, 40)).astype(dtype)
    out = np.zeros((2, 40), dtype)
    rounded(A, B, out)
    a, b = A.astype(float), B.astype(float)
    expected = a * b - 0.5, np.polyval(POWERS if dtype == np.float64 else POWERS32, a)
    precision = 4 * np.finfo(dtype).eps
    for row, twin in zip(out, expected, strict=True):
        np.testing.assert_allclose(row, twin, rtol=precision, atol=20 * precision)


@only_compiled
@each_dtype
def test_multiply_add_is_rounded_once(dtype):
    half = np.finfo(dtype).eps / 2
    A, B = np.full(5, 0.5 + half, dtype), np.full(5, 1 - 2 * half, dtype)
    out = np.zeros((2, 5), dtype)
    rounded(A, B, out)
    # (1/2 + h) (1 - 2 h) - 1/2 = -2 h^2, of which two roundings would leave nothing.
    np.testing.assert_array_equal(out[0], np.full(5, -2.0 * half * half, dtype))


@each_dtype
def test_low_bits_become_a_power_of_two(dtype):
    exponents = np.arange(-60, 61)
    bias, integer = (1023, np.int64) if dtype == np.float64 else (127, np.int32)
    T, out = (exponents + bias).astype(integer).view(dtype), np.zeros(121, dtype)
    raised(T, out)
    np.testing.assert_array_equal(out, 2.0**exponents)


@each_dtype
def test_a_load_ends_where_it_should_and_a_store_touches_nothing_beyond(dtype):
    width = width_of(dtype)
    A = np.arange(1, 3 * width + 1).astype(dtype)
    for start in (0, 1, width - 1):
        for taken in (0, 1, 2, width // 2, width - 1, width, width + 1):
            for kept in (0, 1, width // 2 + 1, width - 1, width, width + 5):
                out = np.full(3 * width, -7.0, dtype)
                copied(A, start, start + taken, out, 3, 3 + kept)
                lanes_of_A = np.zeros(width, dtype)
                lanes_of_A[: min(taken, width)] = A[start : start + min(taken, width)]
                expected = np.full(3 * width, -7.0, dtype)
                expected[3 : 3 + min(kept, width)] = lanes_of_A[: min(kept, width)]
                np.testing.assert_array_equal(out, expected)


@each_dtype
def test_whole_lanes_and_single_numbers_are_copied_from_any_place(dtype):
    width = width_of(dtype)
    A = np.arange(1, 3 * width + 1).astype(dtype)
    for start in (0, 1, 5):
        out = np.full(3 * width, -7.0, dtype)
        copied_whole(A, start, out, 2)
        expected = np.full(3 * width, -7.0, dtype)
        expected[2 : 2 + width] = A[start : start + width]
        expected[1] = A[start]
        np.testing.assert_array_equal(out, expected)


@each_dtype
@given(count=st.integers(0, 32), seed=st.integers(0, 1000))
def test_sums_over_lanes_agree_with_exact_sums(dtype, count, seed):
    A = np.random.default_rng(seed).normal(size=40).astype(dtype)
    count = min(count, width_of(dtype))
    total = summed(A, 3, 3 + count)
    part = A[3 : 3 + count].astype(float)
    assert abs(total - math.fsum(part)) <= 8 * np.finfo(dtype).eps * math.fsum(abs(part))


@only_compiled
@each_dtype
def test_sums_over_lanes_are_taken_by_halves(dtype):
    A = np.random.default_rng(1).normal(size=width_of(dtype)).astype(dtype)
    expected = A
    while expected.size > 1:
        expected = expected[: expected.size // 2] + expected[expected.size // 2 :]
    assert summed(A, 0, A.size) == expected[0]


@each_dtype
def test_float32_stays_float32(dtype):
    A = np.ones(11, dtype)
    out = np.zeros_like(A)
    narrow(A, out)
    # In float64 little is lost of 1e-9, in float32 all.
    np.testing.assert_allclose(out, 1.0 if dtype == np.float64 else 0.0, atol=1e-6)


@kernel
def taken(A, limit, first, out):
    """Write 1 or 0 for four words made of numbers that count from `first`."""
    number = counting(first)
    w0, w1, w2 = number * np.uint64(4), number << np.uint64(2) | np.uint64(1), every(first)
    w3 = (number + number ^ np.uint64(1)) & np.uint64(0xFFFFFFFF)
    at = 0
    for ones in ones_below(A, np.uint64(limit), w0, w1, w2, w3 >> np.uint64(1)):
        store(out, at, out.size, ones)
        at += lanes_in(A)


@each_dtype
@pytest.mark.parametrize("first", [0, 3, 2**29])
def test_words_below_a_limit_come_in_order(dtype, first):
    numbers = first + np.arange(COUNT)
    words = np.stack(
        [4 * numbers, 4 * numbers + 1, np.full(COUNT, first), (2 * numbers ^ 1) >> 1], axis=1
    ).ravel()
    for limit in {1, *map(int, words[::5] + 1), 2**31, 2**32 - 1, 2**32}:
        out = np.full(COUNT * WORDS, np.nan, dtype)
        taken(out, limit, np.uint64(first), out)
        np.testing.assert_array_equal(out, words < limit)
