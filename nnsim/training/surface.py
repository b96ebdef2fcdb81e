"""The cost around the present parameters, on a plane through them, and the path walked so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnsim.training.cost_grid import cost_grid_into
from nnsim.training.machine import Machine
from nnsim.training.pieces import in_pieces
from nnsim.training.plane import Plane, axes_of, plane_of
from nnsim.training.progress import Progress

MOST_POINTS = 501
"""Points along an axis: 501 x 501 evaluations are a quarter of a million."""


@dataclass(frozen=True)
class Surface:
    """J over the plane theta + alpha first + beta second; theta itself is at (0, 0).

    Alpha = beta = 0 is always a point of the grid, and `cost` there is what `evaluate` says.
    """

    step: int
    directions: str
    """As asked for: random, principal or gradient; `description` says what they became."""
    alphas: np.ndarray
    """(size,)"""
    betas: np.ndarray
    """(size,)"""
    cost: np.ndarray
    """(size, size), a row a beta, a column an alpha: cost J of the training set, inference mode;
    infinity or NaN where it overflows."""
    path: np.ndarray
    """(k, 2): alpha and beta of the parameters walked so far, nearest points of the plane; the
    present, (0, 0), is the last."""
    path_steps: np.ndarray
    """(k,): their steps."""
    explained: float
    """Share of the path's movement (squared distances from the present) that lies in the plane;
    1 where nothing moved."""
    description: str
    """What the two directions are, in words."""
    stand_in: bool = False
    """Whether they are random, because those asked for cannot be found."""


def surface_of(
    machine: Machine,
    steps: np.ndarray,
    thetas: np.ndarray,
    *,
    directions: str = "random",
    size: int = 41,
    span: float = 1.0,
    seed: int = 0,
    on_progress: Progress | None = None,
) -> Surface:
    """Evaluate J on a grid around the present parameters.

    Parameters
    ----------
    machine : Machine
        Not changed.
    steps, thetas : ndarray
        The path, (k,) and (k, parameters); the last is the present.
    directions : str
        "random", "principal" or "gradient"; see `plane_of`.
    size : int
        Points along each axis.
    span : float
        Half the length of the axes: at 1 they reach as far as the weights are long. For
        "principal" the axes follow the path, and span scales the margin around it.
    seed : int
        Of random directions.
    on_progress : callable, optional
        Called with (rows done, rows) about every 50 ms; what it raises ends the work.

    Raises
    ------
    ValueError
        Unknown directions, or a size or span that cannot be.

    Notes
    -----
    Inference mode: no dropout, running statistics of batch norm as they are now. Directions as in
    Li, Xu, Taylor, Studer, Goldstein, "Visualizing the loss landscape of neural nets" (2018).
    """
    if not 3 <= size <= MOST_POINTS:
        raise ValueError(f"surface: size is {size}, expected 3 to {MOST_POINTS} points an axis")
    if not 0 < span < np.inf:
        raise ValueError(f"surface: span is {span}, expected a finite number above 0")
    with np.errstate(all="ignore"):
        plane = plane_of(machine, thetas, directions, seed)
        path, explained = plane.project(thetas)
        alphas, betas = axes_of(plane, path, size, span)
        cost = _costs(machine, plane, alphas, betas, on_progress)
    return Surface(
        step=int(machine.state["step"][0]),
        directions=directions,
        alphas=alphas,
        betas=betas,
        cost=cost,
        path=path,
        path_steps=np.array(steps),
        explained=explained,
        description=plane.description,
        stand_in=plane.stand_in,
    )


def _costs(
    machine: Machine,
    plane: Plane,
    alphas: np.ndarray,
    betas: np.ndarray,
    on_progress: Progress | None,
) -> np.ndarray:
    """Return J (betas, alphas); what the machine has is not touched."""
    evaluation, X = machine.evaluation_layout, machine.sets["train"][0]
    cost = np.empty(betas.size * alphas.size)
    fixed = (
        *(machine.stages, evaluation.layers, evaluation.labels, evaluation.capacity),
        machine.settings,
    )
    examples = (X, machine.targets(machine.sets["train"][1]))
    grid = (machine.theta.astype(np.float64), plane.first, plane.second, alphas, betas)
    spare: list[tuple[np.ndarray, ...]] = []

    def compute(begin: int, end: int) -> None:
        # A thread has parameters and a workspace of its own, which a later piece may use again.
        try:
            own = spare.pop()
        except IndexError:
            own = _own(machine)
        state, running, work, theta = own
        cost_grid_into(
            begin, end, *fixed, state, running, work, *examples, *grid, theta, cost
        )  # fmt: skip
        spare.append(own)

    def told(done: int, _: int) -> None:
        if on_progress:
            on_progress(done // alphas.size, betas.size)

    in_pieces(compute, cost.size, float(cost.size) * machine.theta.size * X.shape[1], told)
    return cost.reshape(betas.size, alphas.size)


def _own(machine: Machine) -> tuple[np.ndarray, ...]:
    return (
        machine.state.copy(),
        machine.running.copy(),
        machine.evaluation_work.copy(),
        machine.theta.copy(),
    )
