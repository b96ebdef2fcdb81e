"""Start-up: from nothing compiled, from the cache, and the commands that compile nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benchmarks.contest import interleave
from benchmarks.targets import STARTS, STARTS_OVER_BARE, Aim

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "python -c 'import nnsim'": ["-c", "import nnsim"],
    "nnsim --help": ["-m", "nnsim", "--help"],
    "nnsim list": ["-m", "nnsim", "list"],
}
BARE = "python -c pass"


@dataclass(frozen=True)
class Start:
    """Medians over the rounds, in seconds."""

    what: str
    wall: float
    user: float | None = None
    over_bare: float | None = None
    """Wall beyond bare Python: the median of the rounds' differences."""
    note: str = ""

    @property
    def aim(self) -> Aim | None:
        """The most that it shall take; of an import, beyond bare Python."""
        most = STARTS.get(self.what, STARTS_OVER_BARE.get(self.what))
        return None if most is None else Aim(most)

    @property
    def kept(self) -> bool:
        """Whether the aim is kept."""
        found = self.over_bare if self.what in STARTS_OVER_BARE else self.wall
        return self.aim is None or (found is not None and self.aim.kept(found))


def first_run(cache: str) -> dict[str, tuple[float, float]]:
    """Return milestone -> (wall, user) seconds of `benchmarks.first_run` with this cache folder."""
    begin = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.first_run"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NUMBA_CACHE_DIR": cache},
    )
    reached = {}
    for line in child.stdout:
        told = json.loads(line)
        reached[told["milestone"]] = (time.perf_counter() - begin, told["user"])
    if child.wait():
        raise RuntimeError(f"benchmarks.first_run ended with {child.returncode}")
    return reached


def compilation(cold_runs: int, rounds: int, tell: Callable[[str], None]) -> list[Start]:
    """Return the times of a first-ever run, and of a run with everything in the cache."""
    cold, cached = [], []
    for number in range(cold_runs):
        with tempfile.TemporaryDirectory(prefix="nnsim-cache-") as cache:
            tell(f"compiling from nothing, {number + 1} of {cold_runs}")
            cold.append(first_run(cache))
            if number + 1 == cold_runs:
                tell(f"{rounds} runs from the cache")
                cached = [first_run(cache) for _ in range(rounds)]
    starts = []
    for kind, runs in (("nothing compiled", cold), ("from the cache", cached)):
        for milestone in runs[0] if runs else ():
            wall, user = (median(run[milestone][i] for run in runs) for i in (0, 1))
            starts.append(Start(f"{kind}: {milestone}", wall, user))
    return starts


def commands(rounds: int, tell: Callable[[str], None]) -> list[Start]:
    """Return the wall time of each command, taking turns."""

    def once(arguments: list[str]) -> float:
        begin = time.perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - begin

    tell(f"commands, {rounds} rounds")
    bursts: dict[str, Callable[[], float]] = {}
    failed = []
    for name, arguments in COMMANDS.items():
        try:
            once(arguments)  # Writes the byte code.
            bursts[name] = lambda arguments=arguments: once(arguments)
        except subprocess.CalledProcessError as error:
            note = f"failed: ended with {error.returncode}"
            failed.append(Start(name, float("nan"), note=note))
    times = interleave(bursts, rounds)
    bare = times[BARE]
    starts = []
    for name, walls in times.items():
        over = median(wall - base for wall, base in zip(walls, bare, strict=True))
        starts.append(Start(name, median(walls), over_bare=over))
    return starts + failed
