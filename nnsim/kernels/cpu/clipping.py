"""Gradient clipping by value and by global norm, in place.

grad is one flat vector of all gradients, float64 or float32. Raised are TypeError for another
type or layout and ValueError for a limit that is not above 0. Forms whose name ends in `_into`
are unchecked.

Source: Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural
networks".
"""

import math

from nnsim.kernels.checks import check_arrays
from nnsim.kernels.cpu.sums import squares_of
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes import lanes_in, load, store, where


@body
def norm_of(grad):
    """Unchecked form of `global_norm`."""
    T = grad.dtype.type
    total = squares_of(grad, 0, grad.size, T(0.0))
    if total > T(1e-30) and total < T(1e30):
        return T(math.sqrt(total))
    largest = T(0.0)
    for i in range(grad.size):
        size = abs(grad[i])
        # Written so that a NaN stays.
        largest = largest if largest >= size else size
    if largest == T(0.0) or not math.isfinite(largest):
        return largest
    total = T(0.0)
    for i in range(grad.size):
        share = grad[i] / largest
        total += share * share
    return largest * T(math.sqrt(total))


@body
def clip_by_value_into(grad, limit):
    """Unchecked form of `clip_by_value`."""
    high = grad.dtype.type(limit)
    low = -high
    end = grad.size
    for at in range(0, end, lanes_in(grad)):
        g = load(grad, at, end)
        g = where(g > high, high, g)
        store(grad, at, end, where(g < low, low, g))


@body
def clip_by_global_norm_into(grad, limit):
    """Unchecked form of `clip_by_global_norm`."""
    T = grad.dtype.type
    norm, end = norm_of(grad), grad.size
    if norm > T(limit):
        scale = T(limit) / norm
        for at in range(0, end, lanes_in(grad)):
            store(grad, at, end, load(grad, at, end) * scale)
    return norm


@kernel
def global_norm(grad):
    """Return ||grad||_2; numbers whose squares overflow or underflow are scaled first."""
    check_arrays("global_norm(grad)", 1, grad)
    return norm_of(grad)


@kernel
def clip_by_value(grad, limit):
    """Clip each entry of grad to [-limit, limit] in place and return grad; NaN stays."""
    check_arrays("clip_by_value() -> grad", 1, grad)
    if not limit > 0.0:
        raise ValueError("clip_by_value: limit must be above 0")
    clip_by_value_into(grad, limit)
    return grad


@kernel
def clip_by_global_norm(grad, limit):
    """Scale grad in place so that ||grad||_2 is at most limit; return the norm before.

    A shorter grad is left as it is, to the bit; PyTorch divides by norm + 1e-6 instead. A norm
    that is not finite leaves NaN behind.
    """
    check_arrays("clip_by_global_norm() -> grad", 1, grad)
    if not limit > 0.0:
        raise ValueError("clip_by_global_norm: limit must be above 0")
    return clip_by_global_norm_into(grad, limit)
