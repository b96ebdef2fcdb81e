"""Exponentially weighted averages (course topics C2, C3).

theta is a series (n,), float64 or float32; the averages have its shape and type, and an output
that is given is written in place. Raised are TypeError for another type or layout, or types
that differ, and ValueError for sizes that differ. Forms whose name ends in `_into` are unchecked.
"""

from nnsim.kernels.checks import check_arrays, output_like
from nnsim.kernels.jit import body, kernel


@body
def exponentially_weighted_average_into(theta, beta, out):
    """Unchecked form of `exponentially_weighted_average`."""
    T = theta.dtype.type
    keep, add = T(beta), T(1.0 - beta)
    v = T(0.0)
    for t in range(theta.size):
        v = keep * v + add * theta[t]
        out[t] = v


@body
def exponentially_weighted_average_corrected_into(theta, beta, out):
    """Unchecked form of `exponentially_weighted_average_corrected`."""
    T = theta.dtype.type
    keep, add = T(beta), T(1.0 - beta)
    v = T(0.0)
    power = 1.0
    for t in range(theta.size):
        power *= beta
        v = keep * v + add * theta[t]
        out[t] = v / T(1.0 - power)


@kernel
def exponentially_weighted_average(theta, beta, out=None):
    """Return v_t = beta v_{t-1} + (1 - beta) theta_t for t = 1 .. n, from v_0 = 0."""
    check_arrays("exponentially_weighted_average(theta) -> out", 1, theta, out)
    out = output_like("exponentially_weighted_average", "out", out, "theta", theta)
    exponentially_weighted_average_into(theta, beta, out)
    return out


@kernel
def exponentially_weighted_average_corrected(theta, beta, out=None):
    """Return v_t / (1 - beta^t); the v that goes on to the next step is never divided."""
    check_arrays("exponentially_weighted_average_corrected(theta) -> out", 1, theta, out)
    out = output_like("exponentially_weighted_average_corrected", "out", out, "theta", theta)
    exponentially_weighted_average_corrected_into(theta, beta, out)
    return out
