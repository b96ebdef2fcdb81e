"""The end of a step: finite? clip, learning rate, update (course topics C4-C7)."""

from nnsim.kernels.codes import Optimizer, Schedule
from nnsim.kernels.cpu.clipping import clip_by_global_norm_into, clip_by_value_into
from nnsim.kernels.cpu.schedules import scheduled_alpha
from nnsim.kernels.jit import body, stage
from nnsim.kernels.stages import call
from nnsim.kernels.view import view
from nnsim.training.optimizers import APPLY_RULE

SCHEDULE = 30
"""The number of `schedule_rate` among the stages: a constant rate needs none."""


@body
def all_finite(total, flat, start, count):
    """Tell whether `count` numbers of a flat vector, from `start` on, hold no NaN or infinity.

    `total` is their sum. NaN and infinity survive any sum, so if it is finite nothing is read.
    """
    if total - total == 0:
        return True
    # Finite numbers' sum may overflow: look at each.
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


@stage
def schedule_rate(settings, state, schedule_values):
    """Write the learning rate of the present step and epoch to the state."""
    state.learning_rate = scheduled_alpha(
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
def update_parameters(
    stages, layers, settings, state, schedule_values, theta, grad, v, s, s_max, work
):
    """Apply the optimiser to theta in place; leave the sum of all theta in row 0's `total`."""
    if settings.schedule == Schedule.CONSTANT and settings.warm_up == 0:
        state.learning_rate = settings.learning_rate
    else:
        call(stages, SCHEDULE, settings, state, schedule_values)
    state.t += 1
    decay = settings.weight_decay
    if decay > 0 and (
        settings.optimizer == Optimizer.ADAMW or settings.optimizer == Optimizer.LION
    ):
        # Decoupled decay; as with the penalties, b, gamma and beta are left alone.
        keep = theta.dtype.type(1 - state.learning_rate * decay)
        for number in range(1, layers.shape[0]):
            row = layers[number]
            for i in range(row.W, row.W + row.units * row.inputs):
                theta[i] *= keep
    call(
        stages, APPLY_RULE + settings.rule, settings, state, theta, grad, v, s, s_max,
        work, layers[0].total,
    )  # fmt: skip
