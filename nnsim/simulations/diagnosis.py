"""Train and dev errors to verdict and remedy, a case a step (course topics B2, B3). No Numba."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nnsim.simulations.remark import Remark, figure
from nnsim.simulations.stepped import Figure, Stepped
from nnsim.training.diagnosis import VERDICTS, diagnose

PHASES = ("bias", "variance", "verdict", "remedy")
REMEDIES = {
    "bias": "bigger network or longer training",
    "variance": "more data or regularisation",
    "both": "bigger network or longer training",
    "neither": "done",
}
"""What the recipe (B3) says to do next: with both, the bias first."""
HIGH = {
    "bias": "High bias",
    "variance": "High variance",
    "both": "High bias and variance",
    "neither": "Neither is high",
}
FIGURES = ("train", "dev", "bayes", "bias", "variance")
WORDS = {"verdict": VERDICTS, "remedy": tuple(dict.fromkeys(REMEDIES.values()))}
"""Figures that are words, and the words there are."""


@dataclass(frozen=True)
class Case:
    """The errors of one network, as shares: 0.11 is 11 %."""

    name: str
    train: float
    dev: float
    bayes: float = 0.0
    """The best error anyone could reach."""


@dataclass(frozen=True)
class Thresholds:
    """From where on a difference is high."""

    bias: float = 0.05
    variance: float = 0.05


@dataclass(frozen=True)
class State:
    """One case judged."""

    case: Case
    bias: float = math.nan
    """train - bayes: the avoidable bias."""
    variance: float = math.nan
    """dev - train."""
    verdict: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class DiagnosisSnapshot:
    """What is shown of a moment."""

    step: int
    phase: int
    cases: tuple[State, ...]
    """All cases up to the one that is looked at; of a begun step the last is under way, and its
    first `phase` phases are done."""
    thresholds: Thresholds
    names: tuple[str, ...]
    """Of all cases."""


NOBODY = Case("", math.nan, math.nan, math.nan)


class DiagnosisSimulation(Stepped[State]):
    """Judges one case after the other.

    Parameters
    ----------
    cases : sequence of Case
        In order.
    thresholds : Thresholds
        Course topic B2 judges by eye; 5 percentage points are ours.

    Raises
    ------
    ValueError
        No case, or an error outside 0 to 1.
    """

    KIND = "diagnosis"
    phases = PHASES

    def __init__(self, cases: Sequence[Case], thresholds: Thresholds | None = None) -> None:
        self.cases = tuple(cases)
        self.thresholds = thresholds or Thresholds()
        if not self.cases:
            raise ValueError("diagnosis: there are no cases; expected one or more")
        for case in self.cases:
            self._judged(case)
        super().__init__(len(self.cases))

    def begin(self) -> State:
        """No case has been looked at."""
        return State(NOBODY)

    def after(self, state: State, step: int) -> State:
        """Judge the next case."""
        return self._judged(self.cases[step - 1])

    def _judged(self, case: Case) -> State:
        found = diagnose(
            case.train, case.dev, case.bayes, self.thresholds.bias, self.thresholds.variance
        )
        remedy = REMEDIES[found.verdict]
        return State(case, found.bias, found.variance, found.verdict, remedy)

    def figures_of(self, state: State, step: int) -> dict[str, Figure]:
        """Return the errors, their differences, and what follows from them."""
        case = state.case
        return {
            "verdict": state.verdict,
            "remedy": state.remedy,
            "train": case.train,
            "dev": case.dev,
            "bayes": case.bayes,
            "bias": state.bias,
            "variance": state.variance,
        }

    def snapshot(self) -> DiagnosisSnapshot:
        """Return what is shown now."""
        seen = self.position.step + (self.position.phase > 0)
        return DiagnosisSnapshot(
            step=self.position.step,
            phase=self.position.phase,
            cases=tuple(self._states[1 : seen + 1]),
            thresholds=self.thresholds,
            names=tuple(case.name for case in self.cases),
        )

    def remarks(self) -> tuple[Remark, ...]:
        """Return the verdict on the last case judged."""
        state = self.state
        if not state.verdict:
            return ()
        case = state.case
        how = (
            f"Bias is train - Bayes = {_percent(case.train)} - {_percent(case.bayes)} = "
            f"{_points(state.bias)}, high above {_points(self.thresholds.bias)}. Variance is dev - "
            f"train = {_percent(case.dev)} - {_percent(case.train)} = {_points(state.variance)}, "
            f"high above {_points(self.thresholds.variance)}."
        )
        advice = "Nothing is left to do." if state.remedy == "done" else f"Next: {state.remedy}."
        text = (
            f"{HIGH[state.verdict]}: train {_percent(case.train)}, dev {_percent(case.dev)}, "
            f"Bayes {_percent(case.bayes)}."
        )
        return (Remark(state.verdict, text, how, advice, "B2", 1),)


def _percent(share: float) -> str:
    return f"{figure(100 * share)} %"


def _points(share: float) -> str:
    """Return a difference of shares in percentage points."""
    return f"{figure(100 * share)} points"
