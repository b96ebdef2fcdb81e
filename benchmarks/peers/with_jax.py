"""JAX: a jitted `lax.scan` over the steps, gradients by `value_and_grad`, Adam from optax."""

from __future__ import annotations

import time

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.flatten_util import ravel_pytree

from benchmarks.cases import BETA1, BETA2, EPSILON, Problem

FLAT_BELOW = 10_000
"""Parameters in one flat vector are quicker for small networks, an array each for large ones."""


class Scanning:
    """One call of the compiled scan is a whole burst; its length is compiled in."""

    def __init__(self, problem: Problem, dtype: str) -> None:
        jax.config.update("jax_enable_x64", dtype == "float64")
        case = problem.case
        X, Y = (jnp.asarray(array, dtype) for array in (problem.X, problem.Y))
        pairs = zip(problem.weights, problem.biases, strict=True)
        parameters = [(jnp.asarray(W, dtype), jnp.asarray(b, dtype)) for W, b in pairs]
        optimizer = optax.adam(case.learning_rate, b1=BETA1, b2=BETA2, eps=EPSILON)
        unravel = None
        if sum(W.size for W, _ in parameters) < FLAT_BELOW:
            parameters, unravel = ravel_pytree(parameters)
        activation = jnp.tanh if case.activation == "tanh" else jax.nn.relu

        def cost(parameters):
            if unravel:
                parameters = unravel(parameters)
            A = X
            for W, b in parameters[:-1]:
                A = activation(W @ A + b)
            W, b = parameters[-1]
            Z = W @ A + b
            if case.binary:
                return optax.sigmoid_binary_cross_entropy(Z, Y).mean()
            return optax.softmax_cross_entropy(Z, Y, axis=0).mean()

        def step(carry, _):
            parameters, state = carry
            J, gradients = jax.value_and_grad(cost)(parameters)
            updates, state = optimizer.update(gradients, state)
            return (optax.apply_updates(parameters, updates), state), J

        self.step, self.start = step, (parameters, optimizer.init(parameters))
        self.compiled: dict[int, object] = {}

    def _scan(self, steps: int):
        if steps not in self.compiled:
            self.compiled[steps] = (
                jax.jit(lambda carry: jax.lax.scan(self.step, carry, None, length=steps))
                .lower(self.start)
                .compile()
            )
            jax.block_until_ready(self.compiled[steps](self.start))
        return self.compiled[steps]

    def costs(self, steps: int) -> np.ndarray:
        """See `Peer`."""
        return np.asarray(self._scan(steps)(self.start)[1], np.float64)

    def burst(self, steps: int) -> float:
        """See `Peer`."""
        scan = self._scan(steps)
        begin = time.perf_counter()
        jax.block_until_ready(scan(self.start))
        return time.perf_counter() - begin
