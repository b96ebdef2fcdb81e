"""Slow and obvious twin of nnsim.data.normalization, feature by feature."""

import numpy as np


def normalize(X_train, X, divide_by_variance=False):
    normalized = np.empty_like(X)
    for j in range(X.shape[0]):
        m = X_train.shape[1]
        mu = sum(X_train[j, i] for i in range(m)) / m
        variance = sum((X_train[j, i] - mu) ** 2 for i in range(m)) / m
        divisor = variance if divide_by_variance else np.sqrt(variance)
        for i in range(X.shape[1]):
            normalized[j, i] = (X[j, i] - mu) / divisor
    return normalized
