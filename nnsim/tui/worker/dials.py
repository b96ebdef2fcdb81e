"""Settings that can be changed while a run stands still: what a fork may differ in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nnsim.network.specification import SMOOTHED_LOSSES, BatchNorm, Layer, LayerNorm, Network
from nnsim.scenario.names import listed, nearest
from nnsim.training.specification import LearningRateSchedule, PlantedFault, Training
from nnsim.tui.worker import faults
from nnsim.tui.worker.dial_table import BY_NAME, Dial
from nnsim.tui.worker.dial_table import DIALS as DIALS
from nnsim.tui.worker.dial_table import GROUPS as GROUPS
from nnsim.tui.worker.dial_values import Value, checked, read, turned, written

MIXED = "mixed"
"""The value of a dial of all hidden layers where they differ."""


_OF_NETWORK = ("l1", "l2", "label_smoothing")
_BETA1 = ("momentum", "momentum_sum", "nesterov", "adam", "adamw", "amsgrad", "nadam", "lion")
_BETA2 = ("rmsprop", "adam", "adamw", "amsgrad", "nadam", "lion")
_EPSILON = ("adagrad", "rmsprop", "adam", "adamw", "amsgrad", "nadam")
_DECOUPLED = ("adamw", "lion")
_SLOPED = ("leaky_relu", "elu")
_RATES = {
    "inverse_time": 1.0,
    "exponential": 0.95,
    "sqrt_epoch": 1.0,
    "sqrt_step": 1.0,
    "staircase": 0.5,
}
"""Schedules with a rate, and a rate that shows what they do."""
_STAIR = 10
"""Epochs a stair, where none were given."""


def applies(dial: Dial, network: Network, training: Training) -> bool:
    """Tell whether turning a dial would change anything in such a run."""
    optimizer, hidden = training.optimizer, network.layers[:-1]
    match dial.name:
        case "beta1":
            return optimizer in _BETA1
        case "beta2":
            return optimizer in _BETA2
        case "epsilon" | "epsilon_inside":
            return optimizer in _EPSILON
        case "weight_decay":
            return optimizer in _DECOUPLED
        case "schedule_rate":
            return training.schedule.kind in _RATES
        case "label_smoothing":
            return network.loss in SMOOTHED_LOSSES
        case "keep_prob" | "activation" | "batch_norm":
            return bool(hidden)
        case "layer_norm":
            return any(layer.units > 1 for layer in hidden)
        case "residual":
            return bool(_square(network))
        case "slope":
            return any(layer.activation in _SLOPED for layer in hidden)
    return True


def value_of(dial: Dial, network: Network, training: Training, seed: int) -> Value:
    """Return where a dial stands; MIXED where hidden layers differ."""
    hidden = network.layers[:-1]
    match dial.name:
        case "seed":
            return seed
        case "schedule":
            return training.schedule.kind
        case "schedule_rate":
            return training.schedule.rate
        case "hidden":
            return tuple(layer.units for layer in hidden)
        case "batch_norm":
            return _common([layer.batch_norm is not None for layer in hidden])
        case "layer_norm":
            wide = [layer for layer in hidden if layer.units > 1] or hidden
            return _common([layer.layer_norm is not None for layer in wide])
        case "residual":
            return _common([layer.residual for layer in _square(network) or hidden])
        case "initializer" | "scale":
            return _common([getattr(layer, dial.name) for layer in hidden or network.layers])
        case "keep_prob" | "activation" | "slope":
            return _common([getattr(layer, dial.name) for layer in hidden])
    return getattr(network if dial.name in _OF_NETWORK else training, dial.name)


def parse(dial: Dial, text: str) -> Value:
    """Read a value as a learner writes it.

    Raises
    ------
    ValueError
        It is none, or out of range; says what was expected.
    """
    return read(dial, text)


def turn(dial: Dial, value: Value, by: int) -> Value:
    """Return a dial's value after so many clicks up (below 0: down)."""
    for _ in range(abs(by)):
        value = turned(dial, value, 1 if by > 0 else -1)
    return value


