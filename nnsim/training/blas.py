"""One thread for matrix products, so that results do not depend on how many there are.

OpenBLAS with two threads splits a product differently and rounds differently: dW of a
64-64 layer at m = 1000 differs in its last bits. And for products of this size a second
thread costs more than it brings, many times more on a busy machine.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from threading import Lock

from threadpoolctl import LibController, ThreadpoolController

_lock = Lock()
_users = 0
_before: list[int] = []


@cache
def _libraries() -> list[LibController]:
    # Numba multiplies with the BLAS that SciPy brings; it must be loaded to be found.
    load_blas()
    return list(ThreadpoolController().select(user_api="blas").lib_controllers)


def load_blas() -> None:
    """Load SciPy's BLAS, and not all of `scipy.linalg` with it: 3 ms instead of 130.

    Numba looks for the module by its name among those that are loaded, and so does SciPy, should
    somebody import the rest of it later.
    """
    name = "scipy.linalg.cython_blas"
    if name in sys.modules:
        return
    import scipy  # Where libraries are told where to find theirs, it does that.

    folders = [str(Path(folder) / "linalg") for folder in scipy.__path__]
    found = PathFinder.find_spec(name, folders)
    if found is None or found.loader is None:
        import_module(name)
        return
    module = sys.modules[name] = module_from_spec(found)
    try:
        found.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise


class one_blas_thread:
    """Hold all BLAS libraries of this process to one thread; nests, and serves several threads.

    A class, since a generator's `with` takes as long as a step of a small network.
    """

    def __enter__(self) -> None:
        global _users
        with _lock:
            if _users == 0:
                _before[:] = [library.num_threads for library in _libraries()]
                _set([1] * len(_before))
            _users += 1

    def __exit__(self, *_: object) -> None:
        global _users
        with _lock:
            _users -= 1
            if _users == 0:
                _set(_before)


def _set(wanted: list[int]) -> None:
    for library, before, threads in zip(_libraries(), _before, wanted, strict=True):
        if before != 1:
            # From 3.8 on threadpoolctl obeys one thread only, the first that ever asked; here
            # threads take turns under a lock.
            release = getattr(library, "clear_controlling_thread", lambda force: None)
            release(force=True)
            library.set_num_threads(threads)
            release(force=True)
