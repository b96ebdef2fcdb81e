"""Element-wise mathematics, written once and used by every kernel.

The exponential here is a branch-free polynomial, so that LLVM turns the loops that call
it into vector code; a call of libm's ``exp`` or ``tanh`` inside the loop would keep it
scalar and some eight times slower. Every activation and loss can be written with
exponentials of arguments that are not positive, which therefore are the only ones here:
they cannot overflow.

Products and sums are fused on purpose and by name, never by the compiler's choice: a
fused multiply-add is rounded once, in the same way on every machine. Each function
takes and gives float32 or float64 and works in that precision alone. NaN gives NaN.
"""

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.extending import intrinsic, overload

from nnsim.kernels.loops import FROM_JITTED_CODE

_F = np.float32

# Adding this rounds a number to an integer n and leaves n plus a bias in the lowest bits,
# where `power_of_low_bits` makes 2**(n + 512) of it (float32: n + 64). The last factor
# takes the 512 off again; without it results under 2**-1022 could not be made.
_ROUND = 1.5 * 2.0**52 + (1023.0 + 512.0)
_ROUND32 = _F(1.5 * 2.0**23 + (127.0 + 64.0))
_RAISE, _RAISE32 = 2.0**512, _F(2.0**64)
_LOWER, _LOWER32 = 2.0**-512, _F(2.0**-64)
_LOG2_E, _LOG2_E32 = 1.4426950408889634, _F(1.4426950408889634)
# -ln 2 in two parts; the first has trailing zeros, so that n times it is exact.
_LN2_HIGH, _LN2_LOW = -0.6931471803691238, -1.9082149292705877e-10
_LN2_HIGH32, _LN2_LOW32 = _F(-0.693359375), _F(0.00021219444170128554)
_SMALLEST, _SMALLEST32 = -746.0, _F(-105.0)

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
_EXP32 = tuple(
    map(_F, (0.0013926213141530752, 0.008363203145563602, 0.041666556149721146,
             0.16666576266288757, 0.5))
)  # fmt: skip

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
_LOG32 = tuple(map(_F, (0.23331614471843498, 0.28550778633191964, 0.4000012221181065,
                        0.6666666655404201)))  # fmt: skip


if config.DISABLE_JIT:

    def multiply_add(a, b, c):
        """Return a * b + c."""
        return a * b + c

    def polynomial(x, coefficients):
        """Return the polynomial with these coefficients, highest power first."""
        value = coefficients[0]
        for coefficient in coefficients[1:]:
            value = value * x + coefficient
        return value

    def power_of_low_bits(t):
        """Return the float whose exponent field is the lowest bits of t, fraction zero."""
        if isinstance(t, np.float32):
            return (np.array(t).view(np.uint32) << np.uint32(23)).view(np.float32)[()]
        return (np.array(t).view(np.uint64) << np.uint64(52)).view(np.float64)[()]

else:

    @intrinsic
    def multiply_add(typingctx, a, b, c):
        """Return a * b + c, rounded once."""

        def codegen(context, builder, signature, arguments):
            return builder.fma(*arguments)

        return a(a, a, a), codegen

    @intrinsic
    def polynomial(typingctx, x, coefficients):
        """Return the polynomial with these coefficients, highest power first."""

        def codegen(context, builder, signature, arguments):
            x, coefficients = arguments
            value = builder.extract_value(coefficients, 0)
            for position in range(1, signature.args[1].count):
                value = builder.fma(value, x, builder.extract_value(coefficients, position))
            return value

        return x(x, coefficients), codegen

    @intrinsic
    def power_of_low_bits(typingctx, t):
        """Return the float whose exponent field is the lowest bits of t, fraction zero."""

        def codegen(context, builder, signature, arguments):
            width, fraction = (32, 23) if signature.args[0] == types.float32 else (64, 52)
            integer = ir.IntType(width)
            bits = builder.bitcast(arguments[0], integer)
            bits = builder.shl(bits, ir.Constant(integer, fraction))
            return builder.bitcast(bits, arguments[0].type)

        return t(t), codegen


def _exp_minus64(x, c):
    x = _SMALLEST if x < _SMALLEST else x
    t = multiply_add(x, _LOG2_E, _ROUND)
    n = t - _ROUND
    r = multiply_add(n, _LN2_LOW, multiply_add(n, _LN2_HIGH, x))
    power = power_of_low_bits(t)
    less = power - c * _RAISE
    return multiply_add(power, multiply_add(r * r, polynomial(r, _EXP), r), less) * _LOWER


def _exp_minus32(x, c):
    x = _SMALLEST32 if x < _SMALLEST32 else x
    t = multiply_add(x, _LOG2_E32, _ROUND32)
    n = t - _ROUND32
    r = multiply_add(n, _LN2_LOW32, multiply_add(n, _LN2_HIGH32, x))
    power = power_of_low_bits(t)
    less = power - c * _RAISE32
    return multiply_add(power, multiply_add(r * r, polynomial(r, _EXP32), r), less) * _LOWER32


def _log1p64(u):
    above = u > 0.4142135623730951
    f = multiply_add(0.5, u, -0.5) if above else u
    s = f / (2.0 + f)
    square = s * s
    log = multiply_add(s * square, polynomial(square, _LOG), s + s)
    return 0.6931471805599453 + log if above else log


def _log1p32(u):
    above = u > _F(0.41421357)
    f = multiply_add(_F(0.5), u, _F(-0.5)) if above else u
    s = f / (_F(2.0) + f)
    square = s * s
    log = multiply_add(s * square, polynomial(square, _LOG32), s + s)
    return _F(0.6931472) + log if above else log


def exp_minus(x, c):
    """Return exp(x) - c for x <= 0 and c 0 or 1, exact in relative terms."""
    return _exp_minus32(x, c) if isinstance(x, np.float32) else _exp_minus64(x, c)


def log1p_unit(u):
    """Return log(1 + u) for u in [0, 1]."""
    return _log1p32(u) if isinstance(u, np.float32) else _log1p64(u)


@overload(exp_minus, jit_options=FROM_JITTED_CODE)
def _compile_exp_minus(x, c):
    return _exp_minus32 if x == types.float32 else _exp_minus64


@overload(log1p_unit, jit_options=FROM_JITTED_CODE)
def _compile_log1p_unit(u):
    return _log1p32 if u == types.float32 else _log1p64
