"""Changing a run's settings at a step: what may change, and what the new run takes over."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any

from nnsim.network.specification import Network
from nnsim.training.machine import Machine
from nnsim.training.specification import Training
from nnsim.training.tables import RUNNING, STOPPED_EARLY

_OF_HIDDEN_LAYERS = ("activation", "slope", "keep_prob")
_OF_NETWORK = tuple(f.name for f in fields(Network) if f.name not in ("inputs", "layers"))
_OF_TRAINING = tuple(f.name for f in fields(Training))


@dataclass(frozen=True)
class Segment:
    """A stretch of a run under one set of settings, from step `start` on."""

    start: int
    network: Network
    training: Training
    seed: int


def changed(old: Segment, step: int, changes: dict[str, Any]) -> Segment:
    """Return the segment that begins at `step` with some settings changed.

    Raises ValueError for a name that cannot be changed, naming the nearest one that can.
    """
    changes = dict(changes)
    network = changes.pop("network", old.network)
    training = changes.pop("training", old.training)
    seed = changes.pop("seed", old.seed)
    for name, value in changes.items():
        if name in _OF_HIDDEN_LAYERS:
            hidden = tuple(replace(layer, **{name: value}) for layer in network.layers[:-1])
            network = replace(network, layers=(*hidden, network.layers[-1]))
        elif name in _OF_NETWORK:
            network = replace(network, **{name: value})
        elif name in _OF_TRAINING:
            training = replace(training, **{name: value})
        else:
            known = ("network", "training", "seed", *_OF_HIDDEN_LAYERS, *_OF_NETWORK, *_OF_TRAINING)
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; expected one of {known}"
            raise ValueError(f"fork: {name!r} cannot be changed{hint}")
    return Segment(step, network, training, seed)


def adopt(old: Machine, new: Machine) -> None:
    """Give a new machine the parameters and the place in time of an old one.

    Optimiser slots go over if the optimiser is the same, else they start empty (t = 0). A changed
    batch size starts a new pass over the data. Raises ValueError if theta has another layout.
    """
    before = [(block.name, block.shape) for block in old.layout.blocks]
    after = [(block.name, block.shape) for block in new.layout.blocks]
    if before != after:
        raise ValueError(
            f"fork: the parameters would change their shape from {old.network.sizes} to "
            f"{new.network.sizes}; a fork keeps its past, so start a new simulation instead"
        )
    new.theta[:] = old.theta
    new.running[:] = old.running
    new.state[:] = old.state
    new.state[0].status = RUNNING
    if old.state[0].status == STOPPED_EARLY:
        # Patience begins anew; the evaluation of the restored parameters is not held against them.
        new.state[0].waited = -1
    if new.training.optimizer == old.training.optimizer:
        for slot in ("v", "s", "s_max"):
            getattr(new, slot)[:] = getattr(old, slot)
    else:
        new.state[0].t = 0
    if new.settings[0].batch_size != old.settings[0].batch_size:
        new.state[0].batch = 0
    if new.best_theta.size and old.best_theta.size:
        new.best_theta[:] = old.best_theta
        new.best_running[:] = old.best_running
    elif new.training.early_stopping:
        new.state[0].best_step = -1
    carry_over(old, new)


def carry_over(old: Machine, new: Machine) -> None:
    """Let a new machine show what the last step of the old one left, if it has the same places."""
    layers, others = old.layout.layers, new.layout.layers
    places = [name for name in layers.dtype.names or () if layers.dtype[name] == "i8"]
    if all((layers[name] == others[name]).all() for name in places if name != "activation"):
        for name in ("work", "grad", "before"):
            getattr(new, name)[:] = getattr(old, name)
        new.scratch[0].before_step = old.scratch[0].before_step
