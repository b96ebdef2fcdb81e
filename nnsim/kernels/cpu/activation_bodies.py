"""Loops of the activations, unchecked: what the compiled program calls (course topic A6).

Element-wise functions stand in `activation_formulas`; here they are applied, lanes after lanes.
Those that look at a whole column have their loops here, row by row.
"""

import math

from nnsim.kernels.codes import Activation
from nnsim.kernels.cpu import activation_formulas as g
from nnsim.kernels.cpu.sums import sum_of
from nnsim.kernels.elementary import exp_minus
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes import filled, lanes_in, load, mapping, store, where
from nnsim.kernels.loops import flat

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


# Each writes A = g(Z), given (slope, Z, A), and returns the sum of all Z: finite only if all are.
identity_into = mapping(g.identity_of)
sigmoid_into = mapping(g.sigmoid_of)
tanh_into = mapping(g.tanh_of)
relu_into = mapping(g.relu_of)
leaky_relu_into = mapping(g.leaky_relu_of)
elu_into = mapping(g.elu_of)
selu_into = mapping(g.selu_of)
silu_into = mapping(g.silu_of)
softplus_into = mapping(g.softplus_of)

# Each writes dZ = dA * g'(Z), given (slope, dA, Z, A, dZ); dZ may be dA itself.
identity_backward_into = mapping(g.identity_back)
sigmoid_backward_into = mapping(g.sigmoid_back)
tanh_backward_into = mapping(g.tanh_back)
relu_backward_into = mapping(g.relu_back)
leaky_relu_backward_into = mapping(g.leaky_relu_back)
elu_backward_into = mapping(g.elu_back)
selu_backward_into = mapping(g.selu_back)
silu_backward_into = mapping(g.silu_back)
softplus_backward_into = mapping(g.softplus_back)
gelu_backward_into = mapping(g.gelu_back)


@body
def gelu_into(Z, A):
    """Write A = Z * Phi(Z), Phi the normal distribution function (exact, by erfc)."""
    T = Z.dtype.type
    half, factor = T(0.5), T(-0.7071067811865476)
    for k in range(Z.size):
        A[k] = half * Z[k] * math.erfc(factor * Z[k])


@body
def softmax_into(Z, A):
    """Write A[i, j] = exp(Z[i, j] - max) / sum over i of the same; NaN where a column has NaN.

    A column a lane: the largest first, then the exponentials and their sum, then the division.
    """
    n, m = Z.shape
    for j in range(0, m, lanes_in(Z)):
        largest = load(Z, j, m)
        for i in range(1, n):
            z = load(Z, i * m + j, i * m + m)
            # A NaN on the left stays, one on the right replaces.
            largest = where(z <= largest, largest, where(largest != largest, largest, z))
        total = filled(Z, 0.0)
        for i in range(n):
            e = exp_minus(load(Z, i * m + j, i * m + m) - largest, 0.0)
            total = total + e
            store(A, i * m + j, i * m + m, e)
        for i in range(n):
            store(A, i * m + j, i * m + m, load(A, i * m + j, i * m + m) / total)


@body
def softmax_backward_into(dA, A, dZ):
    """Write dZ = A * (dA - sum over i of dA * A), a column a lane; dZ may be dA itself."""
    n, m = A.shape
    for j in range(0, m, lanes_in(A)):
        total = filled(A, 0.0)
        for i in range(n):
            total = total + load(dA, i * m + j, i * m + m) * load(A, i * m + j, i * m + m)
        for i in range(n):
            at, end = i * m + j, i * m + m
            store(dZ, at, end, load(A, at, end) * (load(dA, at, end) - total))


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


# The compiled program calls activations by number, in four families: a network that has none of a
# family need not wait until it is compiled. Each writes A = g(Z) and returns the sum of all Z, NaN
# or infinite if a number of Z is; each way back writes dZ = dA * g'(Z), and dZ may be dA.


@kernel
def piecewise_into(code, slope, Z, A):
    """Write A = g(Z) for identity, ReLU and leaky ReLU."""
    z, a = flat(Z), flat(A)
    if code == RELU:
        return relu_into(slope, z, a)
    if code == LEAKY_RELU:
        return leaky_relu_into(slope, z, a)
    return identity_into(slope, z, a)


@kernel
def piecewise_backward_into(code, slope, dA, Z, A, dZ):
    """Write dZ = dA * g'(Z) for identity, ReLU and leaky ReLU."""
    d, z, a, dz = flat(dA), flat(Z), flat(A), flat(dZ)
    if code == RELU:
        relu_backward_into(slope, d, z, a, dz)
    elif code == LEAKY_RELU:
        leaky_relu_backward_into(slope, d, z, a, dz)
    else:
        identity_backward_into(slope, d, z, a, dz)


@kernel
def squashing_into(code, slope, Z, A):
    """Write A = g(Z) for tanh and sigmoid."""
    if code == TANH:
        return tanh_into(slope, flat(Z), flat(A))
    return sigmoid_into(slope, flat(Z), flat(A))


@kernel
def squashing_backward_into(code, slope, dA, Z, A, dZ):
    """Write dZ = dA * g'(Z) for tanh and sigmoid."""
    if code == TANH:
        tanh_backward_into(slope, flat(dA), flat(Z), flat(A), flat(dZ))
    else:
        sigmoid_backward_into(slope, flat(dA), flat(Z), flat(A), flat(dZ))


@kernel
def columnwise_into(code, slope, Z, A):
    """Write A = g(Z) for softmax and hardmax."""
    if code == SOFTMAX:
        softmax_into(Z, A)
    else:
        hardmax_into(Z, A)
    return sum_of(Z, 0, Z.size)


@kernel
def columnwise_backward_into(code, slope, dA, Z, A, dZ):
    """Write dZ from dA for softmax (its full Jacobian) and hardmax (0)."""
    if code == SOFTMAX:
        softmax_backward_into(dA, A, dZ)
    else:
        fill_with_zero(flat(dZ))


@kernel
def curved_into(code, slope, Z, A):
    """Write A = g(Z) for ELU, SELU, SiLU, softplus and GELU."""
    z, a = flat(Z), flat(A)
    if code == ELU:
        return elu_into(slope, z, a)
    if code == SELU:
        return selu_into(slope, z, a)
    if code == SILU:
        return silu_into(slope, z, a)
    if code == SOFTPLUS:
        return softplus_into(slope, z, a)
    gelu_into(z, a)
    return sum_of(Z, 0, Z.size)


@kernel
def curved_backward_into(code, slope, dA, Z, A, dZ):
    """Write dZ = dA * g'(Z) for ELU, SELU, SiLU, softplus and GELU."""
    d, z, a, dz = flat(dA), flat(Z), flat(A), flat(dZ)
    if code == ELU:
        elu_backward_into(slope, d, z, a, dz)
    elif code == SELU:
        selu_backward_into(slope, d, z, a, dz)
    elif code == SILU:
        silu_backward_into(slope, d, z, a, dz)
    elif code == SOFTPLUS:
        softplus_backward_into(slope, d, z, a, dz)
    else:
        gelu_backward_into(slope, d, z, a, dz)
