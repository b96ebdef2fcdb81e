"""The first compilation on a machine, shared out over its cores.

Numba compiles one function at a time in a process, whatever the number of threads, and keeps the
result in files. So other processes compile a share into those files, and this one reads them.
"""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
from contextlib import suppress

from numba import config, typeof, types

MOST_PROCESSES = 4


def signature_of(arguments: tuple) -> tuple:
    """Return the Numba types of example arguments."""
    return tuple(types.unliteral(typeof(argument)) for argument in arguments)


def compile_together(functions: list[tuple]) -> None:
    """Compile (function, signature) pairs, largest first, on several cores if they are not cached.

    The last, smallest one tells whether the cache has them: if so, nothing more is done here and
    each is loaded when it is first needed. If another process cannot be had, or fails, its share
    is compiled here later, just more slowly.
    """
    if config.DISABLE_JIT:
        return
    smallest, signature = functions[-1]
    smallest.compile(signature)
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if not smallest.stats.cache_misses or processes == 1:
        return
    shares = [functions[number:-1:processes] for number in range(processes)]
    helpers = [_start(share) for share in shares[1:] if share]
    try:
        for function, signature in shares[0]:
            function.compile(signature)
        for helper in helpers:
            if helper:
                helper.wait()
    finally:
        for helper in helpers:
            if helper and helper.poll() is None:
                helper.kill()
                helper.wait()


def _start(share: list[tuple]) -> subprocess.Popen | None:
    """Start a process that compiles a share into the cache."""
    named = [(function.__module__, function.__name__, signature) for function, signature in share]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-c", f"from {__name__} import compile_asked; compile_asked()"]
    with suppress(OSError):
        helper = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        with suppress(OSError), helper.stdin:  # type: ignore[union-attr]
            pickle.dump(named, helper.stdin)  # type: ignore[arg-type]
        return helper
    return None


def compile_asked() -> None:
    """Compile what the parent process wrote to standard input: names and signatures."""
    for module, name, signature in pickle.load(sys.stdin.buffer):
        getattr(importlib.import_module(module), name).compile(signature)
