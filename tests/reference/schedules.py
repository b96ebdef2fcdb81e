"""Learning rates of whole runs, listed step by step; step and epoch count from 0."""

import math


def inverse_time(alpha0, rate, epoch):
    return 1 / (1 + rate * epoch) * alpha0


def exponential(alpha0, rate, epoch):
    return rate**epoch * alpha0


def square_root(alpha0, rate, count):
    return rate / math.sqrt(count + 1) * alpha0


def staircase(alpha0, rate, every, epoch):
    alpha = alpha0
    for number in range(1, epoch + 1):
        if number % every == 0:
            alpha *= rate
    return alpha


def manual(alpha0, table, epoch):
    begun = [alpha for first, alpha in table if first <= epoch]
    return begun[-1] if begun else alpha0


def half_wave(start, end, share):
    """Return what lies `share` of the way from start to end, along cos from 0 to pi."""
    return (start + end) / 2 + (start - end) / 2 * math.cos(math.pi * share)


def cosine(alpha0, minimum, warm_up, length, step):
    if step <= warm_up:
        return alpha0
    if step >= length:
        return minimum
    return half_wave(alpha0, minimum, (step - warm_up) / (length - warm_up))


def one_cycle(alpha0, minimum, warm_up, length, step):
    if step <= warm_up:
        return half_wave(alpha0 / 25, alpha0, step / warm_up)
    if step >= length - 1:
        return minimum
    return half_wave(alpha0, minimum, (step - warm_up) / (length - 1 - warm_up))
