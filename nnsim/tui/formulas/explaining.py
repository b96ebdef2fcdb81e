"""From a cell to its formula: which module explains it, and how the text is put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nnsim.network.specification import Network
from nnsim.training.specification import Training
from nnsim.tui.formulas.backward import backward_draft
from nnsim.tui.formulas.batch_norm import batch_norm_draft
from nnsim.tui.formulas.cells import (
    COST,
    GRADIENT_NORM,
    PARAMETERS,
    ArrayName,
    Cell,
    Draft,
    Formula,
    alike,
    label_of,
    name_of,
)
from nnsim.tui.formulas.cost import cost_draft
from nnsim.tui.formulas.forward import batch_draft, forward_draft
from nnsim.tui.formulas.gradients import gradient_draft
from nnsim.tui.formulas.layer_norm import layer_norm_draft
from nnsim.tui.formulas.numbers import digits_apart, number
from nnsim.tui.formulas.operands import OperandMissing, Operands, rounding
from nnsim.tui.formulas.terms import fitted, spelled
from nnsim.tui.formulas.update import norm_draft, update_draft

if TYPE_CHECKING:
    from nnsim.simulations.snapshot import Snapshot

_OF_NORM = ("mean", "variance", "Z_norm", "Z_tilde")
_RELATIVE, _RELATIVE_SINGLE = 1e-6, 1e-3
"""What two numbers may differ by before the run is said to have another, by precision."""


def explain(
    cell: Cell,
    snapshot: Snapshot,
    network: Network,
    training: Training,
    *,
    width: int = 100,
    terms: int | None = None,
    ascii: bool = False,
    updates: int | None = None,
) -> Formula | None:
    """Return the formula of a cell, or None where its operands are not there.

    Parameters
    ----------
    cell : Cell
    snapshot : Snapshot
        Of `TrainingSimulation.snapshot`; not of `probe`, whose parameters belong elsewhere.
    network, training : Network, Training
        Those in force in the step that the snapshot shows.
    width : int
        Columns for `Formula.substituted`, which is never longer.
    terms : int, optional
        Most terms of a sum to write out; as many as fit if not given.
    ascii : bool
        Write nothing but ASCII.
    updates : int, optional
        Updates since the optimiser's slots were empty, the t of bias correction: the snapshot's
        step if not given, and less after a fork that changed the optimiser.
    """
    run = Operands(snapshot, network, training, updates)
    # NaN, infinity and division by 0 are numbers to be shown here, as in the run.
    with np.errstate(all="ignore"):
        try:
            draft = _draft(cell, run)
            value = _value(cell, run, draft)
        except (OperandMissing, IndexError):
            return None
    return _finished(cell, draft, value, run, width, terms, ascii)


def _draft(cell: Cell, run: Operands) -> Draft:
    if min(cell.row, cell.column) < 0:
        raise OperandMissing(cell.array)
    if cell.array == COST:
        return cost_draft(cell, run)
    if cell.array == GRADIENT_NORM:
        return norm_draft(run)
    name = name_of(cell.array)
    if name is None or name.layer > run.depth:
        raise OperandMissing(cell.array)
    run.stored(cell.array, cell.row, cell.column)
    if name.kind == "Y" or (name.kind == "A" and name.layer == 0):
        return batch_draft(cell, name, run)
    if name.prefix == "d":
        if name.kind in PARAMETERS:
            return gradient_draft(cell, name, run)
        if name.kind == "Z" and run.layer(name.layer).norm:
            return _norm_draft(cell, name, run)
        return backward_draft(cell, name, run)
    if name.kind in _OF_NORM:
        return _norm_draft(cell, name, run)
    if name.kind in PARAMETERS:
        return update_draft(cell, name, run)
    return forward_draft(cell, name, run)


def _norm_draft(cell: Cell, name: ArrayName, run: Operands) -> Draft:
    draft = layer_norm_draft if run.layer(name.layer).layer_norm else batch_norm_draft
    return draft(cell, name, run)


def _value(cell: Cell, run: Operands, draft: Draft) -> float:
    if cell.array == COST:
        return float(run.snapshot.cost)
    if cell.array == GRADIENT_NORM:
        return draft.computed
    return run.stored(cell.array, cell.row, cell.column)


def _finished(
    cell: Cell,
    draft: Draft,
    value: float,
    run: Operands,
    width: int,
    terms: int | None,
    ascii: bool,
) -> Formula:
    computed = float(draft.computed)
    relative = _RELATIVE_SINGLE if run.single else _RELATIVE
    tolerance = relative * max(abs(computed), abs(value)) + rounding(run, draft.span)
    if alike(computed, value, tolerance):
        tail = f" = {number(value, draft.digits)}"
    else:
        digits = digits_apart(computed, value)
        tail = f" = {number(computed, digits)}, but the run has {number(value, digits)}"
    text = fitted(
        label_of(cell),
        tuple((" = ", *line) for line in draft.lines),
        tail,
        number(value, draft.digits),
        width=width,
        terms=terms,
        ascii=ascii,
    )
    return Formula(
        cell,
        spelled(draft.equation, ascii),
        text,
        value,
        spelled(draft.meaning, ascii),
        computed,
        tolerance,
    )
