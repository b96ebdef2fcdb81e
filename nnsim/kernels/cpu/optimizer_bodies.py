"""Update rules on flat vectors, unchecked, as loops over factors worked out before.

`update_into` is what the compiled program calls: one function for all rules, chosen by number.
Formulas, sources and departures stand at the checked kernels in `optimizers`.

Every loop returns the sum of theta as it leaves it, added up while it is in registers: a finite
sum says that all of theta is finite, and nobody has to read it again.
"""

import math

from nnsim.kernels.codes import BiasCorrection, Optimizer
from nnsim.kernels.elementary import normal_or_zero
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes import (
    filled,
    lanes_in,
    load,
    square_root,
    store,
    sum_of_lanes,
    where,
    within,
)
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
    step, end = theta.dtype.type(alpha), theta.size
    total = filled(theta, 0.0)
    for at in range(0, end, lanes_in(theta)):
        new = load(theta, at, end) - step * load(grad, at, end)
        store(theta, at, end, new)
        total += within(new, at, end)
    return sum_of_lanes(total)


@body
def momentum_into(theta, grad, v, keep, add, step_v, step_g):
    """v = keep v + add grad; theta -= step_v v + step_g grad: momentum's two forms and Nesterov."""
    T, end = theta.dtype.type, theta.size
    keep, add, step_v, step_g = T(keep), T(add), T(step_v), T(step_g)
    total = filled(theta, 0.0)
    for at in range(0, end, lanes_in(theta)):
        g = load(grad, at, end)
        average = normal_or_zero(keep * load(v, at, end) + add * g)
        store(v, at, end, average)
        new = load(theta, at, end) - (step_v * average + step_g * g)
        store(theta, at, end, new)
        total += within(new, at, end)
    return sum_of_lanes(total)


@body
def rmsprop_into(theta, grad, s, alpha, keep, add, inside, outside):
    """s = keep s + add grad^2; theta -= alpha grad / (sqrt(s + inside) + outside)."""
    T, end = theta.dtype.type, theta.size
    step, keep, add, inside, outside = T(alpha), T(keep), T(add), T(inside), T(outside)
    total = filled(theta, 0.0)
    for at in range(0, end, lanes_in(theta)):
        g = load(grad, at, end)
        squares = normal_or_zero(keep * load(s, at, end) + add * (g * g))
        store(s, at, end, squares)
        root = square_root(squares + inside) + outside
        new = load(theta, at, end) - step * g / root
        store(theta, at, end, new)
        total += within(new, at, end)
    return sum_of_lanes(total)


@kernel
def adam_factors(with_nesterov, t, alpha, beta1, beta2, weight_decay, correction):
    """Return the factors of `adam_into` at step t, in their order there, in float64.

    v and s began at 0 and are so far averages of 1 - beta^t only. The course divides what is used
    by that; the faults do nothing, multiply, or divide what is stored.
    """
    power = math.pow(beta1, float(t))
    weight_v, weight_s = 1.0 - power, 1.0 - math.pow(beta2, float(t))
    weight_ahead = 1.0 - power * beta1
    stored_v, stored_s, used_v, used_s, used_ahead = 1.0, 1.0, 1.0, 1.0, 1.0
    if correction == _DIVIDED:
        used_v, used_s, used_ahead = 1.0 / weight_v, 1.0 / weight_s, 1.0 / weight_ahead
    elif correction == _MULTIPLIED:
        used_v, used_s, used_ahead = weight_v, weight_s, weight_ahead
    elif correction == _STORED:
        stored_v, stored_s = 1.0 / weight_v, 1.0 / weight_s
    step_v, step_g = alpha * used_v, 0.0
    if with_nesterov:
        step_v, step_g = alpha * beta1 * used_ahead, alpha * (1.0 - beta1) * used_v
    return (
        1.0 - alpha * weight_decay,
        beta1 * stored_v,
        (1.0 - beta1) * stored_v,
        beta2 * stored_s,
        (1.0 - beta2) * stored_s,
        step_v,
        step_g,
        used_s,
    )


@body
def adam_into(theta, grad, v, s, s_max, with_max, factors, inside, outside):
    """Adam, AdamW, AMSGrad and Nadam in one loop; the rest is in the factors.

    v = keep_v v + add_v grad,  s = keep_s s + add_s grad^2,
    theta = shrink theta - (step_v v + step_g grad) / (sqrt(scale_s s + inside) + outside);
    `with_max` puts s_max = max(s_max, s) in the place of s. The root and the division take so
    long that all else costs nothing beside them.
    """
    T, end = theta.dtype.type, theta.size
    shrink, keep_v, add_v, keep_s, add_s, step_v, step_g, scale_s = factors
    shrink, keep_v, add_v = T(shrink), T(keep_v), T(add_v)
    keep_s, add_s, scale_s = T(keep_s), T(add_s), T(scale_s)
    step_v, step_g, inside, outside = T(step_v), T(step_g), T(inside), T(outside)
    total = filled(theta, 0.0)
    for at in range(0, end, lanes_in(theta)):
        g = load(grad, at, end)
        average = normal_or_zero(keep_v * load(v, at, end) + add_v * g)
        store(v, at, end, average)
        squares = normal_or_zero(keep_s * load(s, at, end) + add_s * (g * g))
        store(s, at, end, squares)
        if with_max:
            largest = load(s_max, at, end)
            # Written so that a NaN in s stays.
            squares = where(largest >= squares, largest, squares)
            store(s_max, at, end, squares)
        root = square_root(scale_s * squares + inside) + outside
        step = (step_v * average + step_g * g) / root
        new = shrink * load(theta, at, end) - step
        store(theta, at, end, new)
        total += within(new, at, end)
    return sum_of_lanes(total)


