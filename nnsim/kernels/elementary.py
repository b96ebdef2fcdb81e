"""Exponential and logarithm of lanes, written once and used by every activation and loss.

The exponential is a polynomial without branches. Every activation and loss can be written with
exponentials of arguments that are not positive, which therefore are the only ones here: they
cannot overflow.

Products and sums are fused on purpose and by name, never by the compiler's choice: a fused
multiply-add is rounded once, in the same way on every machine. float32 lanes are computed in
float32 alone. NaN gives NaN.
"""

from nnsim.kernels.lanes import (
    by_type,
    exponent_of,
    formula,
    fraction_of,
    magnitude,
    multiply_add,
    polynomial,
    power_of_low_bits,
    where,
)

# Adding this rounds a number to an integer n and leaves n plus a bias in the lowest bits,
# where `power_of_low_bits` makes 2**(n + 512) of it (float32: n + 64). The last factor
# takes the 512 off again; without it results under 2**-1022 could not be made.
_ROUND, _ROUND32 = 1.5 * 2.0**52 + (1023.0 + 512.0), 1.5 * 2.0**23 + (127.0 + 64.0)
_ROUND_BARE, _ROUND_BARE32 = 1.5 * 2.0**52 + 1023.0, 1.5 * 2.0**23 + 127.0
_RAISE, _RAISE32 = 2.0**512, 2.0**64
_LOWER, _LOWER32 = 2.0**-512, 2.0**-64
_LOG2_E = 1.4426950408889634
# -ln 2 in two parts; the first has trailing zeros, so that n times it is exact.
_LN2_HIGH, _LN2_LOW = -0.6931471803691238, -1.9082149292705877e-10
_LN2_HIGH32, _LN2_LOW32 = -0.693359375, 0.00021219444170128554
_SMALLEST, _SMALLEST32 = -746.0, -105.0
# exp(2 x) is less than half a unit in the last place of 1.
_FLAT, _FLAT32 = -20.0, -10.0
# Below, 2 atanh(s) is 2 s.
_STRAIGHT, _STRAIGHT32 = 1e-9, 1e-5

# (exp(r) - 1 - r) / r**2 on |r| <= ln(2) / 2, by interpolation at Chebyshev points; relative
# error of exp(r) - 1: 4e-17 (float64), 3e-8 (float32). Highest power first.
_EXP = (
    2.5100424157005067e-08,
    2.7620138719733994e-07,
    2.7557268378684192e-06,
    2.480152119021773e-05,
    0.00019841269863105968,
    0.0013888888917281794,
    0.008333333333330051,
    0.04166666666662399,
    0.16666666666666669,
    0.5,
)
_EXP32 = (0.0013926213141530752, 0.008363203145563602, 0.041666556149721146,
          0.16666576266288757, 0.5)  # fmt: skip


def _of_twice(coefficients: tuple[float, ...]) -> tuple[float, ...]:
    """Return the coefficients of (exp(2 r) - 1 - 2 r) / r**2."""
    highest = len(coefficients) + 1
    return tuple(c * 2.0 ** (highest - k) for k, c in enumerate(coefficients))


_EXP_OF_TWICE, _EXP_OF_TWICE32 = _of_twice(_EXP), _of_twice(_EXP32)

# (2 atanh(s) / s - 2) / s**2 in powers of s**2, on 0 <= s <= (sqrt(2) - 1) / (sqrt(2) + 1).
_LOG = (
    0.14617807153417325,
    0.15331611722055008,
    0.1818289243253687,
    0.22222211089379496,
    0.28571428626253836,
    0.3999999999989889,
    0.666666666666667,
)
_LOG32 = (0.23331614471843498, 0.28550778633191964, 0.4000012221181065, 0.6666666655404201)


@formula
def exp_minus(x, c):
    """Return exp(x) - c for lanes x <= 0 and c 0 or 1, exact in relative terms.

    x = n ln 2 + r with a whole n and |r| <= ln(2) / 2; exp(x) = 2^n exp(r).
    """
    smallest = by_type(x, _SMALLEST, _SMALLEST32)
    x = where(x < smallest, smallest, x)
    bias = by_type(x, _ROUND, _ROUND32)
    t = multiply_add(x, _LOG2_E, bias)
    n = t - bias
    r = multiply_add(n, by_type(x, _LN2_HIGH, _LN2_HIGH32), x)
    r = multiply_add(n, by_type(x, _LN2_LOW, _LN2_LOW32), r)
    power = power_of_low_bits(t)
    less = power - c * by_type(x, _RAISE, _RAISE32)
    raised = multiply_add(power, multiply_add(r * r, polynomial(r, _EXP, _EXP32), r), less)
    return raised * by_type(x, _LOWER, _LOWER32)


@formula
def exp_of_twice_minus_one(x):
    """Return exp(2 x) - 1 for lanes x <= 0, exact in relative terms: what tanh is made of.

    As `exp_minus`, for half the argument: 2 x = n ln 2 + 2 r. From `_FLAT` down it is -1.
    """
    flat = by_type(x, _FLAT, _FLAT32)
    x = where(x < flat, flat, x)
    bias = by_type(x, _ROUND_BARE, _ROUND_BARE32)
    t = multiply_add(x, 2.0 * _LOG2_E, bias)
    n = t - bias
    r = multiply_add(n, by_type(x, 0.5 * _LN2_HIGH, 0.5 * _LN2_HIGH32), x)
    r = multiply_add(n, by_type(x, 0.5 * _LN2_LOW, 0.5 * _LN2_LOW32), r)
    power = power_of_low_bits(t)
    return multiply_add(
        power,
        multiply_add(r * r, polynomial(r, _EXP_OF_TWICE, _EXP_OF_TWICE32), r + r),
        power - 1.0,
    )


@formula
def log1p_unit(u):
    """Return log(1 + u) for lanes u in [0, 1].

    log(1 + f) = 2 atanh(s) with s = f / (2 + f); above sqrt(2), (1 + u) / 2 stands for 1 + f.
    """
    above = u > 0.4142135623730951
    f = where(above, multiply_add(u, 0.5, -0.5), u)
    s = f / (2.0 + f)
    # What s^3 would not change: its square would be so small that processors take long over it.
    curved = where(magnitude(s) < by_type(s, _STRAIGHT, _STRAIGHT32), 0.0, s)
    square = curved * curved
    log = multiply_add(curved * square, polynomial(square, _LOG, _LOG32), s + s)
    return where(above, 0.6931471805599453 + log, log)


@formula
def normal_or_zero(x):
    """Return x, but 0 in the lanes whose |x| is below 2^-1022 (float32: 2^-126).

    Processors take a hundred times longer with such subnormal numbers. The average of gradients
    that have become 0, as those of a dead ReLU, shrinks until it is one; so does A of a sigmoid
    that is very sure.
    """
    return where(magnitude(x) < by_type(x, 2.0**-1022, 2.0**-126), 0.0, x)


@formula
def log_of(x):
    """Return log(x) for lanes x > 0 that are normal numbers; NaN and infinity stay.

    x = 2^n f with f in [sqrt(1/2), sqrt(2)); log(f) = 2 atanh(s) with s = (f - 1) / (f + 1).
    """
    n, f = exponent_of(x), fraction_of(x)
    s = (f - 1.0) / (f + 1.0)
    square = s * s
    log = multiply_add(s * square, polynomial(square, _LOG, _LOG32), s + s)
    return where(x - x == 0.0, multiply_add(n, 0.6931471805599453, log), x)
