"""PyTorch, eager and compiled: examples in rows, as `nn.Linear` wants them."""

from __future__ import annotations

import os
import time

import numpy as np
import torch
from torch.nn import functional as F

from benchmarks.cases import BETA1, BETA2, EPSILON, NORM_EPSILON, NORM_MOMENTUM, Problem
from benchmarks.peers import Trainer, Unable

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


class Eager(Trainer):
    """The usual loop: autograd, and the optimiser's fused form, its fastest.

    Its running variance is unbiased, as PyTorch's always is; training does not depend on it.
    """

    def __init__(self, problem: Problem, dtype: str) -> None:
        self.case, self.T = problem.case, getattr(torch, dtype)
        self.X = torch.tensor(problem.X.T.copy(), dtype=self.T)
        Y = problem.Y.T if problem.case.binary else problem.Y.argmax(axis=0)
        self.Y = torch.tensor(Y.copy(), dtype=self.T if problem.case.binary else torch.int64)
        self.activation = torch.tanh if problem.case.activation == "tanh" else F.relu
        self.hidden = len(problem.weights) - 1
        self.first = []
        for number, (W, b) in enumerate(zip(problem.weights, problem.biases, strict=True)):
            layer = [torch.tensor(W, dtype=self.T), torch.tensor(b[:, 0], dtype=self.T)]
            if self.case.batch_norm and number < self.hidden:
                layer += [torch.ones_like(layer[1]), torch.zeros_like(layer[1])]
            self.first += layer
        self.each = 4 if self.case.batch_norm else 2

    def _cost(self, parameters, norm):
        """Return J; `norm(number, Z, gamma, beta)` is batch norm and tracks its averages."""
        A, each, case = self.X, self.each, self.case
        for number in range(self.hidden):
            W, b, *gamma_beta = parameters[each * number : each * (number + 1)]
            Z = F.linear(A, W, b)
            if gamma_beta:
                Z = norm(number, Z, *gamma_beta)
            A = self.activation(Z)
            if case.keep_prob < 1:
                A = F.dropout(A, 1 - case.keep_prob, training=True)
        Z = F.linear(A, parameters[-2], parameters[-1])
        if case.binary:
            return F.binary_cross_entropy_with_logits(Z, self.Y)
        return F.cross_entropy(Z, self.Y)

    def _averages(self):
        """Return the first running (mean, variance) of each hidden layer with batch norm."""
        betas = self.first[3 :: self.each][: self.hidden] if self.case.batch_norm else []
        return [[torch.zeros_like(beta), torch.ones_like(beta)] for beta in betas]

    def _begin(self):
        """Return a function that trains one step and returns J."""
        torch.manual_seed(1)
        parameters = [array.clone().requires_grad_() for array in self.first]
        running = self._averages()
        optimizer = torch.optim.Adam(
            parameters,
            lr=self.case.learning_rate,
            betas=(BETA1, BETA2),
            eps=EPSILON,
            fused=True,
        )

        def norm(number, Z, gamma, beta):
            mean, variance = running[number]
            past = 1 - NORM_MOMENTUM
            return F.batch_norm(Z, mean, variance, gamma, beta, True, past, NORM_EPSILON)

        def step():
            J = self._cost(parameters, norm)
            optimizer.zero_grad()
            J.backward()
            optimizer.step()
            return J

        return step

    def costs(self, steps: int) -> np.ndarray:
        """See `Trainer`."""
        step = self._begin()
        return np.array([step().item() for _ in range(steps)])

    def burst(self, repeats: int) -> float:
        """See `Peer`."""
        step = self._begin()
        step()
        begin = time.perf_counter()
        for _ in range(repeats):
            step()
        return time.perf_counter() - begin


class Compiled(Eager):
    """`torch.compile` of the whole step: `torch.func.grad_and_value`, and Adam written out.

    Compiled with `loss.backward()` and `torch.optim.Adam` it breaks into pieces, and so does the
    usual loop of which only the cost is compiled: both are hardly quicker than eager.
    """

    remark = "whole step compiled"

    def __init__(self, problem: Problem, dtype: str) -> None:
        super().__init__(problem, dtype)
        torch._dynamo.reset()
        self.compiled = torch.compile(self._whole_step)

    def _whole_step(self, parameters, v, s, running, t):
        def cost(parameters):
            new = []

            def norm(number, Z, gamma, beta):
                found = Z.mean(0).detach(), Z.var(0, correction=0).detach()
                pairs = zip(running[number], found, strict=True)
                new.append([NORM_MOMENTUM * r + (1 - NORM_MOMENTUM) * each for r, each in pairs])
                return F.batch_norm(Z, None, None, gamma, beta, True, 0.0, NORM_EPSILON)

            return self._cost(parameters, norm), new

        gradients, (J, running) = torch.func.grad_and_value(cost, has_aux=True)(parameters)
        t = t + 1
        v = [BETA1 * a + (1 - BETA1) * g for a, g in zip(v, gradients, strict=True)]
        s = [BETA2 * a + (1 - BETA2) * g * g for a, g in zip(s, gradients, strict=True)]
        size, correction = self.case.learning_rate / (1 - BETA1**t), 1 / (1 - BETA2**t)
        moved = [
            theta - size * a / (torch.sqrt(b * correction) + EPSILON)
            for theta, a, b in zip(parameters, v, s, strict=True)
        ]
        return moved, v, s, running, t, J

    def _begin(self):
        torch.manual_seed(1)
        zeros = [torch.zeros_like(array) for array in self.first]
        state = [self.first, zeros, zeros, self._averages(), torch.zeros((), dtype=torch.float64)]

        def step():
            with torch.no_grad():
                try:
                    *state[:], J = self.compiled(*state)
                except Exception as error:
                    if type(error).__module__.startswith(("torch._dynamo", "torch._inductor")):
                        reason = str(error).strip().splitlines()[0]
                        raise Unable(f"torch.compile does not run here: {reason}") from error
                    raise
            return J

        return step
