"""The gradient check as something to step through: one parameter of theta a step (topic B13)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nnsim.data.dataset import DataSet
from nnsim.network.specification import Network
from nnsim.simulations.gradient_check.remarks import remarks_on
from nnsim.simulations.gradient_check.snapshot import (
    ENTRY_VERDICTS,
    CheckedBlock,
    GradientCheckSnapshot,
)
from nnsim.simulations.remark import Remark
from nnsim.simulations.run import Run
from nnsim.simulations.stepped import Figure, Stepped
from nnsim.training.blas import one_blas_thread
from nnsim.training.differences import Differences
from nnsim.training.gradient_check import WorstEntries, name_of, twin_after_backward
from nnsim.training.resolution import resolution_of
from nnsim.training.specification import Training
from nnsim.training.verdicts import GREAT, WRONG, length_of, ratio_of, verdict_on

PHASES = ("theta + eps", "theta - eps", "difference", "ratio")


@dataclass(frozen=True)
class CheckState:
    """What is known after so many parameters; their differences lie in the simulation's buffers."""

    done: int
    ratio: float
    """Over the parameters done; NaN before the first."""
    alone: str
    """Verdict on all parameters done together."""
    ratios: tuple[float, ...]
    """Of each block, over its parameters done; NaN where there is none yet."""
    verdicts: tuple[str, ...]
    smooth: tuple[str, ...]
    """Verdicts without the parameters whose step crosses a kink."""
    worst: int
    """Index of the parameter with the largest difference; -1 before the first."""
    kinks: int
    """Parameters whose step crosses a kink."""

    @property
    def verdict(self) -> str:
        """The whole's, but "wrong" where a block is: a small block cannot hide in the whole."""
        return "wrong" if "wrong" in self.verdicts else self.alone


