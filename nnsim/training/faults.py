"""Planted faults (course topic B14): where in a run each has a place. No Numba."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nnsim.network.specification import Network
from nnsim.training.specification import Training

ADAMS = ("adam", "adamw", "amsgrad", "nadam")
"""Optimisers with bias correction."""

_LOGIT_LOSSES = ("binary_cross_entropy", "softmax_cross_entropy")


class DescribedLayer(Protocol):
    """What of a layer the faults look at: a `Layer`, or a scenario's table of one."""

    @property
    def units(self) -> int | None: ...  # noqa: D102
    @property
    def activation(self) -> str: ...  # noqa: D102
    @property
    def bias(self) -> bool: ...  # noqa: D102
    @property
    def batch_norm(self) -> Any: ...  # noqa: D102
    @property
    def keep_prob(self) -> float: ...  # noqa: D102
    @property
    def weights(self) -> Any: ...  # noqa: D102


@dataclass(frozen=True)
class Ground:
    """What of a run the faults look at."""

    layers: Sequence[DescribedLayer]
    loss: str
    l1: float
    l2: float
    optimizer: str
    batch_size: int
    shuffle: bool
    normalizes_dev: bool
    """The data are normalised, and there is a dev or test set."""


def ground_of(network: Network, training: Training, *, normalizes_dev: bool = False) -> Ground:
    """Return what the faults look at in a network and its training."""
    return Ground(
        layers=network.layers,
        loss=network.loss,
        l1=network.l1,
        l2=network.l2,
        optimizer=training.optimizer,
        batch_size=training.batch_size,
        shuffle=training.shuffle,
        normalizes_dev=normalizes_dev,
    )


@dataclass(frozen=True)
class _Place:
    """A layer as a fault sees it."""

    layer: DescribedLayer
    before: DescribedLayer | None
    last: bool
    loss: str


def _has_dropout(place: _Place) -> bool:
    return place.layer.keep_prob < 1


def _has_batch_norm(place: _Place) -> bool:
    return place.layer.batch_norm is not None


def _has_plain_bias(place: _Place) -> bool:
    return place.layer.bias and place.layer.batch_norm is None


def _has_derivative(place: _Place) -> bool:
    return not (place.last and place.loss in _LOGIT_LOSSES)


def _has_curved_derivative(place: _Place) -> bool:
    return _has_derivative(place) and place.layer.activation != "identity"


def _is_square(place: _Place) -> bool:
    return place.before is not None and place.before.units == place.layer.units


def _is_drawn(place: _Place) -> bool:
    return place.layer.weights is None


IN_A_LAYER: dict[str, tuple[Callable[[_Place], bool], str]] = {
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
"""Faults that need a certain layer: the test for it, and the layer in words."""


def _has_penalty(ground: Ground) -> bool:
    return ground.l1 > 0 or ground.l2 > 0


def _has_adam(ground: Ground) -> bool:
    return ground.optimizer in ADAMS


def _has_mini_batches(ground: Ground) -> bool:
    return ground.batch_size > 0


def _reshuffles(ground: Ground) -> bool:
    return _has_mini_batches(ground) and ground.shuffle


def _normalizes_dev(ground: Ground) -> bool:
    return ground.normalizes_dev


_ADAM_WORDS = "one of " + ", ".join(ADAMS) + " as the optimizer"
IN_A_RUN: dict[str, tuple[Callable[[Ground], bool], str]] = {
    "penalty_gradient_forgotten": (_has_penalty, "network.l1 or network.l2 > 0"),
    "adam_uncorrected": (_has_adam, _ADAM_WORDS),
    "adam_correction_multiplied": (_has_adam, _ADAM_WORDS),
    "adam_correction_stored": (_has_adam, _ADAM_WORDS),
    "last_batch_divisor": (_has_mini_batches, "mini-batches: training.batch_size > 0"),
    "no_reshuffle": (
        _reshuffles,
        "mini-batches that are shuffled: training.batch_size > 0",
    ),
    "dev_normalized_alone": (_normalizes_dev, "data.normalize and a dev or test set"),
}
"""Faults that need something of the whole run: the test for it, and what is needed in words."""

WITHOUT_LAYER = frozenset(IN_A_RUN) - {"penalty_gradient_forgotten"} | {
    "fresh_masks_in_check",
    "dropout_at_test",
    "batch_statistics_at_test",
}
"""Faults that belong to the whole run and sit in no layer."""


def layers_for(kind: str, ground: Ground) -> tuple[int, ...]:
    """Return the layers that a fault can sit in: (0,) for the whole run, () for no place at all."""
    if kind in IN_A_RUN and not IN_A_RUN[kind][0](ground):
        return ()
    layers = ground.layers
    test = IN_A_LAYER[kind][0] if kind in IN_A_LAYER else _any
    numbers = tuple(
        number
        for number, (before, layer) in enumerate(zip([None, *layers], layers, strict=False), 1)
        if test(_Place(layer, before, number == len(layers), ground.loss))
    )
    if kind in WITHOUT_LAYER:
        return (0,) if numbers else ()
    return numbers


def need_of(kind: str) -> str:
    """Return in words what a fault needs; "" for one that any layer can have."""
    return (IN_A_LAYER.get(kind) or IN_A_RUN.get(kind) or (None, ""))[1]


def _any(place: _Place) -> bool:
    return True
