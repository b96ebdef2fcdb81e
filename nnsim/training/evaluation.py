"""Cost and accuracy over a whole set, in inference mode, a chunk at a time (topic D9)."""

import numpy as np

from nnsim.kernels.codes import Fault, Task
from nnsim.kernels.cpu.loss_bodies import accuracy_count
from nnsim.kernels.jit import body, kernel, open_stage
from nnsim.kernels.stages import call
from nnsim.kernels.view import view
from nnsim.network.dropout import FRESH_MASKS, NO_MASKS
from nnsim.network.norms import BATCH_STATISTICS, RUNNING_STATISTICS
from nnsim.network.specification import Network
from nnsim.training.batches import copy_columns
from nnsim.training.tables import COST, FORWARD

CHUNK = 512
"""Most examples evaluated at once: bounds the workspace whatever the size of the set."""
_NUMBERS_AT_ONCE = 4096
"""Of a layer: they fit into the fastest cache."""


def examples_at_once(network: Network) -> int:
    """Return how many examples of a set are evaluated at a time."""
    fitting = _NUMBERS_AT_ONCE // max(network.sizes)
    return min(CHUNK, max(CHUNK // 4, fitting // 32 * 32))


@body
def infer(stages, layers, settings, theta, running, work, m, step):
    """Run all layers forward as after training; planted mode bugs (B14) stay on."""
    masks = FRESH_MASKS if settings.fault == Fault.DROPOUT_AT_TEST else NO_MASKS
    statistics = RUNNING_STATISTICS
    if settings.fault == Fault.BATCH_STATISTICS_AT_TEST:
        statistics = BATCH_STATISTICS
    for number in range(1, layers.shape[0]):
        call(
            stages, FORWARD, stages, layers, number, theta, running, work, m,
            masks, statistics, settings.seed, step,
        )  # fmt: skip


@body
def load_examples(layers, labels, work, X, Y, start, m):
    """Copy m examples, from `start` on, to where A[0] and Y lie."""
    copy_columns(X, start, view(work, layers[0].A, X.shape[0], m))
    copy_columns(Y, start, view(work, labels, Y.shape[0], m))


@open_stage
def evaluate_into(
    stages, layers, labels, capacity, settings, state, theta, running, work, X, Y, result
):
    """Write cost J, data loss and accuracy of a set to result[0:3]; NaN for an empty set.

    The state's costs are used as scratch paper and put back; its step names dropout's masks.
    """
    examples = X.shape[1]
    result[0] = result[1] = result[2] = np.nan
    if examples == 0:
        return
    kept = state.cost, state.data_loss, state.penalty
    loss, correct = 0.0, 0
    output = layers[-1]
    for start in range(0, examples, capacity):
        m = min(capacity, examples - start)
        load_examples(layers, labels, work, X, Y, start, m)
        infer(stages, layers, settings, theta, running, work, m, state.step)
        call(stages, COST, layers, settings, state, theta, work, labels, m)
        loss += state.data_loss * m
        Z = view(work, output.Z_tilde, output.units, m)
        A = view(work, output.A, output.units, m)
        Y0 = view(work, labels, output.units, m)
        correct += accuracy_count(settings.task, settings.loss, Z, A, Y0)
    result[1] = loss / examples
    # The penalty lambd/(2m) sum W^2 is that of the last chunk's m; the set's is smaller.
    result[0] = result[1] + state.penalty * m / examples
    if settings.task != Task.REGRESSION:
        result[2] = correct / examples
    state.cost, state.data_loss, state.penalty = kept


@kernel
def predict_into(stages, layers, capacity, settings_table, theta, running, work, X, result):
    """Write A[L] of every column of X to result (n_y, m), in inference mode."""
    settings, output = settings_table[0], layers[-1]
    for start in range(0, X.shape[1], capacity):
        m = min(capacity, X.shape[1] - start)
        A0 = view(work, layers[0].A, X.shape[0], m)
        copy_columns(X, start, A0)
        infer(stages, layers, settings, theta, running, work, m, 0)
        A = view(work, output.A, output.units, m)
        for i in range(output.units):
            for j in range(m):
                result[i, start + j] = A[i, j]
