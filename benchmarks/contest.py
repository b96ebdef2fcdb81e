"""Peers that do the same work: checked for agreement, then timed in short bursts by turns."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np

from benchmarks.peers import Unable
from benchmarks.targets import Aim, aim_of
from benchmarks.workers import Missing, Worker

NAN = float("nan")
DISAGREES = "DISAGREES"
Tell = Callable[[str], None]


@dataclass
class Row:
    """What is known of one peer on one case."""

    case: str
    dtype: str
    peer: str
    threads: int = 1
    note: str = ""
    """Why there are no figures, or that they are of no use."""
    remark: str = ""
    """What the peer chose, or what it is."""
    cost: float = NAN
    """Of training, J after 100 steps."""
    difference: float = NAN
    """Largest relative difference of its answer from the reference's."""
    agrees: bool = False
    first: float = NAN
    """Seconds for set-up, compilation and the first answer (not interleaved: a rough figure)."""
    microseconds: float = NAN
    """The median of the rounds."""
    least: float = NAN
    """The quickest round's."""
    quartiles: tuple[float, float] = (NAN, NAN)
    ratio: float = NAN
    """Time of this peer / time of nnsim: the median of the rounds' ratios; above 1: slower."""
    ratio_quartiles: tuple[float, float] = (NAN, NAN)
    of_limit: float = NAN
    """Time of the machine's limit / time of this peer: the median of the rounds' ratios."""
    repeats: int = 0
    """Repeats of the work a burst."""

    @property
    def aim(self) -> Aim | None:
        """What its ratio shall be; of nnsim itself, its time in microseconds."""
        return aim_of(self.case, self.dtype, self.peer)

    @property
    def kept(self) -> bool:
        """Whether the aim is kept; where nothing was measured, nothing is missed."""
        found = self.microseconds if self.peer == "nnsim" else self.ratio
        return self.aim is None or math.isnan(found) or self.aim.kept(found)


def interleave(bursts: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Return every burst's seconds, one a round; each round begins with another peer."""
    times: dict[str, list[float]] = {name: [] for name in bursts}
    order = list(bursts)
    for _ in range(rounds if bursts else 0):
        for name in order:
            times[name].append(bursts[name]())
        order.append(order.pop(0))
    return times


def largest_difference(found: np.ndarray, reference: np.ndarray) -> float:
    """Return max |x - x_reference| / |x_reference|; NaN if the shapes differ."""
    if found.shape != reference.shape:
        return NAN
    return float(np.max(np.abs(found - reference) / np.abs(reference)))


def farthest(found: np.ndarray, reference: np.ndarray) -> float:
    """Return max |x - x_reference| / max |x_reference|; NaN if the shapes differ."""
    if found.shape != reference.shape:
        return NAN
    return float(np.max(np.abs(found - reference)) / np.max(np.abs(reference)))


Judge = Callable[[Row, np.ndarray], None]
"""Writes into a row how far its answer is from the reference's."""


class Contest:
    """The processes of several peers, kept from case to case."""

    def __init__(self, rounds: int, burst: float, tell: Tell) -> None:
        self.rounds, self.seconds, self.tell = rounds, burst, tell
        self.workers: dict[str, Worker] = {}

    def __enter__(self) -> Contest:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers.values():
            worker.close()

    def worker(self, name: str) -> Worker:
        """Return the process of a peer, started when it is first needed or the last one ended."""
        if name not in self.workers or not self.workers[name].process.is_alive():
            self.workers[name] = Worker()
        return self.workers[name]

    def hold(
        self,
        rows: list[Row],
        prepare: Callable[[Row, Worker], tuple],
        judge: Judge,
        seconds: float | None = None,
    ) -> list[Row]:
        """Fill in the rows of one case, in bursts of so many seconds if not of the usual length.

        `prepare(row, worker)` builds the peer and returns its answer, pace, seconds and remark.
        """
        what = f"{rows[0].case} {rows[0].dtype}"
        self.tell(f"{what}: preparing")
        for row in rows:
            fill(row, self.worker(row.peer), prepare, judge, seconds or self.seconds)
        able = {row.peer: row for row in rows if row.repeats}
        self.tell(f"{what}: timing {', '.join(able)}")
        bursts = {name: self._burst(row) for name, row in able.items()}
        finish(able, interleave(bursts, self.rounds))
        return rows

    def _burst(self, row: Row) -> Callable[[], float]:
        worker = self.worker(row.peer)
        return lambda: worker.ask("burst", row.repeats) / row.repeats


def fill(
    row: Row,
    worker: Worker,
    prepare: Callable[[Row, Worker], tuple],
    judge: Judge,
    seconds: float,
) -> None:
    """Build a peer and judge its answer; a row without repeats is not timed."""
    try:
        answer, pace, row.first, row.remark = prepare(row, worker)
        row.agrees = True
        if answer is not None:
            judge(row, answer)
        if not row.agrees:
            row.note = row.note or DISAGREES
        repeats = max(1, round(seconds / pace))
        worker.ask("burst", repeats)  # Compiles, where the number of repeats is compiled in.
        row.repeats = repeats
    except Missing as missing:
        row.note = f"missing: {missing}; install nnsim[bench]"
    except Unable as unable:
        row.note = f"not measured: {unable}"
    except RuntimeError as error:
        row.note = f"failed: {error}"


def finish(able: dict[str, Row], times: dict[str, list[float]]) -> None:
    """Write medians, quartiles and ratios into the rows."""
    base, limit = times.get("nnsim"), times.get("limit")
    for name, row in able.items():
        seconds = np.array(times[name])
        row.microseconds = 1e6 * median(seconds)
        row.least, row.quartiles = float(1e6 * seconds.min()), _quartiles(1e6 * seconds)
        if base:
            ratios = seconds / np.array(base)
            row.ratio, row.ratio_quartiles = float(np.median(ratios)), _quartiles(ratios)
        if limit:
            row.of_limit = float(np.median(np.array(limit) / seconds))


def _quartiles(values: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(values, [25, 75])
    return float(low), float(high)
