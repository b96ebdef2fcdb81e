"""Each peer in a process of its own: no library's threads or settings touch another's."""

from __future__ import annotations

import importlib
import multiprocessing
import time

from benchmarks.peers import Unable


class Missing(Exception):
    """A peer's library is not installed."""


class Worker:
    """A process that makes one peer after the other, and works only while it is asked to."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other,), daemon=True)
        self.process.start()
        other.close()

    def ask(self, question: str, *details):
        """Return the answer; raises Missing, Unable, or RuntimeError with the peer's message."""
        try:
            self.pipe.send((question, *details))
            kind, answer = self.pipe.recv()
        except (EOFError, OSError):
            raise RuntimeError("its process ended") from None
        if kind == "done":
            return answer
        raise {"missing": Missing, "unable": Unable}.get(kind, RuntimeError)(answer)

    def close(self) -> None:
        """End the process."""
        self.pipe.close()
        self.process.join(timeout=10)
        if self.process.is_alive():
            self.process.terminate()


def named(path: str):
    """Return what is called so: module:name."""
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)


class _Bench:
    """What a worker's process can be asked."""

    peer = None

    def call(self, path, *details):
        """Return what a function returns."""
        return named(path)(*details)

    def build(self, path, details, probe):
        """Make a peer; return its answer, seconds a repeat, seconds to the answer, its remark."""
        self.peer = None  # Frees the last one's memory first.
        begin = time.perf_counter()
        self.peer = named(path)(*details)
        answer = self.peer.answer()
        first = time.perf_counter() - begin
        pace = self.peer.burst(probe) / probe
        return answer, pace, first, getattr(self.peer, "remark", "")

    def burst(self, repeats):
        """Return seconds."""
        return self.peer.burst(repeats)


def _serve(pipe) -> None:
    bench = _Bench()
    while True:
        try:
            question, *details = pipe.recv()
        except EOFError:
            return
        try:
            answer = getattr(bench, question)(*details)
        except ModuleNotFoundError as error:
            own = (error.name or "").split(".")[0] in ("nnsim", "benchmarks")
            pipe.send(("failed" if own else "missing", str(error)))
        except Unable as error:
            pipe.send(("unable", str(error)))
        except Exception as error:
            pipe.send(("failed", f"{type(error).__name__}: {error}"))
        else:
            pipe.send(("done", answer))
