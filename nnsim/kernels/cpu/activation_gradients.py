"""The way back through the activations: dZ = dA * g'(Z), checked (course topics A6, A7).

Every kernel takes dA, Z and the A = g(Z) of the way forward, all (n, m), of one float
type and C-contiguous, and returns dZ; where Z or A is not needed for the slope it is
taken all the same, so that all have one face. dZ may be given and is then written in
place; it may be dA, but not Z. Errors are those of `activations`.
"""

import numpy as np

from nnsim.kernels.checks import check_arrays, check_same_shape, output_like
from nnsim.kernels.cpu import activation_bodies as bodies
from nnsim.kernels.jit import kernel
from nnsim.kernels.loops import copy_into, flat


@kernel
def identity_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = dA."""
    check_arrays("identity_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("identity_backward", "dA", dA, "Z", Z)
    check_same_shape("identity_backward", "A", A, "Z", Z)
    dZ = output_like("identity_backward", "dZ", dZ, "Z", Z)
    copy_into(flat(dA), flat(dZ))
    return dZ


@kernel
def sigmoid_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = dA * A (1 - A)."""
    check_arrays("sigmoid_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("sigmoid_backward", "dA", dA, "Z", Z)
    check_same_shape("sigmoid_backward", "A", A, "Z", Z)
    dZ = output_like("sigmoid_backward", "dZ", dZ, "Z", Z)
    bodies.sigmoid_backward_into(Z.dtype.type(0.0), flat(dA), flat(Z), flat(A), flat(dZ))
    return dZ


@kernel
def tanh_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = dA * (1 - A^2), computed as (1 + A) (1 - A)."""
    check_arrays("tanh_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("tanh_backward", "dA", dA, "Z", Z)
    check_same_shape("tanh_backward", "A", A, "Z", Z)
    dZ = output_like("tanh_backward", "dZ", dZ, "Z", Z)
    bodies.tanh_backward_into(Z.dtype.type(0.0), flat(dA), flat(Z), flat(A), flat(dZ))
    return dZ


@kernel
def relu_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = 0 where Z <= 0, else dA; the slope at 0 is taken to be 0."""
    check_arrays("relu_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("relu_backward", "dA", dA, "Z", Z)
    check_same_shape("relu_backward", "A", A, "Z", Z)
    dZ = output_like("relu_backward", "dZ", dZ, "Z", Z)
    bodies.relu_backward_into(Z.dtype.type(0.0), flat(dA), flat(Z), flat(A), flat(dZ))
    return dZ


@kernel
def leaky_relu_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, slope: float, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = slope * dA where Z <= 0, else dA."""
    check_arrays("leaky_relu_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("leaky_relu_backward", "dA", dA, "Z", Z)
    check_same_shape("leaky_relu_backward", "A", A, "Z", Z)
    dZ = output_like("leaky_relu_backward", "dZ", dZ, "Z", Z)
    bodies.leaky_relu_backward_into(Z.dtype.type(slope), flat(dA), flat(Z), flat(A), flat(dZ))
    return dZ


@kernel
def elu_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, slope: float, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = dA * (A + slope where Z <= 0, else 1), since slope exp(Z) = A + slope."""
    check_arrays("elu_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("elu_backward", "dA", dA, "Z", Z)
    check_same_shape("elu_backward", "A", A, "Z", Z)
    dZ = output_like("elu_backward", "dZ", dZ, "Z", Z)
    bodies.elu_backward_into(Z.dtype.type(slope), flat(dA), flat(Z), flat(A), flat(dZ))
    return dZ


@kernel
def selu_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = dA * (A + scale * height where Z <= 0, else scale)."""
    check_arrays("selu_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("selu_backward", "dA", dA, "Z", Z)
    check_same_shape("selu_backward", "A", A, "Z", Z)
    dZ = output_like("selu_backward", "dZ", dZ, "Z", Z)
    bodies.selu_backward_into(Z.dtype.type(0.0), flat(dA), flat(Z), flat(A), flat(dZ))
    return dZ


@kernel
def gelu_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = dA * (Phi(Z) + Z phi(Z)), phi the standard normal density."""
    check_arrays("gelu_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("gelu_backward", "dA", dA, "Z", Z)
    check_same_shape("gelu_backward", "A", A, "Z", Z)
    dZ = output_like("gelu_backward", "dZ", dZ, "Z", Z)
    bodies.gelu_backward_into(Z.dtype.type(0.0), flat(dA), flat(Z), flat(A), flat(dZ))
    return dZ


@kernel
def silu_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = dA * (s + A (1 - s)), s = sigmoid(Z) = A / Z."""
    check_arrays("silu_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("silu_backward", "dA", dA, "Z", Z)
    check_same_shape("silu_backward", "A", A, "Z", Z)
    dZ = output_like("silu_backward", "dZ", dZ, "Z", Z)
    bodies.silu_backward_into(Z.dtype.type(0.0), flat(dA), flat(Z), flat(A), flat(dZ))
    return dZ


@kernel
def softplus_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = dA * sigmoid(Z), which is 1 - exp(-A)."""
    check_arrays("softplus_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("softplus_backward", "dA", dA, "Z", Z)
    check_same_shape("softplus_backward", "A", A, "Z", Z)
    dZ = output_like("softplus_backward", "dZ", dZ, "Z", Z)
    bodies.softplus_backward_into(Z.dtype.type(0.0), flat(dA), flat(Z), flat(A), flat(dZ))
    return dZ


@kernel
def softmax_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = A * (dA - sum of dA * A over the column): the full Jacobian, column by column."""
    check_arrays("softmax_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("softmax_backward", "dA", dA, "Z", Z)
    check_same_shape("softmax_backward", "A", A, "Z", Z)
    dZ = output_like("softmax_backward", "dZ", dZ, "Z", Z)
    bodies.softmax_backward_into(dA, A, dZ)
    return dZ


@kernel
def hardmax_backward(
    dA: np.ndarray, Z: np.ndarray, A: np.ndarray, dZ: np.ndarray | None = None
) -> np.ndarray:
    """Return dZ = 0: hardmax is flat wherever it has a derivative, and cannot be trained."""
    check_arrays("hardmax_backward(dA, Z, A) -> dZ", 2, dA, Z, A, dZ)
    check_same_shape("hardmax_backward", "dA", dA, "Z", Z)
    check_same_shape("hardmax_backward", "A", A, "Z", Z)
    dZ = output_like("hardmax_backward", "dZ", dZ, "Z", Z)
    bodies.fill_with_zero(flat(dZ))
    return dZ
