"""Update rules, checked, for Python and for jitted code (course topics C4-C6 and beyond).

Every kernel here changes theta and its slots in place and returns theta. theta, grad and the
slots are flat vectors (n,), float64 or float32, all of one type and size; a matrix passes as
`W.reshape(-1)`. Slots start at 0: v is the average of the gradient, s that of its square. t
counts steps from 1. Scalars are float64; what depends on t is worked out in float64 once.

`epsilon_inside` puts epsilon inside the root, sqrt(s + epsilon), instead of beside it,
sqrt(s) + epsilon. Raised are TypeError for another type or layout, or types that differ, and
ValueError for sizes that differ. NaN in the gradient gives NaN in theta.
"""

from nnsim.kernels.checks import check_arrays, check_same_shape
from nnsim.kernels.codes import BiasCorrection
from nnsim.kernels.cpu import optimizer_bodies as bodies
from nnsim.kernels.cpu.optimizer_bodies import slots_of, update_into
from nnsim.kernels.jit import kernel

__all__ = [
    "slots_of",
    "update_adagrad",
    "update_adam",
    "update_adamw",
    "update_amsgrad",
    "update_into",
    "update_lion",
    "update_momentum",
    "update_momentum_sum",
    "update_nadam",
    "update_nesterov",
    "update_rmsprop",
    "update_sgd",
]

_DIVIDED = int(BiasCorrection.DIVIDED)


@kernel
def update_sgd(theta, grad, alpha):
    """Gradient descent: theta -= alpha grad (course topic A3)."""
    check_arrays("update_sgd(grad) -> theta", 1, grad, theta)
    check_same_shape("update_sgd", "grad", grad, "theta", theta)
    bodies.sgd_into(theta, grad, alpha)
    return theta


@kernel
def update_momentum(theta, grad, v, alpha, beta1):
    """Momentum: v = beta1 v + (1 - beta1) grad; theta -= alpha v (course topic C4).

    v is an exponentially weighted average. PyTorch's SGD keeps the sum instead, and walks the
    same path with the learning rate (1 - beta1) alpha.
    """
    check_arrays("update_momentum(grad) -> theta, v", 1, grad, theta, v)
    check_same_shape("update_momentum", "grad", grad, "theta", theta)
    check_same_shape("update_momentum", "v", v, "theta", theta)
    bodies.momentum_into(theta, grad, v, beta1, 1.0 - beta1, alpha, 0.0)
    return theta


@kernel
def update_momentum_sum(theta, grad, v, alpha, beta1):
    """Momentum's other form: v = beta1 v + grad; theta -= alpha v (course topic C4).

    The path of `update_momentum` at the learning rate alpha / (1 - beta1).
    """
    check_arrays("update_momentum_sum(grad) -> theta, v", 1, grad, theta, v)
    check_same_shape("update_momentum_sum", "grad", grad, "theta", theta)
    check_same_shape("update_momentum_sum", "v", v, "theta", theta)
    bodies.momentum_into(theta, grad, v, beta1, 1.0, alpha, 0.0)
    return theta


@kernel
def update_nesterov(theta, grad, v, alpha, beta1):
    """Nesterov: v = beta1 v + (1 - beta1) grad; theta -= alpha (beta1 v + (1 - beta1) grad).

    Sutskever, Martens, Dahl and Hinton (2013), "On the importance of initialization and momentum
    in deep learning", in the form that takes the gradient where theta is; in averages, so that
    PyTorch's SGD(nesterov=True) walks the same path with the learning rate (1 - beta1) alpha.
    """
    check_arrays("update_nesterov(grad) -> theta, v", 1, grad, theta, v)
    check_same_shape("update_nesterov", "grad", grad, "theta", theta)
    check_same_shape("update_nesterov", "v", v, "theta", theta)
    bodies.momentum_into(theta, grad, v, beta1, 1.0 - beta1, alpha * beta1, alpha * (1.0 - beta1))
    return theta


@kernel
def update_adagrad(theta, grad, s, alpha, epsilon, epsilon_inside=False):
    """AdaGrad: s = s + grad^2; theta -= alpha grad / (sqrt(s) + epsilon).

    Duchi, Hazan and Singer (2011), "Adaptive subgradient methods for online learning".
    """
    check_arrays("update_adagrad(grad) -> theta, s", 1, grad, theta, s)
    check_same_shape("update_adagrad", "grad", grad, "theta", theta)
    check_same_shape("update_adagrad", "s", s, "theta", theta)
    inside, outside = (epsilon, 0.0) if epsilon_inside else (0.0, epsilon)
    bodies.rmsprop_into(theta, grad, s, alpha, 1.0, 1.0, inside, outside)
    return theta


@kernel
def update_rmsprop(theta, grad, s, alpha, beta2, epsilon, epsilon_inside=False):
    """RMSprop: s = beta2 s + (1 - beta2) grad^2; theta -= alpha grad / (sqrt(s) + epsilon).

    Course topic C5; Tieleman and Hinton (2012), lecture 6.5 of "Neural networks for machine
    learning".
    """
    check_arrays("update_rmsprop(grad) -> theta, s", 1, grad, theta, s)
    check_same_shape("update_rmsprop", "grad", grad, "theta", theta)
    check_same_shape("update_rmsprop", "s", s, "theta", theta)
    inside, outside = (epsilon, 0.0) if epsilon_inside else (0.0, epsilon)
    bodies.rmsprop_into(theta, grad, s, alpha, beta2, 1.0 - beta2, inside, outside)
    return theta