def apply(
    changes: Mapping[str, Any], network: Network, training: Training, seed: int
) -> tuple[Network, Training, int, bool]:
    """Return network, training and seed after changes, and whether the run begins anew.

    Parameters
    ----------
    changes : mapping
        Dial name to new value; "fault" is a `PlantedFault`, or None to take one out.

    Raises
    ------
    ValueError
        There is no such dial, a value is out of range, or it does not fit the rest.
    """
    restart = False
    for name in sorted(changes, key=_place):
        if name == "fault":
            continue
        dial = _known(name)
        value = checked(dial, changes[name])
        if value == value_of(dial, network, training, seed):
            continue
        network, training, seed = _changed(dial, value, network, training, seed)
        restart |= dial.restarts
    if "fault" in changes and changes["fault"] != training.fault:
        fault: PlantedFault | None = changes["fault"]
        if fault is not None:
            faults.refuse(fault, network, training)
        restart |= _restarts(fault) or _restarts(training.fault)
        training = replace(training, fault=fault)
    return network, training, seed, restart


def describe(changes: Mapping[str, Any], edits: Sequence[tuple[str, int, int, float]] = ()) -> str:
    """Return what a fork changes, as a short name.

    >>> describe({"learning_rate": 0.1, "initializer": "he"}, [("W1", 2, 3, 0.5)])
    'learning_rate 0.1, he init, W1[2,3] = 0.5'
    """
    parts = [_described(name, value) for name, value in changes.items()]
    parts += [f"{block}[{row},{column}] = {value:g}" for block, row, column, value in edits]
    return ", ".join(parts) or "no change"


def _described(name: str, value: Any) -> str:
    if name == "fault":
        return "without the bug" if value is None else f"bug: {faults.title(value)}"
    dial = _known(name)
    text = written(dial, value)
    match name:
        case "optimizer" | "activation":
            return text
        case "initializer":
            return f"{text} init"
        case "schedule":
            return "no decay" if value == "constant" else f"{text} decay"
        case "schedule_rate":
            return f"decay rate {text}"
        case "hidden":
            return f"hidden {text}"
        case "batch_norm":
            return "batch norm" if value else "no batch norm"
        case "layer_norm":
            return "layer norm" if value else "no layer norm"
        case "residual":
            return "residual" if value else "not residual"
        case "epsilon_inside":
            return "epsilon in the root" if value else "epsilon beside the root"
        case "batch_size":
            return f"batches of {text}" if value else "full batch"
        case "label_smoothing":
            return f"label smoothing {text}" if value else "no label smoothing"
        case "weight_decay" | "clip_norm" | "l1" | "l2":
            return f"{name} {text}" if value else f"no {name}"
    return f"{name} {text}"


def _known(name: str) -> Dial:
    if name in BY_NAME:
        return BY_NAME[name]
    near = nearest(name, BY_NAME)
    hint = f"did you mean {near!r}?" if near else f"expected {listed(BY_NAME)}"
    raise ValueError(f"there is no dial {name!r}; {hint}")


def _place(name: str) -> tuple[bool, int]:
    """Order changes: sizes first, since the dials of hidden layers are for the new ones."""
    return name != "hidden", list(BY_NAME).index(name) if name in BY_NAME else 0


def _restarts(fault: PlantedFault | None) -> bool:
    return fault is not None and fault.kind in faults.FACTS and faults.FACTS[fault.kind].restarts


def _common(values: Sequence[Value]) -> Value:
    return MIXED if len(set(values)) != 1 else values[0]


def _changed(
    dial: Dial, value: Any, network: Network, training: Training, seed: int
) -> tuple[Network, Training, int]:
    """Return network, training and seed with one dial at another value."""
    match dial.name:
        case "seed":
            return network, training, value
        case "schedule":
            return network, replace(training, schedule=_schedule(value, training)), seed
        case "schedule_rate":
            schedule = replace(training.schedule, rate=value)
            return network, replace(training, schedule=schedule), seed
        case "label_smoothing" if value and network.loss not in SMOOTHED_LOSSES:
            raise ValueError(
                f"label_smoothing has no place in the loss {network.loss}; expected "
                f"{listed(SMOOTHED_LOSSES)} as the loss"
            )
        case "l1" | "l2" | "label_smoothing":
            return replace(network, **{dial.name: value}), training, seed
        case "hidden":
            return _resized(network, value), training, seed
        case "residual":
            return _with_residual(network, value), training, seed
        case (
            "keep_prob" | "activation" | "slope" | "batch_norm" | "layer_norm" | "initializer"
            | "scale"
        ):  # fmt: skip
            return _with_hidden(network, dial, value), training, seed
    if dial.name == "weight_decay" and value and training.optimizer not in _DECOUPLED:
        raise ValueError(
            f"weight_decay has no effect on {training.optimizer}; expected adamw or lion as the "
            f"optimiser, or l2 instead"
        )
    return network, replace(training, **{dial.name: value}), seed