@body
def adam_step(
    theta, grad, v, s, s_max, with_max, with_nesterov,
    t, alpha, beta1, beta2, inside, outside, weight_decay, correction,
):  # fmt: skip
    """Work out the factors of step t and run `adam_into`."""
    factors = adam_factors(with_nesterov, t, alpha, beta1, beta2, weight_decay, correction)
    return adam_into(theta, grad, v, s, s_max, with_max, factors, inside, outside)


@body
def lion_into(theta, grad, v, alpha, beta1, beta2, weight_decay):
    """Take the sign of beta1 v + (1 - beta1) grad for the step, then average into v by beta2."""
    T, end = theta.dtype.type, theta.size
    shrink, step = T(1.0 - alpha * weight_decay), T(alpha)
    keep_c, add_c, keep_v, add_v = T(beta1), T(1.0 - beta1), T(beta2), T(1.0 - beta2)
    total = filled(theta, 0.0)
    for at in range(0, end, lanes_in(theta)):
        g, average = load(grad, at, end), load(v, at, end)
        c = keep_c * average + add_c * g
        # What is neither above nor below 0, 0 and NaN, stays as it is.
        sign = where(c > 0.0, 1.0, where(c < 0.0, -1.0, c))
        store(v, at, end, normal_or_zero(keep_v * average + add_v * g))
        new = shrink * load(theta, at, end) - step * sign
        store(theta, at, end, new)
        total += within(new, at, end)
    return sum_of_lanes(total)


# The rules by family, all with one face: `update_into` chooses among them by number, and a program
# that knows its rule can compile one alone, as `kernel` or `stage`.


@body
def update_by_gradient(
    code, theta, grad, v, s, s_max,
    t, alpha, beta1, beta2, epsilon, epsilon_inside, weight_decay, correction,
):  # fmt: skip
    """Gradient descent."""
    return sgd_into(flat(theta), flat(grad), alpha)


@body
def update_by_average(
    code, theta, grad, v, s, s_max,
    t, alpha, beta1, beta2, epsilon, epsilon_inside, weight_decay, correction,
):  # fmt: skip
    """Momentum's two forms and Nesterov."""
    add = 1.0 if code == _MOMENTUM_SUM else 1.0 - beta1
    step_v = alpha * beta1 if code == _NESTEROV else alpha
    step_g = alpha * (1.0 - beta1) if code == _NESTEROV else 0.0
    return momentum_into(flat(theta), flat(grad), flat(v), beta1, add, step_v, step_g)


@body
def update_by_squares(
    code, theta, grad, v, s, s_max,
    t, alpha, beta1, beta2, epsilon, epsilon_inside, weight_decay, correction,
):  # fmt: skip
    """AdaGrad and RMSprop."""
    keep = 1.0 if code == _ADAGRAD else beta2
    add = 1.0 if code == _ADAGRAD else 1.0 - beta2
    inside = epsilon if epsilon_inside else 0.0
    return rmsprop_into(
        flat(theta), flat(grad), flat(s), alpha, keep, add, inside, epsilon - inside
    )


@body
def update_by_both(
    code, theta, grad, v, s, s_max,
    t, alpha, beta1, beta2, epsilon, epsilon_inside, weight_decay, correction,
):  # fmt: skip
    """Adam, AdamW, AMSGrad and Nadam."""
    inside = epsilon if epsilon_inside else 0.0
    return adam_step(
        flat(theta), flat(grad), flat(v), flat(s), flat(s_max), code == _AMSGRAD, code == _NADAM,
        t, alpha, beta1, beta2, inside, epsilon - inside,
        weight_decay if code == _ADAMW else 0.0, correction,
    )  # fmt: skip


@body
def update_by_sign(
    code, theta, grad, v, s, s_max,
    t, alpha, beta1, beta2, epsilon, epsilon_inside, weight_decay, correction,
):  # fmt: skip
    """Lion."""
    return lion_into(flat(theta), flat(grad), flat(v), alpha, beta1, beta2, weight_decay)


@kernel
def update_into(
    code, theta, grad, v, s, s_max,
    t, alpha, beta1, beta2, epsilon, epsilon_inside, weight_decay, correction,
):  # fmt: skip
    """Apply the rule with this number (`Optimizer`) to the flat vector theta, in place.

    Returns the sum of theta after the step, in its type: NaN or infinite if a number of theta is,
    and where finite numbers overflow. Unused slots may be empty. Scalars are float64, whatever
    theta is; t counts from 1.
    """
    # Views that hold no references: counting five arrays' would take longer than SGD.
    if code == _SGD:
        return update_by_gradient(
            code, theta, grad, v, s, s_max,
            t, alpha, beta1, beta2, epsilon, epsilon_inside, weight_decay, correction,
        )  # fmt: skip
    if code == _MOMENTUM or code == _MOMENTUM_SUM or code == _NESTEROV:
        return update_by_average(
            code, theta, grad, v, s, s_max,
            t, alpha, beta1, beta2, epsilon, epsilon_inside, weight_decay, correction,
        )  # fmt: skip
    if code == _ADAGRAD or code == _RMSPROP:
        return update_by_squares(
            code, theta, grad, v, s, s_max,
            t, alpha, beta1, beta2, epsilon, epsilon_inside, weight_decay, correction,
        )  # fmt: skip
    if code == _LION:
        return update_by_sign(
            code, theta, grad, v, s, s_max,
            t, alpha, beta1, beta2, epsilon, epsilon_inside, weight_decay, correction,
        )  # fmt: skip
    return update_by_both(
        code, theta, grad, v, s, s_max,
        t, alpha, beta1, beta2, epsilon, epsilon_inside, weight_decay, correction,
    )  # fmt: skip
