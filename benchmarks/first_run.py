"""Run by `startup` in a process of its own: print a line of JSON at each milestone."""

from __future__ import annotations

import json
import os


def tell(milestone: str) -> None:
    """Print the milestone with this process's user and system time so far."""
    spent = os.times()
    line = {"milestone": milestone, "user": spent.user, "system": spent.system}
    print(json.dumps(line), flush=True)


def main() -> None:
    """Train one step of 2-8-8-1; then everything else that a run needs."""
    from benchmarks.cases import CASES, problem_of
    from benchmarks.peers.with_nnsim import simulation_of

    tell("imported")
    simulation = simulation_of(problem_of(CASES["2-8-8-1"]), "float64", steps=200)
    simulation.advance(1)
    tell("first trained step")
    simulation.run()
    simulation.evaluate()
    simulation.snapshot()
    tell("whole run")
    simulation.check_gradients()
    tell("gradient check")


if __name__ == "__main__":
    main()
