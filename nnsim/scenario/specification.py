"""What one run of a training scenario does: frozen, complete, free of TOML and pydantic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from nnsim.data.specification import Augmentation, DataSpecification
from nnsim.network.specification import BatchNorm, Layer, LayerNorm, Network
from nnsim.scenario.key_types import Table
from nnsim.scenario.models import (
    AugmentTable,
    BatchNormTable,
    DataTable,
    DiagnosisTable,
    LayerDefaults,
    LayerNormTable,
    LayerTable,
    NetworkTable,
    ScenarioTable,
    TrainingTable,
)
from nnsim.scenario.moments import When
from nnsim.training.specification import (
    EarlyStopping,
    LearningRateSchedule,
    PlantedFault,
    Training,
)

if TYPE_CHECKING:
    from nnsim.scenario.measures import Condition, Measure
    from nnsim.scenario.measuring import Moment
    from nnsim.training.diagnosis import Diagnosis


class TrainingTables(Table):
    """A scenario that trains a network."""

    scenario: ScenarioTable
    """What the scenario is about, its seed and precision."""
    data: DataTable
    """The examples."""
    network: NetworkTable
    """The layers and the loss."""
    training: TrainingTable
    """Optimiser, batches, length."""
    diagnosis: DiagnosisTable = DiagnosisTable()
    """Thresholds of the bias / variance verdict."""


@dataclass(frozen=True)
class DiagnosisSettings:
    """Arguments of `nnsim.training.diagnosis.diagnose`."""

    bayes_error: float = 0.0
    bias_threshold: float = 0.05
    variance_threshold: float = 0.05


@dataclass(frozen=True)
class TrainingSpecification:
    """Everything one run needs; what depends on the data is asked for when they are known."""

    seed: int
    dtype: str
    non_finite: str
    """forbidden or expected."""
    data: DataSpecification
    layers: tuple[Layer, ...]
    loss: str
    huber_delta: float
    l1: float
    l1_halved: bool
    l2: float
    label_smoothing: float
    epochs: int | None
    """Length in passes over the training set, or None where `planned.steps` says it."""
    planned: Training
    """The training; its `steps` are 0 where `epochs` is given."""
    diagnosis: DiagnosisSettings

    def network(self, inputs: int) -> Network:
        """Return the network for data of `inputs` features."""
        return Network(
            inputs,
            self.layers,
            self.loss,
            huber_delta=self.huber_delta,
            l1=self.l1,
            l1_halved=self.l1_halved,
            l2=self.l2,
            label_smoothing=self.label_smoothing,
        )

    def steps_an_epoch(self, m: int) -> int:
        """Return how many steps a pass over m examples takes; the last batch may be smaller."""
        batch = self.planned.batch_size or m
        return max(-(-m // batch), 1)

    def training(self, m: int) -> Training:
        """Return the training for m training examples, its length in steps."""
        if self.epochs is None:
            return self.planned
        return replace(self.planned, steps=self.epochs * self.steps_an_epoch(m))

    # What the scenario layer asks of a run

    def steps_an_epoch_in(self, simulation: Any) -> int:
        """Return how many steps a pass over the simulation's training examples takes."""
        return self.steps_an_epoch(simulation.data.train.m)

    def measure(self, text: str) -> Measure:
        """Take a measure's name apart; MeasureError where this run has no such thing."""
        from nnsim.scenario.measures import parse_measure

        return parse_measure(text, self)

    def condition(self, text: str) -> Condition:
        """Read "train.cost < 0.1"; MeasureError where it is not of that form."""
        from nnsim.scenario.measures import parse_condition

        return parse_condition(text, self)

    def moment(self, simulation: Any) -> Moment:
        """Return what takes measures of a simulation where it stands."""
        from nnsim.scenario.measuring import Moment

        return Moment(simulation, self.diagnosis)

    def judge(self, evaluations: Mapping[str, Any]) -> Diagnosis | None:
        """Return the bias / variance verdict on evaluated sets; None without classes or dev set."""
        from nnsim.scenario.measuring import diagnosis_of

        return diagnosis_of(evaluations, self.diagnosis)

    def too_late(self, when: When) -> tuple[str, str] | None:
        """Return a message and what was expected for a time after the end, as far as is known."""
        steps = self.planned.steps if self.epochs is None else None
        if steps is not None and (when.step or 0) > steps:
            return f"{when} is after the end", f"at most {steps}, the last step"
        if self.epochs is not None and (when.epoch or 0) > self.epochs:
            return f"{when} is after the end", f"at most epoch {self.epochs}"
        return None


