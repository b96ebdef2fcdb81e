"""One module a peer; each trains the same problem, and none is imported before it is asked for."""

from __future__ import annotations

import importlib
from typing import Protocol

import numpy as np

from benchmarks.cases import Problem


class Peer(Protocol):
    """What can be timed."""

    def costs(self, steps: int) -> np.ndarray:
        """Return the cost J before each of the first `steps` updates, from the start."""

    def burst(self, steps: int) -> float:
        """Train `steps` steps from the start; return the seconds, warm, set-up left out."""


PEERS = {
    "nnsim": ("benchmarks.peers.with_nnsim", "Advancing"),
    "nnsim-bare": ("benchmarks.peers.with_nnsim", "Executing"),
    "jax": ("benchmarks.peers.with_jax", "Scanning"),
    "torch": ("benchmarks.peers.with_torch", "Eager"),
    "scikit-learn": ("benchmarks.peers.with_sklearn", "Fitting"),
    "numpy": ("benchmarks.peers.with_numpy", "Plain"),
}
"""Name on the command line -> module and class."""

UNCORRECTED_EPSILON = ("scikit-learn",)
"""Peers whose Adam is another one by where epsilon stands; see `with_numpy.Plain`."""


def build(name: str, problem: Problem, dtype: str) -> Peer:
    """Return a peer; ImportError if its library is not installed."""
    module, kind = PEERS[name]
    return getattr(importlib.import_module(module), kind)(problem, dtype)
