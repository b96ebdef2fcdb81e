"""The optimisers' rules (topics C4-C6, E1) as stages: a network waits only for its own family."""

from nnsim.kernels.cpu.optimizer_bodies import (
    update_by_average,
    update_by_both,
    update_by_gradient,
    update_by_sign,
    update_by_squares,
)
from nnsim.kernels.jit import stage

APPLY_RULE = 25
"""Number of the first of the five stages."""


@stage
def apply_gradient(settings, state, theta, grad, v, s, s_max, work, total):
    """Gradient descent. The sum of all theta goes to `total` of the workspace."""
    work[total] = update_by_gradient(
        settings.optimizer, theta, grad, v, s, s_max, state.t, state.learning_rate,
        settings.beta1, settings.beta2, settings.epsilon, settings.epsilon_inside, 0.0,
        settings.correction,
    )  # fmt: skip


@stage
def apply_average(settings, state, theta, grad, v, s, s_max, work, total):
    """Momentum's two forms and Nesterov. The sum of all theta goes to `total` of the workspace."""
    work[total] = update_by_average(
        settings.optimizer, theta, grad, v, s, s_max, state.t, state.learning_rate,
        settings.beta1, settings.beta2, settings.epsilon, settings.epsilon_inside, 0.0,
        settings.correction,
    )  # fmt: skip


@stage
def apply_squares(settings, state, theta, grad, v, s, s_max, work, total):
    """AdaGrad and RMSprop. The sum of all theta goes to `total` of the workspace."""
    work[total] = update_by_squares(
        settings.optimizer, theta, grad, v, s, s_max, state.t, state.learning_rate,
        settings.beta1, settings.beta2, settings.epsilon, settings.epsilon_inside, 0.0,
        settings.correction,
    )  # fmt: skip


@stage
def apply_both(settings, state, theta, grad, v, s, s_max, work, total):
    """Adam, AdamW, AMSGrad and Nadam. The sum of all theta goes to `total` of the workspace."""
    work[total] = update_by_both(
        settings.optimizer, theta, grad, v, s, s_max, state.t, state.learning_rate,
        settings.beta1, settings.beta2, settings.epsilon, settings.epsilon_inside, 0.0,
        settings.correction,
    )  # fmt: skip


@stage
def apply_sign(settings, state, theta, grad, v, s, s_max, work, total):
    """Lion. The sum of all theta goes to `total` of the workspace."""
    work[total] = update_by_sign(
        settings.optimizer, theta, grad, v, s, s_max, state.t, state.learning_rate,
        settings.beta1, settings.beta2, settings.epsilon, settings.epsilon_inside, 0.0,
        settings.correction,
    )  # fmt: skip


RULES = (apply_gradient, apply_average, apply_squares, apply_both, apply_sign)
"""The stages, in the order of the families' numbers."""
