"""The cost of a set at many parameters in one call: the points of a loss surface."""

from nnsim.kernels.jit import kernel
from nnsim.kernels.stages import call
from nnsim.training.evaluation import infer, load_examples
from nnsim.training.tables import COST


@kernel
def cost_grid_into(
    begin, end, stages, layers, labels, capacity, settings_table, state_table, running, work, X, Y,
    origin, first, second, alphas, betas, theta, cost,
):  # fmt: skip
    """Write J(origin + beta second + alpha first) to cost[p], begin <= p < end, a row a beta.

    The sums are in float64 and rounded to theta's type once; at alpha = beta = 0 J is to the bit
    what `evaluate_into` says. Examples that fit into the workspace are copied there once.
    """
    settings, state = settings_table[0], state_table[0]
    T = theta.dtype.type
    examples, columns = X.shape[1], alphas.size
    for point in range(begin, end):
        alpha, beta = alphas[point % columns], betas[point // columns]
        for i in range(theta.size):
            theta[i] = T((origin[i] + beta * second[i]) + alpha * first[i])
        loss, m = 0.0, examples
        for start in range(0, examples, capacity):
            m = min(capacity, examples - start)
            if point == begin or examples > capacity:
                load_examples(layers, labels, work, X, Y, start, m)
            infer(stages, layers, settings, theta, running, work, m, state.step)
            call(stages, COST, layers, settings, state, theta, work, labels, m)
            loss += state.data_loss * m
        cost[point] = loss / examples + state.penalty * m / examples
