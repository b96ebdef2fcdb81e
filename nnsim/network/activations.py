"""The activation of a layer, both ways: a pair of stages a family of activations (topic A6).

Stages of their own, called through their addresses by `forward_layer` and `backward_layer`: only
the families that a network has are compiled. They take places in the workspace instead of arrays.
"""

from nnsim.kernels.cpu import activation_bodies as bodies
from nnsim.kernels.jit import stage
from nnsim.kernels.view import view

ACTIVATE, ACTIVATE_BACKWARD = 10, 14
"""Numbers of the first of four stages each, in the order of the families' numbers."""


@stage
def activate_piecewise(work, code, slope, n, m, Z, A, total):
    """Write A = g(Z), and the sum of all Z to `total`."""
    Z, A, slope = view(work, Z, n, m), view(work, A, n, m), work.dtype.type(slope)
    work[total] = bodies.piecewise_into(code, slope, Z, A)


@stage
def activate_squashing(work, code, slope, n, m, Z, A, total):
    """Write A = g(Z), and the sum of all Z to `total`."""
    Z, A, slope = view(work, Z, n, m), view(work, A, n, m), work.dtype.type(slope)
    work[total] = bodies.squashing_into(code, slope, Z, A)


@stage
def activate_columnwise(work, code, slope, n, m, Z, A, total):
    """Write A = g(Z), and the sum of all Z to `total`."""
    Z, A, slope = view(work, Z, n, m), view(work, A, n, m), work.dtype.type(slope)
    work[total] = bodies.columnwise_into(code, slope, Z, A)


@stage
def activate_curved(work, code, slope, n, m, Z, A, total):
    """Write A = g(Z), and the sum of all Z to `total`."""
    Z, A, slope = view(work, Z, n, m), view(work, A, n, m), work.dtype.type(slope)
    work[total] = bodies.curved_into(code, slope, Z, A)


@stage
def back_through_piecewise(work, code, slope, n, m, dA, Z, A, dZ):
    """Write dZ = dA * g'(Z)."""
    dA, Z, A = view(work, dA, n, m), view(work, Z, n, m), view(work, A, n, m)
    bodies.piecewise_backward_into(code, work.dtype.type(slope), dA, Z, A, view(work, dZ, n, m))


@stage
def back_through_squashing(work, code, slope, n, m, dA, Z, A, dZ):
    """Write dZ = dA * g'(Z)."""
    dA, Z, A = view(work, dA, n, m), view(work, Z, n, m), view(work, A, n, m)
    bodies.squashing_backward_into(code, work.dtype.type(slope), dA, Z, A, view(work, dZ, n, m))


@stage
def back_through_columnwise(work, code, slope, n, m, dA, Z, A, dZ):
    """Write dZ from dA."""
    dA, Z, A = view(work, dA, n, m), view(work, Z, n, m), view(work, A, n, m)
    bodies.columnwise_backward_into(code, work.dtype.type(slope), dA, Z, A, view(work, dZ, n, m))


@stage
def back_through_curved(work, code, slope, n, m, dA, Z, A, dZ):
    """Write dZ = dA * g'(Z)."""
    dA, Z, A = view(work, dA, n, m), view(work, Z, n, m), view(work, A, n, m)
    bodies.curved_backward_into(code, work.dtype.type(slope), dA, Z, A, view(work, dZ, n, m))


FORWARD_STAGES = (activate_piecewise, activate_squashing, activate_columnwise, activate_curved)
BACKWARD_STAGES = (
    back_through_piecewise,
    back_through_squashing,
    back_through_columnwise,
    back_through_curved,
)
