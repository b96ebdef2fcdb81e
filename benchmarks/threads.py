"""The same number of threads for every library."""

from __future__ import annotations

import os

ONE_THREAD = "--xla_cpu_multi_thread_eigen=false"
"""XLA's flag against threads inside a matrix product."""


def limit_threads(threads: int) -> None:
    """Let every library that is started from here on use so many threads.

    OpenBLAS (NumPy, and SciPy under Numba), OpenMP (PyTorch, scikit-learn) and Numba read their
    own variables; JAX's pool takes its size from NPROC.
    """
    for name in ("OPENBLAS", "OMP", "MKL", "NUMBA"):
        os.environ[f"{name}_NUM_THREADS"] = str(threads)
    os.environ["NPROC"] = str(threads)
    os.environ["JAX_PLATFORMS"] = "cpu"
    flags = os.environ.get("XLA_FLAGS", "").replace(ONE_THREAD, "")
    os.environ["XLA_FLAGS"] = f"{flags} {ONE_THREAD if threads == 1 else ''}".strip()
