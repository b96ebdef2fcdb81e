"""Loops of the activations, unchecked: what the compiled program calls (course topic A6).

Element-wise functions take one-dimensional arrays (see `flat`); those that look at a
whole column take (n, m). On the way back each function multiplies dZ, which holds dA
when it is called, by the slope g'(Z), so that dZ may be dA's own buffer and the loop
still becomes vector code.
"""

import math

import numpy as np

from nnsim.kernels.codes import Activation
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.loops import copy_into, flat, same_buffer
from nnsim.kernels.scalar import exp_minus, log1p_unit

SELU_SCALE = 1.0507009873554805
SELU_HEIGHT = 1.6732632423543772
# Where |z| is below, A / z could divide two numbers that have lost their last digits.
NEAR_ZERO = 1e-30

IDENTITY = int(Activation.IDENTITY)
SIGMOID = int(Activation.SIGMOID)
TANH = int(Activation.TANH)
RELU = int(Activation.RELU)
LEAKY_RELU = int(Activation.LEAKY_RELU)
ELU = int(Activation.ELU)
SELU = int(Activation.SELU)
GELU = int(Activation.GELU)
SILU = int(Activation.SILU)
SOFTPLUS = int(Activation.SOFTPLUS)
SOFTMAX = int(Activation.SOFTMAX)
HARDMAX = int(Activation.HARDMAX)


@body
def exp_of_size_into(factor, Z, c, A):
    """Write A = exp(-|factor * Z|) - c, c being 0 or 1; A may be Z.

    The one costly loop: the activations below start from what it leaves in A.
    """
    for k in range(Z.size):
        A[k] = exp_minus(-abs(factor * Z[k]), c)


@body
def sigmoid_from_exp(Z, A):
    """Write A = 1 / (1 + exp(-Z)) where A held exp(-|Z|)."""
    T = Z.dtype.type
    for k in range(Z.size):
        A[k] = (A[k] if Z[k] < T(0.0) else T(1.0)) / (T(1.0) + A[k])


@body
def tanh_from_exp(Z, A):
    """Write A = tanh(Z) where A held exp(-2 |Z|) - 1."""
    two = Z.dtype.type(2.0)
    for k in range(Z.size):
        e = A[k]
        A[k] = math.copysign(e / (two + e), Z[k])


@body
def multiply_by_squashing_slope(c, A, dZ):
    """Write dZ *= (c + A) (1 - A): the slope of sigmoid for c = 0, of tanh for c = 1."""
    one = A.dtype.type(1.0)
    for k in range(A.size):
        dZ[k] *= (c + A[k]) * (one - A[k])


@body
def leaky_relu_into(Z, slope, A):
    """Write A = slope * Z where Z <= 0, else Z, so that NaN stays NaN; slope 1 is the identity."""
    zero = Z.dtype.type(0.0)
    for k in range(Z.size):
        z = Z[k]
        A[k] = slope * z if z <= zero else z


@body
def relu_into(Z, A):
    """Write A = 0 where Z <= 0, else Z, so that NaN stays NaN."""
    zero = Z.dtype.type(0.0)
    for k in range(Z.size):
        z = Z[k]
        A[k] = zero if z <= zero else z


@body
def multiply_by_relu_slope(Z, dZ):
    """Write dZ = 0 where Z <= 0."""
    zero = Z.dtype.type(0.0)
    for k in range(Z.size):
        d = dZ[k]
        dZ[k] = zero if Z[k] <= zero else d


@body
def multiply_by_leaky_relu_slope(Z, slope, dZ):
    """Write dZ *= slope where Z <= 0."""
    zero = Z.dtype.type(0.0)
    for k in range(Z.size):
        d = dZ[k]
        dZ[k] = slope * d if Z[k] <= zero else d


@body
def scaled_elu_from_exp(Z, height, scale, A):
    """Write A = scale * (height * (exp(Z) - 1) where Z <= 0, else Z) where A held exp(-|Z|) - 1."""
    zero = Z.dtype.type(0.0)
    bend = scale * height
    for k in range(Z.size):
        below = bend * A[k]
        A[k] = below if Z[k] <= zero else scale * Z[k]


@body
def multiply_by_scaled_elu_slope(Z, A, height, scale, dZ):
    """Write dZ *= A + scale * height where Z <= 0, else scale."""
    zero = Z.dtype.type(0.0)
    bend = scale * height
    for k in range(Z.size):
        below = A[k] + bend
        dZ[k] *= scale if Z[k] > zero else below


@body
def gelu_into(Z, A):
    """Write A = Z * Phi(Z), Phi the normal distribution function (exact, by erfc)."""
    T = Z.dtype.type
    half, factor = T(0.5), T(-0.7071067811865476)
    for k in range(Z.size):
        A[k] = half * Z[k] * math.erfc(factor * Z[k])


@body
def multiply_by_gelu_slope(Z, A, dZ):
    """Write dZ *= Phi(Z) + Z phi(Z), where Phi(Z) = A / Z."""
    T = Z.dtype.type
    for k in range(Z.size):
        z = Z[k]
        share = T(0.5) if abs(z) < T(NEAR_ZERO) else A[k] / z
        dZ[k] *= share + z * (T(0.3989422804014327) * exp_minus(T(-0.5) * z * z, T(0.0)))


@body
def multiply_by(Z, A):
    """Write A *= Z."""
    for k in range(Z.size):
        A[k] *= Z[k]


