"""Two-sided differences of the cost at the present parameters (course topics B12, B13)."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from nnsim.network.forward import FRESH_MASKS, FROZEN_MASKS
from nnsim.training.blas import one_blas_thread
from nnsim.training.machine import Machine
from nnsim.training.numeric_gradient import numeric_gradient_into
from nnsim.training.progress import Progress

PARALLEL_FROM = 2_000_000
"""Multiplications above which a second thread pays."""
PIECE_SECONDS = 0.05
"""Aim of the parameters between two calls of `on_progress`."""


class Differences:
    """d_approx[i] = (J(theta_i + epsilon) - J(theta_i - epsilon)) / (2 epsilon), as far as asked.

    Parameters
    ----------
    twin : Machine
        Of `twin_after_backward`; not changed.
    epsilon : float
        Half the distance of the two costs.
    masks : str
        "frozen": dropout keeps the masks of the step; "fresh": every cost draws its own.
    """

    def __init__(self, twin: Machine, epsilon: float, masks: str) -> None:
        self._twin, self._epsilon = twin, float(epsilon)
        self._mode = FROZEN_MASKS if masks == "frozen" else FRESH_MASKS
        size = twin.layout.parameters
        self._layer_of = np.zeros(size, np.int64)
        for block in twin.layout.blocks:
            self._layer_of[block.start : block.stop] = block.layer
        self._units = int(sum(row.units for row in twin.layout.layers[1:]))
        self.approximation = np.zeros(size)
        """d_approx (parameters,); 0 where nothing was computed yet."""
        self.kinks = np.zeros(size, np.int64)
        """How many kinks lie between the two costs of each parameter."""
        self.costs = np.zeros((size, 2))
        """J(theta_i + epsilon) and J(theta_i - epsilon)."""

    def compute(self, begin: int, end: int) -> None:
        """Compute parameters begin <= i < end; pieces may be computed by several threads."""
        twin = self._twin
        layout, state, m = twin.layout, twin.state[0], int(twin.state[0].m)
        numeric_gradient_into(
            begin,
            end,
            self._layer_of,
            self._epsilon,
            twin.stages,
            layout.layers,
            layout.labels,
            twin.settings[0],
            twin.state.copy()[0],
            twin.theta.copy(),
            twin.running.copy(),
            twin.work.copy(),
            m,
            self._mode,
            int(state.step),
            np.zeros((2, self._units * m), np.int8),
            self.costs,
            self.approximation,
            self.kinks,
        )


def approximate_gradient(
    twin: Machine, epsilon: float, masks: str, on_progress: Progress | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the two-sided differences of the cost, and how many kinks each of them crosses."""
    differences = Differences(twin, epsilon, masks)
    size, m = twin.layout.parameters, int(twin.state[0].m)
    threads = min(os.cpu_count() or 1, size) if size * size * m > PARALLEL_FROM else 1
    with one_blas_thread(), ThreadPoolExecutor(threads) as pool:
        each = map if threads == 1 else pool.map
        done, count = 0, threads if on_progress else size
        while done < size:
            pieces = 1 if threads == 1 else 4 * threads
            edges = np.linspace(done, min(done + count, size), pieces + 1).astype(int)
            begin = time.perf_counter()
            for _ in each(differences.compute, edges[:-1], edges[1:]):
                pass
            seconds = max(time.perf_counter() - begin, 1e-6)
            count = max(threads, int((edges[-1] - done) * PIECE_SECONDS / seconds))
            done = int(edges[-1])
            if on_progress:
                on_progress(done, size)
    return differences.approximation, differences.kinks
