"""The gradient of logistic regression from the kernels that training uses, as one compiled call."""

import numpy as np

from nnsim.kernels.cpu.activation_bodies import sigmoid_into
from nnsim.kernels.cpu.dense_bodies import (
    gradients_of_any_size_into,
    weighted_sums_of_any_size_into,
)
from nnsim.kernels.cpu.loss_bodies import (
    binary_cross_entropy_of,
    residual_into,
    sum_of_losses,
)
from nnsim.kernels.jit import kernel
from nnsim.kernels.loops import flat


@kernel
def logistic_gradient(W, X, Y, b):
    """Return J, dW (1, n_x), db (1, 1) from W (1, n_x), X (n_x, m), Y (1, m), b (1, 1).

    Unchecked. Course topic A4.
    """
    m = X.shape[1]
    Z, dZ, dX = np.empty((1, m)), np.empty((1, m)), np.empty(X.shape)
    dW, db = np.empty(W.shape), np.empty((1, 1))
    weighted_sums_of_any_size_into(W, X, b, Z)
    total = sum_of_losses(binary_cross_entropy_of, 0.0, Z, Y)
    sigmoid_into(0.0, flat(Z), flat(dZ))
    residual_into(1.0, dZ, Y, dZ)
    gradients_of_any_size_into(dZ, X, W, dW, db, dX)
    return total / m, dW, db
