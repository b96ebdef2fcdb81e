"""Every array of real runs, phase by phase and between steps: what is computed is what is there."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.kernels.codes import Activation, Optimizer, Schedule, names_of
from nnsim.network.specification import BatchNorm, Layer, LayerNorm
from nnsim.training.specification import EarlyStopping, LearningRateSchedule
from nnsim.tui.formulas import Cell, cell_of_phase, explain
from tests.simulations.made import network, rich_network, simulation
from tests.simulations.strategies import descriptions, made

CELLS_AN_ARRAY = 2
ELEMENTWISE = [name for name in names_of(Activation) if name not in ("softmax", "hardmax")]


def cells_of(shown, random):
    """Return J, the gradient's norm, and some random cells of every array."""
    cells = [Cell("J", 0, 0), Cell("gradient_norm", 0, 0)]
    for name, array in shown.arrays.items():
        for _ in range(CELLS_AN_ARRAY):
            row, column = (int(random.integers(size)) for size in array.shape)
            cells.append(Cell(name, row, column))
    return cells


def check(run, shown, seed=0, **options):
    """Explain cells of a snapshot; return how many there were to explain."""
    random, found = np.random.default_rng(seed), 0
    single = any(array.dtype == np.float32 for array in shown.arrays.values())
    for cell in cells_of(shown, random):
        width = int(random.integers(8, 120))
        formula = explain(cell, shown, run.network, run.training, width=width, **options)
        if formula is None:
            assert cell.array in ("J", "gradient_norm"), cell
            continue
        found += 1
        text = f"{cell}: {formula}"
        assert formula.agrees, text
        if not single and np.isfinite(formula.value):
            np.testing.assert_allclose(
                formula.computed, formula.value, rtol=1e-6, atol=1e-10, err_msg=text
            )
        assert len(formula.substituted) <= width, text
        assert "but the run has" not in formula.substituted, text
        assert formula.equation, text
        assert formula.meaning.endswith("."), text
        if cell.array in shown.arrays:
            assert formula.value == shown.arrays[cell.array][cell.row, cell.column]
    return found


def check_whole(run, steps=3, **options):
    """Check a run between its first steps and inside the last of them, phase by phase."""
    for step in range(steps):
        assert check(run, run.snapshot(), seed=step, **options) > 0
        run.advance()
    assert check(run, run.snapshot(), seed=steps, **options) > len(run.network.layers)
    for number, phase in enumerate(run.phases):
        run.next_phase()
        shown = run.snapshot()
        check(run, shown, seed=number, **options)
        main = cell_of_phase(phase, shown, 1)
        assert main is not None, phase
        assert explain(main, shown, run.network, run.training) is not None, phase


@pytest.mark.parametrize("activation", ELEMENTWISE)
@pytest.mark.parametrize("batch_norm", [None, BatchNorm(epsilon=0.01, momentum=0.5)])
def test_activations_with_and_without_batch_norm(activation, batch_norm):
    layers = (
        Layer(4, activation, slope=0.3, batch_norm=batch_norm, keep_prob=0.7, initializer="xavier"),
        Layer(3, activation, slope=0.3, batch_norm=batch_norm, initializer="xavier"),
    )
    check_whole(simulation(network(*layers, l2=0.3), batch_size=5))


@pytest.mark.parametrize("keep_prob", [1.0, 0.7])
@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("activation", ["relu", "tanh", "identity", "softmax"])
def test_layer_norm_and_residual_connections(activation, residual, keep_prob):
    layer = Layer(
        4, activation, layer_norm=LayerNorm(0.01), keep_prob=keep_prob, initializer="xavier"
    )
    layers = (
        replace(layer, residual=False),
        replace(layer, residual=residual, layer_norm=None),
        replace(layer, residual=residual),
        replace(layer, keep_prob=0.8),
    )
    check_whole(simulation(network(*layers, l2=0.3), batch_size=5))