def _schedule(kind: str, training: Training) -> LearningRateSchedule:
    schedule = training.schedule
    if kind == "manual" and not schedule.values:
        raise ValueError("a manual schedule needs its values, which only a scenario's file has")
    every = _STAIR if kind == "staircase" and schedule.every == 1 else schedule.every
    return replace(schedule, kind=kind, rate=_RATES.get(kind, schedule.rate), every=every)


def _with_hidden(network: Network, dial: Dial, value: Any) -> Network:
    """Change all hidden layers; the first weights of the output layer where there are none."""
    *hidden, last = network.layers
    name = dial.name
    if not hidden and name not in ("initializer", "scale"):
        raise ValueError(f"{name} is for hidden layers, and this network has none")

    def changed(layer: Layer) -> Layer:
        if name == "batch_norm":
            norm = (layer.batch_norm or BatchNorm()) if value else None
            # A layer has one of the two.
            return replace(layer, batch_norm=norm, layer_norm=None if norm else layer.layer_norm)
        if name == "layer_norm":
            other = (layer.layer_norm or LayerNorm()) if value and layer.units > 1 else None
            return replace(layer, layer_norm=other, batch_norm=None if other else layer.batch_norm)
        if name in ("initializer", "scale"):
            # Weights written down number by number would hide what is drawn.
            return replace(layer, **{name: value}, weights=None)
        return replace(layer, **{name: value})

    layers = (*map(changed, hidden), last) if hidden else (changed(last),)
    return replace(network, layers=layers)


def _square(network: Network) -> list[Layer]:
    """Return the hidden layers that have as many units as what comes into them."""
    hidden = network.layers[:-1]
    return [layer for layer, n in zip(hidden, network.sizes, strict=False) if layer.units == n]


def _with_residual(network: Network, value: bool) -> Network:
    """Give every hidden layer that can have one a residual connection, or take all away."""
    if value and not _square(network):
        raise ValueError(
            "residual needs a hidden layer as wide as the one before it, and the sizes are "
            + "-".join(map(str, network.sizes))
        )
    hidden = [
        replace(layer, residual=value and layer.units == n)
        for layer, n in zip(network.layers[:-1], network.sizes, strict=False)
    ]
    return replace(network, layers=(*hidden, network.layers[-1]))


def _resized(network: Network, sizes: Sequence[int]) -> Network:
    """Give the hidden layers other sizes; a new layer is like the last hidden one."""
    *hidden, last = network.layers
    pattern = hidden[-1] if hidden else Layer(1, "tanh", initializer="xavier")
    layers = [
        replace(hidden[i] if i < len(hidden) else pattern, units=units)
        for i, units in enumerate(sizes)
    ]
    layers.append(last)
    before = [network.inputs, *sizes]
    return replace(network, layers=tuple(map(_fitting, layers, before)))


def _fitting(layer: Layer, inputs: int) -> Layer:
    """Return a layer without the numbers that were written down for other sizes."""
    fits = layer.weights is not None and {len(row) for row in layer.weights} == {inputs}
    if layer.weights is not None and not (fits and len(layer.weights) == layer.units):
        layer = replace(layer, weights=None)
    if layer.biases is not None and len(layer.biases) != layer.units:
        layer = replace(layer, biases=None)
    for name in ("batch_norm", "layer_norm"):
        norm = getattr(layer, name)
        if norm and {len(norm.gamma or ()), len(norm.beta or ())} - {0, layer.units}:
            layer = replace(layer, **{name: replace(norm, gamma=None, beta=None)})
    if layer.units == 1:
        layer = replace(layer, layer_norm=None)
    return replace(layer, residual=layer.residual and layer.units == inputs)
