"""Two-sided differences of the program's own cost, compiled (course topics B12, B13)."""

from nnsim.kernels.codes import Activation, Loss
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.stages import call
from nnsim.kernels.view import view
from nnsim.network.forward import FRESH_MASKS
from nnsim.network.norms import BATCH_STATISTICS
from nnsim.training.tables import COST, FORWARD


@body
def cost_from_layer(
    first, stages, layers, labels, settings, state, theta, running, work, m, masks, step
):
    """Return J, running forward from layer `first` on; what lies before it is in the workspace."""
    for number in range(first, layers.shape[0]):
        call(
            stages, FORWARD, stages, layers, number, theta, running, work, m,
            masks, BATCH_STATISTICS, settings.seed, step,
        )  # fmt: skip
    call(stages, COST, layers, settings, state, theta, work, labels, m)
    return state.cost


@body
def sides_into(first, layers, labels, settings, work, m, sides):
    """Write on which side of its kink each Z (and hinge margin) lies; return how many."""
    count = 0
    for number in range(first, layers.shape[0]):
        row = layers[number]
        Z = view(work, row.Z_tilde, row.units, m)
        kinked = row.activation == Activation.RELU or row.activation == Activation.LEAKY_RELU
        kinked |= row.activation == Activation.SELU
        kinked |= row.activation == Activation.ELU and row.slope != 1
        hinged = number == layers.shape[0] - 1 and settings.loss == Loss.HINGE
        if not (kinked or hinged):
            continue
        Y = view(work, labels, row.units, m) if hinged else Z
        for i in range(row.units):
            for j in range(m):
                margin = Z[i, j]
                if hinged:
                    margin = 1 - (2 * Y[i, j] - 1) * Z[i, j]
                sides[count] = margin > 0
                count += 1
    return count


@kernel
def numeric_gradient_into(
    begin, end, layer_of, epsilon, stages, layers, labels, settings, state, theta, running,
    work, m, masks, step, sides, costs, approximation, kinks,
):  # fmt: skip
    """Write (J(theta_i + epsilon) - J(theta_i - epsilon)) / (2 epsilon) for begin <= i < end.

    costs[i] are the two J. Layers before that of parameter i do not change and are not run again.
    kinks[i] counts the
    ReLU (or hinge) inputs that change sides between the two, and adds one where L1's |w| does.
    """
    base = 0
    for i in range(begin, end):
        layer = layer_of[i]
        if layer != base:
            base = layer
            cost_from_layer(
                1, stages, layers, labels, settings, state, theta, running, work, m, masks, step
            )
        first = 1 if masks == FRESH_MASKS else layer
        original = theta[i]
        theta[i] = original + epsilon
        shift = 2 * i + 1 if masks == FRESH_MASKS else 0
        plus = cost_from_layer(
            first, stages, layers, labels, settings, state, theta, running,
            work, m, masks, step + shift,
        )  # fmt: skip
        count = sides_into(first, layers, labels, settings, work, m, sides[0])
        theta[i] = original - epsilon
        shift = 2 * i + 2 if masks == FRESH_MASKS else 0
        minus = cost_from_layer(
            first, stages, layers, labels, settings, state, theta, running,
            work, m, masks, step + shift,
        )  # fmt: skip
        sides_into(first, layers, labels, settings, work, m, sides[1])
        theta[i] = original
        costs[i, 0], costs[i, 1] = plus, minus
        approximation[i] = (plus - minus) / (2 * epsilon)
        crossed = 0
        if masks != FRESH_MASKS:
            for k in range(count):
                crossed += sides[0, k] != sides[1, k]
        row = layers[layer]
        if settings.l1 > 0 and row.W <= i < row.W + row.units * row.inputs:
            crossed += abs(original) < epsilon
        kinks[i] = crossed
