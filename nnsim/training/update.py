"""The end of a step: finite? clip, learning rate, update (course topics C4-C7)."""

from nnsim.kernels.codes import Optimizer
from nnsim.kernels.cpu.clipping import clip_by_global_norm_into, clip_by_value_into
from nnsim.kernels.cpu.optimizers import update_into
from nnsim.kernels.cpu.schedules import scheduled_alpha
from nnsim.kernels.cpu.sums import sum_of
from nnsim.kernels.jit import body, stage
from nnsim.kernels.view import view


@body
def all_finite(flat, start, count):
    """Tell whether `count` numbers of a flat vector, from `start` on, hold no NaN or infinity."""
    # NaN and infinity survive any sum, so a finite sum says it all; a sum may also overflow.
    total = sum_of(flat, start, count)
    if total - total == 0:
        return True
    # x - x is 0 for a finite x only.
    numbers = view(flat, start, 1, count)
    bad = 0
    for i in range(count):
        difference = numbers[0, i] - numbers[0, i]
        bad |= difference != 0
    return bad == 0


@stage
def clip_gradient(settings, state, grad):
    """Clip by value, then by global norm; leave the norm before clipping in the state."""
    T = grad.dtype.type
    if settings.clip_value > 0:
        clip_by_value_into(grad, T(settings.clip_value))
    if settings.clip_norm > 0:
        state.gradient_norm = clip_by_global_norm_into(grad, T(settings.clip_norm))


@body
def alpha_now(settings, state, schedule_values):
    """Return the learning rate of the present step and epoch."""
    return scheduled_alpha(
        settings.schedule,
        settings.learning_rate,
        settings.schedule_rate,
        settings.schedule_every,
        settings.schedule_steps,
        settings.schedule_minimum,
        settings.warm_up,
        schedule_values,
        state.step,
        state.epoch,
    )


@stage
def update_parameters(layers, settings, state, schedule_values, theta, grad, v, s, s_max):
    """Apply the optimiser to theta in place."""
    alpha = alpha_now(settings, state, schedule_values)
    state.learning_rate = alpha
    state.t += 1
    decay = settings.weight_decay
    if decay > 0 and (
        settings.optimizer == Optimizer.ADAMW or settings.optimizer == Optimizer.LION
    ):
        # Decoupled decay; as with the penalties, b, gamma and beta are left alone.
        keep = theta.dtype.type(1 - alpha * decay)
        for number in range(1, layers.shape[0]):
            row = layers[number]
            for i in range(row.W, row.W + row.units * row.inputs):
                theta[i] *= keep
    update_into(
        settings.optimizer,
        theta,
        grad,
        v,
        s,
        s_max,
        state.t,
        alpha,
        settings.beta1,
        settings.beta2,
        settings.epsilon,
        settings.epsilon_inside,
        0.0,
        settings.correction,
    )
