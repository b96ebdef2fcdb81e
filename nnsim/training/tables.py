"""The records that compiled training code reads and writes: settings, state, scratch."""

from __future__ import annotations

import numpy as np

from nnsim.kernels.codes import (
    RULE_OF,
    BiasCorrection,
    Fault,
    Loss,
    Optimizer,
    Schedule,
    Task,
    code_of,
)
from nnsim.network.specification import Network
from nnsim.training.specification import Training


def _record(integers: str, floats: str = "") -> np.dtype:
    fields: list[tuple[str, type]] = [(name, np.int64) for name in integers.split()]
    fields += [(name, np.float64) for name in floats.split()]
    return np.dtype((np.record, fields))


SETTINGS = _record(
    "loss task optimizer rule epsilon_inside correction schedule schedule_every schedule_steps "
    "warm_up seed steps batch_size examples shuffle evaluate_every patience fault fault_layer "
    "l1_halved",
    "huber_delta l1 l2 label_smoothing learning_rate beta1 beta2 epsilon weight_decay clip_value "
    "clip_norm schedule_rate schedule_minimum minimum_improvement",
)
"""Everything that a fork may change without changing the shape of theta."""

STATE = _record(
    "step phase epoch batch m t status best_step waited",
    "cost data_loss penalty learning_rate gradient_norm best_cost",
)
"""Where training stands: with theta, the slots and the running statistics this is a snapshot.

step: updates done. phase: next phase of the step. batch: number within the epoch. m: examples in
it. t: updates since the optimiser's slots were empty. waited: evaluations since the best.
"""

SCRATCH = _record(
    "batch_loaded order_epoch open_row before_step record curve_rows curve_stride record_rows "
    "record_stride",
)
"""Bookkeeping that no result depends on."""

LOAD_BATCH, FORWARD, COST, BACKWARD, CLIP, UPDATE, EVALUATE, FIGURES = range(8)
"""Numbers of the stages that the program calls (nnsim.kernels.stages); two more are in
`nnsim.network.norms`."""

RUNNING, NON_FINITE, STOPPED_EARLY = 0, 1, 2
"""Values of `status` in the state."""

_CORRECTIONS = {
    Fault.ADAM_UNCORRECTED: BiasCorrection.NONE,
    Fault.ADAM_CORRECTION_MULTIPLIED: BiasCorrection.MULTIPLIED,
    Fault.ADAM_CORRECTION_STORED: BiasCorrection.STORED,
}


def fault_of(training: Training) -> Fault:
    """Return the planted fault's number."""
    return Fault(code_of(Fault, training.fault.kind)) if training.fault else Fault.NONE


def evaluation_interval(training: Training) -> int:
    """Return the steps between evaluations: as asked for, or a hundredth of the run."""
    return training.evaluate_every or max(1, training.steps // 100)


def settings_of(
    network: Network, training: Training, *, task: Task, examples: int, seed: int
) -> np.ndarray:
    """Return a SETTINGS record array of length 1."""
    table = np.zeros(1, SETTINGS)
    s = table[0]
    fault = fault_of(training)
    s.loss, s.huber_delta = code_of(Loss, network.loss), network.huber_delta
    s.l1, s.l1_halved, s.l2 = network.l1, network.l1_halved, network.l2
    s.label_smoothing = network.label_smoothing
    s.task, s.examples, s.seed = task, examples, seed
    s.batch_size = min(training.batch_size or examples, examples)
    s.shuffle, s.steps = training.shuffle, training.steps
    s.optimizer = code_of(Optimizer, training.optimizer)
    s.rule = RULE_OF[Optimizer(s.optimizer)]
    for name in ("learning_rate", "beta1", "beta2", "epsilon", "epsilon_inside", "weight_decay"):
        s[name] = getattr(training, name)
    s.clip_value, s.clip_norm = training.clip_value, training.clip_norm
    schedule = training.schedule
    s.schedule, s.schedule_rate = code_of(Schedule, schedule.kind), schedule.rate
    s.schedule_every, s.schedule_minimum = schedule.every, schedule.minimum
    s.schedule_steps, s.warm_up = schedule.steps or training.steps, schedule.warm_up
    s.evaluate_every = evaluation_interval(training)
    if training.early_stopping:
        s.patience = training.early_stopping.patience
        s.minimum_improvement = training.early_stopping.minimum_improvement
    s.fault, s.fault_layer = fault, training.fault.layer if training.fault else 0
    s.correction = _CORRECTIONS.get(fault, BiasCorrection.DIVIDED)
    return table


def schedule_values(training: Training) -> np.ndarray:
    """Return the manual schedule as a (k, 2) table of first epoch and alpha; k may be 0."""
    return np.array(training.schedule.values, np.float64).reshape(-1, 2)


def new_state() -> np.ndarray:
    """Return a STATE record array at step 0."""
    state = np.zeros(1, STATE)
    state[0].best_step = -1
    state[0].best_cost = np.inf
    return state


def new_scratch() -> np.ndarray:
    """Return a SCRATCH record array with nothing loaded and nothing recorded."""
    scratch = np.zeros(1, SCRATCH)
    scratch[0].order_epoch = scratch[0].open_row = scratch[0].before_step = -1
    scratch[0].curve_stride = scratch[0].record_stride = 1
    return scratch
