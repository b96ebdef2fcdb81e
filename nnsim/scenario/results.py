"""What came of running a scenario: frozen, and free of the simulations that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nnsim.errors import ExitCode

if TYPE_CHECKING:
    from nnsim.simulations.stepped import SteppedHistory
    from nnsim.simulations.training import Evaluation, NonFinite
    from nnsim.training.diagnosis import Diagnosis
    from nnsim.training.history import History


@dataclass(frozen=True)
class VariantResult:
    """One run of a scenario, as it stood at its end."""

    name: str
    summary: str
    seed: int
    dtype: str
    status: str
    """finished, stopped early, non-finite; ready where it was interrupted."""
    step: int
    """Updates done."""
    steps: int
    """Updates planned."""
    best_step: int | None
    """With early stopping: the step of the best dev cost, whose parameters these are."""
    non_finite: NonFinite | None
    """Where NaN or infinity appeared first."""
    non_finite_expected: bool
    final: Any
    """The last snapshot; of training, arrays and figures by name: final.arrays["W1"]."""
    figures: Mapping[str, float | str]
    """Of other kinds than training: every figure at the end, the main one first."""
    evaluations: dict[str, Evaluation]
    """Cost, accuracy ... of train, dev and test; an empty set is absent."""
    history: History | SteppedHistory
    """Figures over steps: history.curve["cost"], history.records["dev_accuracy"]."""
    diagnosis: Diagnosis | None
    """Bias or variance; None without classes or a dev set."""
    seconds: float

    @property
    def arrays(self) -> dict[str, Any]:
        """The final arrays by name: W1, b1, A1, dW1 ...; only training has them."""
        return getattr(self.final, "arrays", {})


@dataclass(frozen=True)
class ExpectationResult:
    """One expectation, judged."""

    variant: str
    metric: str
    at: str
    """start, step 100, epoch 3 or end."""
    comparison: str
    expected: float | str | None
    """The figure or word compared with; None where it was not measured."""
    measured: float | str | None
    """None where it was not measured."""
    kept: bool | None
    """None where it could not be judged: interrupted, shortened, or its variant not run."""
    text: str
    """The expectation in a line."""
    because: str
    """Why it must be so."""
    reason: str = ""
    """Why it was not measured."""
    line: int | None = None


@dataclass(frozen=True)
class ScenarioResult:
    """All runs of a scenario and its expectations."""

    name: str
    title: str
    topics: tuple[str, ...]
    path: str
    seed: int
    dtype: str
    variants: dict[str, VariantResult]
    expectations: tuple[ExpectationResult, ...]
    interrupted: bool
    seconds: float
    kind: str = "training"

    def non_finite_unexpected(self, variant: str) -> bool:
        """Tell whether NaN or infinity stopped a variant that was not meant to meet them."""
        found = self.variants[variant]
        return found.non_finite is not None and not found.non_finite_expected

    @property
    def missed(self) -> tuple[ExpectationResult, ...]:
        """The expectations that did not hold."""
        return tuple(each for each in self.expectations if each.kept is False)

    @property
    def ok(self) -> bool:
        """Whether everything ran and every expectation was kept."""
        return self.exit_code is ExitCode.OK

    @property
    def exit_code(self) -> ExitCode:
        """What the command line says about this scenario alone."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if any(self.non_finite_unexpected(name) for name in self.variants):
            return ExitCode.NON_FINITE
        return ExitCode.EXPECTATION_MISSED if self.missed else ExitCode.OK
