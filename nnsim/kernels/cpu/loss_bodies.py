"""Loops of the losses, unchecked: what the compiled program calls (course topics A2, D11).

Z is the last layer's linear part (n_y, m), A its activation, Y the labels. Losses are
written one by one into an array L and then added up: a sum inside the loop would keep
it from becoming vector code.
"""

import numpy as np

from nnsim.kernels.codes import Loss, Task
from nnsim.kernels.cpu.sums import sum_of
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.loops import flat
from nnsim.kernels.scalar import exp_minus, log1p_unit

BINARY_CROSS_ENTROPY = int(Loss.BINARY_CROSS_ENTROPY)
SOFTMAX_CROSS_ENTROPY = int(Loss.SOFTMAX_CROSS_ENTROPY)
MEAN_SQUARED_ERROR = int(Loss.MEAN_SQUARED_ERROR)
HINGE = int(Loss.HINGE)
HUBER = int(Loss.HUBER)
REGRESSION = int(Task.REGRESSION)
BINARY = int(Task.BINARY)

LOGIT_LOSSES = (Loss.BINARY_CROSS_ENTROPY, Loss.SOFTMAX_CROSS_ENTROPY)
"""Losses joined with their activation: their gradient is dZ = A - Y, not dA."""


@body
def binary_cross_entropy_into(Z, Y, L):
    """Write L = max(z, 0) - z y + log(1 + exp(-|z|)), which is the loss without overflow."""
    zero = Z.dtype.type(0.0)
    for k in range(Z.size):
        z = Z[k]
        above = zero if z < zero else z
        L[k] = above + log1p_unit(exp_minus(-abs(z), zero)) - z * Y[k]


@body
def mean_squared_error_into(A, Y, L):
    """Write L = (a - y)^2."""
    for k in range(A.size):
        L[k] = (A[k] - Y[k]) ** 2


@body
def hinge_into(Z, Y, L):
    """Write L = max(0, 1 - (2 y - 1) z)."""
    T = Z.dtype.type
    for k in range(Z.size):
        shortfall = T(1.0) - (T(2.0) * Y[k] - T(1.0)) * Z[k]
        L[k] = T(0.0) if shortfall <= T(0.0) else shortfall


@body
def huber_into(delta, A, Y, L):
    """Write L = d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2), d = a - y."""
    half = A.dtype.type(0.5)
    for k in range(A.size):
        size = abs(A[k] - Y[k])
        capped = delta if size > delta else size
        L[k] = capped * (size - half * capped)


@body
def softmax_cross_entropy_sum(Z, A, Y):
    """Return the sum of y_i (log sum_k exp(z_k) - z_i) over classes and examples.

    log sum_k exp(z_k) = z_k - log a_k for every k; the most likely class gives it best.
    """
    total = Z.dtype.type(0.0)
    for j in range(Z.shape[1]):
        best = 0
        for i in range(Z.shape[0]):
            if Z[i, j] > Z[best, j]:
                best = i
        log_sum = Z[best, j] - np.log(A[best, j])
        for i in range(Z.shape[0]):
            # A class that is impossible (z = -inf) and absent (y = 0) costs nothing.
            if Y[i, j] != 0:
                total += Y[i, j] * (log_sum - Z[i, j])
    return total


@kernel
def loss_cost(code, delta, Z, A, Y):
    """Return J, the mean over the m examples of the loss of that number."""
    T = Z.dtype.type
    if code == SOFTMAX_CROSS_ENTROPY:
        total = softmax_cross_entropy_sum(Z, A, Y)
    else:
        z, a, y = flat(Z), flat(A), flat(Y)
        L = np.empty(Z.size, Z.dtype)
        if code == BINARY_CROSS_ENTROPY:
            binary_cross_entropy_into(z, y, L)
        elif code == MEAN_SQUARED_ERROR:
            mean_squared_error_into(a, y, L)
        elif code == HINGE:
            hinge_into(a, y, L)
        else:
            huber_into(delta, a, y, L)
        total = sum_of(L, 0, L.size)
    return total / T(Z.shape[1])


@body
def residual_into(factor, A, Y, D):
    """Write D = factor * (A - Y)."""
    for k in range(A.size):
        D[k] = factor * (A[k] - Y[k])


@body
def clip_into(delta, D):
    """Cut D off at -delta and delta; NaN stays NaN."""
    for k in range(D.size):
        below = -delta if D[k] < -delta else D[k]
        D[k] = delta if D[k] > delta else below


@body
def hinge_gradient_into(Z, Y, D):
    """Write D = -(2 y - 1) where (2 y - 1) z < 1, else 0; NaN stays NaN."""
    T = Z.dtype.type
    for k in range(Z.size):
        sign = T(2.0) * Y[k] - T(1.0)
        shortfall = T(1.0) - sign * Z[k]
        inside = -sign if shortfall > T(0.0) else shortfall
        D[k] = T(0.0) if shortfall <= T(0.0) else inside


@kernel
def loss_gradient_into(code, delta, Z, A, Y, dOut):
    """Write m dJ/dZ (cross-entropies: A - Y) or m dJ/dA (the others); 1/m is dense_backward's."""
    T = Z.dtype.type
    a, y, d = flat(A), flat(Y), flat(dOut)
    if code == HINGE:
        hinge_gradient_into(a, y, d)
    else:
        residual_into(T(2.0) if code == MEAN_SQUARED_ERROR else T(1.0), a, y, d)
        if code == HUBER:
            clip_into(delta, d)


@kernel
def accuracy_count(task, code, Z, A, Y):
    """Return how many of the m examples are predicted rightly; 0 for regression.

    Binary: the output counts as 1 where Z > 0 (cross-entropy, hinge) or A > 0.5 (the
    other losses), and an example is right if every output of it is. Multiclass: the
    largest A stands where the largest Y stands. NaN is never right.
    """
    T = A.dtype.type
    logits = code == BINARY_CROSS_ENTROPY or code == HINGE
    right = 0
    if task == REGRESSION:
        return right
    for j in range(A.shape[1]):
        guess, truth, misses = 0, 0, 0
        for i in range(A.shape[0]):
            z, y = A[i, j], Y[i, j]
            if z > A[guess, j]:
                guess = i
            if y > Y[truth, j]:
                truth = i
            z = Z[i, j] if logits else z - T(0.5)
            misses += z != z or (task == BINARY and (z > T(0.0)) != (y > T(0.5)))
        right += misses == 0 and (task == BINARY or guess == truth)
    return right
