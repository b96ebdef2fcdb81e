"""The kind `vectorization`: loop against matrix form of one gradient (topic A4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from nnsim.scenario.agreement import topic_mistakes
from nnsim.scenario.dials import Dial
from nnsim.scenario.key_types import OneOf, Table
from nnsim.scenario.kinds.kind import Kind
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.models import ScenarioTable
from nnsim.scenario.preparing import Shelf
from nnsim.scenario.stepped import SteppedSpecification
from nnsim.simulations.vectorization.snapshot import MOST_NUMBERS, figure_names

MOST_EXAMPLES = 10_000
"""Each is a step, of which the figures are kept."""
TABLE = "vectorization"
WRITTEN = ("X", "Y", "w", "b")
MOST_SIZE = 30.0
"""Of z written down: beyond, 1 - a is 0 in float64 and its logarithm does not exist."""

FORMS = ("right", "mean_forgotten", "labels_as_column")
"""As in `nnsim.simulations.vectorization.forms`."""
MOST_SQUARED = 1000
"""Examples at most where Y is a column: A - Y has so many rows and columns."""

FormName = Annotated[str, OneOf("matrix form", FORMS)]
Size = Annotated[float, Field(ge=-1000, le=1000)]
Numbers = Annotated[list[Size], Field(min_length=1, max_length=MOST_EXAMPLES)]


class VectorizationTable(Table):
    """The numbers: drawn, so many examples and features, or written down as X, Y, w and b.

    What is drawn: X from N(0, 1), Y by a line through it with some noise, w and b.
    """

    examples: Annotated[int, Field(ge=1, le=MOST_EXAMPLES)] = 100
    """m, where X is drawn: the loop takes one a step."""
    features: Annotated[int, Field(ge=1, le=10_000)] = 3
    """n_x, where X is drawn: the inner loops go over them."""
    X: Annotated[list[Numbers], Field(min_length=1, max_length=100)] | None = None
    """X written down: n_x rows of m numbers, one example a column."""
    Y: Annotated[list[Annotated[int, Field(ge=0, le=1)]], Field(min_length=1)] | None = None
    """Y written down: m labels, 0 or 1."""
    w: Numbers | None = None
    """w written down: n_x numbers."""
    b: Size | None = None
    """b written down."""
    form: FormName = "right"
    """The matrix form: right, mean_forgotten (dw and db without 1/m), labels_as_column (Y is
    (m, 1), and A - Y becomes (m, m))."""


class VectorizationTables(Table):
    """A scenario that compares the loop with the matrix form."""

    scenario: ScenarioTable
    """What the scenario is about, and its seed."""
    vectorization: VectorizationTable = VectorizationTable()
    """How many numbers there are."""


@dataclass(frozen=True)
class Given:
    """Numbers written down."""

    X: tuple[tuple[float, ...], ...]
    Y: tuple[int, ...]
    w: tuple[float, ...]
    b: float


@dataclass(frozen=True)
class VectorizationSpecification(SteppedSpecification):
    """Everything one run needs."""

    examples: int
    features: int
    form: str
    given: Given | None = None
    """X, Y, w and b where they are written down."""

    @property
    def steps(self) -> int:
        """A step an example, and one for the matrix form."""
        return self.examples + 1

    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Return the names of all figures; all are numbers."""
        return dict.fromkeys(figure_names(self.features), ())


def disagreements(tables: VectorizationTables) -> Iterator[Mistake]:
    """Yield every mistake between the keys of one run."""
    yield from topic_mistakes(tables.scenario)
    if tables.scenario.dtype != "float64":
        message = f"{tables.scenario.dtype} is no precision that the loop can have"
        yield Mistake(("scenario", "dtype"), message, "float64, as all of Python's numbers")
    sizes = tables.vectorization
    if sizes.form == "labels_as_column" and sizes.examples > MOST_SQUARED:
        message = f"{sizes.examples} examples make an A - Y of {sizes.examples**2} numbers"
        path = (TABLE, "examples")
        yield Mistake(path, message, f"at most {MOST_SQUARED}", between=(path, (TABLE, "form")))
    written = [name for name in WRITTEN if getattr(sizes, name) is not None]
    if written:
        yield from _written(sizes, written)
        return
    examples, features = ("vectorization", "examples"), ("vectorization", "features")
    count = sizes.examples * sizes.features
    if count > MOST_NUMBERS:
        message = f"{sizes.examples} examples of {sizes.features} features are {count} numbers"
        expected = f"at most {MOST_NUMBERS}: the loop is slow"
        path = features if "features" in sizes.model_fields_set else examples
        yield Mistake(path, message, expected, between=(examples, features))


