"""How functions are compiled: four decorators, one set of rules.

``nogil``: other threads (a terminal UI, a second simulation) go on while compiled code runs.
``cache``: compiled once a machine, not once a process.
``error_model="numpy"``: x / 0 is inf or nan, as in NumPy, and the loop vectorises.
No ``fastmath``: results must not depend on inlining, on threads or on which gear calls.

The decorators differ in who calls. Entry points cost about half of the compilation of a small
function, so only those that somebody uses are made.
"""

from collections.abc import Callable

from numba import njit

_RULES = {"nogil": True, "error_model": "numpy"}


def kernel(function: Callable) -> Callable:
    """Compile a function that Python and compiled code call."""
    return njit(function, cache=True, no_cfunc_wrapper=True, **_RULES)


def body(function: Callable) -> Callable:
    """Compile a function as a part of each compiled function that calls it.

    Inlined before LLVM sees it, it needs no entry point, no cache and no compilation of its own.
    Results do not depend on it: without fast-math, inlined or not, the bits are the same.
    """
    return njit(function, inline="always", **_RULES)


def stage(function: Callable) -> Callable:
    """Compile a function that is called through its address; see `nnsim.kernels.stages`."""
    return njit(function, cache=True, no_cpython_wrapper=True, **_RULES)


def open_stage(function: Callable) -> Callable:
    """Compile a stage that Python calls, too."""
    return njit(function, cache=True, **_RULES)