def specify(tables: TrainingTables) -> TrainingSpecification:
    """Return the specification that valid tables describe."""
    network, training = tables.network, tables.training
    fault = PlantedFault(**training.fault.model_dump()) if training.fault else None
    stopping = training.early_stopping
    plain = {
        field.name: getattr(training, field.name)
        for field in fields(Training)
        if field.name not in ("steps", "schedule", "early_stopping", "fault")
    }
    schedule = training.schedule.model_dump() | {
        "values": tuple((epoch, alpha) for epoch, alpha in training.schedule.values)
    }
    return TrainingSpecification(
        seed=tables.scenario.seed,
        dtype=tables.scenario.dtype,
        non_finite=tables.scenario.non_finite,
        data=_data(tables.data, fault),
        layers=tuple(_layer(table) for _, table in expanded(network)),
        loss=network.loss,
        huber_delta=network.huber_delta,
        l1=network.l1,
        l1_halved=network.l1_halved,
        l2=network.l2,
        label_smoothing=network.label_smoothing,
        epochs=training.epochs,
        planned=Training(
            steps=training.steps or 0,
            schedule=LearningRateSchedule(**schedule),
            early_stopping=EarlyStopping(**stopping.model_dump()) if stopping else None,
            fault=fault,
            **plain,
        ),
        diagnosis=DiagnosisSettings(**tables.diagnosis.model_dump()),
    )


def expanded(network: NetworkTable) -> list[tuple[int, LayerTable]]:
    """Return every layer with its position in `layers`: repeats written out, defaults filled in.

    [network.hidden] fills in all layers but the last one.
    """
    entries = [(i, entry) for i, entry in enumerate(network.layers) for _ in range(entry.repeat)]
    hidden = [(i, _completed(entry, network.hidden)) for i, entry in entries[:-1]]
    return hidden + entries[-1:]


def _completed(entry: LayerTable, defaults: LayerDefaults) -> LayerTable:
    said = {
        name: getattr(table, name) for table in (defaults, entry) for name in table.model_fields_set
    }
    return LayerTable.model_construct(_fields_set=set(said), **said)


def _layer(table: LayerTable) -> Layer:
    values: dict[str, Any] = {
        field.name: getattr(table, field.name)
        for field in fields(Layer)
        if field.name not in ("batch_norm", "layer_norm", "weights", "biases")
    }
    return Layer(
        batch_norm=_batch_norm(table.batch_norm),
        layer_norm=_layer_norm(table.layer_norm),
        weights=tuple(tuple(map(float, row)) for row in table.weights) if table.weights else None,
        biases=_numbers(table.biases),
        **values,
    )


def _batch_norm(table: BatchNormTable | None) -> BatchNorm | None:
    if table is None:
        return None
    return BatchNorm(table.epsilon, table.momentum, _numbers(table.gamma), _numbers(table.beta))


def _layer_norm(table: LayerNormTable | None) -> LayerNorm | None:
    if table is None:
        return None
    return LayerNorm(table.epsilon, _numbers(table.gamma), _numbers(table.beta))


def _numbers(values: list[float] | None) -> tuple[float, ...] | None:
    return None if values is None else tuple(map(float, values))


def augmentation_of(table: AugmentTable | None) -> Augmentation | None:
    """Return the augmentation that a valid table describes."""
    if table is None:
        return None
    values = table.model_dump()
    height, width = table.image or (0, 0)
    return Augmentation(**values | {"image": (height, width) if table.image else None})


def _data(table: DataTable, fault: PlantedFault | None) -> DataSpecification:
    alone = fault is not None and fault.kind == "dev_normalized_alone"
    return DataSpecification(
        source=table.source,
        options=dict(table.model_extra or {}),
        split=table.shares,
        held_out=table.held_out,
        augment=augmentation_of(table.augment),
        normalize=table.normalize,
        normalize_dev_alone=table.normalize_dev_alone or alone,
        shuffle=table.shuffle,
    )
