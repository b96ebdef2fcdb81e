"""One module a peer; each trains the same problem, and none is imported before it is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import numpy as np


class Peer(Protocol):
    """What can be timed. It is made from a `Problem` and the name of a dtype."""

    def answer(self) -> np.ndarray | None:
        """Return what all peers must agree on; None from what computes nothing (a limit)."""

    def burst(self, repeats: int) -> float:
        """Do the work so many times from the same start; return the seconds, set-up left out."""


class Unable(Exception):
    """A library has no such thing, or cannot run here; the message says which."""


CHECKED_STEPS = 100
"""The costs before steps 0 to 100 are a trainer's answer."""

PEERS = {
    "nnsim": "benchmarks.peers.with_nnsim:Advancing",
    "nnsim-bare": "benchmarks.peers.with_nnsim:Executing",
    "jax": "benchmarks.peers.with_jax:scanning",
    "torch": "benchmarks.peers.with_torch:Eager",
    "torch-compile": "benchmarks.peers.with_torch:Compiled",
    "scikit-learn": "benchmarks.peers.with_sklearn:Fitting",
    "numpy": "benchmarks.peers.with_numpy:Plain",
}
"""Name on the command line -> module and class, of a training step."""

UNCORRECTED_EPSILON = ("scikit-learn",)
"""Peers whose Adam is another one by where epsilon stands; see `with_numpy.Plain`."""


class Trainer:
    """A peer that trains: its answer are its costs."""

    def costs(self, steps: int) -> np.ndarray:
        """Return the cost J before each of the first `steps` updates, from the start."""
        raise NotImplementedError

    def answer(self) -> np.ndarray:
        """See `Peer`."""
        return self.costs(CHECKED_STEPS + 1)


def quickest(candidates: dict[str, Callable[[], object]], turns: int = 5) -> str:
    """Return the name of the call that takes least, each warmed first and then by turns."""
    for call in candidates.values():
        call()
    least = dict.fromkeys(candidates, float("inf"))
    for _ in range(turns):
        for name, call in candidates.items():
            begin = time.perf_counter()
            call()
            least[name] = min(least[name], time.perf_counter() - begin)
    return min(least, key=least.__getitem__)
