"""Lengths of vectors and of their pieces, compiled (course topic B13)."""

import math

import numpy as np

from nnsim.kernels.jit import body, kernel


@body
def sum_of_squares(vectors, which, shrink, kinks, smooth, start, stop):
    """Return the sum of (shrink v_i)^2 over start <= i < stop; with `smooth` where kinks is 0."""
    total = 0.0
    for i in range(start, stop):
        if not smooth or kinks[i] == 0:
            total += (shrink * vectors[which, i]) ** 2
    return total


@kernel
def lengths_into(gradient, approximation, resolution, kinks, smooth, edges, lengths):
    """Write ||d||, ||d_approx||, ||d_approx - d||, the length of the round-off, and the ratio.

    lengths is (pieces + 1, 5): a row for the whole, and one for each edges[k] <= i < edges[k + 1].
    With `smooth` only entries count whose `kinks` is 0. Squares may overflow, as in a run that
    diverges; NaN where there is one.
    """
    vectors = np.empty((4, gradient.size))
    for i in range(gradient.size):
        vectors[0, i] = gradient[i]
        vectors[1, i] = approximation[i]
        vectors[2, i] = approximation[i] - gradient[i]
        vectors[3, i] = resolution[i]
    pieces = edges.size - 1
    for row in range(pieces + 1):
        start, stop = edges[max(0, row - 1)], edges[row if row else pieces]
        for which in range(4):
            shrink = 1.0
            for _ in range(2):
                total = sum_of_squares(vectors, which, shrink, kinks, smooth, start, stop)
                lengths[row, which] = math.sqrt(total) / shrink
                if total != np.inf:
                    break
                # By a power of two: what loses digits is far too small to count.
                shrink = 2.0**-600
        d, d_approx, explained = lengths[row, 0], lengths[row, 1], lengths[row, 3]
        # Not the larger of the two: a gradient that is not a number is not "no longer than".
        resolved = not (d <= explained and d_approx <= explained)
        # Infinity over infinity is NaN, which is wrong, and so is 0 over 0.
        lengths[row, 4] = lengths[row, 2] / (d + d_approx) if resolved else 0.0
