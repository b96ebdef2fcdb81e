"""One thread for matrix products, so that results do not depend on how many there are.

OpenBLAS with two threads splits a product differently and rounds differently: dW of a
64-64 layer at m = 1000 differs in its last bits. And for products of this size a second
thread costs more than it brings, many times more on a busy machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from threadpoolctl import LibController, ThreadpoolController

_lock = Lock()
_users = 0
_before: list[int] = []


@cache
def _libraries() -> list[LibController]:
    # Numba multiplies with the BLAS that SciPy brings; it must be loaded to be found.
    import scipy.linalg.cython_blas  # noqa: F401

    return list(ThreadpoolController().select(user_api="blas").lib_controllers)


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold all BLAS libraries of this process to one thread; nests, and serves several threads."""
    global _users, _before
    libraries = _libraries()
    with _lock:
        if _users == 0:
            _before = [library.num_threads for library in libraries]
            for library in libraries:
                library.set_num_threads(1)
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                for library, threads in zip(libraries, _before, strict=True):
                    library.set_num_threads(threads)
