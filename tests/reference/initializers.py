"""First weights from standard normal or uniform numbers that are handed in."""

import numpy as np


def he(normals, n, n_prev):
    return normals.reshape(n, n_prev) * np.sqrt(2 / n_prev)


def xavier(normals, n, n_prev):
    return normals.reshape(n, n_prev) * np.sqrt(1 / n_prev)


def glorot(normals, n, n_prev):
    return normals.reshape(n, n_prev) * np.sqrt(2 / (n_prev + n))


def normal(normals, n, n_prev):
    return normals.reshape(n, n_prev)


def uniform(uniforms, n, n_prev):
    return 2 * uniforms.reshape(n, n_prev) - 1


def orthogonal(normals, n, n_prev):
    """Return Q of the QR decomposition in which R's diagonal is positive: there is only one."""
    tall = normals.reshape(min(n, n_prev), max(n, n_prev)).T
    Q, R = np.linalg.qr(tall)
    Q = Q * np.sign(np.diag(R))
    return Q if n > n_prev else Q.T
