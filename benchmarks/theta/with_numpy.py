"""NumPy, as a learner writes it: the reference, and a peer."""

from __future__ import annotations

import numpy as np

from benchmarks.cases import Problem
from benchmarks.peers.with_numpy import Plain
from benchmarks.theta import EPSILON, Plane, Repeated, points_of, unpacked


def scores(problem: Problem, theta: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Return Z[L] (1, m) of the columns of X."""
    *hidden, (W, b) = unpacked(theta, problem.case.sizes)
    A = X
    for W_hidden, b_hidden in hidden:
        Z = W_hidden @ A + b_hidden
        A = np.tanh(Z) if problem.case.activation == "tanh" else np.maximum(Z, 0)
    return W @ A + b


def cost(problem: Problem, theta: np.ndarray) -> float:
    """Return the binary cross-entropy of the examples."""
    Z = scores(problem, theta, problem.X)
    return float((np.maximum(Z, 0) - Z * problem.Y + np.log1p(np.exp(-np.abs(Z)))).mean())


class Check(Repeated):
    """Two costs a parameter, back-propagation, and the ratio of the course."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        self.problem, self.theta, self.plain = problem, problem.theta, Plain(problem, dtype)

    def differences(self) -> np.ndarray:
        """Return d_approx (parameters,)."""
        found = np.empty_like(self.theta)
        for i in range(found.size):
            theta = self.theta.copy()
            theta[i] = self.theta[i] + EPSILON
            plus = cost(self.problem, theta)
            theta[i] = self.theta[i] - EPSILON
            found[i] = (plus - cost(self.problem, theta)) / (2 * EPSILON)
        return found

    def gradient(self) -> np.ndarray:
        """Return dtheta (parameters,)."""
        layers = self.plain._gradients(self.plain.first)[1]
        return np.concatenate([layer[name].ravel() for layer in layers for name in ("W", "b")])

    def once(self) -> float:
        """Return ||d_approx - dtheta|| / (||d_approx|| + ||dtheta||)."""
        approximation, gradient = self.differences(), self.gradient()
        lengths = np.linalg.norm(approximation) + np.linalg.norm(gradient)
        return np.linalg.norm(approximation - gradient) / lengths

    def answer(self) -> np.ndarray:
        """Return d_approx and dtheta (2, parameters)."""
        return np.stack([self.differences(), self.gradient()])


class Surface(Repeated):
    """One cost a point, in two loops."""

    def __init__(self, problem: Problem, dtype: str, plane: Plane) -> None:
        self.problem, self.plane = problem, plane

    def once(self) -> np.ndarray:
        """Return J (betas, alphas)."""
        plane = self.plane
        found = np.empty((plane.betas.size, plane.alphas.size))
        for row, beta in enumerate(plane.betas):
            for column, alpha in enumerate(plane.alphas):
                theta = plane.theta + beta * plane.second + alpha * plane.first
                found[row, column] = cost(self.problem, theta)
        return found

    answer = once


class Boundary(Repeated):
    """A[L] of all points at once."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        self.problem, self.theta, self.X = problem, problem.theta, points_of(problem)

    def once(self) -> np.ndarray:
        """Return A[L] (1, points)."""
        return 1 / (1 + np.exp(-scores(self.problem, self.theta, self.X)))

    answer = once