def test_a_residual_first_layer_adds_the_features():
    check_whole(simulation(network(Layer(2, "tanh", residual=True), 3)))


def test_layer_norm_in_the_last_layer():
    described = network(3, loss="softmax_cross_entropy", outputs=3)
    last = replace(described.layers[-1], layer_norm=LayerNorm())
    check_whole(simulation(replace(described, layers=(*described.layers[:-1], last))))


@pytest.mark.parametrize(
    ("loss", "outputs"), [("binary_cross_entropy", 1), ("softmax_cross_entropy", 3)]
)
def test_label_smoothing(loss, outputs):
    check_whole(simulation(network(3, loss=loss, outputs=outputs, label_smoothing=0.1)))


@pytest.mark.parametrize("activation", ["softmax", "hardmax"])
def test_columnwise_activations_in_hidden_layers(activation):
    check_whole(simulation(network(3, Layer(4, activation, keep_prob=0.8), 3), optimizer="sgd"))


@pytest.mark.parametrize(
    ("loss", "outputs", "last"),
    [
        ("binary_cross_entropy", 1, "sigmoid"),
        ("binary_cross_entropy", 2, "sigmoid"),
        ("softmax_cross_entropy", 3, "softmax"),
        ("mean_squared_error", 2, "identity"),
        ("mean_squared_error", 1, "tanh"),
        ("mean_squared_error", 3, "softmax"),
        ("hinge", 1, "identity"),
        ("hinge", 2, "identity"),
        ("huber", 1, "identity"),
        ("huber", 2, "sigmoid"),
    ],
)
@pytest.mark.parametrize("penalties", [{}, {"l1": 0.2, "l1_halved": True, "l2": 0.1}, {"l1": 0.2}])
def test_losses_and_penalties(loss, outputs, last, penalties):
    described = network(3, loss=loss, outputs=outputs, last=last, huber_delta=0.4, **penalties)
    check_whole(simulation(described), steps=1)


def test_batch_norm_in_the_last_layer():
    described = network(3)
    last = replace(described.layers[-1], batch_norm=BatchNorm())
    check_whole(simulation(replace(described, layers=(*described.layers[:-1], last))))


@pytest.mark.parametrize("optimizer", names_of(Optimizer))
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"epsilon_inside": True, "epsilon": 1e-3, "weight_decay": 0.1},
        {"beta1": 0.0, "beta2": 0.0, "epsilon": 1e-4},
    ],
)
def test_optimizers(optimizer, settings):
    check_whole(simulation(network(4, 3), optimizer=optimizer, **settings), steps=4)


@pytest.mark.parametrize(
    "clipping",
    [{"clip_value": 0.02}, {"clip_norm": 0.1}, {"clip_value": 0.05, "clip_norm": 0.1}],
)
def test_clipping(clipping):
    check_whole(simulation(rich_network(), **clipping))


def test_the_norm_before_clipping_follows_the_settings_and_the_step():
    run = simulation(network(3), clip_norm=0.01)
    run.advance(2)
    shown = run.snapshot()
    first = explain(Cell("dW1", 0, 0), shown, run.network, run.training)
    looser = replace(run.training, clip_value=1e-3)
    other = explain(Cell("dW1", 0, 0), shown, run.network, looser)
    assert first.agrees
    assert not other.agrees
    run.advance()
    assert explain(Cell("dW1", 0, 0), run.snapshot(), run.network, run.training).agrees


@pytest.mark.parametrize("kind", names_of(Schedule))
def test_schedules(kind):
    schedule = LearningRateSchedule(kind, rate=0.5, minimum=1e-4, warm_up=3, values=((1, 0.02),))
    check_whole(simulation(network(3), schedule=schedule), steps=5)


@pytest.mark.parametrize("optimizer", names_of(Optimizer))
def test_float32(optimizer):
    check_whole(simulation(rich_network(), dtype="float32", optimizer=optimizer, weight_decay=0.1))


