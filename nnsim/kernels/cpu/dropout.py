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
from nnsim.kernels.cpu.random import U1, U2, U3, U4, block_of, lone_block_of
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.loops import flat

_STREAM = int(Stream.DROPOUT)


@body
def dropout_mask_into(keep_prob, seed, step, layer, D):
    """Fill D (n, m) with 1 where the entry's 32-bit word is below keep_prob 2^32, else 0."""
    T = D.dtype.type
    kept, dropped = T(1.0), T(0.0)
    mask = flat(D)
    # Compared as whole numbers, and keep_prob in float64, so that D is the same in float32.
    limit = np.uint64(math.ceil(keep_prob * 4294967296.0))
    size = np.uint64(D.size)
    whole = size // U4
    for block in range(whole):
        w0, w1, w2, w3 = block_of(seed, _STREAM, step, layer, block)
        at = block * U4
        mask[at] = kept if w0 < limit else dropped
        mask[at + U1] = kept if w1 < limit else dropped
        mask[at + U2] = kept if w2 < limit else dropped
        mask[at + U3] = kept if w3 < limit else dropped
    rest = lone_block_of(seed, _STREAM, step, layer, whole)
    for k in range(size - whole * U4):
        mask[whole * U4 + k] = kept if rest[k] < limit else dropped


@body
def dropout_forward_into(A, D, keep_prob):
    """Write A = A * D / keep_prob, in place."""
    scale = A.dtype.type(1.0 / keep_prob)
    a, d = flat(A), flat(D)
    for k in range(A.size):
        a[k] = a[k] * d[k] * scale


@body
def dropout_backward_into(dA, D, keep_prob):
    """Write dA = dA * D / keep_prob, in place."""
    dropout_forward_into(dA, D, keep_prob)


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
