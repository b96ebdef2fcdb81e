"""Inverted dropout (course topic B6): D = rand < keep_prob; A = A * D / keep_prob.

Arrays are (n, m), one example a column, float64 or float32 and C-contiguous. Raised are
TypeError for another type or layout, ValueError for shapes that differ and for a keep_prob
outside (0, 1]. Forms whose name ends in `_into` are unchecked.

Source: Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from
overfitting"; scaled at training time, as in the course, so that nothing is done at test time.
"""

import math

import numpy as np

from nnsim.kernels.checks import check_arrays, check_same_shape
from nnsim.kernels.codes import Stream
from nnsim.kernels.cpu.random import blocks_of
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes import lanes_in, load, store
from nnsim.kernels.lanes.integers import COUNT, WORDS, ones_below
from nnsim.kernels.loops import flat

_STREAM = int(Stream.DROPOUT)
_AT_ONCE = COUNT * WORDS


@body
def limit_of(keep_prob):
    """Return the number of 32-bit words that are kept: those below it."""
    # Compared as whole numbers, and keep_prob in float64, so that D is the same in float32.
    return np.uint64(math.ceil(keep_prob * 4294967296.0))


@body
def dropout_mask_into(keep_prob, seed, step, layer, D):
    """Fill D (n, m) with 1 where the entry's 32-bit word is below keep_prob 2^32, else 0."""
    limit, mask, end = limit_of(keep_prob), flat(D), D.size
    for at in range(0, end, _AT_ONCE):
        w0, w1, w2, w3 = blocks_of(seed, _STREAM, step, layer, at // WORDS)
        place = at
        for d in ones_below(mask, limit, w0, w1, w2, w3):
            store(mask, place, end, d)
            place += lanes_in(mask)


@body
def dropout_draw_into(G, keep_prob, seed, step, layer, D, A):
    """Draw D as `dropout_mask_into` and write A = G * D / keep_prob, in one pass; A may be G."""
    T, end = G.dtype.type, G.size
    limit, scale = limit_of(keep_prob), T(1.0 / T(keep_prob))
    g, mask, a = flat(G), flat(D), flat(A)
    for at in range(0, end, _AT_ONCE):
        w0, w1, w2, w3 = blocks_of(seed, _STREAM, step, layer, at // WORDS)
        place = at
        for d in ones_below(mask, limit, w0, w1, w2, w3):
            store(mask, place, end, d)
            store(a, place, end, load(g, place, end) * d * scale)
            place += lanes_in(mask)


@body
def dropout_apply_into(G, D, keep_prob, A):
    """Write A = G * D / keep_prob; A may be G."""
    scale, end = G.dtype.type(1.0 / keep_prob), G.size
    g, mask, a = flat(G), flat(D), flat(A)
    for at in range(0, end, lanes_in(g)):
        store(a, at, end, load(g, at, end) * load(mask, at, end) * scale)


@body
def dropout_forward_into(A, D, keep_prob):
    """Write A = A * D / keep_prob, in place."""
    dropout_apply_into(A, D, keep_prob, A)


@body
def dropout_backward_into(dA, D, keep_prob):
    """Write dA = dA * D / keep_prob, in place."""
    dropout_apply_into(dA, D, keep_prob, dA)


@kernel
def dropout_mask(keep_prob, seed, step, layer, D):
    """Fill D with 1 (kept, with probability keep_prob) and 0, and return it.

    D[i, j] depends on nothing but (seed, step, layer, i m + j) and keep_prob: any step's mask can
    be made again, and is the same in float64 and float32. keep_prob is taken in steps of 2^-32.
    """
    check_arrays("dropout_mask() -> D", 2, D)
    if not 0.0 < keep_prob <= 1.0:
        raise ValueError("dropout_mask: keep_prob must be above 0 and at most 1")
    dropout_mask_into(keep_prob, seed, step, layer, D)
    return D


@kernel
def dropout_forward(A, D, keep_prob):
    """Write A = A * D / keep_prob in place and return it; the expectation of A is kept."""
    check_arrays("dropout_forward(D) -> A", 2, D, A)
    check_same_shape("dropout_forward", "D", D, "A", A)
    if not 0.0 < keep_prob <= 1.0:
        raise ValueError("dropout_forward: keep_prob must be above 0 and at most 1")
    dropout_forward_into(A, D, keep_prob)
    return A


@kernel
def dropout_backward(dA, D, keep_prob):
    """Write dA = dA * D / keep_prob in place and return it, with the mask of the way forward."""
    check_arrays("dropout_backward(D) -> dA", 2, D, dA)
    check_same_shape("dropout_backward", "D", D, "dA", dA)
    if not 0.0 < keep_prob <= 1.0:
        raise ValueError("dropout_backward: keep_prob must be above 0 and at most 1")
    dropout_backward_into(dA, D, keep_prob)
    return dA
