"""The way forward through the layers, and the cost (course topics A5, B4, B6, D6, D9)."""

from nnsim.kernels.cpu.activation_bodies import activation_into
from nnsim.kernels.cpu.batch_norm import (
    batch_norm_forward_into,
    batch_norm_inference_into,
    update_running_into,
)
from nnsim.kernels.cpu.dense_bodies import add_bias_into, weighted_sums_into
from nnsim.kernels.cpu.dropout import dropout_forward_into, dropout_mask_into
from nnsim.kernels.cpu.loss_bodies import loss_cost
from nnsim.kernels.cpu.penalties import l1_penalty, l2_penalty
from nnsim.kernels.jit import body, stage
from nnsim.kernels.loops import copy_into, flat
from nnsim.kernels.view import view

NO_MASKS, FRESH_MASKS, FROZEN_MASKS = 0, 1, 2
"""What dropout does: nothing (inference), draw this step's masks, keep those that are there."""

RUNNING_STATISTICS, BATCH_STATISTICS, TRACKED_STATISTICS = 0, 1, 2
"""What batch norm divides by: the running figures, the batch's own, or those and keep track."""


@stage
def forward_layer(layers, number, theta, running, work, m, masks, statistics, seed, step):
    """Run layer `number` forward: Z = W A_prev + b, batch norm, A = g(Z), dropout.

    Reads A of the layer before from the workspace and leaves Z, Z_norm, Z_tilde, G, D, A there.
    """
    T = work.dtype.type
    row = layers[number]
    n = row.units
    A_prev = view(work, layers[number - 1].A, row.inputs, m)
    W = view(theta, row.W, n, row.inputs)
    Z = view(work, row.Z, n, m)
    weighted_sums_into(W, A_prev, Z)
    if row.bias:
        add_bias_into(view(theta, row.b, n, 1), Z)
    if row.batch_norm:
        normalise_layer(row, theta, running, work, Z, statistics)
    G = view(work, row.G, n, m)
    activation_into(row.activation, T(row.slope), view(work, row.Z_tilde, n, m), G)
    if row.dropout:
        A = view(work, row.A, n, m)
        copy_into(flat(G), flat(A))
        if masks != NO_MASKS:
            D = view(work, row.D, n, m)
            if masks == FRESH_MASKS:
                dropout_mask_into(row.keep_prob, seed, step, number, D)
            dropout_forward_into(A, D, T(row.keep_prob))


@body
def normalise_layer(row, theta, running, work, Z, statistics):
    """Write Z_tilde = gamma Z_norm + beta with the statistics asked for."""
    T = work.dtype.type
    n, m = Z.shape
    gamma = view(theta, row.gamma, n, 1)
    beta = view(theta, row.beta, n, 1)
    Z_tilde = view(work, row.Z_tilde, n, m)
    epsilon = T(row.norm_epsilon)
    running_mean = view(running, row.running, n, 1)
    running_variance = view(running, row.running + n, n, 1)
    if statistics == RUNNING_STATISTICS:
        batch_norm_inference_into(Z, gamma, beta, running_mean, running_variance, epsilon, Z_tilde)
        return
    # By name, since without Numba `row.mean` is a method of NumPy's.
    mean = view(work, row["mean"], n, 1)
    variance = view(work, row.variance, n, 1)
    Z_norm = view(work, row.Z_norm, n, m)
    batch_norm_forward_into(Z, gamma, beta, epsilon, mean, variance, Z_norm, Z_tilde)
    if statistics == TRACKED_STATISTICS:
        update_running_into(running_mean, mean, T(row.norm_momentum))
        update_running_into(running_variance, variance, T(row.norm_momentum))


@stage
def cost(layers, settings, state, theta, work, labels, m):
    """Write J, its data loss and its penalty for the m outputs in the workspace to the state."""
    T = work.dtype.type
    row = layers[-1]
    Z = view(work, row.Z_tilde, row.units, m)
    A = view(work, row.A, row.units, m)
    Y = view(work, labels, row.units, m)
    state.data_loss = loss_cost(settings.loss, T(settings.huber_delta), Z, A, Y)
    state.penalty = penalty_of(layers, settings, theta, m)
    state.cost = state.data_loss + state.penalty


@body
def penalty_of(layers, settings, theta, m):
    """Return lambd/(2m) sum W^2 plus the L1 term, over all layers; b is not penalised."""
    T = theta.dtype.type
    penalty = T(0)
    if settings.l2 > 0 or settings.l1 > 0:
        for number in range(1, layers.shape[0]):
            row = layers[number]
            W = view(theta, row.W, row.units, row.inputs)
            if settings.l2 > 0:
                penalty += l2_penalty(W, T(settings.l2), m)
            if settings.l1 > 0:
                penalty += l1_penalty(W, T(settings.l1), m, settings.l1_halved != 0)
    return penalty
