"""The course's equations in plain NumPy: the reference for the costs, and a peer."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.cases import BETA1, BETA2, EPSILON, Problem


class Plain:
    """Back-propagation and Adam as a learner writes them.

    `uncorrected_epsilon` adds epsilon to sqrt(s) instead of sqrt(s / (1 - beta2^t)), as
    scikit-learn does.
    """

    def __init__(self, problem: Problem, dtype: str, uncorrected_epsilon: bool = False) -> None:
        self.case, self.T = problem.case, np.dtype(dtype).type
        self.uncorrected_epsilon = uncorrected_epsilon
        self.X, self.Y = problem.X.astype(dtype), problem.Y.astype(dtype)
        pairs = zip(problem.weights, problem.biases, strict=True)
        self.first = [array.astype(dtype) for pair in pairs for array in pair]

    def costs(self, steps: int) -> np.ndarray:
        """See `Peer`."""
        return np.array(self._train(steps))

    def burst(self, steps: int) -> float:
        """See `Peer`."""
        begin = time.perf_counter()
        self._train(steps)
        return time.perf_counter() - begin

    def _train(self, steps: int) -> list[float]:
        parameters = [array.copy() for array in self.first]
        v = [np.zeros_like(array) for array in parameters]
        s = [np.zeros_like(array) for array in parameters]
        T, alpha, costs = self.T, self.case.learning_rate, []
        for t in range(1, steps + 1):
            cost, gradients = self._gradients(parameters)
            costs.append(cost)
            size = T(alpha / (1 - BETA1**t))
            correction = T(1 / (1 - BETA2**t))
            epsilon = T(EPSILON * correction**0.5 if self.uncorrected_epsilon else EPSILON)
            for i, gradient in enumerate(gradients):
                v[i] = T(BETA1) * v[i] + T(1 - BETA1) * gradient
                s[i] = T(BETA2) * s[i] + T(1 - BETA2) * gradient**2
                parameters[i] -= size * v[i] / (np.sqrt(s[i] * correction) + epsilon)
        return costs

    def _gradients(self, parameters: list[np.ndarray]) -> tuple[float, list[np.ndarray]]:
        Y, m, tanh = self.Y, self.X.shape[1], self.case.activation == "tanh"
        As, Z = [self.X], self.X
        for i in range(0, len(parameters), 2):
            if i:
                As.append(np.tanh(Z) if tanh else np.maximum(Z, 0))
            Z = parameters[i] @ As[-1] + parameters[i + 1]
        if self.case.binary:
            e = np.exp(-np.abs(Z))
            A = np.where(Z >= 0, 1 / (1 + e), e / (1 + e))
            losses = np.maximum(Z, 0) - Z * Y + np.log1p(e)
        else:
            shifted = Z - Z.max(axis=0)
            e = np.exp(shifted)
            total = e.sum(axis=0)
            A = e / total
            losses = np.log(total) - (shifted * Y).sum(axis=0)
        dZ, gradients = A - Y, []
        for i in range(len(parameters) - 2, -1, -2):
            A_prev = As[i // 2]
            gradients[:0] = [dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m]
            if i:
                dA = parameters[i].T @ dZ
                dZ = dA * (1 - A_prev**2) if tanh else dA * (A_prev > 0)
        return float(losses.sum() / m), gradients
