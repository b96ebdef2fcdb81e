"""A planted fault: the formula says what should be there, and that the run has something else."""

import numpy as np
import pytest

from nnsim.network.specification import BatchNorm, Layer
from nnsim.training.specification import PlantedFault
from nnsim.tui.formulas import Cell, explain
from tests.simulations.made import network, simulation

RICH = network(
    Layer(4, "tanh", batch_norm=BatchNorm(), keep_prob=0.7, initializer="xavier"),
    Layer(4, "tanh", keep_prob=0.7, initializer="xavier"),
    Layer(4, "softplus", initializer="xavier"),
    l2=0.3,
)
WORDS = ("fault", "bug", "wrong", "planted", "should")


def doubtful(run):
    """Return the arrays in which a cell has another number than its formula gives."""
    shown = run.snapshot()
    found = set()
    for name, array in shown.arrays.items():
        for row, column in np.ndindex(array.shape):
            formula = explain(Cell(name, row, column), shown, run.network, run.training)
            assert not any(word in formula.meaning for word in WORDS), formula.meaning
            assert formula.agrees == ("but the run has" not in formula.substituted)
            if not formula.agrees:
                found.add(name)
    return found


@pytest.mark.parametrize(
    ("kind", "layer", "arrays"),
    [
        ("dw_doubled", 2, {"dW2"}),
        ("db_scaled", 2, {"db2"}),
        ("derivative_missing", 2, {"dZ2"}),
        ("derivative_missing", 1, {"dZ_tilde1"}),
        ("derivative_wrong", 2, {"dZ2"}),
        ("mean_forgotten", 2, {"dW2", "db2"}),
        ("mean_forgotten", 1, {"dW1", "dgamma1", "dbeta1"}),
        ("penalty_gradient_forgotten", 3, {"dW3"}),
        ("sign_flipped", 4, {"dW4", "db4"}),
        ("dropout_scale_forgotten", 2, {"dA2"}),
        ("batch_norm_terms_forgotten", 1, {"dZ1"}),
        ("weights_transposed", 3, {"dA2"}),
        ("none", 0, set()),
    ],
)
def test_a_fault_shows_in_the_arrays_that_it_spoils_and_in_no_other(kind, layer, arrays):
    run = simulation(RICH, batch_size=0, optimizer="sgd", fault=PlantedFault(kind, layer))
    run.advance(2)
    found = doubtful(run)
    # The bias below batch norm has no gradient but rounding errors, whatever is done to it.
    assert found - {"db1"} == arrays


def test_the_divisor_of_the_last_batch_shows_in_the_last_batch_alone():
    run = simulation(network(3), optimizer="sgd", fault=PlantedFault("last_batch_divisor"))
    run.advance(2)
    assert doubtful(run) == set()
    run.advance(1)
    assert doubtful(run) == {"dW1", "db1", "dW2", "db2"}


@pytest.mark.parametrize(
    "kind", ["adam_uncorrected", "adam_correction_multiplied", "adam_correction_stored"]
)
def test_faults_of_adam_show_in_the_update(kind):
    run = simulation(network(3), fault=PlantedFault(kind))
    run.advance()
    first = doubtful(run)
    assert {"W1", "update_W1", "b2", "update_b2"} <= first
    stored = {name for name in first if name.startswith(("v_", "s_"))}
    assert bool(stored) == (kind == "adam_correction_stored")
    run.advance()
    assert {"W1", "update_W1"} <= doubtful(run)
