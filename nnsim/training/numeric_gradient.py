"""The gradient by the program's own phases and by differences, compiled (topics B12, B13)."""

from nnsim.kernels.codes import Activation, Loss
from nnsim.kernels.cpu.dense_bodies import in_registers
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.stages import call
from nnsim.kernels.view import view
from nnsim.network.dropout import FRESH_MASKS
from nnsim.network.norms import BATCH_STATISTICS, TRACKED_STATISTICS
from nnsim.training.tables import BACKWARD, COST, FORWARD, LOAD_BATCH, RUNNING


@body
def units_are_alone(row, m):
    """Tell whether a unit's Z and A follow from its own W and b in the same way, to the bit.

    Then a step of one of these changes one row of Z and A, and only that needs to be run again. A
    norm, softmax and a residual connection join units or arrays; BLAS may round the product of one
    row otherwise than that of many.
    """
    joined = row.batch_norm or row.layer_norm or row.residual
    elementwise = row.activation != Activation.SOFTMAX and row.activation != Activation.HARDMAX
    return elementwise and not joined and in_registers(row.units * row.inputs, m)


@body
def narrow(row, unit, m, one):
    """Let `one`, a copy of a layer's row, stand for this unit of it alone."""
    one.units = 1
    one.W = row.W + unit * row.inputs
    one.b = row.b + unit
    one.Z = row.Z + unit * m
    one.Z_tilde = row.Z_tilde + unit * m
    one.G = row.G + unit * m
    one.D = row.D + unit * m
    one.A = row.A + unit * m


@body
def kinked_activation(row):
    """Tell whether a layer's g has no derivative at 0."""
    kinked = row.activation == Activation.RELU or row.activation == Activation.LEAKY_RELU
    kinked |= row.activation == Activation.SELU
    return kinked or (row.activation == Activation.ELU and row.slope != 1)


@body
def crossings(first, layers, narrowed, labels, settings, work, m, sides):
    """Return how many Z (and hinge margins) are on another side of their kink than `sides` says.

    Leaves the sides of now there. Of layer `first` only the units of the table `narrowed` count.
    """
    at, crossed, last = 0, 0, layers.shape[0] - 1
    for number in range(first, last + 1):
        row = narrowed[number] if number == first else layers[number]
        hinged = number == last and settings.loss == Loss.HINGE
        if not (hinged or kinked_activation(row)):
            continue
        count = row.units * m
        Z, side = view(work, row.Z_tilde, 1, count), view(sides, at, 1, count)
        at += count
        if hinged:
            Y = view(work, labels + row.Z_tilde - layers[number].Z_tilde, 1, count)
            for k in range(count):
                now = 1 - (2 * Y[0, k] - 1) * Z[0, k] > 0
                crossed += side[0, k] != now
                side[0, k] = now
        else:
            for k in range(count):
                now = Z[0, k] > 0
                crossed += side[0, k] != now
                side[0, k] = now
    return crossed


@kernel
def gradient_into(
    stages, layers, labels, settings_table, state_table, scratch_table, order, X, Y, theta,
    running, grad, work,
):  # fmt: skip
    """Write the gradient of the present step's cost, not clipped: the phases up to backward 1."""
    settings, state, scratch = settings_table[0], state_table[0], scratch_table[0]
    depth = layers.shape[0] - 1
    scratch.batch_loaded = 0
    call(stages, LOAD_BATCH, stages, settings, state, scratch, layers, work, labels, order, X, Y)
    for number in range(1, depth + 1):
        call(
            stages, FORWARD, stages, layers, number, theta, running, work, state.m,
            FRESH_MASKS, TRACKED_STATISTICS, settings.seed, state.step,
        )  # fmt: skip
    call(stages, COST, layers, settings, state, theta, work, labels, state.m)
    for number in range(depth, 0, -1):
        call(stages, BACKWARD, stages, layers, number, settings, theta, grad, work, labels, state.m)
    state.status, state.phase = RUNNING, 2 * depth + 2


@kernel
def numeric_gradient_into(
    begin, end, epsilon, stages, layers, narrowed, labels, settings_table, state_table, theta,
    running, work, masks, sides, costs, approximation, kinks,
):  # fmt: skip
    """Write (J(theta_i + epsilon) - J(theta_i - epsilon)) / (2 epsilon) for begin <= i < end.

    costs[i] are the two J. Layers before that of parameter i do not change and are not run again,
    nor are other units of its own layer where they cannot tell. kinks[i] counts the
    ReLU (or hinge) inputs that change sides between the two, and adds one where L1's |w| does.
    """
    settings, state = settings_table[0], state_table[0]
    m, depth, fresh = state.m, layers.shape[0] - 1, masks == FRESH_MASKS
    layer, unit, alone = 0, 0, False
    for i in range(begin, end):
        changed = 0
        if layer == 0 or (layer < depth and i >= layers[layer + 1].W):
            changed = max(1, layer)
            while layer < depth and i >= layers[layer + 1].W:
                layer += 1
            alone = not fresh and units_are_alone(layers[layer], m)
            narrowed[layer - 1], narrowed[layer] = layers[layer - 1], layers[layer]
            unit = -1 if alone else 0
        row = layers[layer]
        weights = row.W + row.units * row.inputs
        here = 0
        if alone:
            here = (i - row.W) // row.inputs if i < weights else i - row.b
        original, crossed = theta[i], 0
        for side in range(3):
            first, last, step = layer, depth, state.step
            if side:
                theta[i] = original + epsilon if side == 1 else original - epsilon
                if fresh:
                    first, step = 1, step + 2 * i + side
            else:
                # First, what other parameters have moved is run again as theta has it.
                last = layer if (changed or here != unit) and not fresh else 0
                first = changed if changed else layer
            for number in range(first, last + 1):
                call(
                    stages, FORWARD, stages, narrowed if number == layer else layers, number,
                    theta, running, work, m, masks, BATCH_STATISTICS, settings.seed, step,
                )  # fmt: skip
            if side:
                call(stages, COST, layers, settings, state, theta, work, labels, m)
                costs[i, side - 1] = state.cost
                if not fresh:
                    crossed = crossings(layer, layers, narrowed, labels, settings, work, m, sides)
            elif here != unit:
                unit = here
                narrow(row, unit, m, narrowed[layer])
        theta[i] = original
        approximation[i] = (costs[i, 0] - costs[i, 1]) / (2 * epsilon)
        if settings.l1 > 0 and i >= row.W and i < weights:
            crossed += abs(original) < epsilon
        kinks[i] = crossed
