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
from numba.extending import register_jitable

_RULES = {"nogil": True, "error_model": "numpy"}
_NO_ENTRY_POINTS = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def kernel(function: Callable) -> Callable:
    """Compile a function that Python and compiled code call."""
    return njit(function, cache=True, no_cfunc_wrapper=True, **_RULES)


def body(function: Callable) -> Callable:
    """Let compiled code call a function: no entry point and no cache of its own.

    What calls it has it linked in, and is cached. Called from Python it is plain Python.
    """
    return register_jitable(**_RULES, **_NO_ENTRY_POINTS)(function)


def stage(function: Callable) -> Callable:
    """Compile a function that is called through its address; see `nnsim.kernels.stages`."""
    return njit(function, cache=True, **_RULES)
