"""The kind `derivative`: one- and two-sided differences against epsilon (B12)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from nnsim.scenario.agreement import topic_mistakes
from nnsim.scenario.dials import Dial
from nnsim.scenario.key_types import Table, Text
from nnsim.scenario.kinds.kind import Kind
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.models import ScenarioTable
from nnsim.scenario.preparing import Shelf
from nnsim.scenario.stepped import SteppedSpecification
from nnsim.simulations.derivative.simulation import FIGURES, VARIABLE, Function
from nnsim.simulations.formula import FormulaError, read_formula

Epsilon = Annotated[float, Field(gt=1e-300, le=1e6)]
Decade = Annotated[int, Field(ge=-300, le=6)]
FORMULA: KeyPath = ("derivative", "formula")
AT: KeyPath = ("derivative", "at")


class DerivativeTable(Table):
    """f, where its slope is asked for, and the epsilons to try."""

    formula: Text
    """f of theta, such as "theta**3": numbers, pi, e, + - * / **, brackets and the functions
    exp, log, sqrt, sin, cos, tanh, abs, sign."""
    at: Annotated[float, Field(ge=-1e6, le=1e6)] = 1.0
    """theta, where the derivative is asked for."""
    epsilons: Annotated[list[Epsilon], Field(min_length=1, max_length=1000)] | None = None
    """The epsilons in the order in which they are tried, instead of the decades below."""
    first_decade: Decade = -1
    """Begin with epsilon = 10^first_decade."""
    last_decade: Decade = -12
    """End with epsilon = 10^last_decade, smaller or larger than the first."""
    per_decade: Annotated[int, Field(ge=1, le=20)] = 1
    """How many epsilons from one power of ten to the next."""


class DerivativeTables(Table):
    """A scenario of a numerical derivative."""

    scenario: ScenarioTable
    """What the scenario is about, its seed and precision."""
    derivative: DerivativeTable
    """f, theta and the epsilons."""


@dataclass(frozen=True)
class DerivativeSpecification(SteppedSpecification):
    """Everything one run needs."""

    formula: str
    at: float
    epsilons: tuple[float, ...]

    @property
    def steps(self) -> int:
        """Epsilons to try."""
        return len(self.epsilons)

    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Return the names of all figures; all are numbers."""
        return dict.fromkeys(FIGURES, ())


def disagreements(tables: DerivativeTables) -> Iterator[Mistake]:
    """Yield every mistake between the keys of one run."""
    yield from topic_mistakes(tables.scenario)
    table = tables.derivative
    try:
        read_formula(table.formula, (VARIABLE,))
    except FormulaError as error:
        place = f"column {error.column}: " if error.column is not None else ""
        yield Mistake(FORMULA, f"{place}{error.message}", error.expected)
    else:
        yield from _no_slope(tables)
    given = table.model_fields_set
    if "epsilons" in given:
        for name in ("first_decade", "last_decade", "per_decade"):
            if name in given and table.epsilons is not None:
                path: KeyPath = ("derivative", name)
                message = "has no effect beside epsilons"
                between = (("derivative", "epsilons"), path)
                yield Mistake(path, message, "either epsilons or decades", between=between)


def _no_slope(tables: DerivativeTables) -> Iterator[Mistake]:
    function = Function(tables.derivative.formula, tables.scenario.dtype)
    at = tables.derivative.at
    value, slope = float(function(at)), function.slopes(at)[0]
    if not (math.isfinite(value) and math.isfinite(slope)):
        yield Mistake(
            AT,
            f"f({at:g}) is {value:g} and its derivative there {slope:g}",
            "a theta where both are finite",
            between=(FORMULA, AT),
        )


def epsilons_of(table: DerivativeTable) -> tuple[float, ...]:
    """Return the epsilons of a table, as written down or from decade to decade."""
    if table.epsilons is not None:
        return tuple(map(float, table.epsilons))
    first, last, each = table.first_decade, table.last_decade, table.per_decade
    sign = -1 if last < first else 1
    count = abs(last - first) * each
    # float("1e-5") is the nearest number to 10^-5; 10.0 ** -5 need not be.
    return tuple(
        float(f"1e{first + sign * k // each}")
        if k % each == 0
        else 10.0 ** (first + sign * k / each)
        for k in range(count + 1)
    )


def specify(tables: DerivativeTables) -> DerivativeSpecification:
    """Return the specification that valid tables describe."""
    about, table = tables.scenario, tables.derivative
    return DerivativeSpecification(
        seed=about.seed,
        dtype=about.dtype,
        non_finite=about.non_finite,
        formula=table.formula,
        at=float(table.at),
        epsilons=epsilons_of(table),
    )


def prepare(run: DerivativeSpecification, folder: Path | None, shelf: Shelf) -> Any:
    """Return the `DerivativeSimulation` of a run."""
    from nnsim.simulations.derivative.simulation import DerivativeSimulation

    return DerivativeSimulation(run.formula, run.at, run.epsilons, run.dtype)


KIND = Kind(
    name="derivative",
    summary="Compares differences with the derivative, one epsilon after the other.",
    tables=DerivativeTables,
    placeholders={
        ("scenario",): {"title": "untitled"},
        ("scenario", "title"): "untitled",
        ("derivative",): {"formula": VARIABLE},
        ("derivative", "formula"): VARIABLE,
    },
    disagreements=disagreements,
    specify=specify,
    prepare=prepare,
    dials=(
        Dial("at", "derivative.at", "theta", "Where the derivative is asked for.", (0.5, 1.0, 2.0)),
        Dial(
            "formula",
            "derivative.formula",
            "f",
            "The function of theta.",
            ("theta**3", "theta**2", "exp(theta)", "sin(theta)", "1 / theta"),
        ),
        Dial(
            "dtype",
            "scenario.dtype",
            "Precision",
            "How finely f is rounded.",
            ("float64", "float32"),
        ),
    ),
)
