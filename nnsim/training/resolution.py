"""What two-sided differences of a cost can resolve: their round-off (course topics B12, B13)."""

from __future__ import annotations

import math

import numpy as np

from nnsim.kernels.view import view
from nnsim.training.machine import Machine

UNITS = 4
"""Units in the last place that a difference of two costs may be off by: two for each cost."""


def resolution_of(twin: Machine, epsilon: float) -> np.ndarray:
    """Return the round-off of each two-sided difference (parameters,).

    4 (ulp(max(1, |J|)) + sum ulp_i |dJ/dz_i|) / (2 epsilon)

    ulp is the unit in the last place. The sum is over each z from which a norm subtracts a mean:
    z and mu are off by about one unit in the last place of the largest |z| behind mu, z - mu is no
    smaller off, however small it is, and J changes by dJ/d(z - mu) = gamma dJ/dz_tilde /
    sqrt(sigma^2 + norm epsilon) times that. It is large where |mu| is much larger than sigma. A
    parameter counts the norms behind it: W and b that of their own layer too; gamma and beta not,
    for both costs take the same z_norm then.

    Parameters
    ----------
    twin : Machine
        Of `twin_after_backward`: the arrays of its step are in the workspace.
    epsilon : float
        Half the distance of the two costs.

    Notes
    -----
    Source: first-order error analysis, as in Higham (2002), "Accuracy and stability of numerical
    algorithms", chapter 3. At worst mu of m examples is off by about m units; its roundings differ
    in sign, and in practice this is above what is lost. The way back gives dJ/dz_tilde, also where
    a fault is planted: it need only be right in size.
    """
    cost = abs(float(twin.state["cost"][0]))
    # Of infinity it is not a number, which excuses nothing.
    ulp = math.ulp(max(1.0, cost)) if cost < math.inf else math.nan
    if not any(layer.norm for layer in twin.network.layers):
        return np.full(twin.layout.parameters, UNITS * ulp / (2 * epsilon))
    noise = np.zeros(twin.layout.parameters)
    _add_noise_of_norms(twin, noise)
    return UNITS * (ulp + noise) / (2 * epsilon)


def _add_noise_of_norms(twin: Machine, noise: np.ndarray) -> None:
    layers = twin.layout.layers
    behind = np.zeros(len(layers) + 1)
    for number in range(len(layers) - 1, 0, -1):
        behind[number] = behind[number + 1] + _lost_digits(twin, layers[number])
    for block in twin.layout.blocks:
        after_norm = block.name.startswith(("gamma", "beta"))
        noise[block.start : block.stop] = behind[block.layer + after_norm]


def _lost_digits(twin: Machine, row: np.record) -> float:
    """Return sum ulp |dJ/dz| of a layer's norm; 0 without one, or where it is no number."""
    if not (row.batch_norm or row.layer_norm):
        return 0.0
    n, m = int(row.units), int(twin.state[0].m)
    # A mean is over the examples of a unit in batch norm, over the units of one in layer norm.
    axis, statistics = (1, (n, 1)) if row.batch_norm else (0, (1, m))
    Z, dZ_tilde = (view(twin.work, row[name], n, m) for name in ("Z", "dZ_tilde"))
    variance = view(twin.work, row.variance, *statistics)
    gamma = view(twin.theta, row.gamma, n, 1)
    with np.errstate(all="ignore"):
        slope = gamma * dZ_tilde / np.sqrt(variance + row.norm_epsilon) / m
        ulp = np.spacing(np.abs(Z).max(axis=axis, keepdims=True))
        lost = float(np.sum(ulp * np.abs(slope)))
    # A run that diverges: no excuse for anything.
    return lost if np.isfinite(lost) else 0.0
