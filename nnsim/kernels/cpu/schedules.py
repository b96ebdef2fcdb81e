"""Learning rates over steps and epochs (course topic C7); all in float64, counted from 0."""

import math

from nnsim.kernels.codes import Schedule
from nnsim.kernels.jit import body, kernel

_INVERSE_TIME = int(Schedule.INVERSE_TIME)
_EXPONENTIAL = int(Schedule.EXPONENTIAL)
_SQRT_EPOCH = int(Schedule.SQRT_EPOCH)
_SQRT_STEP = int(Schedule.SQRT_STEP)
_STAIRCASE = int(Schedule.STAIRCASE)
_MANUAL = int(Schedule.MANUAL)
_COSINE = int(Schedule.COSINE)
_ONE_CYCLE = int(Schedule.ONE_CYCLE)


@body
def inverse_time_decay(alpha0, rate, epoch):
    """alpha0 / (1 + rate epoch)."""
    return alpha0 / (1.0 + rate * epoch)


@body
def exponential_decay(alpha0, rate, epoch):
    """rate^epoch alpha0."""
    return math.pow(rate, float(epoch)) * alpha0


@body
def sqrt_decay(alpha0, rate, count):
    """rate / sqrt(count + 1) alpha0; count is the epoch or the step."""
    return rate / math.sqrt(count + 1.0) * alpha0


@body
def staircase_decay(alpha0, rate, every, epoch):
    """rate^(epoch // every) alpha0."""
    return math.pow(rate, float(epoch // every)) * alpha0


@body
def manual_rate(alpha0, table, epoch):
    """The alpha of the last row (first epoch, alpha) that has begun; alpha0 before the first."""
    alpha = alpha0
    for row in range(table.shape[0]):
        if table[row, 0] <= epoch:
            alpha = table[row, 1]
    return alpha


@body
def cosine_between(start, end, share):
    """From start (share 0) to end (share 1) along half a cosine wave; flat outside."""
    share = min(max(share, 0.0), 1.0)
    return end + (start - end) * 0.5 * (1.0 + math.cos(math.pi * share))


@body
def cosine_decay(alpha0, minimum, warm_up, length, step):
    """Half a cosine wave from alpha0 at step warm_up to minimum at step length."""
    return cosine_between(alpha0, minimum, (step - warm_up) / max(length - warm_up, 1))


@body
def one_cycle(alpha0, minimum, warm_up, length, step):
    """Up from alpha0 / 25 to alpha0 at step warm_up, down to minimum at step length - 1."""
    if warm_up <= 0:
        warm_up = 3 * length // 10
    if step < warm_up:
        return cosine_between(alpha0 / 25.0, alpha0, step / warm_up)
    return cosine_between(alpha0, minimum, (step - warm_up) / max(length - 1 - warm_up, 1))


@kernel
def scheduled_alpha(kind, alpha0, rate, every, length, minimum, warm_up, table, step, epoch):
    """Return alpha of a 0-based step and epoch by the schedule with this number (`Schedule`)."""
    if kind == _ONE_CYCLE:
        return one_cycle(alpha0, minimum, warm_up, length, step)
    alpha = alpha0
    if kind == _INVERSE_TIME:
        alpha = inverse_time_decay(alpha0, rate, epoch)
    elif kind == _EXPONENTIAL:
        alpha = exponential_decay(alpha0, rate, epoch)
    elif kind == _SQRT_EPOCH:
        alpha = sqrt_decay(alpha0, rate, epoch)
    elif kind == _SQRT_STEP:
        alpha = sqrt_decay(alpha0, rate, step)
    elif kind == _STAIRCASE:
        alpha = staircase_decay(alpha0, rate, every, epoch)
    elif kind == _MANUAL:
        alpha = manual_rate(alpha0, table, epoch)
    elif kind == _COSINE:
        alpha = cosine_decay(alpha0, minimum, warm_up, length, step)
    if step < warm_up:
        alpha = alpha * (step + 1) / warm_up
    return alpha
