"""Layer norm, and its gradient by the chain rule through every entry of a column."""

import numpy as np


def layer_norm_forward(Z, gamma, beta, epsilon):
    n = Z.shape[0]
    mean = np.sum(Z, axis=0, keepdims=True) / n
    variance = np.sum((Z - mean) ** 2, axis=0, keepdims=True) / n
    Z_norm = (Z - mean) / np.sqrt(variance + epsilon)
    return gamma * Z_norm + beta, Z_norm, mean, variance


def layer_norm_backward(dZ_tilde, Z, gamma, epsilon):
    """Sum, for each entry i, what it does to each entry k of its column."""
    n, m = Z.shape
    _, Z_norm, mean, variance = layer_norm_forward(Z, gamma, np.zeros((n, 1)), epsilon)
    dZ = np.zeros((n, m))
    for j in range(m):
        sigma = np.sqrt(variance[0, j] + epsilon)
        for i in range(n):
            for k in range(n):
                # d z_norm_k / d z_i by the quotient rule: numerator z_k - mean, denominator sigma.
                d_numerator = (1.0 if i == k else 0.0) - 1.0 / n
                d_variance = 2.0 * (Z[i, j] - mean[0, j]) / n
                d_sigma = d_variance / (2.0 * sigma)
                slope = (d_numerator * sigma - (Z[k, j] - mean[0, j]) * d_sigma) / sigma**2
                dZ[i, j] += dZ_tilde[k, j] * gamma[k, 0] * slope
    dgamma = np.sum(dZ_tilde * Z_norm, axis=1, keepdims=True) / m
    dbeta = np.sum(dZ_tilde, axis=1, keepdims=True) / m
    return dZ, dgamma, dbeta
