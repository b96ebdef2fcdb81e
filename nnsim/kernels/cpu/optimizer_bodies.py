"""Update rules on flat vectors, unchecked, as loops over factors worked out before.

`update_into` is what the compiled program calls: one function for all rules, chosen by number.
Formulas, sources and departures stand at the checked kernels in `optimizers`.
"""

import math

from nnsim.kernels.codes import BiasCorrection, Optimizer
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.loops import flat

_SGD = int(Optimizer.SGD)
_MOMENTUM = int(Optimizer.MOMENTUM)
_MOMENTUM_SUM = int(Optimizer.MOMENTUM_SUM)
_NESTEROV = int(Optimizer.NESTEROV)
_ADAGRAD = int(Optimizer.ADAGRAD)
_RMSPROP = int(Optimizer.RMSPROP)
_ADAM = int(Optimizer.ADAM)
_ADAMW = int(Optimizer.ADAMW)
_AMSGRAD = int(Optimizer.AMSGRAD)
_NADAM = int(Optimizer.NADAM)
_LION = int(Optimizer.LION)
_DIVIDED = int(BiasCorrection.DIVIDED)
_MULTIPLIED = int(BiasCorrection.MULTIPLIED)
_STORED = int(BiasCorrection.STORED)

_SLOTS = {
    Optimizer.SGD: (),
    Optimizer.MOMENTUM: ("v",),
    Optimizer.MOMENTUM_SUM: ("v",),
    Optimizer.NESTEROV: ("v",),
    Optimizer.ADAGRAD: ("s",),
    Optimizer.RMSPROP: ("s",),
    Optimizer.ADAM: ("v", "s"),
    Optimizer.ADAMW: ("v", "s"),
    Optimizer.AMSGRAD: ("v", "s", "s_max"),
    Optimizer.NADAM: ("v", "s"),
    Optimizer.LION: ("v",),
}


def slots_of(code: int) -> tuple[str, ...]:
    """Return which of the slots v, s, s_max an optimizer keeps."""
    return _SLOTS[Optimizer(code)]


@body
def sgd_into(theta, grad, alpha):
    """theta -= alpha grad."""
    step = theta.dtype.type(alpha)
    for i in range(theta.size):
        theta[i] -= step * grad[i]


@body
def momentum_into(theta, grad, v, keep, add, step_v, step_g):
    """v = keep v + add grad; theta -= step_v v + step_g grad: momentum's two forms and Nesterov."""
    T = theta.dtype.type
    keep, add, step_v, step_g = T(keep), T(add), T(step_v), T(step_g)
    for i in range(theta.size):
        g = grad[i]
        v_i = keep * v[i] + add * g
        v[i] = v_i
        theta[i] -= step_v * v_i + step_g * g


@body
def rmsprop_into(theta, grad, s, alpha, keep, add, inside, outside):
    """s = keep s + add grad^2; theta -= alpha grad / (sqrt(s + inside) + outside)."""
    T = theta.dtype.type
    step, keep, add, inside, outside = T(alpha), T(keep), T(add), T(inside), T(outside)
    for i in range(theta.size):
        g = grad[i]
        s_i = keep * s[i] + add * (g * g)
        s[i] = s_i
        theta[i] -= step * g / (T(math.sqrt(s_i + inside)) + outside)


@body
def correction_factors(t, beta, correction):
    """Return (factor on the average that is stored, factor on the one that is used)."""
    remaining = 1.0 - math.pow(beta, float(t))
    stored = 1.0 / remaining if correction == _STORED else 1.0
    used = remaining if correction == _MULTIPLIED else 1.0
    used = 1.0 / remaining if correction == _DIVIDED else used
    return stored, used


@body
def adam_into(
    theta, grad, v, s, s_max, with_max,
    shrink, keep_v, add_v, keep_s, add_s, step_v, step_g, scale_s, inside, outside,
):  # fmt: skip
    """Adam, AdamW, AMSGrad (`with_max`) and Nadam in one loop; the rest is in the factors."""
    T = theta.dtype.type
    shrink, keep_v, add_v = T(shrink), T(keep_v), T(add_v)
    keep_s, add_s, scale_s = T(keep_s), T(add_s), T(scale_s)
    step_v, step_g, inside, outside = T(step_v), T(step_g), T(inside), T(outside)
    for i in range(theta.size):
        g = grad[i]
        v_i = keep_v * v[i] + add_v * g
        s_i = keep_s * s[i] + add_s * (g * g)
        v[i] = v_i
        s[i] = s_i
        if with_max:
            # Written so that a NaN in s stays.
            s_i = s_max[i] if s_max[i] >= s_i else s_i
            s_max[i] = s_i
        root = T(math.sqrt(scale_s * s_i + inside)) + outside
        theta[i] = shrink * theta[i] - (step_v * v_i + step_g * g) / root


