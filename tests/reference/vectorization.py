"""J, dw, db of logistic regression in extended precision, example by example."""

import numpy as np


def gradient(X, Y, w, b):
    """Return J, dw (n_x,), db: all in long double, rounded once at the end."""
    n_x, m = X.shape
    X, Y, w = (np.asarray(each, np.longdouble) for each in (X, Y, w))
    J, db, dw = np.longdouble(0), np.longdouble(0), np.zeros(n_x, np.longdouble)
    for i in range(m):
        z = np.sum(w[:, 0] * X[:, i]) + np.longdouble(b)
        a = 1 / (1 + np.exp(-z))
        J -= np.log(a) if Y[0, i] else np.log(1 - a)
        dz = a - Y[0, i]
        dw += X[:, i] * dz
        db += dz
    return float(J / m), (dw / m).astype(float), float(db / m)
