"""The kind `diagnosis`: errors of networks to verdict and remedy (B2, B3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from nnsim.scenario.agreement import topic_mistakes
from nnsim.scenario.dials import Dial
from nnsim.scenario.key_types import Share, Table
from nnsim.scenario.kinds.kind import Kind
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.models import ScenarioTable
from nnsim.scenario.preparing import Shelf
from nnsim.scenario.stepped import SteppedSpecification
from nnsim.simulations.diagnosis import FIGURES, WORDS, Case, Thresholds

MOST_CASES = 100
CASES: KeyPath = ("diagnosis", "cases")


class CaseTable(Table):
    """The errors of one network, as shares: 0.11 is 11 %."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    """Shown beside its bars."""
    train: Share
    """Error on the training set."""
    dev: Share
    """Error on the dev set."""
    bayes: Share | None = None
    """Bayes error of this case, if it differs from the table's."""


class CasesTable(Table):
    """Cases to judge, and what they are judged by."""

    cases: Annotated[list[CaseTable], Field(min_length=1, max_length=MOST_CASES)]
    """The cases in order; also as [[diagnosis.cases]]."""
    bayes: Share = 0.0
    """Bayes error of all cases: the best error anyone could reach."""
    bias_threshold: Share = 0.05
    """Bias is high when the train error is above the Bayes error by more than this."""
    variance_threshold: Share = 0.05
    """Variance is high when the dev error is above the train error by more than this."""


class CasesTables(Table):
    """A scenario that judges errors."""

    scenario: ScenarioTable
    """What the scenario is about."""
    diagnosis: CasesTable
    """The cases and the thresholds."""


@dataclass(frozen=True)
class DiagnosisSpecification(SteppedSpecification):
    """Everything one run needs."""

    cases: tuple[Case, ...]
    thresholds: Thresholds

    @property
    def steps(self) -> int:
        """Cases to judge."""
        return len(self.cases)

    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Return the names of all figures, two of them words."""
        return {**WORDS, **dict.fromkeys(FIGURES, ())}


def disagreements(tables: CasesTables) -> Iterator[Mistake]:
    """Yield every mistake between the keys of one run."""
    yield from topic_mistakes(tables.scenario)
    names = [case.name for case in tables.diagnosis.cases]
    for i, name in enumerate(names):
        if name in names[:i]:
            yield Mistake((*CASES, i, "name"), f"there is a case {name!r} before", "another name")


def specify(tables: CasesTables) -> DiagnosisSpecification:
    """Return the specification that valid tables describe."""
    about, table = tables.scenario, tables.diagnosis
    return DiagnosisSpecification(
        seed=about.seed,
        dtype=about.dtype,
        non_finite=about.non_finite,
        cases=tuple(
            Case(
                each.name,
                float(each.train),
                float(each.dev),
                float(table.bayes if each.bayes is None else each.bayes),
            )
            for each in table.cases
        ),
        thresholds=Thresholds(float(table.bias_threshold), float(table.variance_threshold)),
    )


def prepare(run: DiagnosisSpecification, folder: Path | None, shelf: Shelf) -> Any:
    """Return the `DiagnosisSimulation` of a run."""
    from nnsim.simulations.diagnosis import DiagnosisSimulation

    return DiagnosisSimulation(run.cases, run.thresholds)


_CASE = {"name": "case", "train": 0.0, "dev": 0.0}

KIND = Kind(
    name="diagnosis",
    summary="Judges train and dev errors: bias, variance, and what to do next.",
    tables=CasesTables,
    placeholders={
        ("scenario",): {"title": "untitled"},
        ("scenario", "title"): "untitled",
        ("diagnosis",): {"cases": [_CASE]},
        ("diagnosis", "cases"): [_CASE],
    },
    disagreements=disagreements,
    specify=specify,
    prepare=prepare,
    dials=(
        Dial(
            "bayes",
            "diagnosis.bayes",
            "Bayes error",
            "The best error anyone could reach, as a share.",
            (0.0, 0.01, 0.05, 0.1, 0.15),
        ),
        Dial(
            "bias_threshold",
            "diagnosis.bias_threshold",
            "Bias is high above",
            "As a share: train error - Bayes error.",
            (0.01, 0.02, 0.05, 0.1),
        ),
        Dial(
            "variance_threshold",
            "diagnosis.variance_threshold",
            "Variance is high above",
            "As a share: dev error - train error.",
            (0.01, 0.02, 0.05, 0.1),
        ),
    ),
)
