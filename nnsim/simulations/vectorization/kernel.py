"""The gradient of logistic regression from the kernels that training uses, as one compiled call."""

import numpy as np

from nnsim.kernels.cpu import activation_bodies, loss_bodies
from nnsim.kernels.cpu.dense_bodies import (
    add_bias_into,
    bias_gradient_into,
    weight_gradient_into,
    weighted_sums_into,
)
from nnsim.kernels.cpu.sums import sum_of
from nnsim.kernels.jit import kernel
from nnsim.kernels.loops import flat


@kernel
def logistic_gradient(W, X, Y, b):
    """Return J, dW (1, n_x), db (1, 1) from W (1, n_x), X (n_x, m), Y (1, m), b (1, 1).

    Unchecked. Course topic A4.
    """
    m = X.shape[1]
    Z, dZ, L = np.empty((1, m)), np.empty((1, m)), np.empty(m)
    dW, db = np.empty(W.shape), np.empty((1, 1))
    weighted_sums_into(W, X, Z)
    add_bias_into(b, Z)
    loss_bodies.binary_cross_entropy_into(flat(Z), flat(Y), L)
    activation_bodies.exp_of_size_into(1.0, flat(Z), 0.0, flat(dZ))
    activation_bodies.sigmoid_from_exp(flat(Z), flat(dZ))
    loss_bodies.residual_into(1.0, flat(dZ), flat(Y), flat(dZ))
    weight_gradient_into(dZ, X, dW)
    bias_gradient_into(dZ, db)
    return sum_of(L, 0, m) / m, dW, db
