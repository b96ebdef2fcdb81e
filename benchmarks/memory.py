"""Memory of a long recorded run, beyond what it holds after its first steps."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Growth:
    """Bytes."""

    steps: int
    start: int
    """Resident after construction and 100 steps."""
    end: int
    """Resident after the run."""
    peak: int
    """The most that was resident at any time."""


def of_steps(steps: int) -> Growth:
    """Return the growth over so many recorded steps of 2-8-8-1, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.memory", str(steps)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Growth(**json.loads(done.stdout))


def _peak() -> int:
    import resource  # Linux and macOS have it.

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def resident() -> int:
    """Return this process's bytes; where the system does not tell, the most it ever had."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return _peak()
    return pages * os.sysconf("SC_PAGE_SIZE")


def main(steps: int) -> None:
    """Train and print the figures as JSON."""
    from benchmarks.cases import CASES, problem_of
    from benchmarks.peers.with_nnsim import simulation_of

    simulation = simulation_of(problem_of(CASES["2-8-8-1"]), "float64", steps=steps)
    simulation.advance(100)
    start = resident()
    simulation.run()
    assert len(simulation.history.curve["step"]) > 1
    end = resident()
    figures = {"steps": steps, "start": start, "end": end, "peak": max(end, _peak())}
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]))
