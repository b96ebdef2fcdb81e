"""Loops of the dense layer, unchecked: what the compiled program calls (course topics A5, A7)."""

import numpy as np

from nnsim.kernels.cpu.sums import sum_of
from nnsim.kernels.jit import body

BLAS_FROM = 6
"""Inner size from which BLAS (about 0.2 us a call) beats the loops below."""


@body
def multiply_into(A, B, C):
    """Write C = A B for a short inner size: rows of B are added up two at a time."""
    # C[i, :] = sum over k of A[i, k] B[k, :]
    inner, m = B.shape
    for i in range(A.shape[0]):
        if inner % 2:
            first = A[i, 0]
            for j in range(m):
                C[i, j] = first * B[0, j]
        else:
            first, second = A[i, 0], A[i, 1]
            for j in range(m):
                C[i, j] = first * B[0, j] + second * B[1, j]
        for k in range(2 - inner % 2, inner, 2):
            first, second = A[i, k], A[i, k + 1]
            for j in range(m):
                C[i, j] += first * B[k, j] + second * B[k + 1, j]


@body
def weighted_sums_into(W, A_prev, Z):
    """Write Z = W A_prev, unchecked."""
    if W.shape[1] < BLAS_FROM:
        multiply_into(W, A_prev, Z)
    else:
        np.dot(W, A_prev, Z)


@body
def add_bias_into(b, Z):
    """Write Z += b, one number a row, unchecked."""
    for i in range(Z.shape[0]):
        bias = b[i, 0]
        for j in range(Z.shape[1]):
            Z[i, j] += bias


@body
def weight_gradient_into(dZ, A_prev, dW):
    """Write dW = dZ A_prev^T / m, unchecked."""
    share = dZ.dtype.type(1) / dZ.dtype.type(dZ.shape[1])
    np.dot(dZ, A_prev.T, dW)
    for i in range(dW.shape[0]):
        for k in range(dW.shape[1]):
            dW[i, k] *= share


@body
def bias_gradient_into(dZ, db):
    """Write db = sum(dZ, axis=1) / m, unchecked."""
    m = dZ.shape[1]
    share = dZ.dtype.type(1) / dZ.dtype.type(m)
    for i in range(db.shape[0]):
        db[i, 0] = sum_of(dZ, i * m, m) * share


@body
def dense_input_gradient_into(W, dZ, dA_prev):
    """Write dA_prev = W^T dZ, unchecked."""
    if W.shape[0] < BLAS_FROM:
        multiply_into(W.T, dZ, dA_prev)
    else:
        np.dot(W.T, dZ, dA_prev)
