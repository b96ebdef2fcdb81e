"""The machine's limits as peers: what a step cannot do without, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np
from numba import njit

from benchmarks.cases import CASES, Problem, problem_of
from benchmarks.limits import Limit, counts_of

LONG = 8192
"""Numbers a call of tanh, exp or log: the overhead of calls is then nothing."""
CUBE = 1024


@njit(cache=True)
def multiply(repeats, A, W, dZ, Z, dW, dA):  # noqa: D103
    for _ in range(repeats):
        for number in range(len(W)):
            np.dot(W[number], A[number], Z[number])
        for number in range(len(W) - 1, -1, -1):
            np.dot(dZ[number], A[number].T, dW[number])
            if number:
                np.dot(W[number].T, dZ[number], dA[number])


@njit(cache=True)
def copy_once(one, other):  # noqa: D103
    for i in range(one.size):
        other[i] = one[i]


@njit(cache=True)
def copy(repeats, one, other):  # noqa: D103
    for turn in range(repeats):
        if turn % 2:
            copy_once(other, one)
        else:
            copy_once(one, other)


class Products:
    """The matrix products of a step: W A, dZ A^T, and W^T dZ in all layers but the first."""

    remark = "matrix products alone"

    def __init__(self, problem: Problem, dtype: str) -> None:
        draw, m, sizes = np.random.default_rng(1), problem.case.m, problem.case.sizes
        self.A = tuple(draw.random((n, m)).astype(dtype) for n in sizes[:-1])
        self.dA = tuple(np.zeros_like(A) for A in self.A)
        self.W = tuple(W.astype(dtype) for W in problem.weights)
        self.dW = tuple(np.zeros_like(W) for W in self.W)
        self.dZ = tuple(draw.random((n, m)).astype(dtype) for n in sizes[1:])
        self.Z = tuple(np.zeros_like(dZ) for dZ in self.dZ)

    def answer(self) -> None:
        """See `Peer`."""
        multiply(1, self.A, self.W, self.dZ, self.Z, self.dW, self.dA)

    def burst(self, repeats: int) -> float:
        """See `Peer`."""
        begin = time.perf_counter()
        multiply(repeats, self.A, self.W, self.dZ, self.Z, self.dW, self.dA)
        return time.perf_counter() - begin


class Peak:
    """A step's multiply-adds at the pace of one product of three cubes' sides."""

    remark = f"its multiply-adds at the pace of a {CUBE} cube"

    def __init__(self, problem: Problem, dtype: str) -> None:
        cube = np.random.default_rng(1).random((CUBE, CUBE)).astype(dtype)
        self.arrays = [(cube,), (cube.copy(),), (cube,), (np.zeros_like(cube),)]
        self.share = problem.case.multiplications / CUBE**3

    def answer(self) -> None:
        """See `Peer`."""
        self._cubes(1)

    def _cubes(self, cubes: int) -> float:
        A, W, _, Z = self.arrays
        begin = time.perf_counter()
        for _ in range(cubes):
            np.dot(W[0], A[0], Z[0])
        return (time.perf_counter() - begin) / cubes

    def burst(self, repeats: int) -> float:
        """See `Peer`."""
        return self._cubes(1) * self.share * repeats


class Floor:
    """A step's tanh, exp and log, and a copy of its arrays."""

    remark = "tanh, exp, log and one copy"

    def __init__(self, problem: Problem, dtype: str) -> None:
        counts = counts_of(problem.case)
        self.work = {np.tanh: counts.tanh, np.exp: counts.exp, np.log: counts.log}
        self.values = np.random.default_rng(1).random(LONG).astype(dtype) + np.dtype(dtype).type(1)
        self.result = np.zeros_like(self.values)
        self.one = np.zeros(counts.numbers, dtype)
        self.other = np.ones_like(self.one)

    def answer(self) -> None:
        """See `Peer`."""
        copy(1, self.one, self.other)
        for function in self.work:
            self.seconds_a_number(function)

    def seconds_a_number(self, function: np.ufunc, calls: int = 1) -> float:
        """Return the time of tanh, exp or log of one number among many."""
        begin = time.perf_counter()
        for _ in range(calls):
            function(self.values, out=self.result)
        return (time.perf_counter() - begin) / calls / LONG

    def burst(self, repeats: int) -> float:
        """See `Peer`."""
        seconds = 0.0
        for function, count in self.work.items():
            if count:
                calls = max(1, -(-repeats * count // LONG))
                seconds += self.seconds_a_number(function, calls) * count * repeats
        begin = time.perf_counter()
        copy(repeats, self.one, self.other)
        return seconds + time.perf_counter() - begin


def paces(dtypes: list[str], rounds: int) -> list[Limit]:
    """Return the machine's paces, medians over the rounds; called in a process of its own."""
    found = []
    for dtype in dtypes:
        problem = problem_of(CASES["2-8-8-1"])
        peak, floor = Peak(problem, dtype), Floor(problem, dtype)
        size = floor.one.nbytes
        readings: dict[tuple[str, str], Callable[[], float]] = {
            (f"product of {CUBE} cubes", "GFLOP/s"): lambda p=peak: 2e-9 * CUBE**3 / p._cubes(1),
            ("tanh of a number", "ns"): lambda f=floor: 1e9 * f.seconds_a_number(np.tanh, 100),
            ("exp of a number", "ns"): lambda f=floor: 1e9 * f.seconds_a_number(np.exp, 100),
            ("log of a number", "ns"): lambda f=floor: 1e9 * f.seconds_a_number(np.log, 100),
            ("copying", "GB/s"): lambda f=floor, size=size: _copying(f, size),
        }
        peak.answer()
        floor.answer()
        values: dict[tuple[str, str], list[float]] = {key: [] for key in readings}
        for _ in range(rounds):
            for key, read in readings.items():
                values[key].append(read())
        found += [Limit(what, dtype, median(v), unit) for (what, unit), v in values.items()]
    return found


def _copying(floor: Floor, size: int, repeats: int = 2000) -> float:
    begin = time.perf_counter()
    copy(repeats, floor.one, floor.other)
    return 1e-9 * size * repeats / (time.perf_counter() - begin)
