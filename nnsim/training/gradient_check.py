"""Gradient checking (course topic B13): is the way back the derivative of the way forward?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from nnsim.kernels.codes import Fault
from nnsim.network.layout import Block
from nnsim.training.blas import one_blas_thread
from nnsim.training.differences import approximate_gradient
from nnsim.training.machine import Machine
from nnsim.training.numeric_gradient import gradient_into
from nnsim.training.progress import Progress
from nnsim.training.resolution import resolution_of
from nnsim.training.verdicts import lengths_of_pieces

WORST_ENTRIES = 8


@dataclass(frozen=True)
class CheckedEntry:
    """One parameter: its derivative by back-propagation and by differences."""

    name: str
    backward: float
    approximation: float
    kinks: int

    @property
    def difference(self) -> float:
        """Absolute difference of the two."""
        return abs(self.backward - self.approximation)


@dataclass(frozen=True)
class GradientCheck:
    """ratio = ||d_approx - d||_2 / (||d_approx||_2 + ||d||_2), for all of theta and per block."""

    step: int
    epsilon: float
    masks: str
    ratio: float
    blocks: dict[str, float]
    verdicts: dict[str, str]
    """"great", "look", "wrong" or "round-off", for "all" and for each block."""
    worst: Sequence[CheckedEntry]
    kinks: int
    """Parameters whose step crosses a kink, where a derivative need not exist."""
    gradient: np.ndarray
    approximation: np.ndarray
    smooth: dict[str, str] = field(default_factory=dict)
    """Verdict on each block without the entries whose step crosses a kink."""

    @property
    def accused(self) -> tuple[str, ...]:
        """Blocks that are wrong, and not merely where a step crosses a kink."""
        return tuple(
            name
            for name in self.blocks
            if self.verdicts[name] == "wrong" and self.smooth.get(name, "wrong") == "wrong"
        )

    @property
    def verdict(self) -> str:
        """The whole's, but "wrong" where any block is: a small block cannot hide in the whole."""
        return "wrong" if "wrong" in self.verdicts.values() else self.verdicts["all"]


def check_gradients(
    machine: Machine, *, epsilon: float, masks: str, on_progress: Progress | None = None
) -> GradientCheck:
    """Check the gradient of the machine's present step, in float64 whatever its dtype.

    Parameters
    ----------
    machine : Machine
        Not changed.
    epsilon : float
        Half the distance of the two-sided difference.
    masks : str
        "frozen": dropout keeps the masks of the step; "fresh": every evaluation draws its own, the
        mistake that the course warns of.
    on_progress : callable, optional
        Called with (parameters done, parameters) about every 50 ms; what it raises ends the check.

    Raises
    ------
    ValueError
        epsilon is not positive, or masks is another word.
    """
    if not epsilon > 0:
        raise ValueError(f"check_gradients: epsilon is {epsilon}, expected a number above 0")
    with one_blas_thread():
        twin, masks = twin_after_backward(machine, masks, "check_gradients")
        gradient, resolution = twin.grad, resolution_of(twin, epsilon)
        approximation, kinks = approximate_gradient(twin, epsilon, masks, on_progress, spend=True)
    blocks = twin.layout.blocks
    names = [f"d{block.name}" for block in blocks]
    numbers = (gradient, approximation, resolution, kinks, machine.block_edges)
    whole, *pieces = lengths_of_pieces(*numbers)
    ratios = {name: piece.ratio for name, piece in zip(names, pieces, strict=True)}
    verdicts = {name: piece.verdict for name, piece in zip(names, pieces, strict=True)}
    smooth, crossed = verdicts, int(np.count_nonzero(kinks))
    if crossed:
        _, *pieces = lengths_of_pieces(*numbers, smooth=True)
        smooth = {name: piece.verdict for name, piece in zip(names, pieces, strict=True)}
    return GradientCheck(
        step=int(twin.state["step"][0]),
        epsilon=epsilon,
        masks=masks,
        ratio=whole.ratio,
        blocks=ratios,
        verdicts={"all": whole.verdict, **verdicts},
        worst=WorstEntries(blocks, gradient, approximation, kinks),
        kinks=crossed,
        gradient=gradient,
        approximation=approximation,
        smooth=smooth,
    )


def twin_after_backward(machine: Machine, masks: str, asked: str) -> tuple[Machine, str]:
    """Return a float64 copy with the gradient of its step, not clipped, and the masks to use.

    Raises ValueError, in the name of what was asked for, if masks is neither frozen nor fresh.
    """
    if masks not in ("frozen", "fresh"):
        raise ValueError(f"{asked}: masks is {masks!r}, expected 'frozen' or 'fresh'")
    twin = machine.for_one_gradient()
    if int(twin.settings["fault"][0]) == Fault.FRESH_MASKS_IN_CHECK:
        masks = "fresh"
    with one_blas_thread():
        gradient_into(
            twin.stages,
            twin.layout.layers,
            twin.layout.labels,
            twin.settings,
            twin.state,
            twin.scratch,
            twin.order,
            *twin.sets["train"],
            twin.theta,
            twin.running,
            twin.grad,
            twin.work,
        )
    return twin, masks


class WorstEntries(Sequence[CheckedEntry]):
    """The entries that differ most, the worst first; looked for when one is asked for."""

    def __init__(
        self,
        blocks: Sequence[Block],
        gradient: np.ndarray,
        approximation: np.ndarray,
        kinks: np.ndarray,
    ) -> None:
        self._blocks, self._kinks = blocks, kinks
        self._gradient, self._approximation = gradient, approximation

    @cached_property
    def _entries(self) -> tuple[CheckedEntry, ...]:
        with np.errstate(all="ignore"):
            differences = np.abs(self._gradient - self._approximation)
        order = np.argsort(-differences, kind="stable")[:WORST_ENTRIES]
        return tuple(
            CheckedEntry(
                f"d{name_of(self._blocks, index)}",
                float(self._gradient[index]),
                float(self._approximation[index]),
                int(self._kinks[index]),
            )
            for index in map(int, order)
        )

    def __len__(self) -> int:
        return min(WORST_ENTRIES, self._gradient.size)

    def __getitem__(self, place: Any) -> Any:
        return self._entries[place]

    def __eq__(self, other: object) -> bool:
        return self._entries == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._entries)

    def __repr__(self) -> str:
        return repr(self._entries)


def name_of(blocks: Sequence[Block], index: int) -> str:
    """Return the name of parameter `index` of theta: W1[0,2]."""
    block = next(b for b in blocks if b.start <= index < b.stop)
    i, j = divmod(index - block.start, block.shape[1])
    return f"{block.name}[{i},{j}]"
