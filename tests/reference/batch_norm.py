"""Batch norm, and its gradient by the chain rule through every entry."""

import numpy as np


def batch_norm_forward(Z, gamma, beta, epsilon):
    m = Z.shape[1]
    mean = np.sum(Z, axis=1, keepdims=True) / m
    variance = np.sum((Z - mean) ** 2, axis=1, keepdims=True) / m
    Z_norm = (Z - mean) / np.sqrt(variance + epsilon)
    return gamma * Z_norm + beta, Z_norm, mean, variance


def batch_norm_backward(dZ_tilde, Z, gamma, epsilon):
    """Sum, for each entry j, what it does to each entry k of its row."""
    n, m = Z.shape
    _, Z_norm, mean, variance = batch_norm_forward(Z, gamma, np.zeros((n, 1)), epsilon)
    dZ = np.zeros((n, m))
    for i in range(n):
        sigma = np.sqrt(variance[i, 0] + epsilon)
        for j in range(m):
            for k in range(m):
                # d z_norm_k / d z_j by the quotient rule: numerator z_k - mean, denominator sigma.
                d_numerator = (1.0 if j == k else 0.0) - 1.0 / m
                d_variance = 2.0 * (Z[i, j] - mean[i, 0]) / m
                d_sigma = d_variance / (2.0 * sigma)
                slope = (d_numerator * sigma - (Z[i, k] - mean[i, 0]) * d_sigma) / sigma**2
                dZ[i, j] += dZ_tilde[i, k] * gamma[i, 0] * slope
    dgamma = np.sum(dZ_tilde * Z_norm, axis=1, keepdims=True) / m
    dbeta = np.sum(dZ_tilde, axis=1, keepdims=True) / m
    return dZ, dgamma, dbeta


def batch_norm_backward_without_statistics(dZ_tilde, gamma, variance, epsilon):
    return dZ_tilde * gamma / np.sqrt(variance + epsilon)


def batch_norm_inference(Z, gamma, beta, mean, variance, epsilon):
    return gamma * (Z - mean) / np.sqrt(variance + epsilon) + beta


def update_running_average(running, new, momentum):
    return momentum * running + (1 - momentum) * new
