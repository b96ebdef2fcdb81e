"""Dropout of a layer, both ways (topic B6): stages of their own, for few layers have it."""

from nnsim.kernels.codes import Fault
from nnsim.kernels.cpu.dropout import dropout_apply_into, dropout_draw_into
from nnsim.kernels.jit import stage
from nnsim.kernels.loops import copy_into, flat
from nnsim.kernels.view import view
from nnsim.network.faults import has_fault

DROP_FORWARD, DROP_BACKWARD = 18, 19
"""Their numbers among the stages."""
NO_MASKS, FRESH_MASKS, FROZEN_MASKS = 0, 1, 2
"""What dropout does: nothing (inference), draw this step's masks, keep those that are there."""


@stage
def drop_forward(layers, number, work, m, masks, seed, step):
    """Write A = G * D / keep_prob; A = G without masks."""
    row = layers[number]
    n = row.units
    G, D, A = view(work, row.G, n, m), view(work, row.D, n, m), view(work, row.A, n, m)
    if masks == FRESH_MASKS:
        dropout_draw_into(G, row.keep_prob, seed, step, number, D, A)
    elif masks == FROZEN_MASKS:
        dropout_apply_into(G, D, work.dtype.type(row.keep_prob), A)
    else:
        copy_into(flat(G), flat(A))


@stage
def drop_backward(layers, number, settings, work, m):
    """Write dG = dA * D / keep_prob; dG is dA itself where nothing goes past the layer."""
    row = layers[number]
    n = row.units
    dA, D, dG = view(work, row.dA, n, m), view(work, row.D, n, m), view(work, row.dG, n, m)
    keep_prob = work.dtype.type(row.keep_prob)
    if has_fault(settings, Fault.DROPOUT_SCALE_FORGOTTEN, number):
        keep_prob = work.dtype.type(1)
    dropout_apply_into(dA, D, keep_prob, dG)
