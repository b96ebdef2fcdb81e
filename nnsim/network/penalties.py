"""What penalties add to a layer's gradient (topic B4): a stage, for few runs have them."""

from nnsim.kernels.codes import Fault
from nnsim.kernels.cpu.penalties import l1_gradient_into, l2_gradient_into
from nnsim.kernels.jit import stage
from nnsim.kernels.view import view
from nnsim.network.faults import has_fault

PENALISE = 20
"""Its number among the stages."""


@stage
def penalise(layers, number, settings, theta, grad, m):
    """Add lambd/m W (and the L1 term) to dW."""
    T = theta.dtype.type
    row = layers[number]
    W = view(theta, row.W, row.units, row.inputs)
    dW = view(grad, row.W, row.units, row.inputs)
    if has_fault(settings, Fault.PENALTY_GRADIENT_FORGOTTEN, number):
        return
    if settings.l2 > 0:
        l2_gradient_into(W, T(settings.l2), m, dW)
    if settings.l1 > 0:
        l1_gradient_into(W, T(settings.l1), m, settings.l1_halved != 0, dW)
