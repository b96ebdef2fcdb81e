"""The element-wise activations and their way back, as formulas of lanes (course topic A6).

Each activation is g(z, slope); each way back is the product d g'(z), given d = dA, z and a = g(z).
`slope` belongs to leaky ReLU and ELU; all take it, so that all have one face. The formulas use
exponentials of arguments that are not positive, which cannot overflow. NaN stays NaN: a comparison
with NaN is false, and what stands behind it hands the NaN on.
"""

from nnsim.kernels.elementary import exp_minus, exp_of_twice_minus_one, log1p_unit
from nnsim.kernels.lanes import magnitude, where, with_sign_of

SELU_SCALE = 1.0507009873554805
SELU_HEIGHT = 1.6732632423543772
_BEND = SELU_SCALE * SELU_HEIGHT
# Where |z| is below, a / z could divide two numbers that have lost their last digits.
NEAR_ZERO = 1e-30


def identity_of(z, slope):
    """a = z."""
    return z


def identity_back(d, z, a, slope):
    """d."""
    return d


def sigmoid_of(z, slope):
    """a = 1 / (1 + exp(-z)), for z < 0 as exp(z) / (1 + exp(z))."""
    e = exp_minus(-magnitude(z), 0.0)
    return where(z < 0.0, e, 1.0) / (1.0 + e)


def sigmoid_back(d, z, a, slope):
    """d a (1 - a)."""
    return d * (a * (1.0 - a))


def tanh_of(z, slope):
    """a = tanh(z): with e = exp(-2 |z|) - 1, |a| is -e / (2 + e)."""
    e = exp_of_twice_minus_one(-magnitude(z))
    return with_sign_of(e / (2.0 + e), z)


def tanh_back(d, z, a, slope):
    """d (1 - a^2)."""
    return d * ((1.0 + a) * (1.0 - a))


def relu_of(z, slope):
    """a = max(0, z)."""
    return where(z <= 0.0, 0.0, z)


def relu_back(d, z, a, slope):
    """d where z > 0, else 0."""
    return where(z <= 0.0, 0.0, d)


def leaky_relu_of(z, slope):
    """a = slope z where z <= 0, else z."""
    return where(z <= 0.0, slope * z, z)


def leaky_relu_back(d, z, a, slope):
    """d where z > 0, else slope d."""
    return where(z <= 0.0, slope * d, d)


def elu_of(z, slope):
    """a = slope (exp(z) - 1) where z <= 0, else z."""
    return where(z <= 0.0, slope * exp_minus(-magnitude(z), 1.0), z)


def elu_back(d, z, a, slope):
    """d where z > 0, else d slope exp(z) = d (a + slope)."""
    return where(z > 0.0, d, d * (a + slope))


def selu_of(z, slope):
    """a = scale height (exp(z) - 1) where z <= 0, else scale z."""
    return where(z <= 0.0, _BEND * exp_minus(-magnitude(z), 1.0), SELU_SCALE * z)


def selu_back(d, z, a, slope):
    """d scale where z > 0, else d scale height exp(z) = d (a + scale height)."""
    return d * where(z > 0.0, SELU_SCALE, a + _BEND)


def gelu_back(d, z, a, slope):
    """d (Phi(z) + z phi(z)), Phi(z) = a / z."""
    share = where(magnitude(z) < NEAR_ZERO, 0.5, a / z)
    return d * (share + z * (0.3989422804014327 * exp_minus(-0.5 * z * z, 0.0)))


def silu_of(z, slope):
    """a = z sigmoid(z)."""
    return z * sigmoid_of(z, slope)


def silu_back(d, z, a, slope):
    """d (s + a (1 - s)), s = sigmoid(z) = a / z."""
    s = where(magnitude(z) < NEAR_ZERO, 0.5, a / z)
    return d * (s + a * (1.0 - s))


def softplus_of(z, slope):
    """a = log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|))."""
    return where(z < 0.0, 0.0, z) + log1p_unit(exp_minus(-magnitude(z), 0.0))


def softplus_back(d, z, a, slope):
    """d sigmoid(z) = d (1 - exp(-a))."""
    return d * -exp_minus(-a, 1.0)
