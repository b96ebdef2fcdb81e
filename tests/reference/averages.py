"""Exponentially weighted averages as sums of all weights (1 - beta) beta^k."""

import numpy as np


def weights_of(beta, t):
    """Return the weights of theta_1 .. theta_t in v_t."""
    return np.array([(1 - beta) * beta ** (t - k) for k in range(1, t + 1)])


def exponentially_weighted_average(theta, beta):
    return np.array([np.sum(weights_of(beta, t) * theta[:t]) for t in range(1, len(theta) + 1)])


def exponentially_weighted_average_corrected(theta, beta):
    v = exponentially_weighted_average(theta, beta)
    return np.array([v[t - 1] / (1 - beta**t) for t in range(1, len(theta) + 1)])
