"""Gradient clipping."""

import numpy as np


def global_norm(grad):
    largest = np.max(np.abs(grad), initial=0.0)
    if largest == 0:
        return 0.0
    return largest * np.sqrt(np.sum((grad / largest) ** 2))


def clip_by_value(grad, limit):
    return np.minimum(np.maximum(grad, -limit), limit)


def clip_by_global_norm(grad, limit):
    norm = global_norm(grad)
    return grad * (limit / norm) if norm > limit else grad
