"""What the machine itself needs for a step: its matrix products alone, or a floor without them.

Small networks: as many tanh, exp and log as the step has, by NumPy's vector code, and one copy
of every array that a step must have. Large ones: the step's own matrix products, nothing else, by
the BLAS that Numba calls (SciPy's OpenBLAS), outputs in place; beside it the same number of
multiply-adds at the pace of a 1024 x 1024 x 1024 product. `peers/machine.py` runs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from benchmarks.cases import Case


@dataclass(frozen=True)
class Counts:
    """What a step of a case has of each, all examples together."""

    multiplications: int
    tanh: int
    exp: int
    log: int
    numbers: int
    """theta, gradient, v and s; A and dZ of every layer, with batch norm Z_norm too."""


def counts_of(case: Case) -> Counts:
    """Return what is counted; the random numbers of dropout are not."""
    hidden, m = sum(case.sizes[1:-1]), case.m
    parameters = sum((a + 1) * b for a, b in pairwise(case.sizes))
    parameters += 2 * hidden if case.batch_norm else 0
    arrays = 2 * sum(case.sizes[1:]) + (hidden if case.batch_norm else 0)
    return Counts(
        multiplications=case.multiplications,
        tanh=hidden * m if case.activation == "tanh" else 0,
        exp=case.sizes[-1] * m,
        log=m,
        numbers=4 * parameters + arrays * m,
    )


LIMITS = {"limit": "benchmarks.peers.machine:Floor"}
LARGE_LIMITS = {
    "limit": "benchmarks.peers.machine:Products",
    "peak": "benchmarks.peers.machine:Peak",
}


def limits_of(case: Case) -> dict[str, str]:
    """Return name -> class of what bounds a case: matrix products from 64-64-10 upwards."""
    return LARGE_LIMITS if case.multiplications > 1e5 else LIMITS


@dataclass(frozen=True)
class Limit:
    """The machine's own pace."""

    what: str
    dtype: str
    value: float
    unit: str
