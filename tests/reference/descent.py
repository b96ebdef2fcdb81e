"""Surfaces and paths as written on paper; derivatives by central differences."""

import numpy as np

from tests.reference import optimizers

EXP = np.exp

SURFACES = {
    "parabola": lambda w: w * w - 10 * w + 25,
    "two_valleys": lambda w: w**4 - 8 * w * w + 3 * w,
    "bowl": lambda a, b: a * a + b * b,
    "long_bowl": lambda a, b: 0.5 * a * a + 25 * b * b,
    "saddle": lambda a, b: a * a / 2 - b * b / 2 + b**4 / 4,
    "monkey_saddle": lambda a, b: a**3 - 3 * a * b * b + (a * a + b * b) ** 2 / 4,
    "plateau": lambda a, b: 1 - EXP(-(a * a + b * b) / 4),
    "rosenbrock": lambda a, b: (1 - a) ** 2 + 100 * (b - a * a) ** 2,
    "beale": lambda a, b: sum(
        (c - a + a * b**k) ** 2 for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))
    ),
    "himmelblau": lambda a, b: (a * a + b - 11) ** 2 + (a + b * b - 7) ** 2,
    "several_minima": lambda a, b: (a * a + b * b) / 10 + 2 - np.cos(2 * a) - np.cos(2 * b),
}


def gradient(J, point, h=1e-5):
    point = np.asarray(point, float)
    steps = h * np.eye(point.size)
    return np.array([(J(*(point + e)) - J(*(point - e))) / (2 * h) for e in steps])


def hessian(J, point, h=1e-4):
    point = np.asarray(point, float)
    steps = h * np.eye(point.size)
    return np.array(
        [(gradient(J, point + e, h) - gradient(J, point - e, h)) / (2 * h) for e in steps]
    )


def walk(rule, grad, start, steps, **settings):
    """Return the points of a path: `rule` is a twin, `grad` the exact gradient of a point."""
    theta = np.array(start, float)
    slots = [np.zeros_like(theta) for _ in range(settings.pop("slots", 0))]
    counted = settings.pop("counted", False)
    points = [theta]
    for t in range(1, steps + 1):
        extra = {"t": t} if counted else {}
        found = getattr(optimizers, rule)(theta, grad(theta), *slots, **extra, **settings)
        theta, *slots = found if isinstance(found, tuple) else (found,)
        points.append(theta)
    return np.array(points)
