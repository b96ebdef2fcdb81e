"""Mistakes that lie between the keys of a training scenario, each key being valid alone."""

from __future__ import annotations

from collections.abc import Iterator

from nnsim.data.augmentation_mistakes import find_augmentation_mistakes
from nnsim.data.mistakes import find_split_mistakes
from nnsim.data.source_mistakes import find_mistakes
from nnsim.data.sources import SOURCES
from nnsim.network.specification import SMOOTHED_LOSSES
from nnsim.scenario.faults import fault_mistakes
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.models import (
    DataTable,
    LayerTable,
    NetworkTable,
    ScenarioTable,
    ScheduleTable,
)
from nnsim.scenario.names import listed, nearest
from nnsim.scenario.specification import TrainingTables, augmentation_of, expanded
from nnsim.scenario.topics import TOPICS

LAYERS: KeyPath = ("network", "layers")
HIDDEN: KeyPath = ("network", "hidden")

_LAST_ACTIVATION = {
    "binary_cross_entropy": "sigmoid",
    "softmax_cross_entropy": "softmax",
    "hinge": "identity",
}
_SCHEDULE_KEYS = {
    "constant": {"warm_up"},
    "inverse_time": {"rate", "warm_up"},
    "exponential": {"rate", "warm_up"},
    "sqrt_epoch": {"rate", "warm_up"},
    "sqrt_step": {"rate", "warm_up"},
    "staircase": {"rate", "every", "warm_up"},
    "manual": {"values", "warm_up"},
    "cosine": {"steps", "minimum", "warm_up"},
    "one_cycle": {"steps", "minimum", "warm_up"},
}
_MOST_LAYERS = 1000


def disagreements(tables: TrainingTables) -> Iterator[Mistake]:
    """Yield every mistake between the keys of one run."""
    yield from topic_mistakes(tables.scenario)
    yield from _data(tables)
    yield from _layers(tables.network)
    yield from _loss(tables.network)
    yield from _length(tables)
    yield from schedule_mistakes(tables.training.schedule, ("training", "schedule"))
    yield from _training(tables)
    yield from fault_mistakes(tables)


def topic_mistakes(scenario: ScenarioTable) -> Iterator[Mistake]:
    """Yield a mistake for every topic that does not exist; for scenarios of every kind."""
    topic = scenario.topic
    for i, each in enumerate([topic] if isinstance(topic, str) else topic):
        if each not in TOPICS:
            path: KeyPath = ("scenario", "topic")
            yield Mistake(
                path if isinstance(topic, str) else (*path, i),
                f"no such topic {each!r}",
                "A1 to A8, B1 to B14, C1 to C9, D1 to D12, or E1 to E13 beyond the course",
                each.upper() if each.upper() in TOPICS else "",
            )


def _data(tables: TrainingTables) -> Iterator[Mistake]:
    data = tables.data
    source: KeyPath = ("data", "source")
    for problem in find_mistakes(data.source, data.model_extra or {}, data.held_out):
        path: KeyPath = ("data", *problem.key.split(".", 1))
        between = () if path == source else (source, path)
        suggestion = problem.suggestion
        known = SOURCES[data.source].option_names if data.source in SOURCES else ()
        if known and problem.key not in known:
            # A misspelt key of the table itself looks like an option of the source.
            suggestion = nearest(problem.key, (*known, *DataTable.model_fields)) or suggestion
        yield Mistake(path, problem.message, problem.expected, suggestion, between)
    options, augment = data.model_extra or {}, augmentation_of(data.augment)
    for problem in find_augmentation_mistakes(augment, data.source, options):
        path = ("data", *problem.key.split(".", 1))
        between = (source, path)
        yield Mistake(path, problem.message, problem.expected, problem.suggestion, between)
    split, held_out = ("data", "split"), ("data", "held_out")
    for message in find_split_mistakes(data.split, data.held_out is not None):
        yield Mistake(split, message, between=(split, held_out))


