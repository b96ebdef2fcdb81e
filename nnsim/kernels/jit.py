"""How functions are compiled: three decorators, one set of rules.

``nogil``: other threads (a terminal UI, a second simulation) go on while compiled code runs.
``cache``: compiled once a machine, not once a process.
``error_model="numpy"``: x / 0 is inf or nan, as in NumPy, and the loop vectorises.
No ``fastmath``: results must not depend on inlining, on threads or on which gear calls.

The decorators differ in who calls. Entry points cost about half of the compilation of a small
function, so only those that somebody uses are made.
"""

from collections.abc import Callable

from numba import njit

_RULES = {"cache": True, "nogil": True, "error_model": "numpy"}


def kernel(function: Callable) -> Callable:
    """Compile a function that Python and compiled code call."""
    return njit(function, no_cfunc_wrapper=True, **_RULES)


def body(function: Callable) -> Callable:
    """Compile a function that only compiled code calls; without entry point for Python."""
    return njit(function, no_cfunc_wrapper=True, no_cpython_wrapper=True, **_RULES)


def stage(function: Callable) -> Callable:
    """Compile a function that is called through its address; see `nnsim.kernels.stages`."""
    return njit(function, **_RULES)
