"""The Hessian of the training cost: how long and narrow the bowl is (course topics B9, C8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nnsim.errors import SizeError
from nnsim.training.machine import Machine

MOST_PARAMETERS = 2000
STEP = 1e-5


@dataclass(frozen=True)
class Curvature:
    """Eigenvalues of the Hessian at the present parameters, smallest first."""

    eigenvalues: np.ndarray

    @property
    def largest(self) -> float:
        """The largest eigenvalue; gradient descent diverges where alpha > 2 / largest."""
        return float(self.eigenvalues[-1])

    @property
    def smallest(self) -> float:
        """The smallest eigenvalue; below 0 there is a way down that bends down."""
        return float(self.eigenvalues[0])

    @property
    def condition(self) -> float:
        """largest / smallest: 1 is round, 1000 a long narrow bowl; inf where smallest <= 0."""
        return self.largest / self.smallest if self.smallest > 0 else float("inf")


def curvature_of(machine: Machine) -> Curvature:
    """Return the Hessian's eigenvalues, from two-sided differences of the gradient.

    The gradient is that of all training examples, without dropout and without planted faults.
    Raises SizeError above 2000 parameters, whose Hessian would have 4 million entries.
    """
    size = machine.layout.parameters
    if size > MOST_PARAMETERS:
        raise SizeError(
            f"curvature: the network has {size} parameters, expected at most {MOST_PARAMETERS}; "
            "use a smaller network"
        )
    layers = tuple(replace(layer, keep_prob=1.0) for layer in machine.network.layers)
    whole = Machine(
        replace(machine.network, layers=layers),
        replace(machine.training, batch_size=0, fault=None, early_stopping=None),
        machine.data,
        seed=machine.seed,
        dtype="float64",
    )
    theta = machine.theta.astype(np.float64)
    hessian = np.empty((size, size))
    for i in range(size):
        sides = []
        for step in (STEP, -STEP):
            whole.theta[:] = theta
            whole.theta[i] += step
            whole.state[0].phase = 0
            whole.execute(len(whole.phases) - 2, record=False)
            sides.append(whole.grad.copy())
        hessian[i] = (sides[0] - sides[1]) / (2 * STEP)
    return Curvature(np.linalg.eigvalsh((hessian + hessian.T) / 2))
