"""Planted faults (course topic B14): whether a run has a place for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.models import LayerTable
from nnsim.scenario.specification import TrainingTables, expanded

FAULT: KeyPath = ("training", "fault")
_LAYERS: tuple[KeyPath, ...] = (("network", "layers"), ("network", "hidden"))
_LOGIT_LOSSES = ("binary_cross_entropy", "softmax_cross_entropy")
_ADAMS = ("adam", "adamw", "amsgrad", "nadam")


@dataclass(frozen=True)
class _Place:
    """A layer as a fault sees it."""

    number: int
    layer: LayerTable
    before: LayerTable | None
    last: bool
    tables: TrainingTables


_LayerTest = Callable[[_Place], bool]
_RunTest = Callable[[TrainingTables], bool]


def _has_dropout(place: _Place) -> bool:
    return place.layer.keep_prob < 1


def _has_batch_norm(place: _Place) -> bool:
    return place.layer.batch_norm is not None


def _has_plain_bias(place: _Place) -> bool:
    return place.layer.bias and place.layer.batch_norm is None


def _has_derivative(place: _Place) -> bool:
    return not (place.last and place.tables.network.loss in _LOGIT_LOSSES)


def _has_curved_derivative(place: _Place) -> bool:
    return _has_derivative(place) and place.layer.activation != "identity"


def _is_square(place: _Place) -> bool:
    return place.before is not None and place.before.units == place.layer.units


def _is_drawn(place: _Place) -> bool:
    return place.layer.weights is None


_IN_A_LAYER: dict[str, tuple[_LayerTest, str]] = {
    "db_scaled": (_has_plain_bias, "a layer with a bias and without batch norm"),
    "derivative_missing": (
        _has_curved_derivative,
        "a layer whose derivative is used and not 1: a hidden layer that is not identity",
    ),
    "derivative_wrong": (
        _has_derivative,
        "a layer whose derivative is used: with a cross-entropy loss, a hidden one",
    ),
    "dropout_scale_forgotten": (_has_dropout, "a layer with keep_prob < 1"),
    "batch_norm_terms_forgotten": (_has_batch_norm, "a layer with batch_norm"),
    "weights_transposed": (_is_square, "a layer with as many units as the layer before it"),
    "dropout_at_test": (_has_dropout, "a layer with keep_prob < 1"),
    "batch_statistics_at_test": (_has_batch_norm, "a layer with batch_norm"),
    "fresh_masks_in_check": (_has_dropout, "a layer with keep_prob < 1"),
    "shared_initial_weight": (_is_drawn, "a layer whose weights are not written down"),
}
"""Faults that need a certain layer, the test for it, and the layer in words."""


def _has_penalty(tables: TrainingTables) -> bool:
    return tables.network.l1 > 0 or tables.network.l2 > 0


def _has_adam(tables: TrainingTables) -> bool:
    return tables.training.optimizer in _ADAMS


def _has_mini_batches(tables: TrainingTables) -> bool:
    return tables.training.batch_size > 0


def _reshuffles(tables: TrainingTables) -> bool:
    return _has_mini_batches(tables) and tables.training.shuffle


def _normalizes_dev(tables: TrainingTables) -> bool:
    return tables.data.normalize != "none" and any(tables.data.shares[1:])


_ADAM_WORDS = "one of " + ", ".join(_ADAMS) + " as the optimizer"
_OPTIMIZER: tuple[KeyPath, ...] = (("training", "optimizer"),)
_IN_A_RUN: dict[str, tuple[_RunTest, str, tuple[KeyPath, ...]]] = {
    "penalty_gradient_forgotten": (
        _has_penalty,
        "network.l1 or network.l2 > 0",
        (("network", "l1"), ("network", "l2")),
    ),
    "adam_uncorrected": (_has_adam, _ADAM_WORDS, _OPTIMIZER),
    "adam_correction_multiplied": (_has_adam, _ADAM_WORDS, _OPTIMIZER),
    "adam_correction_stored": (_has_adam, _ADAM_WORDS, _OPTIMIZER),
    "last_batch_divisor": (
        _has_mini_batches,
        "mini-batches: training.batch_size > 0",
        (("training", "batch_size"),),
    ),
    "no_reshuffle": (
        _reshuffles,
        "mini-batches that are shuffled: training.batch_size > 0",
        (("training", "batch_size"), ("training", "shuffle")),
    ),
    "dev_normalized_alone": (
        _normalizes_dev,
        "data.normalize and a dev or test set",
        (("data", "normalize"), ("data", "split")),
    ),
}
"""Faults of the whole run: the test, what is needed in words, and the keys that say so."""

_WITHOUT_LAYER = frozenset(_IN_A_RUN) - {"penalty_gradient_forgotten"} | {
    "fresh_masks_in_check",
    "dropout_at_test",
    "batch_statistics_at_test",
}


def fault_mistakes(tables: TrainingTables) -> Iterator[Mistake]:
    """Yield what is wrong with the planted fault, if there is one."""
    fault = tables.training.fault
    if fault is None:
        return
    kind, layer = (*FAULT, "kind"), (*FAULT, "layer")
    layers = [table for _, table in expanded(tables.network)]
    if fault.layer and fault.kind in _WITHOUT_LAYER:
        message = f"{fault.kind} belongs to the whole run"
        yield Mistake(layer, message, "no layer", between=(kind, layer))
        return
    if fault.layer > len(layers):
        message = f"there is no layer {fault.layer}"
        between = (layer, *_LAYERS)
        yield Mistake(layer, message, f"1 to {len(layers)}, or 0 for all", between=between)
        return
    if fault.kind in _IN_A_RUN:
        test, words, keys = _IN_A_RUN[fault.kind]
        if not test(tables):
            message = f"there is no place for {fault.kind}"
            yield Mistake(kind, message, words, between=(kind, *keys))
    elif fault.kind in _IN_A_LAYER:
        layer_test, words = _IN_A_LAYER[fault.kind]
        places = [
            _Place(number, table, before, number == len(layers), tables)
            for number, (before, table) in enumerate(zip([None, *layers], layers, strict=False), 1)
            if fault.layer in (0, number)
        ]
        if not any(layer_test(place) for place in places):
            where = f" in layer {fault.layer}" if fault.layer else ""
            message = f"there is no place for {fault.kind}{where}"
            between = (kind, layer, *_LAYERS, ("network", "loss"))
            yield Mistake(kind, message, words, between=between)
