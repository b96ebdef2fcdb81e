"""PyTorch, eager: autograd and `torch.optim.Adam`, examples in rows as `nn.Linear` wants them."""

from __future__ import annotations

import os
import time

import numpy as np
import torch
from torch.nn import functional as F

from benchmarks.cases import BETA1, BETA2, EPSILON, Problem

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


class Eager:
    """The usual loop, with the optimiser's fused form, its fastest."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        self.case, self.T = problem.case, getattr(torch, dtype)
        self.X = torch.tensor(problem.X.T.copy(), dtype=self.T)
        Y = problem.Y.T if problem.case.binary else problem.Y.argmax(axis=0)
        self.Y = torch.tensor(Y.copy(), dtype=self.T if problem.case.binary else torch.int64)
        pairs = zip(problem.weights, problem.biases, strict=True)
        self.first = [torch.tensor(a, dtype=self.T) for W, b in pairs for a in (W, b[:, 0])]
        self.activation = torch.tanh if problem.case.activation == "tanh" else F.relu

    def _begin(self):
        parameters = [array.clone().requires_grad_() for array in self.first]
        optimizer = torch.optim.Adam(
            parameters,
            lr=self.case.learning_rate,
            betas=(BETA1, BETA2),
            eps=EPSILON,
            fused=True,
        )
        return parameters, optimizer

    def _step(self, parameters, optimizer):
        A, last = self.X, len(parameters) - 2
        for i in range(0, last, 2):
            A = self.activation(F.linear(A, parameters[i], parameters[i + 1]))
        Z = F.linear(A, parameters[last], parameters[last + 1])
        if self.case.binary:
            J = F.binary_cross_entropy_with_logits(Z, self.Y)
        else:
            J = F.cross_entropy(Z, self.Y)
        optimizer.zero_grad()
        J.backward()
        optimizer.step()
        return J

    def costs(self, steps: int) -> np.ndarray:
        """See `Peer`."""
        begun = self._begin()
        return np.array([self._step(*begun).item() for _ in range(steps)])

    def burst(self, steps: int) -> float:
        """See `Peer`."""
        begun = self._begin()
        self._step(*begun)
        begin = time.perf_counter()
        for _ in range(steps):
            self._step(*begun)
        return time.perf_counter() - begin
