"""Penalties on weights: L2 (Frobenius, weight decay) and L1 (course topic B4).

Each penalty is added to the cost and its gradient to dW; b is never penalised. The
names ending in ``_into`` are the unchecked loops that the compiled program calls.
"""

import numpy as np

from nnsim.kernels.checks import ShapeError, check_arrays
from nnsim.kernels.cpu.sums import squares_of
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes import filled, lanes_in, load, magnitude, store, sum_of_lanes, where
from nnsim.kernels.loops import flat


@kernel
def l2_penalty(W: np.ndarray, lambd: float, m: int) -> float:
    """Return lambd / (2 m) * sum W^2, one layer's share of the cost.

    Parameters
    ----------
    W : array (n, n_prev), float64 or float32
    lambd : float
        Strength of the penalty.
    m : int
        Number of examples.

    Returns
    -------
    float of W's type

    Raises
    ------
    TypeError
        If W is no two-dimensional C-contiguous array of a float type.

    Notes
    -----
    Course topic B4.
    """
    check_arrays("l2_penalty(W)", 2, W)
    T = W.dtype.type
    return T(lambd) / T(2 * m) * squares_of(W, 0, W.size, T(0.0))


@kernel
def l1_penalty(W: np.ndarray, lambd: float, m: int, halved: bool) -> float:
    """Return lambd / m * sum |W|, or lambd / (2 m) * sum |W| where halved.

    Parameters
    ----------
    W : array (n, n_prev), float64 or float32
    lambd : float
        Strength of the penalty.
    m : int
        Number of examples.
    halved : bool
        One of the course's notes divides by 2 m, the other by m: this says which.

    Returns
    -------
    float of W's type

    Raises
    ------
    TypeError
        If W is no two-dimensional C-contiguous array of a float type.

    Notes
    -----
    Course topic B4.
    """
    check_arrays("l1_penalty(W)", 2, W)
    T = W.dtype.type
    w, end = flat(W), W.size
    total = filled(w, 0.0)
    for at in range(0, end, lanes_in(w)):
        total += magnitude(load(w, at, end))
    return T(lambd) / T(2 * m if halved else m) * sum_of_lanes(total)


@body
def l2_gradient_into(W, lambd, m, dW):
    """Add lambd / m * W to dW; unchecked form of `l2_gradient`."""
    T = W.dtype.type
    factor = T(lambd) / T(m)
    w, d, end = flat(W), flat(dW), W.size
    for at in range(0, end, lanes_in(w)):
        store(d, at, end, load(d, at, end) + factor * load(w, at, end))


@body
def l1_gradient_into(W, lambd, m, halved, dW):
    """Add lambd / m * sign(W) to dW; unchecked form of `l1_gradient`."""
    T = W.dtype.type
    factor = T(lambd) / T(2 * m if halved else m)
    w, d, end = flat(W), flat(dW), W.size
    for at in range(0, end, lanes_in(w)):
        weight = load(w, at, end)
        # At 0 both comparisons are false and 0 is added; NaN adds NaN.
        slope = where(weight > 0.0, factor, where(weight < 0.0, -factor, weight))
        store(d, at, end, load(d, at, end) + slope)


@kernel
def l2_gradient(W: np.ndarray, lambd: float, m: int, dW: np.ndarray) -> np.ndarray:
    """Add lambd / m * W, the gradient of `l2_penalty`, to dW and return dW.

    Parameters
    ----------
    W : array (n, n_prev), float64 or float32
    lambd : float
        Strength of the penalty.
    m : int
        Number of examples.
    dW : array (n, n_prev)
        Gradient of the data loss; changed in place.

    Raises
    ------
    TypeError
        If an array is not two-dimensional, C-contiguous and of W's float type.
    ValueError
        If W and dW differ in shape.

    Notes
    -----
    Course topic B4. With gradient descent this is weight decay:
    W = (1 - alpha lambd / m) W - alpha dW.
    """
    check_arrays("l2_gradient(W) -> dW", 2, W, dW)
    if W.shape != dW.shape:
        raise ShapeError("l2_gradient: dW has", dW.shape, "but W has", W.shape)
    l2_gradient_into(W, lambd, m, dW)
    return dW


@kernel
def l1_gradient(W: np.ndarray, lambd: float, m: int, halved: bool, dW: np.ndarray) -> np.ndarray:
    """Add lambd / m * sign(W), the gradient of `l1_penalty`, to dW and return dW.

    Parameters
    ----------
    W : array (n, n_prev), float64 or float32
    lambd : float
        Strength of the penalty.
    m : int
        Number of examples.
    halved : bool
        Divide by 2 m instead of m.
    dW : array (n, n_prev)
        Gradient of the data loss; changed in place.

    Raises
    ------
    TypeError
        If an array is not two-dimensional, C-contiguous and of W's float type.
    ValueError
        If W and dW differ in shape.

    Notes
    -----
    Course topic B4. |w| has no derivative at 0; 0 is taken there, so that a weight that
    is exactly 0 is left alone.
    """
    check_arrays("l1_gradient(W) -> dW", 2, W, dW)
    if W.shape != dW.shape:
        raise ShapeError("l1_gradient: dW has", dW.shape, "but W has", W.shape)
    l1_gradient_into(W, lambd, m, halved, dW)
    return dW
