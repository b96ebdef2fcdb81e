"""The cost around the present parameters, on a plane through them, and the path walked so far."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from nnsim.training.machine import Machine
from nnsim.training.plane import Plane, axes_of, plane_of
from nnsim.training.progress import Progress
from nnsim.training.tables import RUNNING

PIECE_SECONDS = 0.05
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
        Called with (rows done, rows), in long rows also between points; what it raises ends the
        work.

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
    twin = machine.copy()
    twin.state[0].status = RUNNING
    twin.evaluation_work = machine.evaluation_work.copy()
    with np.errstate(all="ignore"):
        plane = plane_of(machine, thetas, directions, seed)
        path, explained = plane.project(thetas)
        alphas, betas = axes_of(plane, path, size, span)
        cost = _costs(twin, plane, alphas, betas, on_progress)
    return Surface(
        step=int(machine.state[0].step),
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
    twin: Machine,
    plane: Plane,
    alphas: np.ndarray,
    betas: np.ndarray,
    on_progress: Progress | None,
) -> np.ndarray:
    X, Y = twin.sets["train"]
    Y = twin.targets(Y)
    theta = twin.theta.astype(np.float64)
    cost = np.empty((betas.size, alphas.size))
    told = time.perf_counter()
    for row, beta in enumerate(betas):
        begin = theta + beta * plane.second
        for column, alpha in enumerate(alphas):
            twin.theta[:] = begin + alpha * plane.first
            cost[row, column] = twin.evaluate(X, Y)[0]
            if on_progress and time.perf_counter() - told > PIECE_SECONDS:
                # A row of a large set takes long: let the one who waits say so within it.
                on_progress(row, betas.size)
                told = time.perf_counter()
        if on_progress:
            on_progress(row + 1, betas.size)
    return cost
