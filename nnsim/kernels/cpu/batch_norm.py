"""Batch norm between Z and g (course topics D6, D7, D9).

Z_norm = (Z - mu) / sqrt(sigma^2 + epsilon),  Z_tilde = gamma Z_norm + beta

Z and its like are (n, m), one example a column; gamma, beta, mean and variance are (n, 1); all
are float64 or float32 and C-contiguous, of one type. The variance is the mean of (z - mu)^2,
over m; PyTorch's running average takes it over m - 1. Outputs may be given, and are then
written in place. Raised are TypeError for another type or layout, or types that differ, and
ValueError for shapes that differ. Forms whose name ends in `_into` are unchecked.

Source: Ioffe and Szegedy (2015), "Batch normalization: accelerating deep network training by
reducing internal covariate shift".
"""

import math

from nnsim.kernels.checks import ShapeError, check_arrays, check_same_shape, output_like
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes import filled, lanes_in, load, store, sum_of_lanes, within
from nnsim.kernels.loops import flat

ROWS = 8
"""Rows whose sums are taken side by side, while they lie in the fastest cache."""


@body
def batch_norm_forward_into(Z, gamma, beta, epsilon, mean, variance, Z_norm, Z_tilde):
    """Unchecked form of `batch_norm_forward`."""
    T = Z.dtype.type
    n, m = Z.shape
    share, epsilon = T(1.0) / T(m), T(epsilon)
    # Adding up a register's lanes, the root and the division each wait for the one before, but
    # not for those of other rows: so not row by row.
    for first in range(0, n, ROWS):
        last = first + ROWS if first + ROWS < n else n
        for i in range(first, last):
            total = filled(Z, 0.0)
            for at in range(i * m, i * m + m, lanes_in(Z)):
                total += load(Z, at, i * m + m)
            mean[i, 0] = sum_of_lanes(total) * share
        for i in range(first, last):
            mu = mean[i, 0]
            total = filled(Z, 0.0)
            for at in range(i * m, i * m + m, lanes_in(Z)):
                difference = within(load(Z, at, i * m + m) - mu, at, i * m + m)
                total += difference * difference
            variance[i, 0] = sum_of_lanes(total) * share
        for i in range(first, last):
            mu, scale, shift = mean[i, 0], gamma[i, 0], beta[i, 0]
            inverse = T(1.0) / T(math.sqrt(variance[i, 0] + epsilon))
            for at in range(i * m, i * m + m, lanes_in(Z)):
                z_norm = (load(Z, at, i * m + m) - mu) * inverse
                store(Z_norm, at, i * m + m, z_norm)
                store(Z_tilde, at, i * m + m, scale * z_norm + shift)


@body
def batch_norm_gradients_into(
    dZ_tilde, Z_norm, gamma, variance, epsilon, through_statistics, dgamma, dbeta, dZ
):
    """Both backward forms: with and without the terms of the batch's mean and variance."""
    T = dZ_tilde.dtype.type
    n, m = dZ_tilde.shape
    share, epsilon = T(1.0) / T(m), T(epsilon)
    for i in range(n):
        start, end = i * m, i * m + m
        total, products = filled(dZ, 0.0), filled(dZ, 0.0)
        for at in range(start, end, lanes_in(dZ)):
            d = load(dZ_tilde, at, end)
            total += d
            products += d * load(Z_norm, at, end)
        slope, shift = sum_of_lanes(products) * share, sum_of_lanes(total) * share
        dgamma[i, 0] = slope
        dbeta[i, 0] = shift
        factor = gamma[i, 0] / T(math.sqrt(variance[i, 0] + epsilon))
        if not through_statistics:
            slope = shift = T(0.0)
        for at in range(start, end, lanes_in(dZ)):
            d = load(dZ_tilde, at, end) - shift - load(Z_norm, at, end) * slope
            store(dZ, at, end, factor * d)


@kernel
def batch_norm_backward_into(dZ_tilde, Z_norm, gamma, variance, epsilon, dgamma, dbeta, dZ):
    """Unchecked form of `batch_norm_backward`; dZ may be dZ_tilde itself."""
    batch_norm_gradients_into(dZ_tilde, Z_norm, gamma, variance, epsilon, True, dgamma, dbeta, dZ)


@kernel
def batch_norm_backward_without_statistics_into(
    dZ_tilde, Z_norm, gamma, variance, epsilon, dgamma, dbeta, dZ
):
    """Plant a fault: mean and variance taken for constants, dZ = gamma dZ_tilde / sigma."""
    batch_norm_gradients_into(dZ_tilde, Z_norm, gamma, variance, epsilon, False, dgamma, dbeta, dZ)


@body
def batch_norm_inference_into(Z, gamma, beta, mean, variance, epsilon, Z_tilde):
    """Unchecked form of `batch_norm_inference`."""
    T = Z.dtype.type
    n, m = Z.shape
    epsilon = T(epsilon)
    for i in range(n):
        mu, scale, shift = mean[i, 0], gamma[i, 0], beta[i, 0]
        inverse = T(1.0) / T(math.sqrt(variance[i, 0] + epsilon))
        for at in range(i * m, i * m + m, lanes_in(Z)):
            z_norm = (load(Z, at, i * m + m) - mu) * inverse
            store(Z_tilde, at, i * m + m, scale * z_norm + shift)


