"""Numbers as the formula panel writes them: three significant digits, nothing superfluous."""

from __future__ import annotations

import math

SMALLEST, LARGEST = 1e-3, 1e4
"""Outside of these a number is written with a power of ten."""

SETTING_DIGITS = 6


def number(value: float, digits: int = 3) -> str:
    """Return a number in `digits` significant digits: 0.00412, 12.3, 1234, 2e-7, nan.

    Trailing zeros are left out. Whole digits before the point are never rounded away, so that
    1234 stays 1234.
    """
    value = float(value)
    if not math.isfinite(value):
        return str(value)
    rounded = float(f"{value:.{digits - 1}e}")
    if rounded == 0:
        return "0"
    if SMALLEST <= abs(rounded) < LARGEST:
        decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
        return _without_zeros(f"{value:.{decimals}f}")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{_without_zeros(mantissa)}e{int(exponent)}"


def setting(value: float) -> str:
    """Return a number that somebody chose (beta2, epsilon, keep_prob), in six digits."""
    return number(value, SETTING_DIGITS)


def size(value: float) -> str:
    """Return a number without its sign, for sums that write the sign between their terms."""
    return number(abs(float(value)))


def minus(value: float, first: float | None = None) -> str:
    """Return `first - value` with the signs run together: 0.5 - 0.1, and 0.5 + 0.1 for -0.1."""
    lead = "" if first is None else f"{number(first)} "
    return f"{lead}{'+' if negative(value) else '-'} {size(value)}"


def plus(value: float) -> str:
    """Return ' + 0.1', or ' - 0.1' for -0.1."""
    return f" {'-' if negative(value) else '+'} {size(value)}"


def negative(value: float) -> bool:
    """Tell whether a number is written with a minus sign; neither 0 nor NaN is."""
    return bool(value < 0)


def digits_apart(first: float, second: float, most: int = 17) -> int:
    """Return the digits that it takes to see two numbers differ: 3 at least, `most` at most."""
    for digits in range(3, most):
        if number(first, digits) != number(second, digits):
            return digits
    return most


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