class GradientCheckSimulation(Stepped[CheckState]):
    """The two-sided differences of `check_gradients`, one after the other, in the order of theta.

    d_approx[i] = (J(theta_i + epsilon) - J(theta_i - epsilon)) / (2 epsilon)
    ratio = ||d_approx - d||_2 / (||d_approx||_2 + ||d||_2), over the parameters done

    Parameters
    ----------
    network, training : Network, Training
        The training's rule and fault are used; its length is `after`.
    data : DataSet
    epsilon : float
        Half the distance of the two costs.
    masks : str
        "frozen" or "fresh": whether dropout keeps the masks of the step.
    after : int
        Training steps before the check.
    seed : int
    dtype : str
        Precision of the training before; the check is in float64.

    Raises
    ------
    ValueError
        epsilon is not above 0, masks is another word, theta is too long, or network and data
        disagree.
    """

    KIND = "gradient_check"
    phases = PHASES

    def __init__(
        self,
        network: Network,
        training: Training,
        data: DataSet,
        *,
        epsilon: float = 1e-7,
        masks: str = "frozen",
        after: int = 0,
        seed: int = 1,
        dtype: str = "float64",
    ) -> None:
        if not epsilon > 0:
            raise ValueError(f"gradient_check: epsilon is {epsilon}, expected a number above 0")
        run = Run(network, replace(training, steps=max(after, 1)), data, seed=seed, dtype=dtype)
        run.run_to(after)
        self._twin, self.masks = twin_after_backward(run.machine, masks, "gradient_check")
        self.epsilon, self.trained = float(epsilon), int(self._twin.state[0].step)
        self.network, self.data = network, data
        self._gradient = self._twin.grad.copy()
        self._theta = self._twin.theta.copy()
        self._cost = float(self._twin.state[0].cost)
        self._resolution = resolution_of(self._twin, self.epsilon)
        self._differences = Differences(self._twin, self.epsilon, self.masks)
        self._blocks = self._twin.layout.blocks
        self._computed = 0
        super().__init__(self._gradient.size)

    # What a kind gives

    def begin(self) -> CheckState:
        """Return the state before the first parameter."""
        count = len(self._blocks)
        none, empty = (np.nan,) * count, ("",) * count
        return CheckState(0, np.nan, "", none, empty, empty, -1, 0)

    def after(self, state: CheckState, step: int) -> CheckState:
        """Return the state with one more parameter."""
        index = state.done
        self._compute(index)
        done = index + 1
        number = next(k for k, block in enumerate(self._blocks) if index < block.stop)
        start = self._blocks[number].start
        d, approximation = self._gradient, self._differences.approximation
        resolution, kinks = self._resolution, self._differences.kinks
        part = slice(start, done)
        even = np.flatnonzero(kinks[part] == 0) + start
        pair = d[part], approximation[part], resolution[part]
        whole = d[:done], approximation[:done], resolution[:done]
        return CheckState(
            done=done,
            ratio=ratio_of(*whole),
            alone=verdict_on(*whole),
            ratios=_with(state.ratios, number, ratio_of(*pair)),
            verdicts=_with(state.verdicts, number, verdict_on(*pair)),
            smooth=_with(
                state.smooth, number, verdict_on(d[even], approximation[even], resolution[even])
            ),
            worst=index if self._worse(index, state.worst) else state.worst,
            kinks=state.kinks + int(kinks[index] > 0),
        )

    def figures_of(self, state: CheckState, step: int) -> dict[str, Figure]:
        """Return the ratio so far, the verdicts, the blocks, and the parameter done last."""
        last, worst = state.done - 1, state.worst
        figures: dict[str, Figure] = {
            "ratio": state.ratio,
            "verdict": state.verdict,
            "suspect": self.suspect(state),
            "worst": self._difference(worst),
            "worst.parameter": float(worst) if worst >= 0 else np.nan,
            "kinks": float(state.kinks),
            "J": self._cost,
            "parameter": float(last) if last >= 0 else np.nan,
            **self._of_parameter(last),
        }
        for block, ratio, verdict in zip(self._blocks, state.ratios, state.verdicts, strict=True):
            figures[f"d{block.name}.ratio"] = ratio
            figures[f"d{block.name}.verdict"] = verdict
        return figures

    def _of_parameter(self, index: int) -> dict[str, Figure]:
        names = ("theta", "J.plus", "J.minus", "d_approx", "d", "difference")
        if index < 0:
            return dict.fromkeys(names, np.nan)
        values = (
            self._theta[index],
            *self._differences.costs[index],
            self._differences.approximation[index],
            self._gradient[index],
            self._difference(index),
        )
        return dict(zip(names, map(float, values), strict=True))

    def suspect(self, state: CheckState) -> str:
        """Return the first wrong block on the way back, from the last layer on; "none".

        A wrong block is not accused where only a step over a kink makes it so.
        """
        accused = [
            (block.layer, -number, f"d{block.name}")
            for number, (block, verdict, smooth) in enumerate(
                zip(self._blocks, state.verdicts, state.smooth, strict=True)
            )
            if verdict == smooth == "wrong"
        ]
        return max(accused)[2] if accused else "none"

    def snapshot(self) -> GradientCheckSnapshot:
        """Return what is shown of the parameter in hand, and of all those done."""
        step, phase = self.position.step, self.position.phase
        index = step if phase else step - 1
        state, buffers = self.state, self._differences
        # The third phase makes the difference of the parameter in hand.
        done = step + (phase >= 3)
        parts = self._gradient[:done], buffers.approximation[:done]
        kinks = buffers.kinks[:done]
        blocks = tuple(
            CheckedBlock(f"d{b.name}", b.layer, b.start, b.shape, ratio, verdict)
            for b, ratio, verdict in zip(self._blocks, state.ratios, state.verdicts, strict=True)
        )
        costs = buffers.costs[index] if index >= 0 else (np.nan, np.nan)
        return GradientCheckSnapshot(
            step=step,
            phase=phase,
            parameters=self.steps,
            done=done,
            epsilon=self.epsilon,
            masks=self.masks,
            after=self.trained,
            m=int(self._twin.state[0].m),
            cost=self._cost,
            resolution=float(self._resolution[index]) if index >= 0 else np.nan,
            index=index,
            name=name_of(self._blocks, index) if index >= 0 else "",
            theta=float(self._theta[index]) if index >= 0 else np.nan,
            d=float(self._gradient[index]) if index >= 0 else np.nan,
            plus=float(costs[0]),
            minus=float(costs[1]),
            kinks=int(buffers.kinks[index]) if index >= 0 else 0,
            ratio=state.ratio,
            verdict=state.verdict,
            suspect=self.suspect(state),
            distance=length_of(parts[1] - parts[0]),
            lengths=(length_of(parts[1]), length_of(parts[0])),
            gradient=_frozen(self._gradient),
            approximation=_frozen(parts[1]),
            entries=_frozen(self._entries(done)),
            blocks=blocks,
            worst=tuple(WorstEntries(self._blocks, *parts, kinks)),
            dropout=any(layer.keep_prob < 1 for layer in self.network.layers),
            penalty=float(self._twin.state[0].penalty),
        )

    def remarks(self) -> tuple[Remark, ...]:
        """Return what can be said of the check so far."""
        return remarks_on(self.snapshot())

    # Inside

    def _compute(self, index: int) -> None:
        """Compute the differences up to a parameter, once."""
        if index >= self._computed:
            with one_blas_thread():
                self._differences.compute(self._computed, index + 1)
            self._computed = index + 1

    def _entries(self, done: int) -> np.ndarray:
        """Return the verdict on each parameter alone, as its place in ENTRY_VERDICTS."""
        great, look, wrong, round_off, kink = range(len(ENTRY_VERDICTS))
        d, approximation = self._gradient[:done], self._differences.approximation[:done]
        with np.errstate(all="ignore"):
            differences = np.abs(approximation - d)
            ratios = differences / (np.abs(approximation) + np.abs(d))
        found = np.full(done, wrong)
        found[ratios < WRONG] = look
        found[(found == wrong) & (self._differences.kinks[:done] > 0)] = kink
        found[differences <= self._resolution[:done]] = round_off
        found[(ratios <= GREAT) | (differences == 0)] = great
        return found

    def _difference(self, index: int) -> float:
        if index < 0:
            return np.nan
        return float(abs(self._gradient[index] - self._differences.approximation[index]))

    def _worse(self, index: int, worst: int) -> bool:
        """Tell whether a parameter differs by more than the worst so far; NaN by more than any."""
        if worst < 0:
            return True
        before = self._difference(worst)
        return not (np.isnan(before) or self._difference(index) <= before)


def _with(values: tuple, number: int, value: Figure) -> tuple:
    return (*values[:number], value, *values[number + 1 :])


def _frozen(array: np.ndarray) -> np.ndarray:
    view = array.view()
    view.flags.writeable = False
    return view