def _layers(network: NetworkTable) -> Iterator[Mistake]:
    layers = expanded(network)
    if len(layers) > _MOST_LAYERS:
        expected = f"at most {_MOST_LAYERS}"
        yield Mistake(LAYERS, f"{len(layers)} layers are too many", expected, between=(LAYERS,))
        return
    before = None
    for number, (i, layer) in enumerate(layers, start=1):
        path = (*LAYERS, i)
        last = number == len(layers)
        if layer.units is None:
            expected = "a whole number here" + ("" if last else " or in [network.hidden]")
            between = (LAYERS,) if last else (LAYERS, HIDDEN)
            yield Mistake((*path, "units"), "missing", expected, between=between)
        else:
            yield from _given_numbers(network, number, path, layer, before)
            yield from _extras(network, number, path, layer, None if last else before)
        before = layer.units
    if layers[-1][1].keep_prob < 1:
        yield Mistake(
            (*LAYERS, layers[-1][0], "keep_prob"),
            "the output layer has no dropout",
            "keep_prob in hidden layers only",
        )
    if layers[-1][1].residual:
        yield Mistake(
            (*LAYERS, layers[-1][0], "residual"),
            "the output layer adds nothing to its answer",
            "residual in hidden layers only",
        )


def _extras(
    network: NetworkTable, number: int, path: KeyPath, layer: LayerTable, before: int | None
) -> Iterator[Mistake]:
    """Compare a layer's norm and its residual connection with each other and with its units.

    `before` are the units of the layer before, or None where they do not matter.
    """

    def place(name: str) -> KeyPath:
        own = name in network.layers[int(path[-1])].model_fields_set
        return (*(path if own else HIDDEN), name)

    if layer.batch_norm is not None and layer.layer_norm is not None:
        message = f"layer {number} has batch_norm as well"
        between = (place("batch_norm"), place("layer_norm"))
        yield Mistake(place("layer_norm"), message, "one of the two", between=between)
    if layer.layer_norm is not None and layer.units == 1:
        message = f"layer {number} has 1 unit: normalised by itself alone, it is always 0"
        between = (LAYERS, place("layer_norm"))
        yield Mistake(place("layer_norm"), message, "a layer of 2 or more units", between=between)
    if layer.residual and before is not None and layer.units != before:
        yield Mistake(
            place("residual"),
            f"layer {number} has {layer.units} units, the layer before it {before}: "
            "A + A_prev needs as many",
            f"{before} units, or residual = false",
            between=(LAYERS, HIDDEN),
        )


def _given_numbers(
    network: NetworkTable, number: int, path: KeyPath, layer: LayerTable, before: int | None
) -> Iterator[Mistake]:
    """Compare the lengths of numbers written down with the units of the layer."""
    units = f"units of layer {number}"
    lists: dict[tuple[str, ...], list[float] | None] = {("biases",): layer.biases}
    for norm in ("batch_norm", "layer_norm"):
        given = getattr(layer, norm)
        if given is not None:
            lists |= {(norm, "gamma"): given.gamma, (norm, "beta"): given.beta}
    for name, values in lists.items():
        if values is not None and len(values) != layer.units:
            own = name[0] in network.layers[int(path[-1])].model_fields_set
            table = path if own else HIDDEN
            where = (*table, *name)
            message = f"has {len(values)} numbers"
            yield Mistake(where, message, f"{layer.units}, the {units}", between=(LAYERS, HIDDEN))
    if layer.biases is not None and not layer.bias:
        where = (*path, "biases")
        yield Mistake(where, "given to a layer with bias = false", between=(LAYERS, HIDDEN))
    rows = layer.weights
    if rows is None:
        return
    where = (*path, "weights")
    if len(rows) != layer.units:
        message = f"has {len(rows)} rows"
        yield Mistake(where, message, f"{layer.units}, the {units}", between=(LAYERS, HIDDEN))
    for j, row in enumerate(rows):
        wanted = before if before is not None else len(rows[0])
        if len(row) != wanted:
            source = f"units of layer {number - 1}" if before is not None else "as in row 1"
            message = f"row {j + 1} has {len(row)} numbers"
            expected = f"{wanted}, {'the ' if before is not None else ''}{source}"
            yield Mistake((*where, j), message, expected, between=(LAYERS, HIDDEN))


