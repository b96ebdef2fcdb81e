"""scikit-learn: what `MLPClassifier` has of it."""

from __future__ import annotations

import numpy as np

from benchmarks.cases import Problem
from benchmarks.peers import Unable
from benchmarks.peers.with_sklearn import Fitting
from benchmarks.theta import Plane, Repeated, points_of


class Check(Repeated):
    """It has none."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        raise Unable("has no gradient check")


class Surface(Repeated):
    """It has none."""

    def __init__(self, problem: Problem, dtype: str, plane: Plane) -> None:
        raise Unable("gives no cost of given weights")


class Boundary(Repeated):
    """`predict_proba` of all points at once."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        fitting = Fitting(problem, dtype)
        self.model, self.points = fitting.model, points_of(problem).T.astype(dtype)
        self.model.coefs_, self.model.intercepts_ = fitting.coefs, fitting.intercepts

    def once(self) -> np.ndarray:
        """Return the probabilities of both classes (points, 2)."""
        return self.model.predict_proba(self.points)

    def answer(self) -> np.ndarray:
        """Return A[L] (1, points)."""
        return self.once()[:, 1:].T