@kernel
def update_adam(theta, grad, v, s, t, alpha, beta1, beta2, epsilon, epsilon_inside=False):
    """Adam: theta -= alpha v' / (sqrt(s') + epsilon), v' and s' corrected for their bias.

    v = beta1 v + (1 - beta1) grad,  s = beta2 s + (1 - beta2) grad^2,
    v' = v / (1 - beta1^t),  s' = s / (1 - beta2^t).

    The stored v and s are never divided (course topics C3, C6). Kingma and Ba (2015), "Adam: a
    method for stochastic optimization".
    """
    check_arrays("update_adam(grad) -> theta, v, s", 1, grad, theta, v, s)
    check_same_shape("update_adam", "grad", grad, "theta", theta)
    check_same_shape("update_adam", "v", v, "theta", theta)
    check_same_shape("update_adam", "s", s, "theta", theta)
    inside, outside = (epsilon, 0.0) if epsilon_inside else (0.0, epsilon)
    bodies.adam_step(
        theta, grad, v, s, s, False, False,
        t, alpha, beta1, beta2, inside, outside, 0.0, _DIVIDED,
    )  # fmt: skip
    return theta


@kernel
def update_adamw(
    theta, grad, v, s, t, alpha, beta1, beta2, epsilon, weight_decay, epsilon_inside=False
):
    """AdamW: theta = (1 - alpha weight_decay) theta, then Adam's step.

    Loshchilov and Hutter (2019), "Decoupled weight decay regularization", with the decay times
    alpha as in PyTorch.
    """
    check_arrays("update_adamw(grad) -> theta, v, s", 1, grad, theta, v, s)
    check_same_shape("update_adamw", "grad", grad, "theta", theta)
    check_same_shape("update_adamw", "v", v, "theta", theta)
    check_same_shape("update_adamw", "s", s, "theta", theta)
    inside, outside = (epsilon, 0.0) if epsilon_inside else (0.0, epsilon)
    bodies.adam_step(
        theta, grad, v, s, s, False, False,
        t, alpha, beta1, beta2, inside, outside, weight_decay, _DIVIDED,
    )  # fmt: skip
    return theta


@kernel
def update_amsgrad(theta, grad, v, s, s_max, t, alpha, beta1, beta2, epsilon, epsilon_inside=False):
    """AMSGrad: Adam with s_max = max(s_max, s) in the place of s.

    Reddi, Kale and Kumar (2018), "On the convergence of Adam and beyond". As in PyTorch, the
    largest s is taken before the correction of its bias and corrected then; the paper corrects
    nothing.
    """
    check_arrays("update_amsgrad(grad) -> theta, v, s, s_max", 1, grad, theta, v, s, s_max)
    check_same_shape("update_amsgrad", "grad", grad, "theta", theta)
    check_same_shape("update_amsgrad", "v", v, "theta", theta)
    check_same_shape("update_amsgrad", "s", s, "theta", theta)
    check_same_shape("update_amsgrad", "s_max", s_max, "theta", theta)
    inside, outside = (epsilon, 0.0) if epsilon_inside else (0.0, epsilon)
    bodies.adam_step(
        theta, grad, v, s, s_max, True, False,
        t, alpha, beta1, beta2, inside, outside, 0.0, _DIVIDED,
    )  # fmt: skip
    return theta


@kernel
def update_nadam(theta, grad, v, s, t, alpha, beta1, beta2, epsilon, epsilon_inside=False):
    """Nadam: Adam that looks ahead as Nesterov does.

    theta -= alpha v' / (sqrt(s / (1 - beta2^t)) + epsilon),
    v' = beta1 v / (1 - beta1^(t+1)) + (1 - beta1) grad / (1 - beta1^t).

    Dozat (2016), "Incorporating Nesterov momentum into Adam", with a constant beta1. PyTorch
    warms beta1 up over the steps and keeps the product of all its values as one more slot.
    """
    check_arrays("update_nadam(grad) -> theta, v, s", 1, grad, theta, v, s)
    check_same_shape("update_nadam", "grad", grad, "theta", theta)
    check_same_shape("update_nadam", "v", v, "theta", theta)
    check_same_shape("update_nadam", "s", s, "theta", theta)
    inside, outside = (epsilon, 0.0) if epsilon_inside else (0.0, epsilon)
    bodies.adam_step(
        theta, grad, v, s, s, False, True,
        t, alpha, beta1, beta2, inside, outside, 0.0, _DIVIDED,
    )  # fmt: skip
    return theta


@kernel
def update_lion(theta, grad, v, alpha, beta1, beta2, weight_decay=0.0):
    """Lion: theta -= alpha (sign(beta1 v + (1 - beta1) grad) + weight_decay theta).

    After that v = beta2 v + (1 - beta2) grad; the sign of 0 is 0. Chen et al. (2023), "Symbolic
    discovery of optimization algorithms", which suggests beta1 0.9 and beta2 0.99.
    """
    check_arrays("update_lion(grad) -> theta, v", 1, grad, theta, v)
    check_same_shape("update_lion", "grad", grad, "theta", theta)
    check_same_shape("update_lion", "v", v, "theta", theta)
    bodies.lion_into(theta, grad, v, alpha, beta1, beta2, weight_decay)
    return theta
