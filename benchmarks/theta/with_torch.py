"""PyTorch, eager: `torch.autograd.gradcheck`, `torch.func.vmap`, and one call of the network."""

from __future__ import annotations

import os

import numpy as np
import torch
from torch.nn import functional as F

from benchmarks.cases import Problem
from benchmarks.peers import quickest
from benchmarks.theta import EPSILON, Plane, Repeated, points_of, unpacked

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


class _Network(Repeated):
    def __init__(self, problem: Problem, dtype: str) -> None:
        self.problem, self.T = problem, getattr(torch, dtype)
        self.X, self.Y = (torch.tensor(a.T.copy(), dtype=self.T) for a in (problem.X, problem.Y))
        self.theta = torch.tensor(problem.theta, dtype=self.T)
        self.activation = torch.tanh if problem.case.activation == "tanh" else F.relu

    def scores(self, theta, X):
        """Return Z[L] (m, 1) of the rows of X."""
        *hidden, (W, b) = unpacked(theta, self.problem.case.sizes)
        A = X
        for W_hidden, b_hidden in hidden:
            A = self.activation(F.linear(A, W_hidden, b_hidden[:, 0]))
        return F.linear(A, W, b[:, 0])

    def cost(self, theta):
        """Return J of the examples."""
        return F.binary_cross_entropy_with_logits(self.scores(theta, self.X), self.Y)


class Check(_Network):
    """`gradcheck` of the cost as a function of theta; it raises where the gradients differ."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        super().__init__(problem, dtype)
        self.theta.requires_grad_()

    def once(self) -> bool:
        """Return that they agree."""
        return torch.autograd.gradcheck(self.cost, (self.theta,), eps=EPSILON)

    def answer(self) -> np.ndarray:
        """Return d_approx and dtheta (2, parameters)."""
        (gradient,) = torch.autograd.grad(self.cost(self.theta), self.theta)
        found = np.empty(self.theta.numel())
        with torch.no_grad():
            for i, shift in enumerate(EPSILON * torch.eye(found.size, dtype=self.T)):
                costs = self.cost(self.theta + shift), self.cost(self.theta - shift)
                found[i] = (costs[0] - costs[1]).item() / (2 * EPSILON)
        return np.stack([found, gradient.numpy()])


class Surface(_Network):
    """J of every point of the plane, by `torch.func.vmap`."""

    def __init__(self, problem: Problem, dtype: str, plane: Plane) -> None:
        super().__init__(problem, dtype)
        self.plane = [
            torch.tensor(each, dtype=self.T)
            for each in (plane.theta, plane.first, plane.second, plane.alphas, plane.betas)
        ]
        calls = {
            f"vmap, {chunk} at a time": lambda chunk=chunk: self._costs(chunk)
            for chunk in (plane.alphas.size, 10 * plane.alphas.size)
        }
        self.remark = quickest(calls, turns=2)
        self.once = calls[self.remark]

    def _costs(self, chunk: int):
        theta, first, second, alphas, betas = self.plane
        with torch.no_grad():
            rows = theta + betas[:, None] * second
            thetas = rows[:, None] + alphas[:, None] * first
            thetas = thetas.reshape(-1, theta.numel())
            costs = torch.func.vmap(self.cost, chunk_size=chunk)(thetas)
        return costs.reshape(len(betas), len(alphas))

    def answer(self) -> np.ndarray:
        """Return J (betas, alphas)."""
        return self.once().numpy()


class Boundary(_Network):
    """A[L] of all points at once."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        super().__init__(problem, dtype)
        self.points = torch.tensor(points_of(problem).T.copy(), dtype=self.T)

    def once(self):
        """Return A[L] (points, 1)."""
        with torch.inference_mode():
            return torch.sigmoid(self.scores(self.theta, self.points))

    def answer(self) -> np.ndarray:
        """Return A[L] (1, points)."""
        return self.once().numpy().T
