"""Numbers that stand for names inside compiled code.

A network is data: its table holds these numbers, and one compiled program
branches on them. The lower-case member names are the words that scenario files
and Python use. This module imports nothing heavy, so that names can be listed
and checked without Numba.
"""

from enum import IntEnum


class Activation(IntEnum):
    """Element-wise (or, for softmax and hardmax, column-wise) functions g(Z)."""

    IDENTITY = 0
    SIGMOID = 1
    TANH = 2
    RELU = 3
    LEAKY_RELU = 4
    ELU = 5
    SELU = 6
    GELU = 7
    SILU = 8
    SOFTPLUS = 9
    SOFTMAX = 10
    HARDMAX = 11


class Family(IntEnum):
    """Activations that are compiled together, when a network first has one of them."""

    PIECEWISE = 0
    SQUASHING = 1
    COLUMNWISE = 2
    CURVED = 3


FAMILY_OF = {
    Activation.IDENTITY: Family.PIECEWISE,
    Activation.SIGMOID: Family.SQUASHING,
    Activation.TANH: Family.SQUASHING,
    Activation.RELU: Family.PIECEWISE,
    Activation.LEAKY_RELU: Family.PIECEWISE,
    Activation.ELU: Family.CURVED,
    Activation.SELU: Family.CURVED,
    Activation.GELU: Family.CURVED,
    Activation.SILU: Family.CURVED,
    Activation.SOFTPLUS: Family.CURVED,
    Activation.SOFTMAX: Family.COLUMNWISE,
    Activation.HARDMAX: Family.COLUMNWISE,
}


class Loss(IntEnum):
    """Losses L(yhat, y); the cost J is their mean over the m examples."""

    BINARY_CROSS_ENTROPY = 0
    SOFTMAX_CROSS_ENTROPY = 1
    MEAN_SQUARED_ERROR = 2
    HINGE = 3
    HUBER = 4


class Optimizer(IntEnum):
    """Update rules."""

    SGD = 0
    MOMENTUM = 1
    MOMENTUM_SUM = 2
    NESTEROV = 3
    ADAGRAD = 4
    RMSPROP = 5
    ADAM = 6
    ADAMW = 7
    AMSGRAD = 8
    NADAM = 9
    LION = 10


class Rule(IntEnum):
    """Update rules that are compiled together, named after what a step is made of."""

    BY_GRADIENT = 0
    BY_AVERAGE = 1
    BY_SQUARES = 2
    BY_BOTH = 3
    BY_SIGN = 4


RULE_OF = {
    Optimizer.SGD: Rule.BY_GRADIENT,
    Optimizer.MOMENTUM: Rule.BY_AVERAGE,
    Optimizer.MOMENTUM_SUM: Rule.BY_AVERAGE,
    Optimizer.NESTEROV: Rule.BY_AVERAGE,
    Optimizer.ADAGRAD: Rule.BY_SQUARES,
    Optimizer.RMSPROP: Rule.BY_SQUARES,
    Optimizer.ADAM: Rule.BY_BOTH,
    Optimizer.ADAMW: Rule.BY_BOTH,
    Optimizer.AMSGRAD: Rule.BY_BOTH,
    Optimizer.NADAM: Rule.BY_BOTH,
    Optimizer.LION: Rule.BY_SIGN,
}


class BiasCorrection(IntEnum):
    """What Adam's kind does with the bias of its averages; all but ``DIVIDED`` are faults."""

    DIVIDED = 0
    NONE = 1
    MULTIPLIED = 2
    STORED = 3


class Schedule(IntEnum):
    """How the learning rate alpha follows the step and the epoch."""

    CONSTANT = 0
    INVERSE_TIME = 1
    EXPONENTIAL = 2
    SQRT_EPOCH = 3
    SQRT_STEP = 4
    STAIRCASE = 5
    MANUAL = 6
    COSINE = 7
    ONE_CYCLE = 8


class Initializer(IntEnum):
    """Distributions of the first weights."""

    ZEROS = 0
    CONSTANT = 1
    NORMAL = 2
    UNIFORM = 3
    HE = 4
    XAVIER = 5
    GLOROT = 6
    IDENTITY = 7
    ORTHOGONAL = 8


class Stream(IntEnum):
    """Independent streams of random numbers: one a purpose, all from one seed."""

    DATA = 0
    SPLIT = 1
    INITIALIZE = 2
    SHUFFLE = 3
    DROPOUT = 4
    NOISE = 5
    SEARCH = 6
    AUGMENT = 7


class Task(IntEnum):
    """What the labels mean, and so how accuracy is counted."""

    REGRESSION = 0
    BINARY = 1
    MULTICLASS = 2


class Fault(IntEnum):
    """Bugs that a learner can plant and find (course topic B14)."""

    NONE = 0
    # The gradient check catches these.
    DW_DOUBLED = 1
    DB_SCALED = 2
    DERIVATIVE_MISSING = 3
    DERIVATIVE_WRONG = 4
    MEAN_FORGOTTEN = 5
    PENALTY_GRADIENT_FORGOTTEN = 6
    SIGN_FLIPPED = 7
    DROPOUT_SCALE_FORGOTTEN = 8
    BATCH_NORM_TERMS_FORGOTTEN = 9
    WEIGHTS_TRANSPOSED = 10
    # The gradient check is blind to these.
    ADAM_UNCORRECTED = 20
    ADAM_CORRECTION_MULTIPLIED = 21
    ADAM_CORRECTION_STORED = 22
    SHARED_INITIAL_WEIGHT = 23
    LAST_BATCH_DIVISOR = 24
    NO_RESHUFFLE = 25
    DEV_NORMALIZED_ALONE = 26
    # Right formulas in the wrong mode.
    DROPOUT_AT_TEST = 30
    BATCH_STATISTICS_AT_TEST = 31
    FRESH_MASKS_IN_CHECK = 32


def code_of(kind: type[IntEnum], name: str) -> int:
    """Return the number of a lower-case name; ValueError lists the valid names."""
    try:
        return kind[name.upper()]
    except KeyError:
        raise ValueError(
            f"{name!r} is no {kind.__name__.lower()}; choose from {', '.join(names_of(kind))}"
        ) from None


def names_of(kind: type[IntEnum]) -> tuple[str, ...]:
    """Return the lower-case names of a kind, in the order of their numbers."""
    return tuple(member.name.lower() for member in kind)
