"""The stages of the compiled program, put together for a dtype (see nnsim.kernels.stages)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nnsim.kernels.compiling import compile_together, signature_of
from nnsim.kernels.stages import table_of
from nnsim.network.backward import backward_layer
from nnsim.network.forward import cost, forward_layer
from nnsim.network.norms import NORM_BACKWARD, NORM_FORWARD, norm_backward, norm_forward
from nnsim.training.batches import load_batch
from nnsim.training.evaluation import evaluate_into
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
from nnsim.training.update import clip_gradient, update_parameters

if TYPE_CHECKING:
    from nnsim.training.machine import Machine

_TABLES: dict[np.dtype, object] = {}
_NO_STAGES = np.zeros(1, np.int64)


def stages_of(machine: Machine):
    """Return the table of stages for a machine's dtype; all networks share it."""
    if machine.dtype not in _TABLES:
        _TABLES[machine.dtype] = _compiled(machine)
    return _TABLES[machine.dtype]


def _compiled(machine: Machine):
    layout, settings, state = machine.layout, machine.settings[0], machine.state[0]
    layers, labels, work, theta = layout.layers, layout.labels, machine.work, machine.theta
    X, Y = machine.sets["train"]
    scratch, seed = machine.scratch[0], int(settings.seed)
    slots = (machine.v, machine.s, machine.s_max)
    # Numbered as in `tables` and `norms`; the arguments are examples, only their types matter.
    examples: list[tuple] = [
        (load_batch, (settings, state, scratch, layers, work, labels, machine.order, X, Y)),
        (forward_layer, (_NO_STAGES, layers, 1, theta, machine.running, work, 1, 0, 0, seed, 0)),
        (cost, (layers, settings, state, theta, work, labels, 1)),
        (
            backward_layer,
            (_NO_STAGES, layers, 1, settings, theta, machine.grad, work, labels, 1),
        ),
        (clip_gradient, (settings, state, machine.grad)),
        (
            update_parameters,
            (layers, settings, state, machine.schedule_values, theta, machine.grad, *slots),
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
    ]
    stages = [(stage, signature_of(arguments)) for stage, arguments in examples]
    program = (execute, signature_of(machine.arguments(1, _NO_STAGES)))
    largest_first = (
        *(BACKWARD, FORWARD, UPDATE, NORM_FORWARD, NORM_BACKWARD),
        *(COST, EVALUATE, FIGURES, LOAD_BATCH, CLIP),
    )
    compile_together([program, *(stages[number] for number in largest_first)])
    return table_of(stages)
