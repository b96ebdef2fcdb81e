"""Where a planted fault (course topic B14) sits while the program runs."""

from nnsim.kernels.codes import Fault
from nnsim.kernels.jit import body, stage

SPOIL = 21
"""The number of `spoil_gradient` among the stages; it is compiled when a fault is planted."""


@body
def has_fault(settings, fault, number):
    """Tell whether `fault` is planted in layer `number` (a planted layer 0 means every layer)."""
    return settings.fault == fault and (settings.fault_layer == 0 or settings.fault_layer == number)


@stage
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


@body
def mix_up_weights(W, dZ, dA_prev):
    """Write dA_prev = W dZ: the fault of W where W^T belongs, which a square layer lets pass."""
    for k in range(W.shape[0]):
        for j in range(dZ.shape[1]):
            dA_prev[k, j] = 0
            for i in range(W.shape[1]):
                dA_prev[k, j] += W[k, i] * dZ[i, j]