@body
def multiply_by_silu_slope(Z, A, dZ):
    """Write dZ *= s + A (1 - s), where s = sigmoid(Z) = A / Z."""
    T = Z.dtype.type
    for k in range(Z.size):
        z = Z[k]
        s = T(0.5) if abs(z) < T(NEAR_ZERO) else A[k] / z
        dZ[k] *= s + A[k] * (T(1.0) - s)


@body
def softplus_from_exp(Z, A):
    """Write A = log(1 + exp(Z)) where A held exp(-|Z|)."""
    zero = Z.dtype.type(0.0)
    for k in range(Z.size):
        z = Z[k]
        A[k] = (zero if z < zero else z) + log1p_unit(A[k])


@body
def multiply_by_softplus_slope(A, dZ):
    """Write dZ *= sigmoid(Z) = 1 - exp(-A)."""
    one = A.dtype.type(1.0)
    for k in range(A.size):
        dZ[k] *= -exp_minus(-A[k], one)


@body
def subtract_column_maxima(Z, A):
    """Write A[i, j] = Z[i, j] - max over i of Z[i, j]; row by row, for vectors."""
    n, m = Z.shape
    largest = np.empty(m, Z.dtype)
    for j in range(m):
        largest[j] = Z[0, j]
    for i in range(1, n):
        for j in range(m):
            z = Z[i, j]
            largest[j] = largest[j] if z <= largest[j] or largest[j] != largest[j] else z
    for i in range(n):
        for j in range(m):
            A[i, j] = Z[i, j] - largest[j]


@body
def softmax_from_exp(A):
    """Write A[i, j] /= sum over i of A[i, j]."""
    n, m = A.shape
    total = np.empty(m, A.dtype)
    for j in range(m):
        total[j] = A[0, j]
    for i in range(1, n):
        for j in range(m):
            total[j] += A[i, j]
    for i in range(n):
        for j in range(m):
            A[i, j] /= total[j]


@body
def multiply_by_softmax_slope(A, dZ):
    """Write dZ = A * (dZ - sum over i of dZ * A), column by column."""
    n, m = A.shape
    for j in range(m):
        total = dZ[0, j] * A[0, j]
        for i in range(1, n):
            total += dZ[i, j] * A[i, j]
        for i in range(n):
            dZ[i, j] = A[i, j] * (dZ[i, j] - total)


@body
def fill_with_zero(A):
    """Write A = 0."""
    for k in range(A.size):
        A[k] = A.dtype.type(0.0)


@body
def hardmax_into(Z, A):
    """Write 1 at the first largest Z of each column, 0 elsewhere; NaN where the column has NaN."""
    zero, one = Z.dtype.type(0.0), Z.dtype.type(1.0)
    for j in range(Z.shape[1]):
        best, largest = 0, Z[0, j]
        for i in range(Z.shape[0]):
            A[i, j] = zero
            if not Z[i, j] <= largest and largest == largest:
                best, largest = i, Z[i, j]
        A[best, j] = one if largest == largest else largest


@kernel
def activation_into(code, slope, Z, A):
    """Write A = g(Z) for the activation of that number; slope belongs to leaky ReLU and ELU."""
    T = Z.dtype.type
    z, a = flat(Z), flat(A)
    if code == RELU:
        relu_into(z, a)
    elif code == LEAKY_RELU or code == IDENTITY:
        leaky_relu_into(z, slope if code == LEAKY_RELU else T(1.0), a)
    elif code == GELU:
        gelu_into(z, a)
    elif code == HARDMAX:
        hardmax_into(Z, A)
    elif code == SOFTMAX:
        subtract_column_maxima(Z, A)
        exp_of_size_into(T(1.0), a, T(0.0), a)
        softmax_from_exp(A)
    else:
        from_zero = code == TANH or code == ELU or code == SELU
        exp_of_size_into(T(2.0) if code == TANH else T(1.0), z, T(from_zero), a)
        if code == TANH:
            tanh_from_exp(z, a)
        elif code == SOFTPLUS:
            softplus_from_exp(z, a)
        elif from_zero:
            selu = code == SELU
            height, scale = T(SELU_HEIGHT) if selu else slope, T(SELU_SCALE) if selu else T(1.0)
            scaled_elu_from_exp(z, height, scale, a)
        else:
            sigmoid_from_exp(z, a)
            if code == SILU:
                multiply_by(z, a)


@kernel
def activation_backward_into(code, slope, dA, Z, A, dZ):
    """Write dZ = dA * g'(Z) for the activation of that number; dZ may be dA itself."""
    T = Z.dtype.type
    z, a, d = flat(Z), flat(A), flat(dZ)
    if not same_buffer(dA, dZ):
        copy_into(flat(dA), d)
    if code == RELU:
        multiply_by_relu_slope(z, d)
    elif code == TANH or code == SIGMOID:
        multiply_by_squashing_slope(T(code == TANH), a, d)
    elif code == SOFTMAX:
        multiply_by_softmax_slope(A, dZ)
    elif code == LEAKY_RELU:
        multiply_by_leaky_relu_slope(z, slope, d)
    elif code == ELU or code == SELU:
        selu = code == SELU
        height, scale = T(SELU_HEIGHT) if selu else slope, T(SELU_SCALE) if selu else T(1.0)
        multiply_by_scaled_elu_slope(z, a, height, scale, d)
    elif code == GELU:
        multiply_by_gelu_slope(z, a, d)
    elif code == SILU:
        multiply_by_silu_slope(z, a, d)
    elif code == SOFTPLUS:
        multiply_by_softplus_slope(a, d)
    elif code == HARDMAX:
        fill_with_zero(d)
