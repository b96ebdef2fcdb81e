"""Residual connections: what goes past a layer, and what comes back past it."""


def residual_forward(A_prev, A):
    return A + A_prev


def residual_backward(dA, dA_prev):
    return dA_prev + dA
