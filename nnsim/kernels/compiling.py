"""The first compilation on a machine, shared out over its cores.

Numba compiles one function at a time in a process, whatever the number of threads, and keeps the
result in files. So other processes compile a part into those files, and this one reads them.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, Queue
from threading import Thread

from numba import config, typeof, types
from numba.core import event

MOST_PROCESSES = 4


def signature_of(arguments: tuple) -> tuple:
    """Return the Numba types of example arguments."""
    return tuple(types.unliteral(typeof(argument)) for argument in arguments)


def compile_together(functions: list[tuple]) -> None:
    """Compile (function, signature) pairs, largest first, on several cores if they are not cached.

    Other processes are started when Numba first says that it compiles rather than loads. Each
    takes a function when it has done the one before; what a process fails to do is compiled here
    later, just more slowly.
    """
    if config.DISABLE_JIT:
        return
    pieces: Queue = Queue()
    for piece in functions:
        pieces.put(piece)
    helpers = _Helpers(pieces)
    with _no_garbage_collection(), event.install_listener("numba:compile", helpers):
        try:
            with suppress(Empty):
                while True:
                    function, signature = pieces.get_nowait()
                    function.compile(signature)
                    pieces.task_done()
            pieces.join()
        except BaseException:
            helpers.kill()
            raise


class _Helpers(event.Listener):
    """Processes that compile pieces; started by the first compilation that Numba tells of."""

    def __init__(self, pieces: Queue) -> None:
        self._pieces = pieces
        self._processes: list[subprocess.Popen] = []
        self._started = False

    def on_start(self, event: event.Event) -> None:
        """Start the processes, once."""
        if self._started:
            return
        self._started = True
        wanted = min(os.cpu_count() or 1, MOST_PROCESSES) - 1
        for _ in range(min(wanted, self._pieces.qsize())):
            with suppress(OSError):
                process = _start()
                self._processes.append(process)
                Thread(target=_serve, args=(process, self._pieces), daemon=True).start()

    def on_end(self, event: event.Event) -> None:
        """Do nothing."""

    def kill(self) -> None:
        """End the processes, whatever they are doing."""
        for process in self._processes:
            process.kill()


def _start() -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-c", f"from {__name__} import compile_asked; compile_asked()"]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _serve(process: subprocess.Popen, pieces: Queue) -> None:
    """Hand a process a piece whenever it says that it is ready, until none is left."""
    # A process that ended early has closed its pipes, and gets no more.
    with suppress(OSError), process:
        ready = process.stdout.readline()  # type: ignore[union-attr]
        while ready:
            try:
                function, signature = pieces.get_nowait()
            except Empty:
                return
            try:
                named = (function.__module__, function.__name__, signature)
                pickle.dump(named, process.stdin)  # type: ignore[arg-type]
                process.stdin.flush()  # type: ignore[union-attr]
                ready = process.stdout.readline()  # type: ignore[union-attr]
            finally:
                pieces.task_done()


def compile_asked() -> None:
    """Compile what the parent process writes to standard input: names and signatures."""
    gc.disable()
    with suppress(EOFError):
        while True:
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            module, name, signature = pickle.load(sys.stdin.buffer)
            getattr(importlib.import_module(module), name).compile(signature)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Leave Numba's millions of small objects alone: looking for garbage took 10% of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
