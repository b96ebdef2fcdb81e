"""How long each form takes on this machine, measured live (topic A4)."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from nnsim.simulations.vectorization.forms import FORMS, compiled, loop
from nnsim.simulations.vectorization.snapshot import Times

MOST_RUNS, ENOUGH_SECONDS = 7, 0.05
"""Each form is run so often to take its time, or until it has taken so long altogether."""


def measured(form: str, X: np.ndarray, Y: np.ndarray, w: np.ndarray, b: float) -> Times:
    """Return the median times of the loop, of a matrix form and of the compiled kernels.

    The loop has Python's lists and floats, the others arrays; BLAS has one thread.
    """
    from nnsim.training.blas import one_blas_thread

    arrays = X, Y, w, b
    numbers = X.tolist(), Y[0].tolist(), w[:, 0].tolist(), b
    with one_blas_thread():
        compiled(*arrays)  # the first call compiles, or loads what was compiled
        return Times(
            loop=_seconds(loop, numbers),
            matrix=_seconds(FORMS[form], arrays),
            compiled=_seconds(compiled, arrays),
        )


def _seconds(form: Callable[..., Any], operands: tuple) -> float:
    """Return the median time of several runs."""
    found: list[float] = []
    while len(found) < MOST_RUNS and sum(found) < ENOUGH_SECONDS:
        begin = time.perf_counter()
        form(*operands)
        found.append(time.perf_counter() - begin)
    return median(found)
