"""Products of matrices that are too large for registers, by BLAS (topics A5, A7).

Stages of their own: networks whose weights all fit into the cache need not wait for them.
"""

import numpy as np

from nnsim.kernels.cpu.dense_bodies import FEW_WEIGHTS, MANY_EXAMPLES, add_bias_into
from nnsim.kernels.jit import stage
from nnsim.kernels.view import view

MULTIPLY_FORWARD, MULTIPLY_BACKWARD = 23, 24
"""Their numbers among the stages."""


def may_need_blas(weights: int, examples: int) -> bool:
    """Tell whether a layer with so many weights may be multiplied by BLAS, last batch included."""
    return weights > FEW_WEIGHTS or examples >= MANY_EXAMPLES


@stage
def multiply_forward(layers, number, theta, work, m):
    """Write Z = W A_prev + b."""
    row = layers[number]
    n = row.units
    W, Z = view(theta, row.W, n, row.inputs), view(work, row.Z, n, m)
    np.dot(W, view(work, layers[number - 1].A, row.inputs, m), Z)
    if row.bias:
        add_bias_into(view(theta, row.b, n, 1), Z)


@stage
def multiply_backward(layers, number, theta, grad, work, m, weights):
    """Write m dW = dZ A_prev^T if `weights`, else dA_prev = W^T dZ."""
    row, before = layers[number], layers[number - 1]
    n = row.units
    dZ = view(work, row.dZ, n, m)
    if weights:
        A_prev = view(work, before.A, row.inputs, m)
        np.dot(dZ, A_prev.T, view(grad, row.W, n, row.inputs))
    else:
        W = view(theta, row.W, n, row.inputs)
        np.dot(W.T, dZ, view(work, before.dA, row.inputs, m))
