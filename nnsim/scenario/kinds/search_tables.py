"""The table [search] of a scenario file, key by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from nnsim.scenario.key_types import Beta, Count, NotNegative, OneOf, Table
from nnsim.scenario.models import (
    DataTable,
    DiagnosisTable,
    NetworkTable,
    ScenarioTable,
    TrainingTable,
)
from nnsim.scenario.specification import TrainingTables
from nnsim.simulations.search.specification import METHODS, OBJECTIVES, PARAMETERS, SCALES

MOST_TRIALS = 10_000
MOST_BUDGET = 1_000_000
"""Training steps of a trial or a day at most: nothing can be shown before they are done."""

MethodName = Annotated[str, OneOf("method", METHODS)]
ObjectiveName = Annotated[str, OneOf("objective", OBJECTIVES)]
ScaleName = Annotated[str, OneOf("scale", SCALES)]
Trials = Annotated[int, Field(ge=1, le=MOST_TRIALS)]
KeepProb = Annotated[float, Field(gt=0, le=1)]


class ParameterTable(Table):
    """The range of one hyperparameter, and the scale on which it is searched."""

    low: float
    """Lower end of the range."""
    high: float
    """Upper end of the range."""
    scale: ScaleName = "linear"
    """linear: low + (high - low) u; log: 10^r; one_minus_log: 1 - 10^r; u and r uniform."""
    points: Annotated[int, Field(ge=0, le=MOST_TRIALS)] = 0
    """Points of a grid; 0: the n-th root of the trials with n parameters."""
    share: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    """[low, high]: share.<name> is the part of the trials whose value lies in it."""


class ParametersTable(Table):
    """What is searched for, a table a parameter: [search.parameters.learning_rate]."""

    learning_rate: ParameterTable | None = None
    """alpha."""
    beta1: ParameterTable | None = None
    """Momentum's beta; the first beta of Adam's kind."""
    hidden_units: ParameterTable | None = None
    """Units of every hidden layer."""
    batch_size: ParameterTable | None = None
    """Examples a step."""
    layers: ParameterTable | None = None
    """Hidden layers, each like the first one of the file."""
    decay: ParameterTable | None = None
    """rate of the schedule alpha0 / (1 + rate epoch)."""
    beta2: ParameterTable | None = None
    """RMSprop's beta; the second beta of Adam's kind."""
    epsilon: ParameterTable | None = None
    """Beside the root of RMSprop and Adam."""
    l2: ParameterTable | None = None
    """lambd of the L2 penalty."""
    keep_prob: ParameterTable | None = None
    """Chance of a hidden unit to stay (dropout)."""

    def given(self) -> dict[str, ParameterTable]:
        """Return those that are there, in the order of the course."""
        tables = {name: getattr(self, name) for name in PARAMETERS}
        return {name: table for name, table in tables.items() if table is not None}


class ChangeTable(Table):
    """Settings that the babysitter of a panda changes in the morning of a day."""

    day: Count
    """1 is the first one."""
    learning_rate: Annotated[float, Field(ge=0, le=1e9)] | None = None
    """alpha from then on."""
    beta1: Beta | None = None
    """Momentum's beta."""
    batch_size: Count | None = None
    """Examples a step."""
    beta2: Beta | None = None
    """RMSprop's beta."""
    epsilon: NotNegative | None = None
    """Beside the root of RMSprop and Adam."""
    l2: NotNegative | None = None
    """lambd of the L2 penalty."""
    keep_prob: KeepProb | None = None
    """Chance of a hidden unit to stay."""

    def settings(self) -> dict[str, float]:
        """Return what changes."""
        values = {name: getattr(self, name) for name in PARAMETERS if hasattr(self, name)}
        return {name: float(value) for name, value in values.items() if value is not None}


class DriftTable(Table):
    """The data change in the morning of a day; what was tuned for the old ones may get stale."""

    day: Annotated[int, Field(ge=2, le=1000)]
    """The first day on the new data."""
    data: dict[str, Any]
    """Options of the data source that differ: { noise = 0.4 }."""


class SearchTable(Table):
    """How hyperparameters are looked for, and what for."""

    method: MethodName = "random"
    """grid, random, coarse_to_fine: a step is a trial. panda (one run, changed by hand) and caviar
    (many runs side by side): a step is a day."""
    objective: ObjectiveName = "dev_error"
    """What is to become small: an error or a cost of a trained network, a formula in the names of
    the parameters, or nothing (to see where the trials fall)."""
    parameters: ParametersTable = Field(default_factory=ParametersTable)
    """Ranges and scales."""
    trials: Trials | None = None
    """Trials, or runs of a caviar; 25 where it is left out, or the points of the grid."""
    budget: Annotated[int, Field(ge=1, le=MOST_BUDGET)] = 200
    """Training steps of a trial, so that methods with as many trials cost as much; of a day for
    panda and caviar, whose runs share them."""
    epochs: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Instead of budget: passes over the training set of a trial, so that its batch size decides
    how many steps that is."""
    formula: Annotated[str, Field(max_length=500)] = ""
    """For the objective formula, such as "(log(learning_rate)/log(10) + 2)**2"."""
    rounds: Annotated[int, Field(ge=2, le=20)] = 3
    """coarse_to_fine: rounds, in which the trials are shared out."""
    zoom: Annotated[float, Field(gt=0, lt=1)] = 0.4
    """coarse_to_fine: sides of the next round's box, as a part of the box before."""
    days: Annotated[int, Field(ge=1, le=1000)] = 8
    """panda, caviar: days of training."""
    changes: Annotated[list[ChangeTable], Field(max_length=1000)] = Field(default_factory=list)
    """panda: what is changed by hand, a table a day; also as [[search.changes]]."""
    drift: DriftTable | None = None
    """panda, caviar: a change of the data."""


_UNUSED_DATA: Mapping[str, Any] = {"source": "moons"}


class SearchTables(Table):
    """A scenario that searches for hyperparameters."""

    scenario: ScenarioTable
    """What the scenario is about, its seed and precision."""
    search: SearchTable = SearchTable()
    """Method, ranges, and what is to become small."""
    data: DataTable = DataTable(**_UNUSED_DATA)
    """The examples; needed where trials are trained."""
    network: NetworkTable = NetworkTable.model_validate(
        {"loss": "binary_cross_entropy", "layers": [{"units": 1, "activation": "sigmoid"}]}
    )
    """The layers and the loss; needed where trials are trained."""
    training: TrainingTable = TrainingTable()
    """Optimiser, batches, and what is not searched for; search.budget is its length."""

    @property
    def trains(self) -> bool:
        """Whether a trial trains a network."""
        return self.search.objective not in ("formula", "none")

    def trained(self) -> TrainingTables:
        """Return the tables of a trial, what is searched for left as it is."""
        training = self.training.model_copy(update={"steps": self.search.budget, "epochs": None})
        return TrainingTables.model_construct(
            scenario=self.scenario,
            data=self.data,
            network=self.network,
            training=training,
            diagnosis=DiagnosisTable(),
        )
