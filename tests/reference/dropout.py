"""Inverted dropout, with the uniform numbers handed in."""

import numpy as np


def dropout_mask(keep_prob, uniform):
    return np.where(uniform < keep_prob, 1.0, 0.0)


def dropout_forward(A, D, keep_prob):
    return A * D / keep_prob


def dropout_backward(dA, D, keep_prob):
    return dA * D / keep_prob
