"""Two directions in the space of all parameters: the plane on which a cost is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nnsim.network.layout import Block
from nnsim.training.machine import Machine

DIRECTIONS = ("random", "principal", "gradient")
MARGIN = 0.3
"""Room around the path, in parts of its extent."""
FLATTEST = 0.25
"""An axis of principal directions is at least this part of the other: a path is seldom a line."""
MOST_EXAMPLES = 4096
"""A gradient over more examples is taken over this many: it bounds the workspace."""
NEGLIGIBLE = 1e-6
"""A remainder shorter than this part of what it remains of is round-off, not a direction."""

_RANDOM = (
    "random directions, each row of W as long as that row of the parameters; b, gamma and beta stay"
)


@dataclass(frozen=True)
class Plane:
    """theta + alpha first + beta second."""

    first: np.ndarray
    second: np.ndarray
    description: str
    follows_path: bool = False
    """Whether the axes should cover the path."""
    stand_in: bool = False
    """Whether the directions are random where others were asked for."""

    def project(self, thetas: np.ndarray) -> tuple[np.ndarray, float]:
        """Return the nearest points (k, 2) of the plane, and the share of movement in it.

        The last of thetas is the origin. Points that are not finite have NaN coordinates.
        """
        base = np.stack([self.first, self.second])
        gram = np.linalg.pinv(base @ base.T) if np.isfinite(base).all() else np.full((2, 2), np.nan)
        finite = np.isfinite(thetas).all(axis=1)
        path = np.full((len(thetas), 2), np.nan)
        moved = thetas[finite] - thetas[-1]
        path[finite] = moved @ base.T @ gram
        path[-1] = 0
        whole = float(np.sum(moved**2))
        inside = float(np.sum((path[finite] @ base) ** 2))
        return path, inside / whole if whole else 1.0


def plane_of(machine: Machine, thetas: np.ndarray, directions: str, seed: int) -> Plane:
    """Return the plane through the present parameters, the last of `thetas`.

    Parameters
    ----------
    machine : Machine
    thetas : ndarray
        (k, parameters), the path.
    directions : str
        "random": two Gaussian directions, each row of W scaled to the length of that row of the
        parameters (a row of zeros counts as length 1); b, gamma and beta are 0, as in the figures
        of Li et al. 2018.
        "principal": the first two principal components of theta_t - theta, orthonormal.
        "gradient": steepest descent of J, and what the last update had beside it; orthogonal, each
        as long as all W together.
        Where path or gradient do not give two directions, random ones stand in, and the
        description says so.
    seed : int

    Raises
    ------
    ValueError
        Directions are another word.
    """
    if directions not in DIRECTIONS:
        raise ValueError(
            f"surface: directions is {directions!r}, expected one of {', '.join(DIRECTIONS)}"
        )
    theta, blocks = thetas[-1], machine.layout.blocks
    random = np.random.default_rng(seed)
    first, second = (_random_direction(blocks, theta, random) for _ in range(2))
    if directions == "random":
        return Plane(first, second, _RANDOM[0].upper() + _RANDOM[1:] + ".")
    if directions == "principal":
        return _principal(thetas, first, second)
    return _steepest(machine, thetas, first, second)


def axes_of(
    plane: Plane, path: np.ndarray, size: int, span: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return alphas and betas; 0 is a point of both."""
    if not plane.follows_path:
        return (_axis(-span, span, size),) * 2
    low, high = np.nanmin(path, axis=0), np.nanmax(path, axis=0)
    extent = high - low
    wanted = np.maximum(extent, FLATTEST * extent.max())
    room = (wanted - extent) / 2 + MARGIN * span * wanted
    alphas, betas = (_axis(low[i] - room[i], high[i] + room[i], size) for i in range(2))
    return alphas, betas


def _axis(low: float, high: float, size: int) -> np.ndarray:
    """Return equal steps from about low to about high, shifted by half a step at most to hit 0."""
    step = (high - low) / (size - 1)
    before = int(np.clip(round(-low / step), 0, size - 1))
    return (np.arange(size) - before) * step


