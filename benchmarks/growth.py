"""How nnsim's time grows with the work: steps, width, depth, examples; and memory with steps."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np

from benchmarks.cases import Case, problem_of
from benchmarks.contest import Contest, Tell
from benchmarks.memory import resident
from benchmarks.targets import EXPONENTS, FLAT_MEMORY, Aim

DTYPE = "float64"
STEPS = (1_000, 10_000, 100_000, 1_000_000)
_RATE = 1e-4
"""Small, so that no network of 200 layers is thrown off."""
SERIES: dict[str, dict[int, Case]] = {
    "width, 2-n-n-1, m 64": {
        n: Case((2, n, n, 1), "relu", learning_rate=_RATE)
        for n in (8, 16, 32, 64, 128, 256, 512, 1024, 2048)
    },
    "depth, layers of 8, m 64": {
        n: Case((2, *[8] * n, 1), "tanh", learning_rate=_RATE) for n in (2, 5, 10, 20, 50, 100, 200)
    },
    "m, 2-8-8-1": {
        m: Case((2, 8, 8, 1), "tanh", m=m, learning_rate=_RATE)
        for m in (1, 4, 16, 64, 256, 1024, 4096)
    },
    "m, 64-64-10": {
        m: Case((64, 64, 10), "relu", m=m, learning_rate=_RATE)
        for m in (10, 16, 64, 256, 1024, 4096)
    },
}
"""Name -> what varies -> network."""
RUN = "steps of 2-8-8-1, m 64"


@dataclass(frozen=True)
class Point:
    """One size of one series."""

    series: str
    at: int
    work: int
    """Multiply-adds of the matrix products: of a step, in the series over steps of the run."""
    seconds: float
    """The quickest of several: a step's, in the series over steps the run's."""
    resident: int
    """Bytes of the process afterwards."""

    @property
    def nanoseconds(self) -> float:
        """Time a multiply-add."""
        return 1e9 * self.seconds / self.work


@dataclass(frozen=True)
class Trend:
    """What a series comes to, and whether that is as it shall be."""

    series: str
    what: str
    value: float
    aim: Aim

    @property
    def kept(self) -> bool:
        """Whether the aim is kept."""
        return self.aim.kept(self.value)


def measure(tell: Tell, most_steps: int = STEPS[-1]) -> tuple[list[Point], list[Trend]]:
    """Return every point, measured in a process of its own, and the trends."""
    with Contest(1, 0.0, tell) as contest:
        worker = contest.worker("nnsim")
        tell(f"growth: {RUN}")
        points = worker.ask("call", "benchmarks.growth:over_steps", most_steps)
        for name in SERIES:
            tell(f"growth: {name}")
            points += worker.ask("call", "benchmarks.growth:over_sizes", name)
    return points, trends(points)


def over_steps(most: int) -> list[Point]:
    """Return the time of whole recorded runs and what is resident after each."""
    from benchmarks.peers.with_nnsim import simulation_of

    case = Case((2, 8, 8, 1), "tanh")
    beginning = simulation_of(problem_of(case), DTYPE)
    beginning.fork().advance(STEPS[0])
    points = []
    for steps in (each for each in STEPS if each <= most):
        seconds = []
        for _ in range(max(2, min(9, STEPS[-1] // steps // 2))):
            simulation = beginning.fork()
            begin = time.perf_counter()
            simulation.advance(steps)
            seconds.append(time.perf_counter() - begin)
        work = steps * case.multiplications
        points.append(Point(RUN, steps, work, min(seconds), resident()))
    return points


def over_sizes(series: str, seconds: float = 0.5) -> list[Point]:
    """Return the quickest step of each size, of bursts that fill so many seconds a size."""
    from benchmarks.peers.with_nnsim import simulation_of

    points = []
    for at, case in SERIES[series].items():
        simulation = simulation_of(problem_of(case), DTYPE, given=False)
        simulation.advance(1)
        pace = _pace(simulation, 1)
        # The first steps are the slowest: touched memory, and step 0 is evaluated.
        pace = min(pace, _pace(simulation, max(1, round(0.005 / pace))))
        steps = max(1, round(0.02 / pace))
        bursts = max(3, round(seconds / (steps * pace)))
        found = min(_pace(simulation, steps) for _ in range(bursts))
        points.append(Point(series, at, case.multiplications, found, resident()))
    return points


def _pace(simulation, steps: int) -> float:
    before = simulation.position.step
    begin = time.perf_counter()
    simulation.advance(steps)
    seconds = time.perf_counter() - begin
    done = simulation.position.step - before
    if done != steps:
        raise RuntimeError(f"{done} of {steps} steps were made: {simulation.status}")
    return seconds / steps


def exponent(points: list[Point]) -> float:
    """Return p of time ~ work^p, least squares of the logarithms."""
    work, seconds = np.array([(point.work, point.seconds) for point in points]).T
    return float(np.polyfit(np.log(work), np.log(seconds), 1)[0])


def trends(points: list[Point]) -> list[Trend]:
    """Return the exponent of each series, and the memory that steps add.

    Over sizes the half with more work counts: the smaller ones are bound by calls, not by work.
    """
    found = []
    for series in dict.fromkeys(point.series for point in points):
        own = [point for point in points if point.series == series]
        fitted = sorted(own, key=lambda point: point.work)
        fitted = fitted if series == RUN else fitted[len(fitted) // 2 :]
        found.append(Trend(series, "time ~ work^p, p", exponent(fitted), EXPONENTS))
        if series == RUN and sys.platform in ("linux", "darwin"):
            added = own[-1].resident - own[0].resident
            found.append(Trend(series, "bytes added", float(added), FLAT_MEMORY))
    return found
