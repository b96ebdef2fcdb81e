"""Costs by their definitions, one example at a time; as slow as they are obvious."""

import math

import numpy as np


def mean_over_examples(loss, A, Y):
    """Average loss(column of A, column of Y) over the columns."""
    m = A.shape[1]
    columns = [([float(a) for a in A[:, j]], [float(y) for y in Y[:, j]]) for j in range(m)]
    return math.fsum(loss(a, y) for a, y in columns) / m


def binary_cross_entropy(Z, Y):
    def loss(z, y):
        # -log(sigmoid(z)) = log(1 + exp(-z)), for large -z equal to -z.
        def minus_log_sigmoid(z):
            return math.log1p(math.exp(-z)) if z > -36 else -z + math.exp(max(z, -700.0))

        return math.fsum(
            y_k * minus_log_sigmoid(z_k) + (1 - y_k) * minus_log_sigmoid(-z_k)
            for z_k, y_k in zip(z, y, strict=True)
        )

    return mean_over_examples(loss, Z, Y)


def softmax_cross_entropy(Z, Y):
    def loss(z, y):
        log_sum = max(z) + math.log(math.fsum(math.exp(z_k - max(z)) for z_k in z))
        return math.fsum(y_k * (log_sum - z_k) for z_k, y_k in zip(z, y, strict=True))

    return mean_over_examples(loss, Z, Y)


def mean_squared_error(A, Y):
    def loss(a, y):
        return math.fsum((a_k - y_k) ** 2 for a_k, y_k in zip(a, y, strict=True))

    return mean_over_examples(loss, A, Y)


def hinge(Z, Y):
    def loss(z, y):
        return math.fsum(
            max(0.0, 1 - (1 if y_k == 1 else -1) * z_k) for z_k, y_k in zip(z, y, strict=True)
        )

    return mean_over_examples(loss, Z, Y)


def huber(A, Y, delta):
    def loss(a, y):
        sizes = [abs(a_k - y_k) for a_k, y_k in zip(a, y, strict=True)]
        return math.fsum(
            size**2 / 2 if size <= delta else delta * (size - delta / 2) for size in sizes
        )

    return mean_over_examples(loss, A, Y)


def numeric_gradient(cost, Z, step=1e-6):
    """Return m dcost/dZ by two-sided differences, one entry at a time (course topic B12)."""
    gradient = np.zeros(Z.shape)
    for place in np.ndindex(Z.shape):
        above, below = Z.copy(), Z.copy()
        above[place] += step
        below[place] -= step
        gradient[place] = (cost(above) - cost(below)) / (2 * step) * Z.shape[1]
    return gradient


def right_predictions(task, from_logits, Z, A, Y):
    """Count the columns whose prediction is the label; task is "binary" or "multiclass"."""
    right = 0
    for j in range(A.shape[1]):
        if np.isnan(A[:, j]).any() or np.isnan(Z[:, j]).any():
            continue
        if task == "multiclass":
            right += int(np.argmax(A[:, j]) == np.argmax(Y[:, j]))
        else:
            guesses = Z[:, j] > 0 if from_logits else A[:, j] > 0.5
            right += int(all(guesses == (Y[:, j] > 0.5)))
    return right
