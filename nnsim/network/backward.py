"""The way back through the layers (topics A7, D7, E7, E8), with room for planted faults (B14)."""

from nnsim.kernels.codes import Activation, Fault
from nnsim.kernels.cpu.activation_bodies import activation_backward_into
from nnsim.kernels.cpu.dense_bodies import (
    bias_gradient_into,
    dense_input_gradient_into,
    weight_gradient_into,
)
from nnsim.kernels.cpu.dropout import dropout_backward_into
from nnsim.kernels.cpu.loss_bodies import LOGIT_LOSSES, loss_gradient_into
from nnsim.kernels.cpu.penalties import l1_gradient_into, l2_gradient_into
from nnsim.kernels.cpu.residual import add_into
from nnsim.kernels.jit import body, stage
from nnsim.kernels.loops import copy_into, flat
from nnsim.kernels.stages import call
from nnsim.kernels.view import view
from nnsim.network.faults import has_fault
from nnsim.network.norms import NORM_BACKWARD

LAST_LOGIT_LOSS = max(LOGIT_LOSSES)
"""The losses whose gradient is taken through the last activation at once: dZ[L] = A[L] - Y."""


@stage
def backward_layer(stages, layers, number, settings, theta, grad, work, labels, m):
    """Run layer `number` backward.

    Reads dA (or, at the last layer, A and Y) from the workspace; leaves dZ_tilde and dZ there,
    dW, db, dgamma and dbeta (divided by m) in `grad`, and dA of the layer before.
    """
    row = layers[number]
    n = row.units
    dZ = view(work, row.dZ, n, m)
    activation_gradient(layers, number, settings, work, labels, m)
    if row.batch_norm or row.layer_norm:
        call(stages, NORM_BACKWARD, layers, number, settings, theta, grad, work, m)
    A_prev = view(work, layers[number - 1].A, row.inputs, m)
    W = view(theta, row.W, n, row.inputs)
    dW = view(grad, row.W, n, row.inputs)
    weight_gradient_into(dZ, A_prev, dW)
    if row.bias:
        bias_gradient_into(dZ, view(grad, row.b, n, 1))
    if settings.fault != Fault.NONE:
        spoil_gradient(layers, number, settings, grad, m)
    penalty_gradient(settings, number, W, dW, m)
    if number > 1:
        dA_prev = view(work, layers[number - 1].dA, row.inputs, m)
        if has_fault(settings, Fault.WEIGHTS_TRANSPOSED, number) and n == row.inputs:
            mix_up_weights(W, dZ, dA_prev)
        else:
            dense_input_gradient_into(W, dZ, dA_prev)
        if row.residual:
            add_into(flat(view(work, row.dA, n, m)), flat(dA_prev))


@body
def mix_up_weights(W, dZ, dA_prev):
    """Write dA_prev = W dZ: the fault of W where W^T belongs, which a square layer lets pass."""
    for k in range(W.shape[0]):
        for j in range(dZ.shape[1]):
            dA_prev[k, j] = 0
            for i in range(W.shape[1]):
                dA_prev[k, j] += W[k, i] * dZ[i, j]


@body
def activation_gradient(layers, number, settings, work, labels, m):
    """Write dZ_tilde = dA * g'(Z_tilde), through dropout; at the last layer from the loss."""
    T = work.dtype.type
    row = layers[number]
    n = row.units
    Z = view(work, row.Z_tilde, n, m)
    G = view(work, row.G, n, m)
    dA = view(work, row.dA, n, m)
    dG = view(work, row.dG, n, m)
    dZ = view(work, row.dZ_tilde, n, m)
    if number == layers.shape[0] - 1:
        Y = view(work, labels, n, m)
        if settings.loss <= LAST_LOGIT_LOSS:
            loss_gradient_into(settings.loss, T(settings.huber_delta), Z, G, Y, dZ)
            return
        loss_gradient_into(settings.loss, T(settings.huber_delta), Z, G, Y, dA)
    if row.dropout:
        D = view(work, row.D, n, m)
        keep_prob = T(row.keep_prob)
        if has_fault(settings, Fault.DROPOUT_SCALE_FORGOTTEN, number):
            keep_prob = T(1)
        if row.residual:
            # Past the layer dA goes undropped, so dropout works on a copy.
            copy_into(flat(dA), flat(dG))
        dropout_backward_into(dG, D, keep_prob)
    activation = row.activation
    if has_fault(settings, Fault.DERIVATIVE_MISSING, number):
        activation = Activation.IDENTITY
    elif has_fault(settings, Fault.DERIVATIVE_WRONG, number):
        # The fault: sigmoid's slope where tanh's belongs, and tanh's everywhere else.
        activation = Activation.SIGMOID if activation == Activation.TANH else Activation.TANH
    activation_backward_into(activation, T(row.slope), dG, Z, G, dZ)


@body
def penalty_gradient(settings, number, W, dW, m):
    """Add lambd/m W (and the L1 term) to dW."""
    T = W.dtype.type
    if has_fault(settings, Fault.PENALTY_GRADIENT_FORGOTTEN, number):
        return
    if settings.l2 > 0:
        l2_gradient_into(W, T(settings.l2), m, dW)
    if settings.l1 > 0:
        l1_gradient_into(W, T(settings.l1), m, settings.l1_halved != 0, dW)


@body
def spoil_gradient(layers, number, settings, grad, m):
    """Change dW, db, dgamma and dbeta as the planted fault would."""
    row = layers[number]
    weights, others = 1.0, 1.0
    if has_fault(settings, Fault.DW_DOUBLED, number):
        weights = 2.0
    elif has_fault(settings, Fault.DB_SCALED, number):
        others = 4.0
    elif has_fault(settings, Fault.MEAN_FORGOTTEN, number):
        weights = others = float(m)
    elif has_fault(settings, Fault.SIGN_FLIPPED, number):
        weights = others = -1.0
    elif has_fault(settings, Fault.LAST_BATCH_DIVISOR, number):
        weights = others = m / settings.batch_size
    else:
        return
    T = grad.dtype.type
    for i in range(row.units * row.inputs):
        grad[row.W + i] *= T(weights)
    for i in range(row.units):
        if row.bias:
            grad[row.b + i] *= T(others)
        if (row.batch_norm or row.layer_norm) and settings.fault != Fault.DB_SCALED:
            grad[row.gamma + i] *= T(others)
            grad[row.beta + i] *= T(others)
