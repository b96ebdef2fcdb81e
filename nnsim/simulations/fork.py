"""Changing a run's settings at a step: what may change, and what the new run takes over."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from nnsim.network.specification import Network
from nnsim.training.machine import Machine
from nnsim.training.specification import Training
from nnsim.training.tables import RUNNING, STOPPED_EARLY

_OF_HIDDEN_LAYERS = ("activation", "slope", "keep_prob", "residual")
_OF_NETWORK = tuple(f.name for f in fields(Network) if f.name not in ("inputs", "layers"))
_OF_TRAINING = tuple(f.name for f in fields(Training))


@dataclass(frozen=True)
class Edit:
    """One parameter set by hand: W1, row 2, column 3 to 0.5; rows and columns count from 0."""

    block: str
    row: int
    column: int
    value: float


Edits = tuple[Edit, ...]


@dataclass(frozen=True)
class Segment:
    """A stretch of a run under one set of settings, from step `start` on.

    Its `edits` were made to the parameters where it begins.
    """

    start: int
    network: Network
    training: Training
    seed: int
    edits: Edits = ()


def changed(old: Segment, step: int, changes: dict[str, Any], edits: Edits = ()) -> Segment:
    """Return the segment that begins at `step` with some settings changed.

    Raises ValueError for a name that cannot be changed, naming the nearest one that can.
    """
    if old.start == step:
        # The segment between has no time of its own, but what it did to the parameters stays.
        edits = (*old.edits, *edits)
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
    return Segment(step, network, training, seed, edits)


def place_of(edit: Edit, machine: Machine) -> int:
    """Return the place in theta of an edit.

    Raises ValueError for a block, row or column that is not there, or a value that is not finite.
    """
    blocks = {block.name: block for block in machine.layout.blocks}
    block = blocks.get(edit.block)
    if block is None:
        raise ValueError(
            f"edit: there is no block {edit.block!r}; this network has {', '.join(blocks)}"
        )
    for what, number, size in zip(
        ("row", "column"), (edit.row, edit.column), block.shape, strict=True
    ):
        if not 0 <= number < size:
            raise ValueError(
                f"edit: {edit.block} has no {what} {number}; its shape is {block.shape}, "
                f"expected a {what} from 0 to {size - 1}"
            )
    with np.errstate(over="ignore"):
        stored = machine.dtype.type(edit.value)
    if not np.isfinite(stored):
        raise ValueError(
            f"edit: {edit.block}[{edit.row},{edit.column}] cannot be {edit.value}; expected a "
            f"finite number in {machine.dtype.name}"
        )
    return block.start + edit.row * block.shape[1] + edit.column


def apply_edits(edits: Edits, machine: Machine) -> None:
    """Set single parameters of a machine; what the step before left no longer belongs to them."""
    for place, edit in [(place_of(edit, machine), edit) for edit in edits]:
        machine.theta[place] = edit.value
    if edits:
        machine.scratch[0].before_step = -1


def adopt(old: Machine, new: Machine, edits: Edits = ()) -> None:
    """Give a new machine the parameters, with edits, and the place in time of an old one.

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
    apply_edits(edits, new)


def carry_over(old: Machine, new: Machine) -> None:
    """Let a new machine show what the last step of the old one left, if it has the same places."""
    layers, others = old.layout.layers, new.layout.layers
    places = [name for name in layers.dtype.names or () if layers.dtype[name] == "i8"]
    if all((layers[name] == others[name]).all() for name in places if name != "activation"):
        for name in ("work", "grad", "before"):
            getattr(new, name)[:] = getattr(old, name)
        new.scratch[0].before_step = old.scratch[0].before_step
