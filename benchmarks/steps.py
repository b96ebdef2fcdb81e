"""Seconds a training step, every peer against nnsim and against the machine's limit."""

from __future__ import annotations

import numpy as np

from benchmarks.cases import CASES, Problem, problem_of
from benchmarks.contest import Contest, Row, Tell, largest_difference
from benchmarks.limits import limits_of
from benchmarks.peers import CHECKED_STEPS, PEERS, UNCORRECTED_EPSILON
from benchmarks.peers.with_numpy import Plain
from benchmarks.threads import limit_threads
from benchmarks.workers import Worker

TOLERANCE = {"float64": 1e-9, "float32": 5e-3}
"""Largest relative difference of any cost of the first 100 steps from NumPy's in float64."""

LARGE_BURST = 3
"""Bursts of large networks are so many times as long."""


class References:
    """The costs that plain NumPy finds in float64, without dropout."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool], np.ndarray] = {}

    def of(self, case: str, peer: str) -> np.ndarray:
        """Return J before steps 0 to 100, with the peer's kind of Adam."""
        key = (case, peer in UNCORRECTED_EPSILON)
        if key not in self._known:
            problem = problem_of(CASES[case]).without_dropout
            self._known[key] = Plain(problem, "float64", uncorrected_epsilon=key[1]).answer()
        return self._known[key]

    def judge(self, row: Row, costs: np.ndarray) -> None:
        """See `contest.Judge`."""
        row.cost = float(costs[-1])
        row.difference = largest_difference(costs, self.of(row.case, row.peer))
        row.agrees = row.difference <= TOLERANCE[row.dtype]


def prepare(problem: Problem, path: str, row: Row, worker: Worker) -> tuple:
    """Build a peer for timing; with dropout, its answer is that of the same without.

    Raises RuntimeError where dropout changes no cost: such a peer drops nothing.
    """
    limit = row.peer in limits_of(problem.case)
    probe = 1 if limit else CHECKED_STEPS + 1
    answer = None
    if problem.case.keep_prob < 1 and not limit:
        answer, *_ = worker.ask("build", path, (problem.without_dropout, row.dtype), 1)
    built, *rest = worker.ask("build", path, (problem, row.dtype), probe)
    if answer is None:
        return built, *rest
    if np.all(built == answer):
        raise RuntimeError("its costs are those without dropout")
    return answer, *rest


def compare(
    cases: list[str],
    dtypes: list[str],
    peers: list[str],
    *,
    threads: int = 1,
    limits: bool = True,
    rounds: int,
    burst: float,
    tell: Tell,
) -> list[Row]:
    """Check that all agree, then time them; `burst` is in seconds."""
    limit_threads(threads)
    references, rows = References(), []
    with Contest(rounds, burst, tell) as contest:
        for case, dtype in ((CASES[name], dtype) for name in cases for dtype in dtypes):
            entrants = {name: PEERS[name] for name in peers}
            entrants |= limits_of(case) if limits else {}
            group = [Row(case.name, dtype, name, threads) for name in entrants]
            rows += _held(contest, references, problem_of(case), entrants, group)
    return rows


def _held(
    contest: Contest,
    references: References,
    problem: Problem,
    entrants: dict[str, str],
    rows: list[Row],
) -> list[Row]:
    def prepared(row: Row, worker: Worker) -> tuple:
        return prepare(problem, entrants[row.peer], row, worker)

    # A few steps at least: the first one finds what the peer before left in the caches.
    seconds = contest.seconds * (LARGE_BURST if problem.case.large else 1)
    return contest.hold(rows, prepared, references.judge, seconds)
