"""Planted faults (course topic B14): whether a scenario has a place for them."""

from __future__ import annotations

from collections.abc import Iterator

from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.specification import TrainingTables, expanded
from nnsim.training.faults import IN_A_RUN, WITHOUT_LAYER, Ground, layers_for, need_of

FAULT: KeyPath = ("training", "fault")
_LAYERS: tuple[KeyPath, ...] = (("network", "layers"), ("network", "hidden"))
_OPTIMIZER: tuple[KeyPath, ...] = (("training", "optimizer"),)
_KEYS: dict[str, tuple[KeyPath, ...]] = {
    "penalty_gradient_forgotten": (("network", "l1"), ("network", "l2")),
    "adam_uncorrected": _OPTIMIZER,
    "adam_correction_multiplied": _OPTIMIZER,
    "adam_correction_stored": _OPTIMIZER,
    "last_batch_divisor": (("training", "batch_size"),),
    "no_reshuffle": (("training", "batch_size"), ("training", "shuffle")),
    "dev_normalized_alone": (("data", "normalize"), ("data", "split")),
}
"""The keys that say whether a fault of the whole run has a place."""


def fault_mistakes(tables: TrainingTables) -> Iterator[Mistake]:
    """Yield what is wrong with the planted fault, if there is one."""
    fault = tables.training.fault
    if fault is None:
        return
    kind, layer = (*FAULT, "kind"), (*FAULT, "layer")
    ground = _ground(tables)
    if fault.layer and fault.kind in WITHOUT_LAYER:
        message = f"{fault.kind} belongs to the whole run"
        yield Mistake(layer, message, "no layer", between=(kind, layer))
        return
    if fault.layer > len(ground.layers):
        message = f"there is no layer {fault.layer}"
        between = (layer, *_LAYERS)
        yield Mistake(layer, message, f"1 to {len(ground.layers)}, or 0 for all", between=between)
        return
    found = layers_for(fault.kind, ground)
    if not found and fault.kind in IN_A_RUN:
        message = f"there is no place for {fault.kind}"
        yield Mistake(kind, message, need_of(fault.kind), between=(kind, *_KEYS[fault.kind]))
    elif not found or (fault.layer and fault.layer not in found):
        where = f" in layer {fault.layer}" if fault.layer else ""
        message = f"there is no place for {fault.kind}{where}"
        between = (kind, layer, *_LAYERS, ("network", "loss"))
        yield Mistake(kind, message, need_of(fault.kind), between=between)


def _ground(tables: TrainingTables) -> Ground:
    network, training, data = tables.network, tables.training, tables.data
    return Ground(
        layers=[table for _, table in expanded(network)],
        loss=network.loss,
        l1=network.l1,
        l2=network.l2,
        optimizer=training.optimizer,
        batch_size=training.batch_size,
        shuffle=training.shuffle,
        normalizes_dev=data.normalize != "none" and any(data.shares[1:]),
    )
