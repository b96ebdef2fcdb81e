"""Penalties by their definitions, one weight at a time; as slow as they are obvious."""

import numpy as np


def l2_penalty(W, lambd, m):
    total = 0.0
    for w in W.ravel():
        total += float(w) ** 2
    return lambd / (2 * m) * total


def l1_penalty(W, lambd, m, halved):
    total = 0.0
    for w in W.ravel():
        total += abs(float(w))
    return lambd / (2 * m if halved else m) * total


def l2_gradient(W, lambd, m, dW):
    result = np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        result[place] = float(dW[place]) + lambd / m * float(W[place])
    return result


def l1_gradient(W, lambd, m, halved, dW):
    result = np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        sign = 1 if W[place] > 0 else -1 if W[place] < 0 else 0
        result[place] = float(dW[place]) + lambd / (2 * m if halved else m) * sign
    return result
