"""Run by `terminal` in a process of its own: step back in a long run, as the app's worker does."""

from __future__ import annotations

import json
import sys
import time


def main(path: str, steps: int, rounds: int) -> None:
    """Print, as JSON, places of the run, each with the seconds of single steps back from it."""
    from nnsim.tui.worker import commands as c
    from nnsim.tui.worker.session import Session

    session = Session(lambda message: None)
    session.handle(c.Open(path))
    session.handle(c.Watch(boundary=(38, 22)))
    session.handle(c.Seek(steps))
    found = []
    for place in (steps, steps // 2 + 1, steps // 3, steps // 100, 2):
        times = []
        for turn in range(rounds):
            # Beside the place too: how far the nearest checkpoint is differs.
            session.handle(c.Seek(max(1, place - 37 * turn)))
            session.frame()
            begin = time.perf_counter()
            session.handle(c.Step(-1))
            session.frame()
            times.append(time.perf_counter() - begin)
        found.append((place, times))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
