"""The tables of the kind `descent`: the surface, and what goes down it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from nnsim.kernels.codes import BiasCorrection, names_of
from nnsim.scenario.key_types import (
    Beta,
    NotNegative,
    OneOf,
    OptimizerName,
    Table,
)
from nnsim.scenario.models import ScenarioTable, ScheduleTable
from nnsim.simulations.descent.surfaces import SURFACES
from nnsim.simulations.stepped import MOST_STEPS

MOST_PATHS = 11
"""As many as there are optimizers."""

_NAME = r"^[A-Za-z][A-Za-z0-9_]{0,19}$"
PathName = Annotated[
    str,
    Field(
        pattern=_NAME,
        json_schema_extra={"expected": "a word of at most 20 letters, digits and _: adam"},
    ),
]
VariableName = Annotated[
    str,
    Field(
        pattern=_NAME,
        json_schema_extra={"expected": "a name of at most 20 letters, digits and _: w1"},
    ),
]
SurfaceName = Annotated[str, OneOf("surface", tuple(SURFACES))]
CorrectionName = Annotated[str, OneOf("bias correction", names_of(BiasCorrection))]
LearningRate = Annotated[float, Field(ge=0, le=1e9)]
Coordinate = Annotated[float, Field(ge=-1e100, le=1e100)]
Place = Annotated[list[Coordinate], Field(min_length=1, max_length=2)]


class PathTable(Table):
    """One path; what it leaves out is as in [descent]."""

    name: PathName
    """A word: its figures are called so, adam.J and adam.w1."""
    start: Place | None = None
    """Where it begins, a number a variable."""
    optimizer: OptimizerName | None = None
    """The update rule."""
    learning_rate: LearningRate | None = None
    """alpha."""
    beta1: Beta | None = None
    """Momentum's beta; the first beta of Adam's kind."""
    beta2: Beta | None = None
    """RMSprop's beta; the second beta of Adam's kind."""
    epsilon: NotNegative | None = None
    """Keeps the division by sqrt(s) finite."""
    epsilon_inside: bool | None = None
    """Epsilon inside the square root instead of beside it."""
    bias_correction: CorrectionName | None = None
    """Adam's kind: divided; the mistakes are none, multiplied and stored."""
    weight_decay: NotNegative | None = None
    """adamw, lion: decoupled weight decay."""
    noise: NotNegative | None = None
    """Standard deviation of the noise on each entry of the gradient."""
    schedule: ScheduleTable | None = None
    """Learning-rate schedule; a step counts as an epoch."""


class DescentTable(Table):
    """The surface, and the defaults of all paths."""

    surface: SurfaceName | None = None
    """A built-in surface; give this or `formula`."""
    formula: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    """J as text: "w**2 - 10*w + 25"; give this or `surface`."""
    variables: Annotated[list[VariableName], Field(min_length=1, max_length=2)] | None = None
    """Of the formula: one or two names."""
    constants: Annotated[dict[str, Coordinate], Field(max_length=20)] = Field(default_factory=dict)
    """Other names in the formula, with their values: { x0 = 1, x1 = -10, x2 = 25 }."""
    minima: Annotated[list[Place], Field(max_length=20)] = Field(default_factory=list)
    """Where the formula is lowest, if that is known; for the figure `distance`."""
    window: (
        Annotated[
            list[Annotated[list[Coordinate], Field(min_length=2, max_length=2)]],
            Field(min_length=1, max_length=2),
        ]
        | None
    ) = None
    """What is drawn: [lowest, highest] of each variable."""
    steps: Annotated[int, Field(ge=1, le=MOST_STEPS)] = 100
    """Length of the run."""
    start: Place | None = None
    """Where paths begin; the built-in surface's start where it is left out."""
    optimizer: OptimizerName = "sgd"
    """The update rule."""
    learning_rate: LearningRate = 0.01
    """alpha."""
    beta1: Beta = 0.9
    """Momentum's beta; the first beta of Adam's kind."""
    beta2: Beta = 0.999
    """RMSprop's beta; the second beta of Adam's kind."""
    epsilon: NotNegative = 1e-8
    """Keeps the division by sqrt(s) finite."""
    epsilon_inside: bool = False
    """Epsilon inside the square root instead of beside it."""
    bias_correction: CorrectionName = "divided"
    """Adam's kind: divided; the mistakes are none, multiplied and stored."""
    weight_decay: NotNegative = 0.0
    """adamw, lion: decoupled weight decay."""
    noise: NotNegative = 0.0
    """Standard deviation of the noise on each entry of the gradient."""
    schedule: ScheduleTable = Field(default_factory=ScheduleTable)
    """Learning-rate schedule; a step counts as an epoch."""
    paths: Annotated[list[PathTable], Field(max_length=MOST_PATHS)] = Field(default_factory=list)
    """Several paths at once, also as [[descent.paths]]; without them there is one."""


class DescentTables(Table):
    """A scenario of optimizers on a surface."""

    scenario: ScenarioTable
    """What the scenario is about, and its seed."""
    descent: DescentTable
    """The surface and the paths."""