def _written(table: VectorizationTable, written: list[str]) -> Iterator[Mistake]:
    """Yield what is wrong with numbers written down."""
    for name in WRITTEN:
        if name not in written:
            yield Mistake(
                (TABLE, name), "missing", f"all of X, Y, w and b, or none: there is {written[0]}"
            )
    for name in ("examples", "features"):
        if name in table.model_fields_set:
            path = (TABLE, name)
            yield Mistake(path, "has no effect beside X", "X alone says it", between=(path,))
    X, Y, w = table.X, table.Y, table.w
    if X is None or Y is None or w is None or table.b is None:
        return
    m = len(X[0])
    for i, row in enumerate(X):
        if len(row) != m:
            message = f"row {i + 1} has {len(row)} numbers"
            yield Mistake((TABLE, "X", i), message, f"{m}, as in row 1")
            return
    if len(Y) != m:
        yield Mistake((TABLE, "Y"), f"has {len(Y)} labels", f"{m}, the columns of X")
    elif len(w) != len(X):
        yield Mistake((TABLE, "w"), f"has {len(w)} numbers", f"{len(X)}, the rows of X")
    else:
        for i in range(m):
            z = sum(row[i] * weight for row, weight in zip(X, w, strict=True)) + table.b
            if abs(z) > MOST_SIZE:
                message = f"z of example {i + 1} is {z:g}: log(1 - a) or log(a) does not exist"
                yield Mistake(
                    (TABLE, "w"), message, f"z = w^T x + b between -{MOST_SIZE:g} and {MOST_SIZE:g}"
                )
                return


def specify(tables: VectorizationTables) -> VectorizationSpecification:
    """Return the specification that valid tables describe."""
    about, sizes = tables.scenario, tables.vectorization
    given = None
    examples, features = sizes.examples, sizes.features
    if sizes.X and sizes.Y and sizes.w and sizes.b is not None:
        rows = tuple(tuple(map(float, row)) for row in sizes.X)
        given = Given(rows, tuple(sizes.Y), tuple(map(float, sizes.w)), float(sizes.b))
        examples, features = len(rows[0]), len(rows)
    return VectorizationSpecification(
        seed=about.seed,
        dtype=about.dtype,
        non_finite=about.non_finite,
        examples=examples,
        features=features,
        form=sizes.form,
        given=given,
    )


def prepare(run: VectorizationSpecification, folder: Path | None, shelf: Shelf) -> Any:
    """Return the `VectorizationSimulation` of a run."""
    from nnsim.data.drawing import Drawing
    from nnsim.simulations.vectorization.simulation import VectorizationSimulation

    if run.given:
        given = run.given
        X, Y = np.array(given.X), np.array([given.Y], float)
        return VectorizationSimulation(X, Y, np.array(given.w)[:, np.newaxis], given.b, run.form)
    drawing = Drawing(run.seed)
    scale = run.features**-0.5
    X = drawing.normal(run.features, run.examples)
    truth = scale * drawing.normal(1, run.features)
    Y = (truth @ X + 0.5 * drawing.normal(1, run.examples) > 0).astype(float)
    w = scale * drawing.normal(run.features, 1)
    b = float(drawing.normal(1)[0])
    return VectorizationSimulation(X, Y, w, b, run.form)


KIND = Kind(
    name="vectorization",
    summary="Computes one gradient with loops and with matrices, and compares.",
    tables=VectorizationTables,
    placeholders={
        ("scenario",): {"title": "untitled"},
        ("scenario", "title"): "untitled",
    },
    disagreements=disagreements,
    specify=specify,
    prepare=prepare,
    dials=(
        Dial(
            "examples",
            "vectorization.examples",
            "Examples m",
            "The loop takes one a step; the matrix form takes them all at once.",
            (1, 3, 10, 30, 100, 300, 1000, 3000),
        ),
        Dial(
            "features",
            "vectorization.features",
            "Features n_x",
            "The inner loops go over them.",
            (1, 2, 3, 10, 30, 100, 300),
        ),
        Dial(
            "form",
            "vectorization.form",
            "Matrix form",
            "The right one, or one with a bug for the loop to find.",
            FORMS,
        ),
    ),
)
