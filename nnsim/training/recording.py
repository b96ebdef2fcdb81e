"""Figures over steps, bounded in memory: a full table drops every second row."""

import numpy as np

from nnsim.kernels.codes import Activation
from nnsim.kernels.cpu.sums import squares_of, sum_of
from nnsim.kernels.jit import body, open_stage
from nnsim.kernels.view import view
from nnsim.training.figures import LAYER_FIGURES, RECORD

FIRST_LAYER_COLUMN = len(RECORD)
FIRST_SET_COLUMN = RECORD.index("train_cost")
"""Where the figures of the sets begin: cost, data loss and accuracy of train, of dev, of test."""
FIGURES_A_LAYER = len(LAYER_FIGURES)
SATURATED_SLOPE = 0.01
"""A sigmoid or tanh unit whose slope g'(z) is below 1% of its largest is called saturated."""


@body
def thin(table, rows):
    """Drop every second row; return how many are left."""
    kept = (rows + 1) // 2
    for i in range(1, kept):
        for column in range(table.shape[1]):
            table[i, column] = table[2 * i, column]
    return kept


@body
def add_to_curve(state, scratch, curve):
    """Write the figures of the present step into the curve, if its stride asks for them."""
    if state.step % scratch.curve_stride:
        return
    if state.step // scratch.curve_stride >= curve.shape[0]:
        scratch.curve_rows = thin(curve, scratch.curve_rows)
        scratch.curve_stride *= 2
        if state.step % scratch.curve_stride:
            return
    row = state.step // scratch.curve_stride
    scratch.curve_rows = row + 1
    curve[row, 0] = state.step
    curve[row, 1] = state.cost
    curve[row, 2] = state.data_loss
    curve[row, 3] = state.penalty
    curve[row, 4] = state.learning_rate


@body
def open_record(settings, state, scratch, records):
    """Choose the row for an evaluation at the present step, or -1 if the stride skips it."""
    scratch.open_row = -1
    number = state.step // settings.evaluate_every
    if number % scratch.record_stride:
        return
    # Rows follow one another: a fork may have changed how many steps lie between them.
    row = scratch.record_rows
    if row > 0 and records[row - 1, 0] == state.step:
        row -= 1
    if row >= records.shape[0]:
        scratch.record_rows = row = thin(records, scratch.record_rows)
        scratch.record_stride *= 2
        if number % scratch.record_stride:
            return
    scratch.open_row = row
    scratch.record_rows = row + 1
    for column in range(records.shape[1]):
        records[row, column] = np.nan
    records[row, 0] = state.step
    records[row, 1] = state.epoch


@body
def mean_and_deviation(A):
    """Return the mean and the standard deviation of a matrix."""
    T = A.dtype.type
    mean = sum_of(A, 0, A.size) / T(A.size)
    return mean, np.sqrt(squares_of(A, 0, A.size, mean) / T(A.size))


@body
def norm_of(flat, start, count):
    """Return the Euclidean (Frobenius) norm of a piece of a flat vector."""
    return np.sqrt(squares_of(flat, start, count, flat.dtype.type(0)))


@body
def dead_share(A):
    """Return the share of units whose activation is 0 for every example of the batch."""
    dead = 0
    for i in range(A.shape[0]):
        alive = 0
        for j in range(A.shape[1]):
            alive |= A[i, j] != 0
        dead += alive == 0
    return dead / A.shape[0]


@body
def saturated_share(activation, A):
    """Return the share of sigmoid or tanh values whose slope is below 1% of its largest."""
    flat = 0
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            a = A[i, j]
            slope = 4 * a * (1 - a) if activation == Activation.SIGMOID else 1 - a * a
            flat += slope < SATURATED_SLOPE
    return flat / A.size


@open_stage
def layer_figures_into(layers, theta, before, grad, work, m, figures):
    """Write LAYER_FIGURES of every layer, one layer after another.

    `theta` holds the parameters after the update and `before` those that the step began with: all
    figures belong to `before`, and update_ratio = ||theta - before|| / ||before|| over W.
    """
    for number in range(1, layers.shape[0]):
        row = layers[number]
        first = FIGURES_A_LAYER * (number - 1)
        size = row.units * row.inputs
        Z = view(work, row.Z, row.units, m)
        G = view(work, row.G, row.units, m)
        weight_norm = norm_of(before, row.W, size)
        change = 0.0
        for i in range(row.W, row.W + size):
            change += (theta[i] - before[i]) ** 2
        figures[first] = weight_norm
        figures[first + 1] = norm_of(grad, row.W, size)
        figures[first + 2] = np.sqrt(change) / weight_norm
        figures[first + 3], figures[first + 4] = mean_and_deviation(Z)
        figures[first + 5], figures[first + 6] = mean_and_deviation(G)
        figures[first + 7] = dead_share(G)
        if row.activation == Activation.SIGMOID or row.activation == Activation.TANH:
            figures[first + 8] = saturated_share(row.activation, G)
        else:
            figures[first + 8] = 0.0
