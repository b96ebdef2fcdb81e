"""Mini-batches (topics C1, E6): reshuffled each epoch, copied once into the workspace."""

from nnsim.kernels.codes import Fault, Loss, Stream
from nnsim.kernels.cpu.label_smoothing import smooth_labels_into
from nnsim.kernels.cpu.random import permutation_into
from nnsim.kernels.jit import body, stage
from nnsim.kernels.loops import flat
from nnsim.kernels.stages import call
from nnsim.kernels.view import view

ARRANGE = 22
"""The number of `arrange_examples` among the stages: runs on full batches have no order."""
IN_FILE_ORDER = -2
"""The epoch number that stands for 'never shuffled'."""


@body
def batches_in_epoch(settings):
    """Return how many batches cover the training examples; the last one may be smaller."""
    return (settings.examples + settings.batch_size - 1) // settings.batch_size


@stage
def load_batch(stages, settings, state, scratch, layers, work, labels, order, X, Y):
    """Copy the columns of mini-batch X^{t}, Y^{t} into the workspace, where A[0] and Y lie.

    A batch of all examples is copied once for the whole run and never shuffled: the order of the
    columns changes no sum. With label smoothing, what lies there are the smoothed labels: all that
    training computes follows from them, and evaluations, which load labels themselves, do not.
    """
    start = state.batch * settings.batch_size
    m = min(settings.batch_size, settings.examples - start)
    state.m = m
    A0 = view(work, layers[0].A, X.shape[0], m)
    labels_of_batch = view(work, labels, Y.shape[0], m)
    if m == settings.examples:
        if scratch.batch_loaded:
            return
        copy_columns(X, 0, A0)
        copy_columns(Y, 0, labels_of_batch)
        scratch.batch_loaded = 1
    else:
        call(stages, ARRANGE, settings, state, scratch, order)
        gather_columns(X, order, start, A0)
        gather_columns(Y, order, start, labels_of_batch)
    if settings.label_smoothing > 0:
        # Over the rows for softmax, over yes and no for each output of its own.
        classes = Y.shape[0] if settings.loss == Loss.SOFTMAX_CROSS_ENTROPY else 2
        labels_seen = flat(labels_of_batch)
        smooth_labels_into(labels_seen, settings.label_smoothing, classes, labels_seen)


@stage
def arrange_examples(settings, state, scratch, order):
    """Leave this epoch's order of the examples in `order`; it needs no epoch before it."""
    epoch = state.epoch if settings.shuffle else IN_FILE_ORDER
    if settings.fault == Fault.NO_RESHUFFLE:
        epoch = 0
    if scratch.order_epoch == epoch:
        return
    if epoch == IN_FILE_ORDER:
        for j in range(order.shape[0]):
            order[j] = j
    else:
        permutation_into(settings.seed, Stream.SHUFFLE, epoch, order)
    scratch.order_epoch = epoch


@body
def gather_columns(source, order, start, target):
    """Write target[:, j] = source[:, order[start + j]]."""
    for i in range(target.shape[0]):
        for j in range(target.shape[1]):
            target[i, j] = source[i, order[start + j]]


@body
def copy_columns(source, start, target):
    """Write target[:, j] = source[:, start + j]."""
    for i in range(target.shape[0]):
        for j in range(target.shape[1]):
            target[i, j] = source[i, start + j]
