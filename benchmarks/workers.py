"""Each peer in a process of its own: no library's threads or settings touch another's."""

from __future__ import annotations

import multiprocessing
import time

from benchmarks.cases import CASES, problem_of
from benchmarks.peers import build

CHECKED_STEPS = 100


class Missing(Exception):
    """A peer's library is not installed."""


class Worker:
    """A peer in another process, which works only while it is asked to."""

    def __init__(self, peer: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, peer), daemon=True)
        self.process.start()
        other.close()

    def ask(self, question: str, *details):
        """Return the answer; raises Missing, or RuntimeError with the peer's own message."""
        self.pipe.send((question, *details))
        try:
            kind, answer = self.pipe.recv()
        except EOFError:
            raise RuntimeError("its process ended") from None
        if kind == "missing":
            raise Missing(answer)
        if kind == "failed":
            raise RuntimeError(answer)
        return answer

    def close(self) -> None:
        """End the process."""
        self.pipe.close()
        self.process.join(timeout=10)
        if self.process.is_alive():
            self.process.terminate()


def _serve(pipe, peer: str) -> None:
    built = None
    while True:
        try:
            question, *details = pipe.recv()
        except EOFError:
            return
        try:
            if question == "build":
                case, dtype = details
                begin = time.perf_counter()
                built = build(peer, problem_of(CASES[case]), dtype)
                costs = built.costs(CHECKED_STEPS + 1)
                ready = time.perf_counter() - begin
                pace = built.burst(CHECKED_STEPS + 1) / (CHECKED_STEPS + 1)
                answer = costs, pace, ready
            else:
                answer = built.burst(*details)
        except ImportError as error:
            pipe.send(("missing", str(error)))
        except Exception as error:
            pipe.send(("failed", f"{type(error).__name__}: {error}"))
        else:
            pipe.send(("done", answer))
