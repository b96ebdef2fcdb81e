"""The compiled program: one function runs any number of phases of any network's training.

Both gears are this one function. The step gear asks it for one phase, the run gear for the phases
of thousands of steps; so they agree to the last bit by construction. A network of L layers has
2 L + 4 phases a step:

    batch, forward 1 ... L, cost, backward L ... 1, check, update
"""

import numpy as np

from nnsim.kernels.jit import body, kernel
from nnsim.kernels.loops import copy_into
from nnsim.kernels.stages import call
from nnsim.network.dropout import FRESH_MASKS
from nnsim.network.norms import TRACKED_STATISTICS
from nnsim.training.batches import batches_in_epoch
from nnsim.training.recording import (
    FIRST_LAYER_COLUMN,
    FIRST_SET_COLUMN,
    add_to_curve,
    open_record,
)
from nnsim.training.tables import (
    BACKWARD,
    CLIP,
    COST,
    EVALUATE,
    FIGURES,
    FORWARD,
    LOAD_BATCH,
    NON_FINITE,
    RUNNING,
    STOPPED_EARLY,
    UPDATE,
)
from nnsim.training.update import all_finite

TRAIN, DEV, TEST = range(3)
"""The sets, in the order of a record's columns."""


def phase_names(depth: int) -> tuple[str, ...]:
    """Return the names of a step's phases for L = `depth` layers, in order."""
    forward = tuple(f"forward {number}" for number in range(1, depth + 1))
    backward = tuple(f"backward {number}" for number in range(depth, 0, -1))
    return ("batch", *forward, "cost", *backward, "check", "update")


@kernel
def execute(
    phases,
    stages,
    layers,
    labels,
    settings_table,
    state_table,
    scratch_table,
    schedule_values,
    theta,
    grad,
    v,
    s,
    s_max,
    before,
    running,
    best_theta,
    best_running,
    work,
    order,
    X,
    Y,
    evaluation_layers,
    evaluation_labels,
    evaluation_capacity,
    evaluation_work,
    X_dev,
    Y_dev,
    X_test,
    Y_test,
    curve,
    records,
):
    """Run `phases` phases from where the state stands; stop before when the status changes.

    Returns the number of phases done. A phase that makes NaN or infinity is the one that the state
    is left at, with status NON_FINITE.
    """
    settings, state, scratch = settings_table[0], state_table[0], scratch_table[0]
    evaluation = np.empty(3)
    depth = layers.shape[0] - 1
    last = 2 * depth + 3
    for done in range(phases):
        if state.status != RUNNING:
            return done
        phase = state.phase
        m = state.m
        finite = True
        if phase == 0:
            scheduled = state.step % settings.evaluate_every == 0
            if scheduled and scratch.record:
                open_record(settings, state, scratch, records)
            recording = scratch.open_row >= 0
            watching = settings.patience > 0 and (scheduled or state.step == settings.steps)
            if recording or watching:
                dev_loss = np.nan
                for part in (TRAIN, DEV, TEST):
                    if part != DEV and not recording:
                        continue
                    X_part = X if part == TRAIN else X_dev if part == DEV else X_test
                    Y_part = Y if part == TRAIN else Y_dev if part == DEV else Y_test
                    call(
                        stages, EVALUATE, stages, evaluation_layers, evaluation_labels,
                        evaluation_capacity, settings, state, theta, running, evaluation_work,
                        X_part, Y_part, evaluation,
                    )  # fmt: skip
                    if part == DEV:
                        dev_loss = evaluation[1]
                    if recording:
                        for k in range(3):
                            records[scratch.open_row, FIRST_SET_COLUMN + 3 * part + k] = evaluation[
                                k
                            ]
                if watching:
                    watch_dev(settings, state, dev_loss, theta, running, best_theta, best_running)
                    if state.status != RUNNING:
                        return done
            call(
                stages, LOAD_BATCH, stages, settings, state, scratch, layers, work, labels,
                order, X, Y,
            )  # fmt: skip
        elif phase <= depth:
            call(
                stages, FORWARD, stages, layers, phase, theta, running, work, m,
                FRESH_MASKS, TRACKED_STATISTICS, settings.seed, state.step,
            )  # fmt: skip
            row = layers[phase]
            finite = all_finite(work[row.total], work, row.Z_tilde, row.units * m)
        elif phase == depth + 1:
            call(stages, COST, layers, settings, state, theta, work, labels, m)
            finite = state.cost - state.cost == 0
        elif phase <= 2 * depth + 1:
            number = 2 * depth + 2 - phase
            call(stages, BACKWARD, stages, layers, number, settings, theta, grad, work, labels, m)
            row = layers[number]
            finite = all_finite(
                work[row.total], grad, row.W,
                row.units * (row.inputs + row.bias + 2 * (row.batch_norm + row.layer_norm)),
            )  # fmt: skip
        elif phase < last:
            if settings.clip_value > 0 or settings.clip_norm > 0:
                call(stages, CLIP, settings, state, grad)
        else:
            if scratch.open_row >= 0 or phases - done <= last + 1:
                copy_into(theta, before)
                scratch.before_step = state.step
            call(
                stages, UPDATE, stages, layers, settings, state, schedule_values, theta, grad,
                v, s, s_max, work,
            )  # fmt: skip
            finite = all_finite(work[layers[0].total], theta, 0, theta.shape[0])
        if not finite:
            state.status = NON_FINITE
            return done
        if phase < last:
            state.phase = phase + 1
            continue
        if scratch.record:
            add_to_curve(state, scratch, curve)
            if scratch.open_row >= 0:
                figures = records[scratch.open_row, FIRST_LAYER_COLUMN:]
                call(stages, FIGURES, layers, theta, before, grad, work, m, figures)
                scratch.open_row = -1
        finish_step(settings, state)
    return phases


@body
def finish_step(settings, state):
    """Move on to the next step, batch and, after the last batch, epoch."""
    state.phase = 0
    state.step += 1
    state.batch += 1
    if state.batch >= batches_in_epoch(settings):
        state.batch = 0
        state.epoch += 1


@body
def watch_dev(settings, state, dev_loss, theta, running, best_theta, best_running):
    """Early stopping (course topic B8): keep the best parameters, restore them at the end."""
    if dev_loss < state.best_cost - settings.minimum_improvement or state.best_step < 0:
        state.best_cost = dev_loss
        state.best_step = state.step
        state.waited = 0
        copy_into(theta, best_theta)
        copy_into(running, best_running)
    else:
        state.waited += 1
    if state.waited >= settings.patience or state.step >= settings.steps:
        copy_into(best_theta, theta)
        copy_into(best_running, running)
        state.status = STOPPED_EARLY
