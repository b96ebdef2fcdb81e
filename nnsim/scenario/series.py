"""What is made of recorded series, and how values compare: for measures of every kind."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np


class NotMeasured(Exception):
    """A measure has no value here; says why."""


COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}

REDUCE_SERIES: dict[str, Callable[[np.ndarray, np.ndarray], Any]] = {
    "first": lambda steps, values: values[0],
    "last": lambda steps, values: values[-1],
    "min": lambda steps, values: np.min(values),
    "max": lambda steps, values: np.max(values),
    "mean": lambda steps, values: np.mean(values),
    "rises": lambda steps, values: np.count_nonzero(np.diff(values) > 0),
    "step_of_min": lambda steps, values: steps[np.argmin(values)],
    "step_of_max": lambda steps, values: steps[np.argmax(values)],
}
