"""The way forward through the layers, and the cost (topics A5, B4, B6, D6, D9, E7, E8)."""

from nnsim.kernels.cpu.dense_bodies import in_registers, weighted_sums_into
from nnsim.kernels.cpu.loss_bodies import loss_cost
from nnsim.kernels.cpu.penalties import l1_penalty, l2_penalty
from nnsim.kernels.cpu.residual import add_into
from nnsim.kernels.jit import body, stage
from nnsim.kernels.loops import copy_into, flat
from nnsim.kernels.stages import call
from nnsim.kernels.view import view
from nnsim.network.activations import ACTIVATE
from nnsim.network.dropout import DROP_FORWARD
from nnsim.network.norms import NORM_FORWARD
from nnsim.network.products import MULTIPLY_FORWARD


@stage
def forward_layer(stages, layers, number, theta, running, work, m, masks, statistics, seed, step):
    """Run layer `number` forward: Z = W A_prev + b, norm, A = g(Z), dropout, + A_prev.

    Reads A of the layer before from the workspace and leaves Z, Z_norm, Z_tilde, G, D, A there,
    and in `total` the sum of Z_tilde.
    """
    row = layers[number]
    n = row.units
    A_prev = view(work, layers[number - 1].A, row.inputs, m)
    W = view(theta, row.W, n, row.inputs)
    Z = view(work, row.Z, n, m)
    if in_registers(W.size, m):
        weighted_sums_into(W, A_prev, view(theta, row.b, n, 1), row.bias != 0, Z)
    else:
        call(stages, MULTIPLY_FORWARD, layers, number, theta, work, m)
    if row.batch_norm or row.layer_norm:
        call(stages, NORM_FORWARD, layers, number, theta, running, work, m, statistics)
    call(
        stages, ACTIVATE + row.family, work, row.activation, row.slope, n, m,
        row.Z_tilde, row.G, row.total,
    )  # fmt: skip
    if row.dropout:
        call(stages, DROP_FORWARD, layers, number, work, m, masks, seed, step)
    if row.residual:
        A = view(work, row.A, n, m)
        if not row.dropout:
            copy_into(flat(view(work, row.G, n, m)), flat(A))
        add_into(flat(A_prev), flat(A))


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