def _loss(network: NetworkTable) -> Iterator[Mistake]:
    i, last = expanded(network)[-1]
    path = (*LAYERS, i, "activation")
    between = (("network", "loss"), LAYERS)
    wanted = _LAST_ACTIVATION.get(network.loss)
    if "activation" not in last.model_fields_set:
        expected = wanted or "an activation such as identity: the output layer names its own"
        yield Mistake(path, "missing", expected, between=between)
    elif wanted and last.activation != wanted:
        message = f"{last.activation!r} does not go with the loss {network.loss}"
        expected = f"{wanted} in the output layer"
        losses = [loss for loss, each in _LAST_ACTIVATION.items() if each == last.activation]
        if losses:
            expected += f", or {listed(losses)} as the loss"
        yield Mistake(path, message, expected, between=between)
    if network.label_smoothing and network.loss not in SMOOTHED_LOSSES:
        smoothing = ("network", "label_smoothing")
        yield Mistake(
            smoothing,
            f"has no place in the loss {network.loss}, whose labels are no probabilities",
            f"{listed(SMOOTHED_LOSSES)} as the loss",
            between=(("network", "loss"), smoothing),
        )


def _length(tables: TrainingTables) -> Iterator[Mistake]:
    training = tables.training
    steps, epochs = ("training", "steps"), ("training", "epochs")
    if training.steps is None and training.epochs is None:
        message = "has neither steps nor epochs"
        yield Mistake(("training",), message, "one of them", between=(steps, epochs))
    if training.steps is not None and training.epochs is not None:
        message = "given beside steps"
        yield Mistake(epochs, message, "either steps or epochs", between=(steps, epochs))


def schedule_mistakes(schedule: ScheduleTable, base: KeyPath) -> Iterator[Mistake]:
    """Yield what is wrong between the keys of a learning-rate schedule that stands at `base`."""
    kind = (*base, "kind")
    used = _SCHEDULE_KEYS[schedule.kind]
    for name in sorted(schedule.model_fields_set - used - {"kind"}):
        message = f"has no effect on a {schedule.kind} schedule"
        path = (*base, name)
        yield Mistake(path, message, f"{listed(sorted(used))}", between=(kind, path))
    values = (*base, "values")
    if schedule.kind == "manual" and not schedule.values:
        message = "a manual schedule needs values"
        yield Mistake(values, message, "[[0, 0.1], [10, 0.01]]", between=(kind, values))
    epochs = [epoch for epoch, _ in schedule.values]
    for i in range(1, len(epochs)):
        if epochs[i] <= epochs[i - 1]:
            message = f"epoch {epochs[i]} stands after epoch {epochs[i - 1]}"
            yield Mistake((*values, i), message, "rising epochs")


def _training(tables: TrainingTables) -> Iterator[Mistake]:
    training, dev = tables.training, tables.data.shares[1]
    optimizer, decay = ("training", "optimizer"), ("training", "weight_decay")
    if training.weight_decay and training.optimizer not in ("adamw", "lion"):
        yield Mistake(
            decay,
            f"has no effect on {training.optimizer}",
            "adamw or lion as the optimizer, or network.l2",
            between=(optimizer, decay),
        )
    stopping = ("training", "early_stopping")
    if training.early_stopping is not None and dev == 0:
        yield Mistake(
            stopping,
            "there is no dev set to watch",
            "a split such as [0.6, 0.2, 0.2]",
            between=(stopping, ("data", "split")),
        )