@body
def update_running_into(running, new, momentum):
    """Unchecked form of `update_running_average`."""
    T, end = running.dtype.type, running.size
    keep, add = T(momentum), T(1.0 - momentum)
    average, given = flat(running), flat(new)
    for at in range(0, end, lanes_in(running)):
        store(average, at, end, keep * load(average, at, end) + add * load(given, at, end))


@kernel
def batch_norm_forward(
    Z, gamma, beta, epsilon, mean=None, variance=None, Z_norm=None, Z_tilde=None
):
    """Return Z_tilde, Z_norm, mean and variance, with each row's own mean and variance."""
    check_arrays(
        "batch_norm_forward(Z, gamma, beta) -> mean, variance, Z_norm, Z_tilde",
        2, Z, gamma, beta, mean, variance, Z_norm, Z_tilde,
    )  # fmt: skip
    if gamma.shape != (Z.shape[0], 1):
        raise ShapeError("batch_norm_forward: Z has", Z.shape, "but gamma has", gamma.shape)
    check_same_shape("batch_norm_forward", "beta", beta, "gamma", gamma)
    mean = output_like("batch_norm_forward", "mean", mean, "gamma", gamma)
    variance = output_like("batch_norm_forward", "variance", variance, "gamma", gamma)
    Z_norm = output_like("batch_norm_forward", "Z_norm", Z_norm, "Z", Z)
    Z_tilde = output_like("batch_norm_forward", "Z_tilde", Z_tilde, "Z", Z)
    batch_norm_forward_into(Z, gamma, beta, epsilon, mean, variance, Z_norm, Z_tilde)
    return Z_tilde, Z_norm, mean, variance


@kernel
def batch_norm_backward(
    dZ_tilde, Z_norm, gamma, variance, epsilon, dgamma=None, dbeta=None, dZ=None
):
    """Return dZ, dgamma and dbeta, through the batch's own mean and variance.

    dgamma = sum(dZ_tilde Z_norm) / m,  dbeta = sum(dZ_tilde) / m,
    dZ = gamma / sqrt(sigma^2 + epsilon) (dZ_tilde - dbeta - Z_norm dgamma).

    The 1/m lies in dgamma and dbeta as it lies in dW and db (`dense_backward`); dZ is undivided.
    The given dZ may be dZ_tilde itself.
    """
    check_arrays(
        "batch_norm_backward(dZ_tilde, Z_norm, gamma, variance) -> dgamma, dbeta, dZ",
        2, dZ_tilde, Z_norm, gamma, variance, dgamma, dbeta, dZ,
    )  # fmt: skip
    if gamma.shape != (Z_norm.shape[0], 1):
        raise ShapeError(
            "batch_norm_backward: Z_norm has", Z_norm.shape, "but gamma has", gamma.shape
        )
    check_same_shape("batch_norm_backward", "dZ_tilde", dZ_tilde, "Z_norm", Z_norm)
    check_same_shape("batch_norm_backward", "variance", variance, "gamma", gamma)
    dgamma = output_like("batch_norm_backward", "dgamma", dgamma, "gamma", gamma)
    dbeta = output_like("batch_norm_backward", "dbeta", dbeta, "gamma", gamma)
    dZ = output_like("batch_norm_backward", "dZ", dZ, "Z_norm", Z_norm)
    batch_norm_backward_into(dZ_tilde, Z_norm, gamma, variance, epsilon, dgamma, dbeta, dZ)
    return dZ, dgamma, dbeta


@kernel
def batch_norm_inference(Z, gamma, beta, mean, variance, epsilon, Z_tilde=None):
    """Return Z_tilde with given (running) mean and variance: one example alone is enough."""
    check_arrays(
        "batch_norm_inference(Z, gamma, beta, mean, variance) -> Z_tilde",
        2, Z, gamma, beta, mean, variance, Z_tilde,
    )  # fmt: skip
    if gamma.shape != (Z.shape[0], 1):
        raise ShapeError("batch_norm_inference: Z has", Z.shape, "but gamma has", gamma.shape)
    check_same_shape("batch_norm_inference", "beta", beta, "gamma", gamma)
    check_same_shape("batch_norm_inference", "mean", mean, "gamma", gamma)
    check_same_shape("batch_norm_inference", "variance", variance, "gamma", gamma)
    Z_tilde = output_like("batch_norm_inference", "Z_tilde", Z_tilde, "Z", Z)
    batch_norm_inference_into(Z, gamma, beta, mean, variance, epsilon, Z_tilde)
    return Z_tilde


@kernel
def update_running_average(running, new, momentum):
    """Write running = momentum running + (1 - momentum) new in place and return it (D9)."""
    check_arrays("update_running_average(new) -> running", 2, new, running)
    check_same_shape("update_running_average", "new", new, "running", running)
    update_running_into(running, new, momentum)
    return running
