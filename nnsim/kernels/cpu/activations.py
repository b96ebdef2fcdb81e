"""Activations A = g(Z), checked, for Python and for jitted code (course topic A6).

Every kernel here takes Z (n, m), one example a column, float64 or float32 and
C-contiguous, and returns A of the same shape and type. The output A may be given, and is
then written in place; it must not be Z. Raised are TypeError for another type or layout,
or types that differ, and ValueError for shapes that differ. NaN gives NaN.

The way back, dZ = dA * g'(Z), is in `activation_gradients`.
"""

import numpy as np

from nnsim.kernels.checks import ShapeError, check_arrays, output_like
from nnsim.kernels.cpu import activation_bodies as bodies
from nnsim.kernels.jit import kernel
from nnsim.kernels.loops import copy_into, flat


@kernel
def identity(Z: np.ndarray, A: np.ndarray | None = None) -> np.ndarray:
    """Return A = Z: a linear unit."""
    check_arrays("identity(Z) -> A", 2, Z, A)
    A = output_like("identity", "A", A, "Z", Z)
    copy_into(flat(Z), flat(A))
    return A


@kernel
def sigmoid(Z: np.ndarray, A: np.ndarray | None = None) -> np.ndarray:
    """Return A = 1 / (1 + exp(-Z)), exact in relative terms and without overflow."""
    check_arrays("sigmoid(Z) -> A", 2, Z, A)
    A = output_like("sigmoid", "A", A, "Z", Z)
    bodies.sigmoid_into(Z.dtype.type(0.0), flat(Z), flat(A))
    return A


@kernel
def tanh(Z: np.ndarray, A: np.ndarray | None = None) -> np.ndarray:
    """Return A = tanh(Z), exact in relative terms near 0."""
    check_arrays("tanh(Z) -> A", 2, Z, A)
    A = output_like("tanh", "A", A, "Z", Z)
    bodies.tanh_into(Z.dtype.type(0.0), flat(Z), flat(A))
    return A


@kernel
def relu(Z: np.ndarray, A: np.ndarray | None = None) -> np.ndarray:
    """Return A = max(0, Z) (course topics A1, A6)."""
    check_arrays("relu(Z) -> A", 2, Z, A)
    A = output_like("relu", "A", A, "Z", Z)
    bodies.relu_into(Z.dtype.type(0.0), flat(Z), flat(A))
    return A


@kernel
def leaky_relu(Z: np.ndarray, slope: float, A: np.ndarray | None = None) -> np.ndarray:
    """Return A = slope * Z where Z <= 0, else Z; the course's slope is 0.01."""
    check_arrays("leaky_relu(Z) -> A", 2, Z, A)
    A = output_like("leaky_relu", "A", A, "Z", Z)
    bodies.leaky_relu_into(Z.dtype.type(slope), flat(Z), flat(A))
    return A


@kernel
def elu(Z: np.ndarray, slope: float, A: np.ndarray | None = None) -> np.ndarray:
    """Return A = slope * (exp(Z) - 1) where Z <= 0, else Z.

    Clevert, Unterthiner and Hochreiter (2015), "Fast and accurate deep network learning by
    exponential linear units"; slope is their alpha, a name that is the learning rate's here.
    """
    check_arrays("elu(Z) -> A", 2, Z, A)
    A = output_like("elu", "A", A, "Z", Z)
    bodies.elu_into(Z.dtype.type(slope), flat(Z), flat(A))
    return A


@kernel
def selu(Z: np.ndarray, A: np.ndarray | None = None) -> np.ndarray:
    """Return A = scale * elu(Z) with the height and scale that keep mean 0 and variance 1.

    Klambauer, Unterthiner, Mayr and Hochreiter (2017), "Self-normalizing neural networks".
    """
    check_arrays("selu(Z) -> A", 2, Z, A)
    A = output_like("selu", "A", A, "Z", Z)
    bodies.selu_into(Z.dtype.type(0.0), flat(Z), flat(A))
    return A


@kernel
def gelu(Z: np.ndarray, A: np.ndarray | None = None) -> np.ndarray:
    """Return A = Z * Phi(Z), Phi the standard normal distribution function.

    Hendrycks and Gimpel (2016), "Gaussian error linear units"; exact by erfc, not their
    approximation by tanh.
    """
    check_arrays("gelu(Z) -> A", 2, Z, A)
    A = output_like("gelu", "A", A, "Z", Z)
    bodies.gelu_into(flat(Z), flat(A))
    return A


@kernel
def silu(Z: np.ndarray, A: np.ndarray | None = None) -> np.ndarray:
    """Return A = Z * sigmoid(Z), also known as swish.

    Elfwing, Uchibe and Doya (2017), "Sigmoid-weighted linear units".
    """
    check_arrays("silu(Z) -> A", 2, Z, A)
    A = output_like("silu", "A", A, "Z", Z)
    bodies.silu_into(Z.dtype.type(0.0), flat(Z), flat(A))
    return A


@kernel
def softplus(Z: np.ndarray, A: np.ndarray | None = None) -> np.ndarray:
    """Return A = log(1 + exp(Z)), computed as max(Z, 0) + log(1 + exp(-|Z|))."""
    check_arrays("softplus(Z) -> A", 2, Z, A)
    A = output_like("softplus", "A", A, "Z", Z)
    bodies.softplus_into(Z.dtype.type(0.0), flat(Z), flat(A))
    return A


@kernel
def softmax(Z: np.ndarray, A: np.ndarray | None = None) -> np.ndarray:
    """Return A = exp(Z) / sum of exp(Z) over each column (course topic D10).

    Each column's maximum is taken off first, which changes nothing but keeps exp finite.
    """
    check_arrays("softmax(Z) -> A", 2, Z, A)
    A = output_like("softmax", "A", A, "Z", Z)
    if Z.shape[0] == 0:
        raise ShapeError("softmax: Z has", Z.shape, "but needs at least one row")
    bodies.softmax_into(Z, A)
    return A


@kernel
def hardmax(Z: np.ndarray, A: np.ndarray | None = None) -> np.ndarray:
    """Return 1 at the first largest Z of each column and 0 elsewhere (course topic D10)."""
    check_arrays("hardmax(Z) -> A", 2, Z, A)
    A = output_like("hardmax", "A", A, "Z", Z)
    if Z.shape[0] == 0:
        raise ShapeError("hardmax: Z has", Z.shape, "but needs at least one row")
    bodies.hardmax_into(Z, A)
    return A
