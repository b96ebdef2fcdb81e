"""First weights (course topic B11): drawn in float64, then cast, so all dtypes start alike.

==========  =============================================================================
zeros       0
constant    scale
normal      scale N(0, 1)
uniform     scale U(-1, 1)
he          scale sqrt(2 / n[l-1]) N(0, 1): He et al. (2015), for ReLU
xavier      scale sqrt(1 / n[l-1]) N(0, 1): for tanh, as the course has it
glorot      scale sqrt(2 / (n[l-1] + n[l])) N(0, 1): Glorot and Bengio (2010)
identity    scale on the diagonal, 0 elsewhere
orthogonal  scale times a random matrix whose rows (columns, if tall) are orthonormal:
            Saxe, McClelland and Ganguli (2014)
==========  =============================================================================

"xavier" and "glorot" are both named after Xavier Glorot; the names follow the course's notes.
"""

import math

import numpy as np

from nnsim.kernels.codes import Initializer, Stream
from nnsim.kernels.cpu.random import normal_into, uniform_into

_STREAM = int(Stream.INITIALIZE)


def initialize_into(
    code: int, scale: float, fan_in: int, fan_out: int, seed: int, layer: int, W: np.ndarray
) -> None:
    """Fill W (n, n_prev) by the initializer with this number (`Initializer`).

    Plain Python: it runs once a layer, and compiling it costs more than it ever could.
    """
    if code == Initializer.ZEROS or code == Initializer.CONSTANT:
        W[:] = scale if code == Initializer.CONSTANT else 0.0
    elif code == Initializer.IDENTITY:
        W[:] = scale * np.eye(*W.shape)
    elif code == Initializer.UNIFORM:
        draws = np.empty(W.size)
        uniform_into(seed, _STREAM, 0, layer, draws)
        W[:] = scale * (2.0 * draws.reshape(W.shape) - 1.0)
    else:
        draws = np.empty(W.size)
        normal_into(seed, _STREAM, 0, layer, draws)
        if code == Initializer.ORTHOGONAL:
            W[:] = scale * _orthogonal(draws, *W.shape)
        else:
            W[:] = scale * deviation(code, fan_in, fan_out) * draws.reshape(W.shape)


def deviation(code: int, fan_in: int, fan_out: int) -> float:
    """Return the standard deviation of an initializer that draws from a normal distribution."""
    if code == Initializer.HE:
        return math.sqrt(2.0 / fan_in)
    if code == Initializer.XAVIER:
        return math.sqrt(1.0 / fan_in)
    if code == Initializer.GLOROT:
        return math.sqrt(2.0 / (fan_in + fan_out))
    return 1.0


def _orthogonal(draws: np.ndarray, n: int, n_prev: int) -> np.ndarray:
    """Return W (n, n_prev) whose rows (columns, where W is tall) are orthonormal.

    Gram and Schmidt, each row made orthogonal to those before it twice, which is enough for
    full precision (Giraud, Langou and Rozloznik, 2005).
    """
    Q = draws.reshape(min(n, n_prev), max(n, n_prev))
    for i in range(len(Q)):
        for _ in range(2):
            Q[i] -= (Q[:i] @ Q[i]) @ Q[:i]
        Q[i] /= np.linalg.norm(Q[i])
    return Q.T if n > n_prev else Q
