"""What came of one scenario of a run: a result, or the error that stopped it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnsim.errors import ExitCode

if TYPE_CHECKING:
    from nnsim.scenario import ScenarioResult

GRAVEST_FIRST = (
    ExitCode.INTERRUPTED,
    ExitCode.BAD_INPUT,
    ExitCode.MISSING,
    ExitCode.NON_FINITE,
    ExitCode.EXPECTATION_MISSED,
)


@dataclass(frozen=True)
class Outcome:
    """One scenario's part in a run; small enough to travel between processes."""

    name: str
    path: str
    result: ScenarioResult | None = None
    error: str = ""
    """Why there is no result."""
    error_code: ExitCode = ExitCode.OK
    seconds: float = 0.0
    title: str = ""
    kind: str = ""
    topics: tuple[str, ...] = ()
    """What it would have been about, where there is no result to say so."""

    @property
    def missed(self) -> int:
        """Number of expectations that did not hold."""
        return sum(each.kept is False for each in self.result.expectations) if self.result else 0

    @property
    def non_finite(self) -> bool:
        """Whether NaN or infinity appeared where the scenario expected none."""
        return self.result is not None and any(
            self.result.non_finite_unexpected(name) for name in self.result.variants
        )

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C stopped it."""
        return self.error_code is ExitCode.INTERRUPTED or bool(
            self.result and self.result.interrupted
        )

    @property
    def exit_code(self) -> ExitCode:
        """What this scenario alone would make of the exit code."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if self.result is None:
            return self.error_code
        if self.non_finite:
            return ExitCode.NON_FINITE
        return ExitCode.EXPECTATION_MISSED if self.missed else ExitCode.OK


def exit_code_of(outcomes: Iterable[Outcome]) -> ExitCode:
    """Return the gravest exit code among the outcomes: see GRAVEST_FIRST."""
    codes = {outcome.exit_code for outcome in outcomes}
    return next((code for code in GRAVEST_FIRST if code in codes), ExitCode.OK)
