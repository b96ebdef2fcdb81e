"""nnsim, by the calls that users and the terminal UI make."""

from __future__ import annotations

import numpy as np

from benchmarks.cases import Problem
from benchmarks.peers.with_nnsim import simulation_of
from benchmarks.theta import EPSILON, Plane, Repeated, points_of
from nnsim.training.differences import approximate_gradient
from nnsim.training.gradient_check import twin_after_backward
from nnsim.training.plane import plane_of

SIZE, WALKED = 101, 50
"""Points an axis of the surface, and steps trained before it is asked for."""


class Check(Repeated):
    """`TrainingSimulation.check_gradients`: differences, kinks, resolution, verdicts."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        self.simulation = simulation_of(problem, dtype)

    def once(self):
        """Return the check."""
        return self.simulation.check_gradients(epsilon=EPSILON)

    def answer(self) -> np.ndarray:
        """Return d_approx and dtheta (2, parameters)."""
        check = self.once()
        return np.stack([check.approximation, check.gradient])


class Differences(Repeated):
    """The two-sided differences alone."""

    remark = "differences only"

    def __init__(self, problem: Problem, dtype: str) -> None:
        machine = simulation_of(problem, dtype)._machine
        self.twin, _ = twin_after_backward(machine, "frozen", "benchmark")

    def once(self) -> np.ndarray:
        """Return d_approx (parameters,)."""
        return approximate_gradient(self.twin, EPSILON, "frozen")[0]

    def answer(self) -> np.ndarray:
        """Return d_approx and dtheta (2, parameters)."""
        return np.stack([self.once(), self.twin.grad])


def _walked(problem: Problem, dtype: str):
    simulation = simulation_of(problem, dtype)
    simulation.advance(WALKED)
    return simulation


def plane(problem: Problem, dtype: str) -> Plane:
    """Return the plane that `Surface` draws, for the other peers."""
    simulation = _walked(problem, dtype)
    surface = simulation.surface(size=SIZE)
    _, thetas = simulation.path()
    found = plane_of(simulation._machine, thetas, "random", 0)
    return Plane(thetas[-1], found.first, found.second, surface.alphas, surface.betas)


class Surface(Repeated):
    """`TrainingSimulation.surface`, the path included."""

    def __init__(self, problem: Problem, dtype: str, plane: Plane) -> None:
        self.simulation = _walked(problem, dtype)

    def once(self):
        """Return the surface."""
        return self.simulation.surface(size=SIZE)

    def answer(self) -> np.ndarray:
        """Return J (betas, alphas)."""
        return self.once().cost


class Boundary(Repeated):
    """`TrainingSimulation.predict`, which draws the terminal UI's boundary."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        self.simulation, self.X = simulation_of(problem, dtype), points_of(problem)

    def once(self) -> np.ndarray:
        """Return A[L] (1, points)."""
        return self.simulation.predict(self.X)

    answer = once