@body
def adam_step(
    theta, grad, v, s, s_max, with_max, with_nesterov,
    t, alpha, beta1, beta2, inside, outside, weight_decay, correction,
):  # fmt: skip
    """Work out the factors of step t in float64 and run `adam_into`."""
    stored_v, used_v = correction_factors(t, beta1, correction)
    stored_s, used_s = correction_factors(t, beta2, correction)
    step_v, step_g = alpha * used_v, 0.0
    if with_nesterov:
        step_v = alpha * beta1 * correction_factors(t + 1, beta1, correction)[1]
        step_g = alpha * (1.0 - beta1) * used_v
    adam_into(
        theta,
        grad,
        v,
        s,
        s_max,
        with_max,
        1.0 - alpha * weight_decay,
        beta1 * stored_v,
        (1.0 - beta1) * stored_v,
        beta2 * stored_s,
        (1.0 - beta2) * stored_s,
        step_v,
        step_g,
        used_s,
        inside,
        outside,
    )


@body
def lion_into(theta, grad, v, alpha, beta1, beta2, weight_decay):
    """Take the sign of beta1 v + (1 - beta1) grad for the step, then average into v by beta2."""
    T = theta.dtype.type
    shrink = T(1.0 - alpha * weight_decay)
    step, keep_c, add_c, keep_v, add_v = (
        T(alpha),
        T(beta1),
        T(1.0 - beta1),
        T(beta2),
        T(1.0 - beta2),
    )
    for i in range(theta.size):
        g = grad[i]
        c = keep_c * v[i] + add_c * g
        # The last branch keeps 0 and NaN as they are.
        sign = T(1.0) if c > T(0.0) else (T(-1.0) if c < T(0.0) else c)
        v[i] = keep_v * v[i] + add_v * g
        theta[i] = shrink * theta[i] - step * sign


@kernel
def update_into(
    code,
    theta,
    grad,
    v,
    s,
    s_max,
    t,
    alpha,
    beta1,
    beta2,
    epsilon,
    epsilon_inside,
    weight_decay,
    correction,
):
    """Apply the rule with this number (`Optimizer`) to the flat vector theta, in place.

    Unused slots may be empty. Scalars are float64, whatever theta is; t counts from 1.
    """
    # Views that hold no references: counting five arrays' would take longer than SGD.
    theta, grad, v, s, s_max = flat(theta), flat(grad), flat(v), flat(s), flat(s_max)
    inside = epsilon if epsilon_inside else 0.0
    outside = 0.0 if epsilon_inside else epsilon
    if code == _SGD:
        sgd_into(theta, grad, alpha)
    elif code == _MOMENTUM or code == _MOMENTUM_SUM or code == _NESTEROV:
        add = 1.0 if code == _MOMENTUM_SUM else 1.0 - beta1
        step_v = alpha * beta1 if code == _NESTEROV else alpha
        step_g = alpha * (1.0 - beta1) if code == _NESTEROV else 0.0
        momentum_into(theta, grad, v, beta1, add, step_v, step_g)
    elif code == _ADAGRAD or code == _RMSPROP:
        keep = 1.0 if code == _ADAGRAD else beta2
        add = 1.0 if code == _ADAGRAD else 1.0 - beta2
        rmsprop_into(theta, grad, s, alpha, keep, add, inside, outside)
    elif code == _LION:
        lion_into(theta, grad, v, alpha, beta1, beta2, weight_decay)
    else:
        decay = weight_decay if code == _ADAMW else 0.0
        adam_step(
            theta, grad, v, s, s_max, code == _AMSGRAD, code == _NADAM,
            t, alpha, beta1, beta2, inside, outside, decay, correction,
        )  # fmt: skip
