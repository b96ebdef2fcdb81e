"""Where a step's time goes: `python -m benchmarks.step_profile [CASE ...]`.

Each stage of the compiled program is called many times in a row from compiled code, on the arrays
of a run that has made three steps; the least of forty such bursts counts. `step` is the whole step
in the run gear.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numba
import numpy as np

from benchmarks.cases import CASES, problem_of
from benchmarks.peers.with_nnsim import simulation_of
from nnsim.kernels.stages import call
from nnsim.network.dropout import FRESH_MASKS
from nnsim.network.norms import TRACKED_STATISTICS
from nnsim.training.blas import one_blas_thread
from nnsim.training.tables import BACKWARD, COST, FORWARD, UPDATE

BURSTS = 40


@numba.njit(nogil=True)
def _forward(times, stages, layers, number, theta, running, work, m, seed):
    for _ in range(times):
        call(
            stages, FORWARD, stages, layers, number, theta, running, work, m,
            FRESH_MASKS, TRACKED_STATISTICS, seed, 0,
        )  # fmt: skip


@numba.njit(nogil=True)
def _cost(times, stages, layers, settings, state, theta, work, labels, m):
    for _ in range(times):
        call(stages, COST, layers, settings, state, theta, work, labels, m)


@numba.njit(nogil=True)
def _backward(times, stages, layers, number, settings, theta, grad, work, labels, m):
    for _ in range(times):
        call(stages, BACKWARD, stages, layers, number, settings, theta, grad, work, labels, m)


@numba.njit(nogil=True)
def _update(times, stages, layers, settings, state, schedule, theta, grad, v, s, s_max, work):
    for _ in range(times):
        call(
            stages, UPDATE, stages, layers, settings, state, schedule, theta, grad,
            v, s, s_max, work,
        )  # fmt: skip


def _quickest(burst: Callable[[], object], times: int) -> float:
    """Return microseconds a call in the quickest burst."""
    burst()
    least = np.inf
    for _ in range(BURSTS):
        begin = time.perf_counter()
        burst()
        least = min(least, time.perf_counter() - begin)
    return 1e6 * least / times


def profile_of(case: str, dtype: str) -> dict[str, float]:
    """Return stage -> microseconds, and the whole step's."""
    run = simulation_of(problem_of(CASES[case]), dtype)
    run.advance(3)
    machine = run._machine
    layout, stages, m = machine.layout, machine.stages, CASES[case].m
    settings, state, depth = machine.settings[0], machine.state[0], len(layout.layers) - 1
    times = max(1, 10_000_000 // CASES[case].multiplications)
    times = min(times, 200)
    spoken_for = machine.theta, machine.running, machine.work
    found = {}
    with one_blas_thread():
        for number in range(1, depth + 1):
            found[f"forward {number}"] = _quickest(
                lambda at=number: _forward(
                    times, stages, layout.layers, at, *spoken_for, m, settings.seed
                ),
                times,
            )
        costed = (settings, state, machine.theta, machine.work, layout.labels, m)
        found["cost"] = _quickest(lambda: _cost(times, stages, layout.layers, *costed), times)
        back = (settings, machine.theta, machine.grad, machine.work, layout.labels, m)
        for number in range(depth, 0, -1):
            found[f"backward {number}"] = _quickest(
                lambda at=number: _backward(times, stages, layout.layers, at, *back), times
            )
        slots = (machine.grad, machine.v, machine.s, machine.s_max, machine.work)
        theta = machine.theta.copy()
        found["update"] = _quickest(
            lambda: _update(
                times, stages, layout.layers, settings, state, machine.schedule_values, theta,
                *slots,
            ),
            times,
        )  # fmt: skip
    run.advance(1)
    phases = times * len(run.phases)
    found["step"] = _quickest(lambda: machine.execute(phases, record=False), times)
    return found


def main() -> None:
    """Print the profiles as Markdown."""
    for case in sys.argv[1:] or ["2-8-8-1", "2-25-5-1", "64-64-10"]:
        for dtype in ("float64", "float32"):
            told = profile_of(case, dtype)
            told = ", ".join(f"{name} {figure:.2f}" for name, figure in told.items())
            print(f"* {case} {dtype}: {told}")


if __name__ == "__main__":
    main()
