"""Batch norm and layer norm of a layer, both ways (topics D6, D7, D9, E7).

Stages of their own, called through their addresses by `forward_layer` and `backward_layer`: few
layers have a norm, and these two stay short to compile.
"""

from nnsim.kernels.codes import Fault
from nnsim.kernels.cpu.batch_norm import (
    batch_norm_forward_into,
    batch_norm_gradients_into,
    batch_norm_inference_into,
    update_running_into,
)
from nnsim.kernels.cpu.layer_norm import layer_norm_backward_into, layer_norm_forward_into
from nnsim.kernels.jit import stage
from nnsim.kernels.view import view
from nnsim.network.faults import has_fault

NORM_FORWARD, NORM_BACKWARD = 8, 9
"""Their numbers among the stages, after those in `nnsim.training.tables`."""

RUNNING_STATISTICS, BATCH_STATISTICS, TRACKED_STATISTICS = 0, 1, 2
"""What batch norm divides by: the running figures, the batch's own, or those and keep track."""


@stage
def norm_forward(layers, number, theta, running, work, m, statistics):
    """Write Z_tilde = gamma Z_norm + beta from Z; of batch norm with the statistics asked for."""
    T = work.dtype.type
    row = layers[number]
    n = row.units
    Z = view(work, row.Z, n, m)
    gamma = view(theta, row.gamma, n, 1)
    beta = view(theta, row.beta, n, 1)
    Z_norm = view(work, row.Z_norm, n, m)
    Z_tilde = view(work, row.Z_tilde, n, m)
    epsilon = T(row.norm_epsilon)
    # `mean` by name, since without Numba `row.mean` is a method of NumPy's.
    if row.layer_norm:
        mean = view(work, row["mean"], 1, m)
        variance = view(work, row.variance, 1, m)
        layer_norm_forward_into(Z, gamma, beta, epsilon, mean, variance, Z_norm, Z_tilde)
        return
    running_mean = view(running, row.running, n, 1)
    running_variance = view(running, row.running + n, n, 1)
    if statistics == RUNNING_STATISTICS:
        batch_norm_inference_into(Z, gamma, beta, running_mean, running_variance, epsilon, Z_tilde)
        return
    mean = view(work, row["mean"], n, 1)
    variance = view(work, row.variance, n, 1)
    batch_norm_forward_into(Z, gamma, beta, epsilon, mean, variance, Z_norm, Z_tilde)
    if statistics == TRACKED_STATISTICS:
        update_running_into(running_mean, mean, T(row.norm_momentum))
        update_running_into(running_variance, variance, T(row.norm_momentum))


@stage
def norm_backward(layers, number, settings, theta, grad, work, m):
    """Write dgamma, dbeta and dZ from dZ_tilde."""
    row = layers[number]
    n = row.units
    epsilon = work.dtype.type(row.norm_epsilon)
    gamma = view(theta, row.gamma, n, 1)
    dgamma = view(grad, row.gamma, n, 1)
    dbeta = view(grad, row.beta, n, 1)
    Z_norm = view(work, row.Z_norm, n, m)
    dZ_tilde = view(work, row.dZ_tilde, n, m)
    dZ = view(work, row.dZ, n, m)
    if row.layer_norm:
        variance = view(work, row.variance, 1, m)
        layer_norm_backward_into(dZ_tilde, Z_norm, gamma, variance, epsilon, dgamma, dbeta, dZ)
        return
    variance = view(work, row.variance, n, 1)
    through_statistics = not has_fault(settings, Fault.BATCH_NORM_TERMS_FORGOTTEN, number)
    batch_norm_gradients_into(
        dZ_tilde, Z_norm, gamma, variance, epsilon, through_statistics, dgamma, dbeta, dZ
    )
