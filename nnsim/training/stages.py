"""The stages of the compiled program, put together for a dtype (see nnsim.kernels.stages)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnsim.kernels.codes import Family, Fault, Schedule
from nnsim.kernels.compiling import compile_together, signature_of
from nnsim.kernels.cpu.loss_bodies import LOGIT_LOSSES
from nnsim.kernels.stages import add_stage, new_table
from nnsim.network.activations import (
    ACTIVATE,
    ACTIVATE_BACKWARD,
    BACKWARD_STAGES,
    FORWARD_STAGES,
)
from nnsim.network.backward import backward_layer
from nnsim.network.dropout import DROP_BACKWARD, DROP_FORWARD, drop_backward, drop_forward
from nnsim.network.faults import SPOIL, spoil_gradient
from nnsim.network.forward import cost, forward_layer
from nnsim.network.norms import NORM_BACKWARD, NORM_FORWARD, norm_backward, norm_forward
from nnsim.network.penalties import PENALISE, penalise
from nnsim.network.products import (
    MULTIPLY_BACKWARD,
    MULTIPLY_FORWARD,
    may_need_blas,
    multiply_backward,
    multiply_forward,
)
from nnsim.training.batches import ARRANGE, arrange_examples, load_batch
from nnsim.training.evaluation import evaluate_into
from nnsim.training.optimizers import APPLY_RULE, RULES
from nnsim.training.program import execute
from nnsim.training.recording import layer_figures_into
from nnsim.training.tables import (
    BACKWARD,
    CLIP,
    COST,
    EVALUATE,
    FIGURES,
    FORWARD,
    LOAD_BATCH,
    UPDATE,
)
from nnsim.training.update import SCHEDULE, clip_gradient, schedule_rate, update_parameters

if TYPE_CHECKING:
    from nnsim.training.machine import Machine

_TABLES: dict[np.dtype, Any] = {}
_NO_STAGES = np.zeros(1, np.int64)
_ALWAYS = (BACKWARD, UPDATE, FORWARD, LOAD_BATCH, EVALUATE, COST, FIGURES)
"""The stages of every network, those that take longest to compile first."""
_NUMBER = SCHEDULE + 1
"""Of all stages."""


def stages_of(machine: Machine):
    """Return the table of stages for a machine's dtype; all networks share it.

    What not every run has (norms, dropout, penalties, clipping, faults, mini-batches, schedules,
    each family of activations and of rules) is compiled when a run with it first asks.
    """
    if machine.dtype not in _TABLES:
        _TABLES[machine.dtype] = new_table(_NUMBER)
    table = _TABLES[machine.dtype]
    if missing := [number for number in _wanted(machine) if not table[number]]:
        _compile(machine, table, missing)
    return table


def stages_with(machine: Machine, family: Family):
    """Return the same table, where forward may meet that family of activations too."""
    table, number = machine.stages, ACTIVATE + family
    if not table[number]:
        _compile(machine, table, [number])
    return table


def _wanted(machine: Machine) -> list[int]:
    """Return the numbers of the stages that a machine calls."""
    layers, settings = machine.layout.layers[1:], machine.settings[0]
    wanted = list(_ALWAYS)
    if layers["batch_norm"].any() or layers["layer_norm"].any():
        wanted += [NORM_FORWARD, NORM_BACKWARD]
    largest = int((layers["units"] * layers["inputs"]).max())
    if may_need_blas(largest, max(machine.layout.capacity, machine.evaluation_layout.capacity)):
        wanted += [MULTIPLY_FORWARD, MULTIPLY_BACKWARD]
    if layers["dropout"].any():
        wanted += [DROP_FORWARD, DROP_BACKWARD]
    if settings.l1 > 0 or settings.l2 > 0:
        wanted.append(PENALISE)
    wanted.append(APPLY_RULE + int(settings.rule))
    if settings.schedule != Schedule.CONSTANT or settings.warm_up > 0:
        wanted.append(SCHEDULE)
    if settings.clip_value > 0 or settings.clip_norm > 0:
        wanted.append(CLIP)
    if settings.batch_size < settings.examples:
        wanted.append(ARRANGE)
    families = layers["family"].tolist()
    # The last way back is taken through the loss at once where it can be.
    back = set(families[:-1] if settings.loss in LOGIT_LOSSES else families)
    if settings.fault != Fault.NONE:
        back |= {Family.PIECEWISE, Family.SQUASHING}
        wanted.append(SPOIL)
    wanted += [ACTIVATE + family for family in sorted(set(families))]
    return wanted + [ACTIVATE_BACKWARD + family for family in sorted(back)]


def _compile(machine: Machine, table, missing: list[int]) -> None:
    layout, settings, state = machine.layout, machine.settings[0], machine.state[0]
    layers, labels, work, theta = layout.layers, layout.labels, machine.work, machine.theta
    X, Y = machine.sets["train"]
    scratch, seed = machine.scratch[0], int(settings.seed)
    slots = (machine.v, machine.s, machine.s_max)
    # Numbered as in `tables` and `norms`; the arguments are examples, only their types matter.
    examples: list[tuple] = [
        (
            load_batch,
            (_NO_STAGES, settings, state, scratch, layers, work, labels, machine.order, X, Y),
        ),
        (forward_layer, (_NO_STAGES, layers, 1, theta, machine.running, work, 1, 0, 0, seed, 0)),
        (cost, (layers, settings, state, theta, work, labels, 1)),
        (
            backward_layer,
            (_NO_STAGES, layers, 1, settings, theta, machine.grad, work, labels, 1),
        ),
        (clip_gradient, (settings, state, machine.grad)),
        (
            update_parameters,
            (
                *(_NO_STAGES, layers, settings, state, machine.schedule_values, theta),
                *(machine.grad, *slots, work),
            ),
        ),
        (
            evaluate_into,
            (
                *(_NO_STAGES, layers, labels, 1, settings, state, theta, machine.running, work),
                *(X, Y, np.zeros(1)),
            ),
        ),
        (layer_figures_into, (layers, theta, machine.before, machine.grad, work, 1, np.zeros(1))),
        (norm_forward, (layers, 1, theta, machine.running, work, 1, 0)),
        (norm_backward, (layers, 1, settings, theta, machine.grad, work, 1)),
        *((stage, (work, 0, 0.0, 1, 1, 0, 0, 0)) for stage in FORWARD_STAGES),
        *((stage, (work, 0, 0.0, 1, 1, 0, 0, 0, 0)) for stage in BACKWARD_STAGES),
        (drop_forward, (layers, 1, work, 1, 0, seed, 0)),
        (drop_backward, (layers, 1, settings, work, 1)),
        (penalise, (layers, 1, settings, theta, machine.grad, 1)),
        (spoil_gradient, (layers, 1, settings, machine.grad, 1)),
        (arrange_examples, (settings, state, scratch, machine.order)),
        (multiply_forward, (layers, 1, theta, work, 1)),
        (multiply_backward, (layers, 1, theta, machine.grad, work, 1, True)),
        *((rule, (settings, state, theta, machine.grad, *slots, work, 0)) for rule in RULES),
        (schedule_rate, (settings, state, machine.schedule_values)),
    ]
    stages = {
        number: (examples[number][0], signature_of(examples[number][1])) for number in missing
    }
    program = (execute, signature_of(machine.arguments(1, _NO_STAGES)))
    compile_together([program, *stages.values()])
    for number, stage in stages.items():
        add_stage(table, number, *stage)
