"""Gradient check, loss surface and decision boundary: what a learner waits for besides training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.cases import CASES, Case, problem_of
from benchmarks.contest import Contest, Judge, Row, Tell, farthest
from benchmarks.theta import EPSILON, with_numpy
from benchmarks.threads import limit_threads
from benchmarks.workers import Missing, Worker

DTYPE = "float64"
MODULES = {
    "nnsim": "benchmarks.theta.with_nnsim",
    "jax": "benchmarks.theta.with_jax",
    "torch": "benchmarks.theta.with_torch",
    "scikit-learn": "benchmarks.theta.with_sklearn",
    "numpy": "benchmarks.theta.with_numpy",
}
TOLERANCE = 1e-9
"""Largest difference of a picture's numbers from NumPy's, in parts of the largest."""


def _rows(case: str, peers: list[str]) -> list[Row]:
    return [Row(case, DTYPE, peer) for peer in peers]


def checks(peers: list[str], *, rounds: int, burst: float, tell: Tell) -> list[Row]:
    """Check the gradients of 2-8-8-1, 105 parameters, m 64."""
    limit_threads(1)
    problem = problem_of(CASES["2-8-8-1"])
    approximation, gradient = with_numpy.Check(problem, DTYPE).answer()
    # Every cost is off by a few units in its last place, whoever adds it up.
    round_off = 16 * np.spacing(with_numpy.cost(problem, problem.theta)) / (2 * EPSILON)

    def judge(row: Row, found: np.ndarray) -> None:
        row.difference = farthest(found[0], approximation)
        near = np.max(np.abs(found[0] - approximation)) <= round_off
        row.agrees = bool(near and farthest(found[1], gradient) <= TOLERANCE)

    def prepare(row: Row, worker: Worker) -> tuple:
        if row.peer == "nnsim-bare":
            path = f"{MODULES['nnsim']}:Differences"
        else:
            path = f"{MODULES[row.peer]}:Check"
        return worker.ask("build", path, (problem, DTYPE), 1)

    peers = [peer for peer in peers if peer in MODULES or peer == "nnsim-bare"]
    with Contest(rounds, burst, tell) as contest:
        return contest.hold(_rows("gradient check", peers), prepare, judge)


def pictures(peers: list[str], *, rounds: int, burst: float, tell: Tell) -> list[Row]:
    """Draw 101 x 101 costs of 2-8-8-1, m 512, and 160 x 96 answers of 2-25-5-1."""
    limit_threads(1)
    peers = [peer for peer in peers if peer in MODULES]
    with Contest(rounds, burst, tell) as contest:
        return [*_surface(contest, peers), *_boundary(contest, peers)]


def _against(reference: np.ndarray) -> Judge:
    def judge(row: Row, found: np.ndarray) -> None:
        row.difference = farthest(found, reference)
        row.agrees = row.difference <= TOLERANCE

    return judge


def _surface(contest: Contest, peers: list[str]) -> list[Row]:
    problem = problem_of(Case((2, 8, 8, 1), "tanh", m=512))
    rows = _rows("loss surface", peers)
    try:
        plane = contest.worker("nnsim").ask("call", f"{MODULES['nnsim']}:plane", problem, DTYPE)
    except (Missing, RuntimeError) as error:
        return [replace(row, note=f"failed: nnsim gives no plane: {error}") for row in rows]
    reference = with_numpy.Surface(problem, DTYPE, plane).answer()
    return contest.hold(
        rows,
        lambda row, worker: worker.ask(
            "build", f"{MODULES[row.peer]}:Surface", (problem, DTYPE, plane), 1
        ),
        _against(reference),
    )


def _boundary(contest: Contest, peers: list[str]) -> list[Row]:
    problem = problem_of(CASES["2-25-5-1"])
    reference = with_numpy.Boundary(problem, DTYPE).answer()
    return contest.hold(
        _rows("decision boundary", peers),
        lambda row, worker: worker.ask(
            "build", f"{MODULES[row.peer]}:Boundary", (problem, DTYPE), 1
        ),
        _against(reference),
    )
