"""The dense layer, checked, for Python and for jitted code (course topics A5, A7).

Arrays are (rows, columns) with one example a column, float64 or float32, one type throughout, and
C-contiguous. Outputs may be given and are then written in place; an output must not be the memory
of an input. Raised are TypeError for another type or layout, ShapeError (a ValueError) for shapes
that do not belong together, ValueError for an output that is an input.
"""

import numpy as np

from nnsim.kernels.checks import ShapeError, check_arrays, output_like
from nnsim.kernels.cpu.dense_bodies import (
    gradients_of_any_size_into,
    weighted_sums_of_any_size_into,
)
from nnsim.kernels.jit import kernel
from nnsim.kernels.loops import same_buffer


@kernel
def dense_forward(W, A_prev, b, Z=None):
    """Return Z = W A_prev + b.

    Parameters
    ----------
    W : array (n, n_prev)
    A_prev : array (n_prev, m)
    b : array (n, 1)
    Z : array (n, m), optional

    Notes
    -----
    Course topic A5.
    """
    check_arrays("dense_forward(W, A_prev, b) -> Z", 2, W, A_prev, b, Z)
    if W.shape[1] != A_prev.shape[0]:
        raise ShapeError("dense_forward: W has", W.shape, "but A_prev has", A_prev.shape)
    if W.shape[1] == 0:
        raise ShapeError("dense_forward: W has", W.shape, "but needs at least one column")
    if b.shape[0] != W.shape[0] or b.shape[1] != 1:
        raise ShapeError("dense_forward: b has", b.shape, "but W has", W.shape)
    if Z is None:
        result = np.empty((W.shape[0], A_prev.shape[1]), W.dtype)
    else:
        if Z.shape[0] != W.shape[0] or Z.shape[1] != A_prev.shape[1]:
            raise ShapeError(
                "dense_forward: Z has", Z.shape, "but W has", W.shape, "and A_prev", A_prev.shape
            )
        if same_buffer(Z, A_prev) or same_buffer(Z, W) or same_buffer(Z, b):
            raise ValueError("dense_forward: Z is an input's own memory; pass another array")
        result = Z
    weighted_sums_of_any_size_into(W, A_prev, b, result)
    return result


@kernel
def dense_backward(dZ, A_prev, W, dW=None, db=None, dA_prev=None):
    """Return dW = dZ A_prev^T / m, db = sum(dZ, axis=1) / m and dA_prev = W^T dZ.

    Parameters
    ----------
    dZ : array (n, m)
        Undivided, as dZ[L] = A[L] - Y is: 1/m comes in here.
    A_prev : array (n_prev, m)
    W : array (n, n_prev)
    dW, db, dA_prev : arrays (n, n_prev), (n, 1), (n_prev, m), optional

    Notes
    -----
    Course topic A7.
    """
    check_arrays(
        "dense_backward(dZ, A_prev, W) -> dW, db, dA_prev", 2, dZ, A_prev, W, dW, db, dA_prev
    )
    if dZ.shape[0] != W.shape[0]:
        raise ShapeError("dense_backward: dZ has", dZ.shape, "but W has", W.shape)
    if A_prev.shape[0] != W.shape[1]:
        raise ShapeError("dense_backward: A_prev has", A_prev.shape, "but W has", W.shape)
    if dZ.shape[1] != A_prev.shape[1]:
        raise ShapeError("dense_backward: dZ has", dZ.shape, "but A_prev has", A_prev.shape)
    if dZ.size == 0 or A_prev.size == 0:
        raise ShapeError("dense_backward: dZ has", dZ.shape, "but needs at least one example")
    if db is None:
        bias_gradient = np.empty((W.shape[0], 1), W.dtype)
    else:
        if db.shape[0] != W.shape[0] or db.shape[1] != 1:
            raise ShapeError("dense_backward: db has", db.shape, "but W has", W.shape)
        if same_buffer(db, dZ) or same_buffer(db, A_prev) or same_buffer(db, W):
            raise ValueError("dense_backward: db is an input's own memory; pass another array")
        bias_gradient = db
    weight_gradient = output_like("dense_backward", "dW", dW, "W", W)
    input_gradient = output_like("dense_backward", "dA_prev", dA_prev, "A_prev", A_prev)
    if same_buffer(weight_gradient, dZ) or same_buffer(weight_gradient, A_prev):
        raise ValueError("dense_backward: dW is an input's own memory; pass another array")
    if same_buffer(input_gradient, dZ) or same_buffer(input_gradient, W):
        raise ValueError("dense_backward: dA_prev is an input's own memory; pass another array")
    gradients_of_any_size_into(dZ, A_prev, W, weight_gradient, bias_gradient, input_gradient)
    return weight_gradient, bias_gradient, input_gradient