@pytest.mark.parametrize("batch_size", [0, 1, 4])
def test_batch_sizes_and_layers_without_bias(batch_size):
    layers = (Layer(5, "relu", bias=False), Layer(4, "gelu", bias=False, batch_norm=BatchNorm()))
    check_whole(simulation(network(*layers), batch_size=batch_size), steps=4)


@settings(max_examples=25)
@given(description=descriptions(), steps=st.integers(0, 6), phases=st.integers(0, 11))
def test_any_run(description, steps, phases):
    run = made(description)
    run.advance(steps)
    check(run, run.snapshot())
    for _ in range(phases):
        run.next_phase()
    assert check(run, run.snapshot()) > 0


def test_late_steps():
    run = simulation(rich_network(), steps=2000)
    run.advance(1200)
    assert check(run, run.snapshot()) > 50


def test_a_fork_that_changes_the_optimiser_counts_its_own_updates():
    run = simulation(network(3))
    run.advance(7)
    fork = run.fork(optimizer="nadam")
    before = fork.snapshot()
    assert check(run, before, updates=0) > 0
    fork.advance(2)
    check(fork, fork.snapshot(), updates=2)
    cell = Cell("update_W1", 0, 0)
    wrong = explain(cell, fork.snapshot(), fork.network, fork.training)
    assert not wrong.agrees


def test_parameters_put_back_by_early_stopping_are_told_as_such():
    run = simulation(
        network(6, 6), steps=400, learning_rate=0.3, early_stopping=EarlyStopping(3), batch_size=0
    )
    run.run()
    assert run.status == "stopped early"
    shown = run.snapshot()
    formula = explain(Cell("W1", 0, 1), shown, run.network, run.training)
    assert "put back by early stopping" in formula.equation
    assert explain(Cell("J", 0, 0), shown, run.network, run.training) is None
    assert check(run, shown) > 0


def test_a_run_that_met_infinity_is_explained_up_to_there():
    run = simulation(
        network(Layer(3, "relu"), loss="mean_squared_error"), optimizer="sgd", learning_rate=1e200
    )
    run.run()
    assert run.status == "non-finite"
    assert check(run, run.snapshot()) > 0


def test_an_update_that_made_infinity_has_lost_the_weights_before_it():
    run = simulation(network(3), optimizer="momentum_sum", learning_rate=1e308, beta1=1e3)
    run.run()
    assert run.non_finite.phase == "update"
    shown = run.snapshot()
    assert explain(Cell("Z1", 0, 0), shown, run.network, run.training) is None
    formula = explain(Cell("W1", 0, 0), shown, run.network, run.training)
    assert formula.equation == f"W[1]: as step {shown.step}'s update left it"


@pytest.mark.parametrize(
    "cell",
    [
        Cell("Z9", 0, 0),
        Cell("Z1", 99, 0),
        Cell("Z1", 0, 99),
        Cell("Z1", -1, 0),
        Cell("D1", 0, 0),
        Cell("v_W1", 0, 0),
        Cell("nonsense", 0, 0),
    ],
)
def test_cells_that_are_not_there_have_no_formula(cell):
    run = simulation(network(3), optimizer="sgd")
    run.advance(2)
    assert explain(cell, run.snapshot(), run.network, run.training) is None


def test_cells_of_later_phases_have_no_formula_yet():
    run = simulation(network(3))
    run.advance(2)
    for _ in range(2):
        run.next_phase()
    shown = run.snapshot()
    for array in ("Z2", "J", "dZ2", "dW1", "gradient_norm", "update_W1"):
        assert explain(Cell(array, 0, 0), shown, run.network, run.training) is None, array
    assert explain(Cell("Z1", 0, 0), shown, run.network, run.training).agrees


def test_explaining_changes_nothing():
    run = simulation(rich_network())
    run.advance(2)
    shown = run.snapshot()
    before = {name: array.copy() for name, array in shown.arrays.items()}
    check(run, shown)
    for name, array in shown.arrays.items():
        np.testing.assert_array_equal(array, before[name])
