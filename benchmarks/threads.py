"""The same number of threads for every library."""

from __future__ import annotations

import os


def limit_threads(threads: int) -> None:
    """Let every library that is started from here on use so many threads.

    OpenBLAS (NumPy, and SciPy under Numba), OpenMP (PyTorch, scikit-learn) and Numba read their
    own variables; JAX's pool takes its size from NPROC.
    """
    for name in ("OPENBLAS", "OMP", "MKL", "NUMBA"):
        os.environ[f"{name}_NUM_THREADS"] = str(threads)
    os.environ["NPROC"] = str(threads)
    os.environ["JAX_PLATFORMS"] = "cpu"
    if threads == 1:
        flags = os.environ.get("XLA_FLAGS", "")
        os.environ["XLA_FLAGS"] = f"{flags} --xla_cpu_multi_thread_eigen=false".strip()
