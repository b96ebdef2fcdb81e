"""Loops of the losses, unchecked: what the compiled program calls (course topics A2, D11).

Z is the last layer's linear part (n_y, m), A its activation, Y the labels. The loss of one number
is a formula of lanes; the cost adds them up, lane by lane, and the lanes at the end.
"""

from nnsim.kernels.codes import Loss, Task
from nnsim.kernels.elementary import exp_minus, log1p_unit, log_of, normal_or_zero
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes import (
    filled,
    formula,
    lanes_in,
    load,
    magnitude,
    store,
    sum_of_lanes,
    where,
    within,
)
from nnsim.kernels.loops import flat

BINARY_CROSS_ENTROPY = int(Loss.BINARY_CROSS_ENTROPY)
SOFTMAX_CROSS_ENTROPY = int(Loss.SOFTMAX_CROSS_ENTROPY)
MEAN_SQUARED_ERROR = int(Loss.MEAN_SQUARED_ERROR)
HINGE = int(Loss.HINGE)
HUBER = int(Loss.HUBER)
REGRESSION = int(Task.REGRESSION)
BINARY = int(Task.BINARY)

LOGIT_LOSSES = (Loss.BINARY_CROSS_ENTROPY, Loss.SOFTMAX_CROSS_ENTROPY)
"""Losses joined with their activation: their gradient is dZ = A - Y, not dA."""


@formula
def binary_cross_entropy_of(z, y, delta):
    """L = max(z, 0) - z y + log(1 + exp(-|z|)), which is the loss without overflow."""
    above = where(z < 0.0, 0.0, z)
    return above + log1p_unit(exp_minus(-magnitude(z), 0.0)) - z * y


@formula
def mean_squared_error_of(a, y, delta):
    """L = (a - y)^2."""
    return (a - y) * (a - y)


@formula
def hinge_of(z, y, delta):
    """L = max(0, 1 - (2 y - 1) z)."""
    shortfall = 1.0 - (2.0 * y - 1.0) * z
    return where(shortfall <= 0.0, 0.0, shortfall)


@formula
def huber_of(a, y, delta):
    """L = d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2), d = a - y."""
    size = magnitude(a - y)
    capped = where(size > delta, delta, size)
    return capped * (size - 0.5 * capped)


@body
def sum_of_losses(loss, delta, P, Y):
    """Return the sum of a loss, a formula of predictions (z or a), labels and delta."""
    end, total = P.size, filled(P, 0.0)
    for at in range(0, end, lanes_in(P)):
        total = total + within(loss(load(P, at, end), load(Y, at, end), delta), at, end)
    return sum_of_lanes(total)


@body
def softmax_cross_entropy_sum(Z, A, Y):
    """Return the sum of y_i (log sum_k exp(z_k) - z_i) over classes and examples.

    log sum_k exp(z_k) = z_k - log a_k for every k; the most likely class gives it best.
    """
    n, m = Z.shape
    total = filled(Z, 0.0)
    for j in range(0, m, lanes_in(Z)):
        best, chance = load(Z, j, m), load(A, j, m)
        for i in range(1, n):
            at, end = i * m + j, i * m + m
            z = load(Z, at, end)
            chance = where(z > best, load(A, at, end), chance)
            best = where(z > best, z, best)
        log_sum = best - log_of(chance)
        loss = filled(Z, 0.0)
        for i in range(n):
            at, end = i * m + j, i * m + m
            y = load(Y, at, end)
            # A class that is impossible (z = -inf) and absent (y = 0) costs nothing.
            loss = loss + where(y == 0.0, 0.0, y * (log_sum - load(Z, at, end)))
        total = total + within(loss, j, m)
    return sum_of_lanes(total)


@kernel
def loss_cost(code, delta, Z, A, Y):
    """Return J, the mean over the m examples of the loss of that number."""
    T = Z.dtype.type
    if code == SOFTMAX_CROSS_ENTROPY:
        total = softmax_cross_entropy_sum(Z, A, Y)
    elif code == BINARY_CROSS_ENTROPY:
        total = sum_of_losses(binary_cross_entropy_of, delta, Z, Y)
    elif code == MEAN_SQUARED_ERROR:
        total = sum_of_losses(mean_squared_error_of, delta, A, Y)
    elif code == HINGE:
        total = sum_of_losses(hinge_of, delta, A, Y)
    else:
        total = sum_of_losses(huber_of, delta, A, Y)
    return total / T(Z.shape[1])


@body
def residual_into(factor, A, Y, D):
    """Write D = factor * (A - Y)."""
    end = A.size
    for at in range(0, end, lanes_in(A)):
        difference = normal_or_zero(load(A, at, end) - load(Y, at, end))
        store(D, at, end, factor * difference)


@body
def clip_into(delta, D):
    """Cut D off at -delta and delta; NaN stays NaN."""
    end = D.size
    for at in range(0, end, lanes_in(D)):
        d = load(D, at, end)
        d = where(d < -delta, -delta, d)
        store(D, at, end, where(d > delta, delta, d))


@body
def hinge_gradient_into(Z, Y, D):
    """Write D = -(2 y - 1) where (2 y - 1) z < 1, else 0; NaN stays NaN."""
    end = Z.size
    for at in range(0, end, lanes_in(Z)):
        sign = 2.0 * load(Y, at, end) - 1.0
        shortfall = 1.0 - sign * load(Z, at, end)
        inside = where(shortfall > 0.0, -sign, shortfall)
        store(D, at, end, where(shortfall <= 0.0, 0.0, inside))


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
