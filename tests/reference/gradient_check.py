"""The gradient check in NumPy: the cost of the twin network at theta plus and minus epsilon."""

import numpy as np

from tests.reference import network as twin


def cost_of(network, blocks, theta, X, Y, masks=None):
    """Return J of a flat theta."""
    parameters = {block.name: block.of(theta) for block in blocks}
    arrays = twin.forward(network, parameters, X, masks)
    return sum(twin.cost(network, parameters, arrays, Y))


def two_costs(network, blocks, theta, X, Y, epsilon, masks=None):
    """Return (parameters, 2): J(theta_i + epsilon) and J(theta_i - epsilon)."""
    costs = np.empty((theta.size, 2))
    for i in range(theta.size):
        for side, sign in enumerate((1, -1)):
            moved = theta.copy()
            moved[i] += sign * epsilon
            costs[i, side] = cost_of(network, blocks, moved, X, Y, masks)
    return costs


def ratio(d_approx, d):
    """Return ||d_approx - d|| / (||d_approx|| + ||d||)."""
    return np.linalg.norm(d_approx - d) / (np.linalg.norm(d_approx) + np.linalg.norm(d))
