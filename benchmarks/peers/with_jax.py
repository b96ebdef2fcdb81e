"""JAX: a jitted `lax.scan` over the steps, gradients by `value_and_grad`, Adam from optax."""

from __future__ import annotations

import time

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.flatten_util import ravel_pytree

from benchmarks.cases import BETA1, BETA2, EPSILON, NORM_EPSILON, NORM_MOMENTUM, Problem
from benchmarks.peers import Trainer, quickest

FLAT_BELOW = 10_000
"""Parameters in one flat vector are quicker for small networks, an array each for large ones."""
GENERATORS = ("threefry2x32", "rbg")
"""Of dropout's masks: JAX's default, and the other that its documentation offers for speed."""


class Scanning(Trainer):
    """One call of the compiled scan is a whole burst; its length is compiled in."""

    remark = ""

    def __init__(self, problem: Problem, dtype: str, generator: str = GENERATORS[0]) -> None:
        jax.config.update("jax_enable_x64", dtype == "float64")
        case = problem.case
        X, Y = (jnp.asarray(array, dtype) for array in (problem.X, problem.Y))
        parameters, running = _first(problem, dtype)
        optimizer = optax.adam(case.learning_rate, b1=BETA1, b2=BETA2, eps=EPSILON)
        unravel = None
        if sum(W.size for W, *_ in parameters) < FLAT_BELOW:
            parameters, unravel = ravel_pytree(parameters)
        activation = jnp.tanh if case.activation == "tanh" else jax.nn.relu
        self.key = jax.random.key(1, impl=generator)
        if case.keep_prob < 1:
            self.remark = f"masks by {generator}"

        def cost(parameters, running, key):
            if unravel:
                parameters = unravel(parameters)
            A, new = X, []
            for number, (W, b, *norm) in enumerate(parameters[:-1]):
                Z = W @ A + b
                if norm:
                    Z, averages = _normalised(Z, *norm, *running[number])
                    new.append(averages)
                A = activation(Z)
                if case.keep_prob < 1:
                    # In float32, else float64 mode would draw twice as many bits.
                    keep_prob = jnp.float32(case.keep_prob)
                    D = jax.random.bernoulli(jax.random.fold_in(key, number), keep_prob, A.shape)
                    A = jnp.where(D, A / case.keep_prob, 0)
            W, b = parameters[-1]
            Z = W @ A + b
            if case.binary:
                return optax.sigmoid_binary_cross_entropy(Z, Y).mean(), new
            return optax.softmax_cross_entropy(Z, Y, axis=0).mean(), new

        def step(carry, t):
            parameters, state, running = carry
            key = jax.random.fold_in(self.key, t) if case.keep_prob < 1 else None
            found = jax.value_and_grad(cost, has_aux=True)(parameters, running, key)
            (J, running), gradients = found
            updates, state = optimizer.update(gradients, state)
            return (optax.apply_updates(parameters, updates), state, running), J

        self.step, self.start = step, (parameters, optimizer.init(parameters), running)
        self.compiled: dict[int, object] = {}

    def _scan(self, steps: int):
        if steps not in self.compiled:
            self.compiled[steps] = (
                jax.jit(lambda carry: jax.lax.scan(self.step, carry, jnp.arange(steps)))
                .lower(self.start)
                .compile()
            )
            jax.block_until_ready(self.compiled[steps](self.start))
        return self.compiled[steps]

    def costs(self, steps: int) -> np.ndarray:
        """See `Trainer`."""
        return np.asarray(self._scan(steps)(self.start)[1], np.float64)

    def burst(self, repeats: int) -> float:
        """See `Peer`."""
        scan = self._scan(repeats)
        begin = time.perf_counter()
        jax.block_until_ready(scan(self.start))
        return time.perf_counter() - begin


def scanning(problem: Problem, dtype: str) -> Scanning:
    """Return JAX with the generator of masks that is quicker for this problem."""
    if problem.case.keep_prob == 1:
        return Scanning(problem, dtype)
    kinds = {name: Scanning(problem, dtype, name) for name in GENERATORS}
    steps = 5 if problem.case.large else 200
    return kinds[quickest({name: lambda k=k: k.burst(steps) for name, k in kinds.items()})]


def _first(problem: Problem, dtype: str) -> tuple[list, list]:
    """Return the layers' (W, b) or (W, b, gamma, beta), and the running (mean, variance)."""
    parameters, running = [], []
    last = len(problem.weights) - 1
    for number, (W, b) in enumerate(zip(problem.weights, problem.biases, strict=True)):
        W, b = jnp.asarray(W, dtype), jnp.asarray(b, dtype)
        zeros, ones = jnp.zeros_like(b), jnp.ones_like(b)
        if problem.case.batch_norm and number < last:
            parameters.append((W, b, ones, zeros))
            running.append((zeros, ones))
        else:
            parameters.append((W, b))
    return parameters, running


def _normalised(Z, gamma, beta, running_mean, running_variance):
    """Return gamma Z_norm + beta, and the running averages after this batch."""
    mean, variance = Z.mean(axis=1, keepdims=True), Z.var(axis=1, keepdims=True)
    averages = tuple(
        NORM_MOMENTUM * past + (1 - NORM_MOMENTUM) * jax.lax.stop_gradient(new)
        for past, new in ((running_mean, mean), (running_variance, variance))
    )
    return gamma * (Z - mean) * jax.lax.rsqrt(variance + NORM_EPSILON) + beta, averages
