"""scikit-learn: `MLPClassifier.fit` with one full batch an epoch.

Its Adam adds epsilon to sqrt(s), not to sqrt(s / (1 - beta2^t)), which the costs show where a
gradient is tiny; its costs are compared with those of NumPy doing the same.
"""

from __future__ import annotations

import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from benchmarks.cases import BETA1, BETA2, EPSILON, Problem
from benchmarks.peers import Trainer, Unable


class Fitting(Trainer):
    """`fit` for as many epochs as steps: quicker than `partial_fit`, which checks X every step."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        case = problem.case
        if case.batch_norm or case.keep_prob < 1:
            raise Unable("has neither batch norm nor dropout")
        warnings.simplefilter("ignore", ConvergenceWarning)
        self.X = np.ascontiguousarray(problem.X.T, dtype)
        self.y = problem.Y[0].astype(int) if case.binary else problem.Y.argmax(axis=0)
        self.coefs = [W.T.astype(dtype) for W in problem.weights]
        self.intercepts = [b[:, 0].astype(dtype) for b in problem.biases]
        self.model = MLPClassifier(
            hidden_layer_sizes=case.sizes[1:-1],
            activation=case.activation,
            solver="adam",
            alpha=0.0,
            batch_size=case.m,
            learning_rate_init=case.learning_rate,
            beta_1=BETA1,
            beta_2=BETA2,
            epsilon=EPSILON,
            shuffle=False,
            warm_start=True,
            tol=0.0,
            n_iter_no_change=10**9,
            max_iter=1,
        )
        self.model.fit(self.X, self.y)

    def _fit(self, steps: int) -> float:
        model = self.model
        model.coefs_ = [W.copy() for W in self.coefs]
        model.intercepts_ = [b.copy() for b in self.intercepts]
        model.set_params(max_iter=steps)
        # With warm_start the counters go on; the weights just set are what makes it a fresh run.
        model.loss_curve_, model.t_, model.n_iter_ = [], 0, 0
        model.best_loss_, model._no_improvement_count = np.inf, 0
        begin = time.perf_counter()
        model.fit(self.X, self.y)
        return time.perf_counter() - begin

    def costs(self, steps: int) -> np.ndarray:
        """See `Trainer`."""
        self._fit(steps)
        return np.array(self.model.loss_curve_)

    def burst(self, repeats: int) -> float:
        """See `Peer`."""
        return self._fit(repeats)
