"""What the scenario layer asks of a run's specification, whatever its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from nnsim.scenario.moments import When

if TYPE_CHECKING:
    from nnsim.scenario.measures import Condition, Measure
    from nnsim.training.diagnosis import Diagnosis


class Taker(Protocol):
    """Takes measures of a simulation where it stands."""

    def value(self, measure: Measure, condition: Condition | None = None) -> float | str:
        """Return what a measure says; NotMeasured where it has no value."""
        ...


class RunSpecification(Protocol):
    """One run of a scenario: frozen, complete, free of TOML and pydantic."""

    @property
    def seed(self) -> int:
        """Seed of all random numbers."""
        ...

    @property
    def dtype(self) -> str:
        """Precision of the arithmetic."""
        ...

    @property
    def non_finite(self) -> str:
        """forbidden or expected."""
        ...

    def steps_an_epoch_in(self, simulation: Any) -> int:
        """Return how many steps a pass over the data takes; 1 where there are no epochs."""
        ...

    def too_late(self, when: When) -> tuple[str, str] | None:
        """Return a message and what was expected for a time after the end."""
        ...

    def measure(self, text: str) -> Measure:
        """Take a measure's name apart."""
        ...

    def condition(self, text: str) -> Condition:
        """Take what `steps_until` waits for apart."""
        ...

    def moment(self, simulation: Any) -> Taker:
        """Return what takes measures of a simulation where it stands."""
        ...

    def judge(self, evaluations: Mapping[str, Any]) -> Diagnosis | None:
        """Return the bias / variance verdict, where there is one."""
        ...
