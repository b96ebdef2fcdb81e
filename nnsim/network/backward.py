"""The way back through the layers (topics A7, D7, E7, E8), with room for planted faults (B14)."""

from nnsim.kernels.codes import Activation, Family, Fault
from nnsim.kernels.cpu.dense_bodies import (
    bias_gradient_into,
    dense_input_gradient_into,
    divide_by_examples,
    gradient_in_registers,
    in_registers,
    weight_sums_into,
)
from nnsim.kernels.cpu.loss_bodies import LOGIT_LOSSES, loss_gradient_into
from nnsim.kernels.cpu.residual import add_into
from nnsim.kernels.cpu.sums import sum_of
from nnsim.kernels.jit import body, stage
from nnsim.kernels.loops import flat
from nnsim.kernels.stages import call
from nnsim.kernels.view import view
from nnsim.network.activations import ACTIVATE_BACKWARD
from nnsim.network.dropout import DROP_BACKWARD
from nnsim.network.faults import SPOIL, has_fault, mix_up_weights
from nnsim.network.norms import NORM_BACKWARD
from nnsim.network.penalties import PENALISE
from nnsim.network.products import MULTIPLY_BACKWARD

IDENTITY, SIGMOID = int(Activation.IDENTITY), int(Activation.SIGMOID)
TANH = int(Activation.TANH)
PIECEWISE, SQUASHING = int(Family.PIECEWISE), int(Family.SQUASHING)
LAST_LOGIT_LOSS = max(LOGIT_LOSSES)
"""The losses whose gradient is taken through the last activation at once: dZ[L] = A[L] - Y."""


@stage
def backward_layer(stages, layers, number, settings, theta, grad, work, labels, m):
    """Run layer `number` backward.

    Reads dA (or, at the last layer, A and Y) from the workspace; leaves dZ_tilde and dZ there,
    dW, db, dgamma and dbeta (divided by m) in `grad`, dA of the layer before, and in `total` the
    sum of the layer's gradients.
    """
    row = layers[number]
    n = row.units
    dZ = view(work, row.dZ, n, m)
    activation_gradient(stages, layers, number, settings, work, labels, m)
    if row.batch_norm or row.layer_norm:
        call(stages, NORM_BACKWARD, layers, number, settings, theta, grad, work, m)
    A_prev = view(work, layers[number - 1].A, row.inputs, m)
    W = view(theta, row.W, n, row.inputs)
    dW = view(grad, row.W, n, row.inputs)
    if gradient_in_registers(dW, m):
        weight_sums_into(dZ, A_prev, view(work, row.turned, m, row.inputs), dW)
    else:
        call(stages, MULTIPLY_BACKWARD, layers, number, theta, grad, work, m, True)
    total = divide_by_examples(dW, m)
    if row.bias:
        bias_gradient_into(dZ, view(grad, row.b, n, 1))
    if settings.fault != Fault.NONE:
        call(stages, SPOIL, layers, number, settings, grad, m)
    if settings.l2 > 0 or settings.l1 > 0:
        call(stages, PENALISE, layers, number, settings, theta, grad, m)
    if settings.l2 > 0 or settings.l1 > 0 or settings.fault != Fault.NONE:
        total = sum_of(dW, 0, dW.size)
    # b, gamma and beta follow W in theta.
    others = row.bias + 2 * (row.batch_norm + row.layer_norm)
    work[row.total] = total + sum_of(grad, row.W + n * row.inputs, n * others)
    if number > 1:
        dA_prev = view(work, layers[number - 1].dA, row.inputs, m)
        if has_fault(settings, Fault.WEIGHTS_TRANSPOSED, number) and n == row.inputs:
            mix_up_weights(W, dZ, dA_prev)
        elif in_registers(W.size, m):
            dense_input_gradient_into(W, dZ, dA_prev)
        else:
            call(stages, MULTIPLY_BACKWARD, layers, number, theta, grad, work, m, False)
        if row.residual:
            add_into(flat(view(work, row.dA, n, m)), flat(dA_prev))


@body
def activation_gradient(stages, layers, number, settings, work, labels, m):
    """Write dZ_tilde = dA * g'(Z_tilde), through dropout; at the last layer from the loss."""
    T = work.dtype.type
    row = layers[number]
    n = row.units
    Z = view(work, row.Z_tilde, n, m)
    G = view(work, row.G, n, m)
    if number == layers.shape[0] - 1:
        dZ = view(work, row.dZ_tilde, n, m)
        Y = view(work, labels, n, m)
        if settings.loss <= LAST_LOGIT_LOSS:
            loss_gradient_into(settings.loss, T(settings.huber_delta), Z, G, Y, dZ)
            return
        dA = view(work, row.dA, n, m)
        loss_gradient_into(settings.loss, T(settings.huber_delta), Z, G, Y, dA)
    if row.dropout:
        call(stages, DROP_BACKWARD, layers, number, settings, work, m)
    activation, family = row.activation, row.family
    if has_fault(settings, Fault.DERIVATIVE_MISSING, number):
        activation, family = IDENTITY, PIECEWISE
    elif has_fault(settings, Fault.DERIVATIVE_WRONG, number):
        # The fault: sigmoid's slope where tanh's belongs, and tanh's everywhere else.
        was_tanh = activation == TANH
        activation, family = SIGMOID if was_tanh else TANH, SQUASHING
    call(
        stages, ACTIVATE_BACKWARD + family, work, activation, row.slope, n, m,
        row.dG, row.Z_tilde, row.G, row.dZ_tilde,
    )  # fmt: skip
