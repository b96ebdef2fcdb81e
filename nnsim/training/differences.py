"""Two-sided differences of the cost at the present parameters (course topics B12, B13)."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnsim.kernels.codes import FAMILY_OF, Activation
from nnsim.network.dropout import FRESH_MASKS, FROZEN_MASKS
from nnsim.training.machine import Machine, copied
from nnsim.training.numeric_gradient import numeric_gradient_into
from nnsim.training.pieces import in_pieces, is_small
from nnsim.training.progress import Progress
from nnsim.training.stages import stages_with


class Differences:
    """d_approx[i] = (J(theta_i + epsilon) - J(theta_i - epsilon)) / (2 epsilon), as far as asked.

    Parameters
    ----------
    twin : Machine
        Of `twin_after_backward`; not changed, unless it may be spent.
    epsilon : float
        Half the distance of the two costs.
    masks : str
        "frozen": dropout keeps the masks of the step; "fresh": every cost draws its own.
    spend : bool
        Whether the twin's workspace and costs may be overwritten; then one thread may compute.
    """

    def __init__(self, twin: Machine, epsilon: float, masks: str, spend: bool = False) -> None:
        self._twin, self._epsilon = twin, float(epsilon)
        self._mode = FROZEN_MASKS if masks == "frozen" else FRESH_MASKS
        self._stages, self._layers = _seen_by_cost(twin)
        size = twin.layout.parameters
        self.approximation = np.zeros(size)
        """d_approx (parameters,); 0 where nothing was computed yet."""
        self.kinks = np.zeros(size, np.int64)
        """How many kinks lie between the two costs of each parameter."""
        self.costs = np.zeros((size, 2))
        """J(theta_i + epsilon) and J(theta_i - epsilon)."""
        self._spare = [self._own(twin)] if spend else []

    def compute(self, begin: int, end: int) -> None:
        """Compute parameters begin <= i < end; pieces may be computed by several threads."""
        twin = self._twin
        try:
            own = self._spare.pop()
        except IndexError:
            own = self._own(twin.copy())
        layers, state, theta, running, work, sides = own
        numeric_gradient_into(
            begin,
            end,
            self._epsilon,
            self._stages,
            self._layers,
            layers,
            twin.layout.labels,
            twin.settings,
            state,
            theta,
            running,
            work,
            self._mode,
            sides,
            self.costs,
            self.approximation,
            self.kinks,
        )
        self._spare.append(own)

    def _own(self, twin: Machine) -> tuple[np.ndarray, ...]:
        """Return what a thread writes to; a later piece may use it again."""
        sides = np.empty(twin.work.size, np.int8)  # Of all Z, which lie in the workspace.
        return copied(self._layers), twin.state, twin.theta, twin.running, twin.work, sides


def _seen_by_cost(twin: Machine) -> tuple[Any, np.ndarray]:
    """Return stages and layers, without the sigmoid that cross-entropy has in its own formula.

    That cost reads Z[L] and never A[L], so A[L] need not be computed for each of its values.
    """
    stages, layers, network = twin.stages, twin.layout.layers, twin.network
    if network.loss == "binary_cross_entropy" and network.layers[-1].activation == "sigmoid":
        layers = copied(layers)
        layers["activation"][-1] = Activation.IDENTITY
        layers["family"][-1] = FAMILY_OF[Activation.IDENTITY]
        stages = stages_with(twin, FAMILY_OF[Activation.IDENTITY])
    return stages, layers


def approximate_gradient(
    twin: Machine,
    epsilon: float,
    masks: str,
    on_progress: Progress | None = None,
    spend: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the two-sided differences of the cost, and how many kinks each of them crosses.

    See `Differences` and, for `on_progress`, `in_pieces`.
    """
    size, m = twin.layout.parameters, int(twin.state["m"][0])
    multiplications = float(size) * size * m
    # A second thread would have to copy what the first one overwrites.
    differences = Differences(twin, epsilon, masks, spend and is_small(multiplications))
    in_pieces(differences.compute, size, multiplications, on_progress)
    return differences.approximation, differences.kinks
