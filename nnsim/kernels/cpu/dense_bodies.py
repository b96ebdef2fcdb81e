"""Loops of the dense layer, unchecked: what the compiled program calls (course topics A5, A7).

Small products are made in registers (`products`), large ones by BLAS; the limits were measured.
"""

import numpy as np

from nnsim.kernels.cpu.products import (
    product_into,
    product_of_rows_into,
    row_sums_into,
    transpose_into,
)
from nnsim.kernels.jit import body
from nnsim.kernels.lanes import filled, lanes_in, load, spread, store, sum_of_lanes

MOST_WEIGHTS = 256 * 256
"""Entries of W up to which products in registers keep up with BLAS: W fits into the L2 cache."""
FEW_WEIGHTS, FEW_EXAMPLES, MANY_EXAMPLES = 512, 8, 1024
"""With fewer examples than fill a register, or with so many that rows of A lie pages apart, BLAS is
quicker from so many weights on; and it always is for sums over so many examples."""


@body
def in_registers(weights, m):
    """Tell whether products with W of so many entries and m examples are made in registers.

    There a unit's row of Z is the same to the bit whatever other units there are.
    """
    fit = weights <= MOST_WEIGHTS and FEW_EXAMPLES <= m <= MANY_EXAMPLES
    return fit or weights <= FEW_WEIGHTS


@body
def worth_turning(W):
    """Tell whether dW is made from A_prev^T: where its rows are long, and many."""
    return W.shape[0] >= 8 and W.shape[1] >= 16


@body
def gradient_in_registers(dW, m):
    """Tell whether dW is made in registers."""
    return in_registers(dW.size, m) and (m < MANY_EXAMPLES or worth_turning(dW))


@body
def weighted_sums_into(W, A_prev, b, biased, Z):
    """Write Z = W A_prev + b, without b where not biased, in registers."""
    product_into(W, W.shape[1], 1, W.shape[1], b, biased, A_prev, Z)


@body
def weight_sums_into(dZ, A_prev, turned, dW):
    """Write m dW = dZ A_prev^T in registers; `turned` (m, n_prev) is scratch paper."""
    if worth_turning(dW):
        transpose_into(A_prev, turned)
        product_into(dZ, dZ.shape[1], 1, dZ.shape[1], dZ, False, turned, dW)
    else:
        product_of_rows_into(dZ, A_prev, dW)


@body
def dense_input_gradient_into(W, dZ, dA_prev):
    """Write dA_prev = W^T dZ in registers."""
    product_into(W, 1, W.shape[1], W.shape[0], dZ, False, dZ, dA_prev)


@body
def add_bias_into(b, Z):
    """Write Z += b, one number a row."""
    n, m = Z.shape
    for i in range(n):
        bias = spread(b, i)
        for at in range(i * m, i * m + m, lanes_in(Z)):
            store(Z, at, i * m + m, load(Z, at, i * m + m) + bias)


@body
def divide_by_examples(dW, m):
    """Write dW /= m and return the sum of all dW, which is finite only if each is."""
    share, end, total = dW.dtype.type(1) / dW.dtype.type(m), dW.size, filled(dW, 0.0)
    for at in range(0, end, lanes_in(dW)):
        entries = share * load(dW, at, end)
        store(dW, at, end, entries)
        total = total + entries
    return sum_of_lanes(total)


@body
def bias_gradient_into(dZ, db):
    """Write db = sum(dZ, axis=1) / m."""
    row_sums_into(dZ, dZ.dtype.type(1) / dZ.dtype.type(dZ.shape[1]), db)


@body
def weighted_sums_of_any_size_into(W, A_prev, b, Z):
    """Write Z = W A_prev + b."""
    if in_registers(W.size, Z.shape[1]):
        weighted_sums_into(W, A_prev, b, True, Z)
    else:
        np.dot(W, A_prev, Z)
        add_bias_into(b, Z)


@body
def gradients_of_any_size_into(dZ, A_prev, W, dW, db, dA_prev):
    """Write dW = dZ A_prev^T / m, db = sum(dZ, axis=1) / m and dA_prev = W^T dZ."""
    m = dZ.shape[1]
    if gradient_in_registers(dW, m):
        weight_sums_into(dZ, A_prev, np.empty((m, A_prev.shape[0]), W.dtype), dW)
    else:
        np.dot(dZ, A_prev.T, dW)
    divide_by_examples(dW, m)
    bias_gradient_into(dZ, db)
    if in_registers(W.size, m):
        dense_input_gradient_into(W, dZ, dA_prev)
    else:
        np.dot(W.T, dZ, dA_prev)
