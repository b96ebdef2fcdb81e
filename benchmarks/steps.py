"""Seconds a training step, every peer against nnsim, in short bursts that take turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np

from benchmarks.cases import CASES, problem_of
from benchmarks.peers import UNCORRECTED_EPSILON
from benchmarks.peers.with_numpy import Plain
from benchmarks.workers import CHECKED_STEPS, Missing, Worker

TOLERANCE = {"float64": 1e-9, "float32": 5e-3}
"""Largest relative difference of any cost of the first 100 steps from NumPy's in float64."""


@dataclass
class Row:
    """What is known of one peer on one case."""

    case: str
    dtype: str
    peer: str
    note: str = ""
    cost: float = float("nan")
    """J after 100 steps."""
    difference: float = float("nan")
    """Largest relative difference of the costs J before steps 0 to 100 from the reference's."""
    agrees: bool = False
    first: float = float("nan")
    """Seconds for set-up, compilation and the first 101 steps (not interleaved: a rough figure)."""
    microseconds: float = float("nan")
    quartiles: tuple[float, float] = (float("nan"), float("nan"))
    ratio: float = float("nan")
    """Time of this peer / time of nnsim: the median of the rounds' ratios; above 1: slower."""
    ratio_quartiles: tuple[float, float] = (float("nan"), float("nan"))
    steps: int = 0
    """Steps a burst."""


class References:
    """The costs that plain NumPy finds in float64."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool], np.ndarray] = {}

    def of(self, case: str, peer: str) -> np.ndarray:
        """Return J before steps 0 to 100, with the peer's kind of Adam."""
        key = (case, peer in UNCORRECTED_EPSILON)
        if key not in self._known:
            reference = Plain(problem_of(CASES[case]), "float64", uncorrected_epsilon=key[1])
            self._known[key] = reference.costs(CHECKED_STEPS + 1)
        return self._known[key]


def largest_difference(costs: np.ndarray, reference: np.ndarray) -> float:
    """Return max |J - J_reference| / |J_reference|; NaN if the lengths differ."""
    if costs.shape != reference.shape:
        return float("nan")
    return float(np.max(np.abs(costs - reference) / np.abs(reference)))


def interleave(bursts: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Return every burst's seconds, one a round; each round begins with another peer."""
    times: dict[str, list[float]] = {name: [] for name in bursts}
    order = list(bursts)
    for _ in range(rounds):
        for name in order:
            times[name].append(bursts[name]())
        order.append(order.pop(0))
    return times


def compare(
    cases: list[str],
    dtypes: list[str],
    peers: list[str],
    *,
    rounds: int,
    burst: float,
    tell: Callable[[str], None],
) -> list[Row]:
    """Check that all agree, then time them; `burst` is in seconds."""
    workers = {peer: Worker(peer) for peer in peers}
    references, rows = References(), []
    try:
        for case in cases:
            for dtype in dtypes:
                tell(f"{case} {dtype}: preparing")
                group = [_prepared(workers, references, Row(case, dtype, p), burst) for p in peers]
                able = {row.peer: row for row in group if row.steps}
                tell(f"{case} {dtype}: timing {', '.join(able)}")
                _time(able, workers, rounds)
                rows += group
    finally:
        for worker in workers.values():
            worker.close()
    return rows


def _prepared(workers: dict, references: References, row: Row, burst: float) -> Row:
    worker = workers[row.peer]
    try:
        costs, pace, row.first = worker.ask("build", row.case, row.dtype)
        row.cost = float(costs[-1])
        row.difference = largest_difference(costs, references.of(row.case, row.peer))
        row.agrees = row.difference <= TOLERANCE[row.dtype]
        if not row.agrees:
            row.note = "COSTS DISAGREE"
        steps = max(1, round(burst / pace))
        worker.ask("burst", steps)  # Compiles, where the number of steps is compiled in.
        row.steps = steps
    except Missing as missing:
        row.note = f"missing: {missing}; install nnsim[bench]"
    except RuntimeError as error:
        row.note = f"failed: {error}"
    return row


def _time(able: dict[str, Row], workers: dict[str, Worker], rounds: int) -> None:
    def burst(name: str) -> Callable[[], float]:
        return lambda: workers[name].ask("burst", able[name].steps) / able[name].steps

    times = interleave({name: burst(name) for name in able}, rounds)
    base = times.get("nnsim")
    for name, row in able.items():
        seconds = times[name]
        row.microseconds = 1e6 * median(seconds)
        row.quartiles = _quartiles(1e6 * np.array(seconds))
        if base:
            ratios = np.array(seconds) / np.array(base)
            row.ratio, row.ratio_quartiles = float(np.median(ratios)), _quartiles(ratios)


def _quartiles(values: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(values, [25, 75])
    return float(low), float(high)
