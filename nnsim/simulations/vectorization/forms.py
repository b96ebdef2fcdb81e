"""One gradient of logistic regression in several forms (topic A4). No Numba at import.

All compute, for z_i = w^T x_i + b, a_i = 1 / (1 + e^-z_i) and m examples,

    J = -1/m sum (y_i log a_i + (1 - y_i) log(1 - a_i))
    dw = 1/m sum x_i (a_i - y_i),  db = 1/m sum (a_i - y_i)

The panels print the source of `loop` and of a matrix form, and operations are counted in it: what
is shown is what runs.
"""

from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np

Form = tuple[float, Any, float]
"""J, dw and db."""


def loop(X: list[list[float]], Y: list[float], w: list[float], b: float) -> Form:
    """Return J, dw, db with for-loops over examples and features, as the course does it first.

    X has n_x rows of m numbers, Y has m, w has n_x.
    """
    n_x, m = len(X), len(Y)
    J, dw, db = 0.0, [0.0] * n_x, 0.0
    for i in range(m):
        z = b
        for j in range(n_x):
            z += w[j] * X[j][i]
        a = 1 / (1 + exp(-z))
        J -= Y[i] * log(a) + (1 - Y[i]) * log(1 - a)
        dz = a - Y[i]
        for j in range(n_x):
            dw[j] += X[j][i] * dz
        db += dz
    J /= m
    for j in range(n_x):
        dw[j] /= m
    db /= m
    return J, dw, db


def matrix(X: np.ndarray, Y: np.ndarray, w: np.ndarray, b: float) -> Form:
    """Return J, dw (n_x, 1), db from X (n_x, m), Y (1, m), w (n_x, 1): no loop in Python."""
    m = X.shape[1]
    Z = w.T @ X + b
    A = 1 / (1 + np.exp(-Z))
    J = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m
    dZ = A - Y
    dw = X @ dZ.T / m
    db = np.sum(dZ) / m
    return J, dw, db


def mean_forgotten(X: np.ndarray, Y: np.ndarray, w: np.ndarray, b: float) -> Form:
    """Return `matrix` with a bug: dw and db are sums over the examples, not means."""
    m = X.shape[1]
    Z = w.T @ X + b
    A = 1 / (1 + np.exp(-Z))
    J = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m
    dZ = A - Y
    dw = X @ dZ.T
    db = np.sum(dZ)
    return J, dw, db


def labels_as_column(X: np.ndarray, Y: np.ndarray, w: np.ndarray, b: float) -> Form:
    """Return `matrix` with a bug: Y is (m, 1), and A - Y becomes (m, m) without a complaint."""
    m = X.shape[1]
    Y = Y.reshape(m, 1)
    Z = w.T @ X + b
    A = 1 / (1 + np.exp(-Z))
    J = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m
    dZ = A - Y
    dw = X @ dZ.T / m
    db = np.sum(dZ) / m
    return J, dw, db


FORMS = {"right": matrix, "mean_forgotten": mean_forgotten, "labels_as_column": labels_as_column}
"""The matrix form, and two ways to get it wrong."""


def compiled(X: np.ndarray, Y: np.ndarray, w: np.ndarray, b: float) -> Form:
    """Return J, dw (n_x, 1), db by the kernels that this program trains networks with."""
    from nnsim.simulations.vectorization.kernel import logistic_gradient

    J, dW, db = logistic_gradient(np.ascontiguousarray(w.T), X, Y, np.full((1, 1), b))
    return J, dW.T, float(db[0, 0])
