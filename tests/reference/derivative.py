"""Differences of polynomials by Taylor's formula: nothing is subtracted, so nothing is lost."""

import math


def taylor(coefficients, at, j):
    """Return f^(j)(at) / j! of f = c_0 + c_1 theta + c_2 theta^2 + ..."""
    return sum(c * math.comb(k, j) * at ** (k - j) for k, c in enumerate(coefficients) if k >= j)


def one_sided(coefficients, at, epsilon):
    """Return (f(at + epsilon) - f(at)) / epsilon = f' + f''/2 epsilon + f'''/6 epsilon^2 ..."""
    orders = range(1, len(coefficients))
    return sum(taylor(coefficients, at, j) * epsilon ** (j - 1) for j in orders)


def two_sided(coefficients, at, epsilon):
    """Return (f(at + epsilon) - f(at - epsilon)) / (2 epsilon): the odd orders alone."""
    orders = range(1, len(coefficients), 2)
    return sum(taylor(coefficients, at, j) * epsilon ** (j - 1) for j in orders)
