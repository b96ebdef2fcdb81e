"""JAX: jitted, `vmap` or `lax.map` over many thetas, whichever is quicker here."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import optax

from benchmarks.cases import Problem
from benchmarks.peers import quickest
from benchmarks.theta import EPSILON, Plane, Repeated, points_of, unpacked


class _Network(Repeated):
    def __init__(self, problem: Problem, dtype: str) -> None:
        jax.config.update("jax_enable_x64", dtype == "float64")
        self.problem = problem
        self.X, self.Y = (jnp.asarray(array, dtype) for array in (problem.X, problem.Y))
        self.theta = jnp.asarray(problem.theta, dtype)
        self.activation = jnp.tanh if problem.case.activation == "tanh" else jax.nn.relu

    def scores(self, theta, X):
        """Return Z[L] (1, m)."""
        *hidden, (W, b) = unpacked(theta, self.problem.case.sizes)
        A = X
        for W_hidden, b_hidden in hidden:
            A = self.activation(W_hidden @ A + b_hidden)
        return W @ A + b

    def cost(self, theta):
        """Return J of the examples."""
        return optax.sigmoid_binary_cross_entropy(self.scores(theta, self.X), self.Y).mean()

    def choose(self, programs: dict, *arguments) -> None:
        """Keep the quickest of several programs as `self.program`, and say which."""
        compiled = {
            name: jax.jit(each).lower(*arguments).compile() for name, each in programs.items()
        }
        calls = {
            name: lambda each=each: jax.block_until_ready(each(*arguments))
            for name, each in compiled.items()
        }
        self.remark = quickest(calls)
        self.program, self.arguments = compiled[self.remark], arguments

    def once(self):
        """Run the program."""
        return jax.block_until_ready(self.program(*self.arguments))


class Check(_Network):
    """Two costs a parameter, `grad`, and the ratio, in one program."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        super().__init__(problem, dtype)

        def program(costs_of):
            def check(theta):
                shifts = EPSILON * jnp.eye(theta.size)
                costs = costs_of(jnp.concatenate([theta + shifts, theta - shifts]))
                approximation = (costs[: theta.size] - costs[theta.size :]) / (2 * EPSILON)
                gradient = jax.grad(self.cost)(theta)
                lengths = jnp.linalg.norm(approximation) + jnp.linalg.norm(gradient)
                ratio = jnp.linalg.norm(approximation - gradient) / lengths
                return ratio, approximation, gradient

            return check

        programs = {
            "vmap": program(jax.vmap(self.cost)),
            "lax.map": program(lambda thetas: jax.lax.map(self.cost, thetas)),
            "lax.map, 15 at a time": program(
                lambda thetas: jax.lax.map(self.cost, thetas, batch_size=15)
            ),
        }
        self.choose(programs, self.theta)

    def answer(self) -> np.ndarray:
        """Return d_approx and dtheta (2, parameters)."""
        return np.stack([np.asarray(each) for each in self.once()[1:]])


class Surface(_Network):
    """J of every point of the plane, in one program."""

    def __init__(self, problem: Problem, dtype: str, plane: Plane) -> None:
        super().__init__(problem, dtype)
        size = plane.betas.size, plane.alphas.size
        begin, first, second = (
            jnp.asarray(each, dtype) for each in (plane.theta, plane.first, plane.second)
        )
        grid = jnp.stack(jnp.meshgrid(plane.betas, plane.alphas, indexing="ij"), -1)
        grid = grid.reshape(-1, 2).astype(dtype)

        def point(beta_alpha):
            return self.cost(begin + beta_alpha[0] * second + beta_alpha[1] * first)

        programs = {"vmap": lambda grid: jax.vmap(point)(grid).reshape(size)}
        for many in (10, size[1], 10 * size[1]):
            programs[f"vmap, {many} at a time"] = lambda grid, many=many: jax.lax.map(
                point, grid, batch_size=many
            ).reshape(size)
        self.choose(programs, grid)

    def answer(self) -> np.ndarray:
        """Return J (betas, alphas)."""
        return np.asarray(self.once())


class Boundary(_Network):
    """A[L] of all points in one program."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        super().__init__(problem, dtype)
        points = jnp.asarray(points_of(problem), dtype)
        program = {"": lambda theta, X: jax.nn.sigmoid(self.scores(theta, X))}
        self.choose(program, self.theta, points)

    def answer(self) -> np.ndarray:
        """Return A[L] (1, points)."""
        return np.asarray(self.once())
