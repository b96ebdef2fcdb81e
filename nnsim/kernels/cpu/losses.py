"""Losses, checked, for Python and for jitted code (course topics A2, D11).

Each loss is a pair. The first kernel returns the cost J, the mean over the m columns of
the loss of one example, which is summed over its outputs. The second returns m dJ/dZ,
**undivided** as in the course (dZ[L] = A[L] - Y): 1/m is taken in `dense_backward`.

All arrays are (n_y, m), one example a column, of one type, float64 or float32, and
C-contiguous. A gradient may be given as an output and is then written in place. Raised
are TypeError for another type or layout, or types that differ, and ValueError for shapes
that differ. NaN gives NaN.
"""

import numpy as np

from nnsim.kernels.checks import check_arrays, check_same_shape, output_like
from nnsim.kernels.cpu import loss_bodies
from nnsim.kernels.cpu.activation_bodies import sigmoid_into, softmax_into
from nnsim.kernels.cpu.loss_bodies import sum_of_losses
from nnsim.kernels.jit import kernel
from nnsim.kernels.loops import flat


@kernel
def binary_cross_entropy(Z: np.ndarray, Y: np.ndarray) -> float:
    """Return J of L = -y log a - (1 - y) log(1 - a), a = sigmoid(z), from the logits Z.

    Computed as max(z, 0) - z y + log(1 + exp(-|z|)): a that rounds to 0 or 1 does no harm.
    Course topic A2; one of the notes prints log(a - 1) for y = 0, which is wrong.
    """
    check_arrays("binary_cross_entropy(Z, Y)", 2, Z, Y)
    check_same_shape("binary_cross_entropy", "Y", Y, "Z", Z)
    delta = Z.dtype.type(0.0)
    total = sum_of_losses(loss_bodies.binary_cross_entropy_of, delta, Z, Y)
    return total / Z.dtype.type(Z.shape[1])


@kernel
def binary_cross_entropy_backward(
    Z: np.ndarray, Y: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = A - Y, A = sigmoid(Z) (course topic A7)."""
    check_arrays("binary_cross_entropy_backward(Z, Y) -> dZ", 2, Z, Y, dZ)
    check_same_shape("binary_cross_entropy_backward", "Y", Y, "Z", Z)
    dZ = output_like("binary_cross_entropy_backward", "dZ", dZ, "Z", Z)
    T = Z.dtype.type
    sigmoid_into(T(0.0), flat(Z), flat(dZ))
    loss_bodies.residual_into(T(1.0), flat(dZ), flat(Y), flat(dZ))
    return dZ


@kernel
def softmax_cross_entropy(Z: np.ndarray, Y: np.ndarray) -> float:
    """Return J of L = -sum_i y_i log a_i, a = softmax(z), from the logits Z.

    Columns of Y sum to 1; they need not be 0 and 1 (label smoothing). Computed from
    log sum_k exp(z_k) - z_i, so that no logarithm of 0 is taken. Course topic D11.
    """
    check_arrays("softmax_cross_entropy(Z, Y)", 2, Z, Y)
    check_same_shape("softmax_cross_entropy", "Y", Y, "Z", Z)
    T = Z.dtype.type
    A = np.empty_like(Z)
    softmax_into(Z, A)
    return loss_bodies.softmax_cross_entropy_sum(Z, A, Y) / T(Z.shape[1])


@kernel
def softmax_cross_entropy_backward(
    Z: np.ndarray, Y: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = A - Y, A = softmax(Z); the columns of Y sum to 1 (course topic D11)."""
    check_arrays("softmax_cross_entropy_backward(Z, Y) -> dZ", 2, Z, Y, dZ)
    check_same_shape("softmax_cross_entropy_backward", "Y", Y, "Z", Z)
    dZ = output_like("softmax_cross_entropy_backward", "dZ", dZ, "Z", Z)
    T = Z.dtype.type
    softmax_into(Z, dZ)
    loss_bodies.residual_into(T(1.0), flat(dZ), flat(Y), flat(dZ))
    return dZ


@kernel
def mean_squared_error(A: np.ndarray, Y: np.ndarray) -> float:
    """Return J of L = sum_k (a_k - y_k)^2 (course topic A1); not halved, as PyTorch's is not."""
    check_arrays("mean_squared_error(A, Y)", 2, A, Y)
    check_same_shape("mean_squared_error", "Y", Y, "A", A)
    delta = A.dtype.type(0.0)
    total = sum_of_losses(loss_bodies.mean_squared_error_of, delta, A, Y)
    return total / A.dtype.type(A.shape[1])


@kernel
def mean_squared_error_backward(
    A: np.ndarray, Y: np.ndarray, dA: np.ndarray | None = None
) -> np.ndarray:
    """Return dA = 2 (A - Y)."""
    check_arrays("mean_squared_error_backward(A, Y) -> dA", 2, A, Y, dA)
    check_same_shape("mean_squared_error_backward", "Y", Y, "A", A)
    dA = output_like("mean_squared_error_backward", "dA", dA, "A", A)
    loss_bodies.residual_into(A.dtype.type(2.0), flat(A), flat(Y), flat(dA))
    return dA


@kernel
def hinge(Z: np.ndarray, Y: np.ndarray) -> float:
    """Return J of L = max(0, 1 - (2 y - 1) z) for labels y of 0 and 1.

    The loss of the support vector machine (Cortes and Vapnik, 1995), whose labels -1 and 1
    are 2 y - 1 here.
    """
    check_arrays("hinge(Z, Y)", 2, Z, Y)
    check_same_shape("hinge", "Y", Y, "Z", Z)
    delta = Z.dtype.type(0.0)
    total = sum_of_losses(loss_bodies.hinge_of, delta, Z, Y)
    return total / Z.dtype.type(Z.shape[1])


@kernel
def hinge_backward(Z: np.ndarray, Y: np.ndarray, dZ: np.ndarray | None = None) -> np.ndarray:
    """Return dZ = -(2 y - 1) where (2 y - 1) z < 1, else 0; at the kink 0 is taken."""
    check_arrays("hinge_backward(Z, Y) -> dZ", 2, Z, Y, dZ)
    check_same_shape("hinge_backward", "Y", Y, "Z", Z)
    dZ = output_like("hinge_backward", "dZ", dZ, "Z", Z)
    loss_bodies.hinge_gradient_into(flat(Z), flat(Y), flat(dZ))
    return dZ


@kernel
def huber(A: np.ndarray, Y: np.ndarray, delta: float) -> float:
    """Return J of L = d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2), d = a - y.

    Huber (1964), "Robust estimation of a location parameter": quadratic for small errors,
    linear for outliers.
    """
    check_arrays("huber(A, Y)", 2, A, Y)
    check_same_shape("huber", "Y", Y, "A", A)
    delta = A.dtype.type(delta)
    total = sum_of_losses(loss_bodies.huber_of, delta, A, Y)
    return total / A.dtype.type(A.shape[1])


@kernel
def huber_backward(
    A: np.ndarray, Y: np.ndarray, delta: float, dA: np.ndarray | None = None
) -> np.ndarray:
    """Return dA = A - Y cut off at -delta and delta."""
    check_arrays("huber_backward(A, Y) -> dA", 2, A, Y, dA)
    check_same_shape("huber_backward", "Y", Y, "A", A)
    dA = output_like("huber_backward", "dA", dA, "A", A)
    T = A.dtype.type
    loss_bodies.residual_into(T(1.0), flat(A), flat(Y), flat(dA))
    loss_bodies.clip_into(T(delta), flat(dA))
    return dA
