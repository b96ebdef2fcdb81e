"""The kind `averages`: exponentially weighted averages of a series (C2, C3, D4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from nnsim.data.mistakes import find_specification_mistakes
from nnsim.data.specification import DataSpecification
from nnsim.scenario.agreement import topic_mistakes
from nnsim.scenario.dials import Dial
from nnsim.scenario.key_types import Beta, Table
from nnsim.scenario.kinds.kind import Kind
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.models import ScenarioTable
from nnsim.scenario.preparing import Disagreement, Shelf
from nnsim.scenario.stepped import SteppedSpecification
from nnsim.simulations.averages.simulation import Curve, figure_names
from nnsim.simulations.stepped import MOST_STEPS

MOST_CURVES = 8
"""So many lines can be told apart."""


CurveName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z][A-Za-z0-9_]{0,19}$",
        json_schema_extra={"expected": "a word of at most 20 letters, digits and _: slow"},
    ),
]


class SeriesTable(BaseModel):
    """Where the series comes from: the first row of Y of a data source, in its order."""

    model_config = ConfigDict(
        strict=True, extra="allow", allow_inf_nan=False, use_attribute_docstrings=True
    )

    source: str = "temperatures"
    """Name of a data source whose Y are numbers; its options stand beside."""


class CurveTable(Table):
    """One average: v_t = beta v_{t-1} + (1 - beta) theta_t from v_0 = 0."""

    name: CurveName
    """A word: its figures are called so, slow.v and slow.average."""
    beta: Beta = 0.9
    """Weight of the past; about 1 / (1 - beta) values count."""
    corrected: bool = False
    """Show v_t / (1 - beta^t) instead of v_t: bias correction."""
    correction_stored: bool = False
    """Fault: the corrected value is written back into v."""


class AveragesTable(Table):
    """The series and its averages."""

    curves: Annotated[list[CurveTable], Field(min_length=1, max_length=MOST_CURVES)]
    """The averages, each with its own beta; also as [[averages.curves]]."""
    values: Annotated[list[float], Field(min_length=1, max_length=MOST_STEPS)] | None = None
    """The series written down, instead of [data]."""
    steps: Annotated[int, Field(ge=1, le=MOST_STEPS)] | None = None
    """How many values to take: all of them where it is left out. The last of `values` goes on
    where they are fewer."""


class AveragesTables(Table):
    """A scenario of weighted averages."""

    scenario: ScenarioTable
    """What the scenario is about, its seed and precision."""
    averages: AveragesTable
    """The averages, and the series where it is written down."""
    data: SeriesTable = SeriesTable()
    """The series where it comes from a data source."""


@dataclass(frozen=True)
class AveragesSpecification(SteppedSpecification):
    """Everything one run needs."""

    curves: tuple[Curve, ...]
    values: tuple[float, ...] | None
    data: DataSpecification
    planned: int | None
    """Values to take; None for all that the data have."""

    @property
    def steps(self) -> int | None:
        """Values to take, as far as they are known before the data."""
        if self.planned is None and self.values is not None:
            return len(self.values)
        return self.planned

    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Return the names of all figures; all are numbers."""
        return dict.fromkeys(figure_names(self.curves), ())


def disagreements(tables: AveragesTables) -> Iterator[Mistake]:
    """Yield every mistake between the keys of one run."""
    yield from topic_mistakes(tables.scenario)
    averages = tables.averages
    curves: KeyPath = ("averages", "curves")
    names = [curve.name for curve in averages.curves]
    for i, curve in enumerate(averages.curves):
        if curve.name in names[:i]:
            yield Mistake(
                (*curves, i, "name"), f"there is a curve {curve.name!r} before", "another name"
            )
        if curve.corrected and curve.correction_stored:
            yield Mistake(
                (*curves, i, "correction_stored"),
                "given beside corrected = true",
                "one of them: the correction is either shown or, wrongly, stored",
            )
    values: KeyPath = ("averages", "values")
    if averages.values is None:
        for problem in find_specification_mistakes(_data(tables.data)):
            path: KeyPath = ("data", *problem.key.split(".", 1))
            source: KeyPath = ("data", "source")
            between = () if path == source else (source, path)
            yield Mistake(path, problem.message, problem.expected, problem.suggestion, between)
    elif "data" in tables.model_fields_set:
        message = "given beside [data]"
        yield Mistake(values, message, "either values or [data]", between=(values, ("data",)))


def specify(tables: AveragesTables) -> AveragesSpecification:
    """Return the specification that valid tables describe."""
    about, averages = tables.scenario, tables.averages
    values = averages.values
    return AveragesSpecification(
        seed=about.seed,
        dtype=about.dtype,
        non_finite=about.non_finite,
        curves=tuple(_curve(table) for table in averages.curves),
        values=None if values is None else tuple(map(float, values)),
        data=_data(tables.data),
        planned=averages.steps,
    )


def prepare(run: AveragesSpecification, folder: Path | None, shelf: Shelf) -> Any:
    """Return the `AveragesSimulation` of a run.

    Raises
    ------
    Disagreement
        The data have no row of numbers, or fewer values than are to be taken.
    DataError, SizeError, MissingExtraError
        From loading the data.
    """
    from nnsim.simulations.averages.simulation import AveragesSimulation

    if run.values is not None:
        return AveragesSimulation(run.values, run.curves, run.planned, run.dtype)

    from nnsim.data.loading import load_data
    from nnsim.kernels.codes import Task

    data = shelf.get(repr((run.data, run.seed)), lambda: load_data(run.data, run.seed, folder))
    series = data.train.Y
    source = ("data", "source")
    if data.task != Task.REGRESSION or len(series) != 1:
        message = f"{run.data.source} has no series to average"
        raise Disagreement([Mistake(source, message, "a source with one number an example")])
    if run.planned is not None and run.planned > series.shape[1]:
        message = f"the data have {series.shape[1]} values"
        expected = f"at most {series.shape[1]}, or more data"
        raise Disagreement([Mistake(("averages", "steps"), message, expected)])
    name = data.target_names[0] if data.target_names else "value"
    return AveragesSimulation(series[0], run.curves, run.planned, run.dtype, name)


def _curve(table: CurveTable) -> Curve:
    form = "stored" if table.correction_stored else "corrected" if table.corrected else "plain"
    return Curve(table.name, table.beta, form)


def _data(table: SeriesTable) -> DataSpecification:
    """Return the series' data, all of them and in their order."""
    return DataSpecification(table.source, dict(table.model_extra or {}), shuffle=False)


KIND = Kind(
    name="averages",
    summary="Averages a series with weights that fade into the past.",
    tables=AveragesTables,
    placeholders={
        ("scenario",): {"title": "untitled"},
        ("scenario", "title"): "untitled",
        ("averages",): {"curves": [{"name": "curve"}]},
        ("averages", "curves"): [{"name": "curve"}],
    },
    disagreements=disagreements,
    specify=specify,
    prepare=prepare,
    length="averages.steps",
    dials=(
        Dial(
            "beta",
            "averages.curves[0].beta",
            "beta of the first curve",
            "The weight of the past: about 1 / (1 - beta) values count.",
            (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999),
        ),
        Dial(
            "corrected",
            "averages.curves[0].corrected",
            "Bias correction of the first curve",
            "Shows v / (1 - beta^t) instead of v.",
            (False, True),
        ),
    ),
)