def _random_direction(
    blocks: tuple[Block, ...], theta: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    direction = np.zeros(theta.size)
    for block in blocks:
        drawn = random.standard_normal(block.shape)
        if block.name.startswith("W"):
            lengths = np.linalg.norm(block.of(theta), axis=1, keepdims=True)
            lengths = np.where(np.isfinite(lengths) & (lengths > 0), lengths, 1.0)
            block.of(direction)[:] = drawn * lengths / np.linalg.norm(drawn, axis=1, keepdims=True)
    return direction


def _principal(thetas: np.ndarray, first: np.ndarray, second: np.ndarray) -> Plane:
    points = thetas[np.isfinite(thetas).all(axis=1)]
    if len(np.unique(points, axis=0)) < 3:
        return _stand_in("The path has fewer than 3 distinct points", first, second)
    moved = points - thetas[-1]
    gram = moved @ moved.T
    if not np.isfinite(gram).all():
        return _stand_in("The path leads too far to be measured", first, second)
    values, vectors = np.linalg.eigh(gram)
    values, vectors = values[::-1], vectors[:, ::-1]
    main = moved.T @ vectors[:, 0]
    main /= np.linalg.norm(main)
    if moved[0] @ main > 0:
        main = -main  # So that the path comes from the left.
    straight = np.sqrt(max(values[1], 0)) <= NEGLIGIBLE * np.sqrt(values[0])
    side = None if straight else _remainder(moved.T @ vectors[:, 1], main)
    if side is not None:
        shares = 100 * values[:2] / values.sum()
        told = (
            f"The first two principal components of the path; they hold {shares[0]:.3g} % and "
            f"{shares[1]:.3g} % of its movement."
        )
        return Plane(main, side, told, follows_path=True)
    side = _remainder(second, main)
    if side is None:
        return _stand_in("The path leaves no second direction", first, second)
    told = "The path is a straight line: its direction, and a random one beside it."
    return Plane(main, side, told, follows_path=True)


def _stand_in(why: str, first: np.ndarray, second: np.ndarray) -> Plane:
    return Plane(first, second, f"{why}; instead {_RANDOM}.", stand_in=True)


def _steepest(machine: Machine, thetas: np.ndarray, first: np.ndarray, second: np.ndarray) -> Plane:
    gradient = gradient_of_cost(machine)
    length = np.linalg.norm(gradient)
    if not (np.isfinite(length) and length > 0):
        return _stand_in("The gradient gives no direction", first, second)
    down = -gradient / length
    other = "what the last update had beside it"
    side = None
    moves = np.flatnonzero((thetas[:-1] != thetas[-1]).any(axis=1))
    if moves.size:
        side = _remainder(thetas[-1] - thetas[moves[-1]], down)
    if side is None:
        other = "a random direction beside it"
        side = _remainder(second, down)
    if side is None:
        return _stand_in("The gradient leaves no second direction", first, second)
    weights = [b.of(thetas[-1]) for b in machine.layout.blocks if b.name.startswith("W")]
    scale = float(np.sqrt(sum(np.sum(W**2) for W in weights)))
    scale = scale if np.isfinite(scale) and scale > 0 else 1.0
    return Plane(
        down * scale,
        side * scale,
        f"Steepest descent of J, and {other}; each as long as all W together.",
    )


def gradient_of_cost(machine: Machine) -> np.ndarray:
    """Return dJ/dtheta over the training examples, without dropout and planted faults.

    Above MOST_EXAMPLES, a drawn part of them stands for all; batch norm uses their statistics.
    """
    m = machine.data.train.m
    part = min(m, MOST_EXAMPLES)
    network = machine.network
    whole = Machine(
        replace(
            network,
            layers=tuple(replace(layer, keep_prob=1.0) for layer in network.layers),
            # The penalty is divided by the examples of the batch; the set's is smaller.
            l1=network.l1 * part / m,
            l2=network.l2 * part / m,
        ),
        replace(machine.training, batch_size=part, shuffle=True, fault=None, early_stopping=None),
        machine.data,
        seed=machine.seed,
        dtype=machine.dtype.name,
    )
    whole.theta[:] = machine.theta
    whole.running[:] = machine.running
    backward = len(whole.phases) - 2
    if whole.execute(backward, record=False) < backward:
        return np.full(machine.theta.size, np.nan)
    return whole.grad.astype(np.float64)


def _remainder(vector: np.ndarray, unit: np.ndarray) -> np.ndarray | None:
    """Return the unit vector of what a vector has beside another, None where that is nothing."""
    length = np.linalg.norm(vector)
    if not (np.isfinite(length) and length > 0):
        return None
    side = vector / length
    for _ in range(2):  # Once more, against the round-off of the first time.
        side = side - (side @ unit) * unit
    rest = np.linalg.norm(side)
    return side / rest if rest > NEGLIGIBLE else None
