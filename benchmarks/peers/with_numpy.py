"""The course's equations in plain NumPy: the reference for the costs, and a peer."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.cases import BETA1, BETA2, EPSILON, NORM_EPSILON, NORM_MOMENTUM, Problem
from benchmarks.peers import Trainer


class Plain(Trainer):
    """Back-propagation and Adam as a learner writes them.

    `uncorrected_epsilon` adds epsilon to sqrt(s) instead of sqrt(s / (1 - beta2^t)), as
    scikit-learn does.
    """

    def __init__(self, problem: Problem, dtype: str, uncorrected_epsilon: bool = False) -> None:
        self.case, self.T = problem.case, np.dtype(dtype).type
        self.uncorrected_epsilon = uncorrected_epsilon
        self.X, self.Y = problem.X.astype(dtype), problem.Y.astype(dtype)
        self.first = []
        layers = len(problem.weights)
        for number, (W, b) in enumerate(zip(problem.weights, problem.biases, strict=True), 1):
            layer = {"W": W, "b": b}
            if problem.case.batch_norm and number < layers:
                layer |= {"gamma": np.ones_like(b), "beta": np.zeros_like(b)}
            self.first.append({name: array.astype(dtype) for name, array in layer.items()})

    def costs(self, steps: int) -> np.ndarray:
        """See `Trainer`."""
        return np.array(self._train(steps))

    def burst(self, repeats: int) -> float:
        """See `Peer`."""
        begin = time.perf_counter()
        self._train(repeats)
        return time.perf_counter() - begin

    def _train(self, steps: int) -> list[float]:
        layers = [{name: array.copy() for name, array in layer.items()} for layer in self.first]
        v = [{name: np.zeros_like(array) for name, array in layer.items()} for layer in layers]
        s = [{name: np.zeros_like(array) for name, array in layer.items()} for layer in layers]
        self.running = [[self.T(0), self.T(1)] for _ in layers]
        self.draw = np.random.default_rng(1)
        T, alpha, costs = self.T, self.case.learning_rate, []
        for t in range(1, steps + 1):
            cost, gradients = self._gradients(layers)
            costs.append(cost)
            size = T(alpha / (1 - BETA1**t))
            correction = T(1 / (1 - BETA2**t))
            epsilon = T(EPSILON * correction**0.5 if self.uncorrected_epsilon else EPSILON)
            for layer, v_layer, s_layer, found in zip(layers, v, s, gradients, strict=True):
                for name, gradient in found.items():
                    v_layer[name] = T(BETA1) * v_layer[name] + T(1 - BETA1) * gradient
                    s_layer[name] = T(BETA2) * s_layer[name] + T(1 - BETA2) * gradient**2
                    step = size * v_layer[name]
                    layer[name] -= step / (np.sqrt(s_layer[name] * correction) + epsilon)
        return costs

    def _gradients(self, layers: list[dict]) -> tuple[float, list[dict]]:
        Y, m, tanh = self.Y, self.X.shape[1], self.case.activation == "tanh"
        keep_prob, T = self.case.keep_prob, self.T
        A, kept = self.X, []
        for number, layer in enumerate(layers):
            A_prev, Z_norm, sigma, D = A, None, None, None
            Z = layer["W"] @ A_prev + layer["b"]
            if number < len(layers) - 1:
                if "gamma" in layer:
                    Z_norm, sigma = self._normalised(Z, self.running[number])
                    Z = layer["gamma"] * Z_norm + layer["beta"]
                A = G = np.tanh(Z) if tanh else np.maximum(Z, 0)
                if keep_prob < 1:
                    D = (self.draw.random(A.shape, T) < keep_prob) / T(keep_prob)
                    A = G * D
                kept.append((A_prev, Z_norm, sigma, G, D))
        if self.case.binary:
            e = np.exp(-np.abs(Z))
            answers = np.where(Z >= 0, 1 / (1 + e), e / (1 + e))
            losses = np.maximum(Z, 0) - Z * Y + np.log1p(e)
        else:
            shifted = Z - Z.max(axis=0)
            e = np.exp(shifted)
            total = e.sum(axis=0)
            answers = e / total
            losses = np.log(total) - (shifted * Y).sum(axis=0)
        dZ = answers - Y
        gradients = [{"W": dZ @ A.T / m, "b": dZ.sum(axis=1, keepdims=True) / m}]
        for number in range(len(layers) - 2, -1, -1):
            layer, (A_prev, Z_norm, sigma, G, D) = layers[number], kept[number]
            dA = layers[number + 1]["W"].T @ dZ
            if D is not None:
                dA = dA * D
            dZ = dA * (1 - G**2) if tanh else dA * (G > 0)
            found = {}
            if Z_norm is not None:
                found["gamma"] = (dZ * Z_norm).mean(axis=1, keepdims=True)
                found["beta"] = dZ.mean(axis=1, keepdims=True)
                dZ = layer["gamma"] / sigma * (dZ - found["beta"] - Z_norm * found["gamma"])
            found |= {"W": dZ @ A_prev.T / m, "b": dZ.sum(axis=1, keepdims=True) / m}
            gradients.insert(0, found)
        return float(losses.sum() / m), gradients

    def _normalised(self, Z: np.ndarray, running: list) -> tuple[np.ndarray, np.ndarray]:
        """Return Z with mean 0 and variance 1 a row, and sqrt(variance + epsilon)."""
        mean, variance = Z.mean(axis=1, keepdims=True), Z.var(axis=1, keepdims=True)
        for place, new in enumerate((mean, variance)):
            past = self.T(NORM_MOMENTUM) * running[place]
            running[place] = past + self.T(1 - NORM_MOMENTUM) * new
        sigma = np.sqrt(variance + self.T(NORM_EPSILON))
        return (Z - mean) / sigma, sigma
