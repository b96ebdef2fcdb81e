"""The cost on a plane through the parameters: against the slow twin, and what the planes are."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.data.dataset import DataSet, Examples
from nnsim.kernels.codes import Task
from nnsim.network.specification import BatchNorm, Layer
from nnsim.training import pieces, plane
from nnsim.training.plane import DIRECTIONS, gradient_of_cost, plane_of
from nnsim.training.specification import PlantedFault
from tests.reference import network as twin
from tests.simulations.made import data_set, differences, equal, network, rich_network, simulation

each = pytest.mark.parametrize("directions", DIRECTIONS)


def parameters_of(run, theta):
    return {block.name: block.of(theta) for block in run._machine.layout.blocks}


def plane_at(run, directions, seed=0):
    return plane_of(run._machine, run.path()[1], directions, seed)


def slow_cost(run, theta):
    """Return J of the training set in inference mode from the NumPy twin."""
    described, parameters = run.network, parameters_of(run, theta)
    X, Y = run.data.train.X, run.data.train.Y
    arrays = twin.forward(described, parameters, X)
    if any(layer.batch_norm for layer in described.layers):
        shown = run.snapshot().arrays
        running = {
            name.removeprefix("running_"): array
            for name, array in shown.items()
            if name.startswith("running_")
        }
        arrays[f"A{len(described.layers)}"] = twin.inference(described, parameters, running, X)
    return sum(twin.cost(described, parameters, arrays, Y))


@each
@pytest.mark.parametrize(
    "described",
    [
        network(4, l2=0.5),
        network(Layer(3, "relu"), 3, loss="softmax_cross_entropy", outputs=3, l1=0.2),
        network(Layer(4, "tanh", batch_norm=BatchNorm()), loss="mean_squared_error"),
    ],
    ids=["l2", "softmax", "batch norm"],
)
def test_the_slow_twin_agrees(described, directions):
    run = simulation(described, data=None)
    run.advance(9)
    surface = run.surface(directions, size=7, span=0.6, seed=5)
    theta = run.path(1)[1][0]
    drawn = plane_at(run, directions, 5)
    for row, beta in enumerate(surface.betas):
        for column, alpha in enumerate(surface.alphas):
            there = theta + alpha * drawn.first + beta * drawn.second
            assert surface.cost[row, column] == pytest.approx(slow_cost(run, there), rel=1e-11)
    assert np.ptp(surface.cost) > 0


@each
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("size", "span"), [(3, 1.0), (8, 0.3), (21, 2.7)])
def test_the_present_is_a_point_of_the_grid_and_costs_what_evaluate_says(
    directions, dtype, size, span
):
    run = simulation(rich_network(), dtype=dtype)
    run.seek(9, 4)
    surface = run.surface(directions, size, span)
    assert surface.step == 9 and surface.directions == directions
    assert surface.cost.shape == (size, size)
    assert surface.alphas.shape == surface.betas.shape == (size,)
    row, column = np.flatnonzero(surface.betas == 0), np.flatnonzero(surface.alphas == 0)
    assert surface.cost[row[0], column[0]] == run.evaluate()["train"].cost
    if directions != "principal" and size % 2:
        assert row[0] == column[0] == size // 2
        np.testing.assert_allclose(surface.alphas[[0, -1]], [-span, span])


@each
def test_the_path_ends_at_the_origin_and_lies_nearest_to_the_parameters(directions):
    run = simulation(network(4), steps=60)
    run.advance(50)
    surface = run.surface(directions, 5)
    steps, thetas = run.path()
    assert surface.path_steps.tolist() == steps.tolist() == list(range(51))
    assert surface.path[-1].tolist() == [0, 0] and surface.path.shape == (51, 2)
    drawn = plane_at(run, directions)
    base = np.stack([drawn.first, drawn.second], axis=1)
    moved = thetas - thetas[-1]
    expected, rest, _, _ = np.linalg.lstsq(base, moved.T)
    np.testing.assert_allclose(surface.path, expected.T, atol=1e-12)
    assert surface.explained == pytest.approx(1 - rest.sum() / np.sum(moved**2), abs=1e-12)


def test_random_directions_are_normalised_a_row_at_a_time():
    run = simulation(rich_network())
    drawn = plane_at(run, "random", 3)
    other = plane_at(run, "random", 4)
    parameters = run.snapshot().arrays
    for direction in (drawn.first, drawn.second):
        for name, part in parameters_of(run, direction).items():
            if name.startswith("W"):
                lengths = np.linalg.norm(parameters[name], axis=1)
                np.testing.assert_allclose(np.linalg.norm(part, axis=1), lengths)
            else:
                assert not part.any()
    assert not np.allclose(drawn.first, drawn.second)
    assert not np.allclose(drawn.first, other.first)
    assert "each row of W as long as that row" in drawn.description


def test_rows_of_zeros_still_give_directions():
    run = simulation(network(Layer(3, "tanh", initializer="zeros")))
    drawn = plane_at(run, "random")
    W1 = parameters_of(run, drawn.first)["W1"]
    np.testing.assert_allclose(np.linalg.norm(W1, axis=1), 1)


def test_principal_directions_are_those_of_the_path():
    run = simulation(network(5), steps=60)
    run.advance(40)
    drawn, (_, thetas) = plane_at(run, "principal"), run.path()
    base = np.stack([drawn.first, drawn.second])
    np.testing.assert_allclose(base @ base.T, np.eye(2), atol=1e-12)
    _, values, right = np.linalg.svd(thetas - thetas[-1])
    np.testing.assert_allclose(np.abs(np.sum(base * right[:2], axis=1)), 1, atol=1e-9)
    surface = run.surface("principal", 15)
    assert surface.explained == pytest.approx(np.sum(values[:2] ** 2) / np.sum(values**2))
    assert surface.description.startswith("The first two principal components of the path")
    assert surface.path[0, 0] < 0
    for column, axis in enumerate((surface.alphas, surface.betas)):
        coordinates = surface.path[:, column]
        margin = 0.1 * np.ptp(coordinates)
        assert axis[0] < coordinates.min() - margin and axis[-1] > coordinates.max() + margin


@pytest.mark.parametrize("step", [0, 1])
def test_a_path_too_short_for_principal_directions_says_so(step):
    run = simulation()
    run.advance(step)
    surface, random = run.surface("principal", 5), run.surface("random", 5)
    assert "fewer than 3 distinct points" in surface.description
    assert "instead random directions" in surface.description
    assert surface.stand_in and not random.stand_in
    assert equal(surface.cost, random.cost) and equal(surface.alphas, random.alphas)
    assert surface.path.shape == (step + 1, 2)
    assert step or surface.explained == 1


def test_a_straight_path_says_so():
    one = network(last="identity", loss="mean_squared_error", inputs=1)
    one = replace(one, layers=(replace(one.layers[0], bias=False, weights=((0.3,),)),))
    two = replace(one, inputs=2, layers=(replace(one.layers[0], weights=((0.3, 0.0),)),))
    X = np.array([[1.0, 2.0], [0.0, 0.0]])
    nothing = Examples(np.zeros((2, 0)), np.zeros((1, 0)))
    data = DataSet(Examples(X, X[:1] * 0.7), nothing, nothing, Task.REGRESSION)
    run = simulation(two, data=data, batch_size=0, optimizer="sgd")
    run.advance(6)
    surface = run.surface("principal", 5)
    assert surface.description == (
        "The path is a straight line: its direction, and a random one beside it."
    )
    assert surface.explained == pytest.approx(1)
    np.testing.assert_allclose(surface.path[:, 1], 0, atol=1e-12)
    single = simulation(one, optimizer="sgd")
    single.advance(6)
    assert "leaves no second direction" in single.surface("principal", 3).description
    assert "leaves no second direction" in single.surface("gradient", 3).description


@pytest.mark.parametrize("described", [network(4, l2=0.5), rich_network()], ids=["l2", "rich"])
def test_the_gradient_is_that_of_all_examples_without_dropout(described):
    run = simulation(described)
    run.advance(4)
    arrays = run.snapshot().arrays
    bare = replace(
        described, layers=tuple(replace(layer, keep_prob=1.0) for layer in described.layers)
    )
    parameters = {name: arrays[name] for name in parameters_of(run, run.path(1)[1][0])}
    X, Y = run.data.train.X, run.data.train.Y
    found = twin.backward(bare, parameters, twin.forward(bare, parameters, X), Y)
    expected = np.concatenate([found[f"d{name}"].ravel() for name in parameters])
    np.testing.assert_allclose(gradient_of_cost(run._machine), expected, atol=1e-14)


def test_the_gradient_of_many_examples_is_taken_over_a_part(monkeypatch):
    run = simulation(network(3, l2=2.0), data=data_set(m=3000))
    whole = gradient_of_cost(run._machine)
    monkeypatch.setattr(plane, "MOST_EXAMPLES", 1000)
    part = gradient_of_cost(run._machine)
    assert not equal(part, whole)
    assert np.linalg.norm(part - whole) < 0.2 * np.linalg.norm(whole)


def test_the_first_direction_of_gradient_leads_down():
    run = simulation(network(4), optimizer="momentum")
    run.advance(8)
    surface, drawn = run.surface("gradient", 41, 0.01), plane_at(run, "gradient")
    middle = surface.cost[20]
    assert middle[21] < middle[20] < middle[19]
    assert abs(surface.cost[21, 20] - surface.cost[19, 20]) < middle[19] - middle[21]
    weights = [part for name, part in run.snapshot().arrays.items() if name in ("W1", "W2")]
    length = np.sqrt(sum(np.sum(W**2) for W in weights))
    for direction in (drawn.first, drawn.second):
        assert np.linalg.norm(direction) == pytest.approx(length)
    assert drawn.first @ drawn.second == pytest.approx(0, abs=1e-12)
    assert "what the last update had beside it" in surface.description
    run.seek(0)
    assert "a random direction beside it" in run.surface("gradient", 3).description


def test_a_gradient_of_zero_says_so():
    zeros = Layer(3, "relu", initializer="zeros", bias=False)
    run = simulation(network(zeros, zeros, loss="mean_squared_error", last="relu"), optimizer="sgd")
    assert "The gradient gives no direction; instead" in run.surface("gradient", 3).description


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@each
def test_overflow_gives_infinity_and_no_error(directions, dtype):
    huge = Layer(3, "identity", initializer="normal", scale=1e20 if dtype == "float32" else 1e160)
    run = simulation(network(huge, loss="mean_squared_error"), dtype=dtype)
    surface = run.surface(directions, 5, 1e3)
    assert not np.isfinite(surface.cost).all()


@each
def test_a_run_that_met_infinity_can_still_be_looked_at(directions):
    described = network(
        Layer(3, "identity", initializer="normal", scale=5.0),
        Layer(3, "identity", initializer="normal", scale=5.0),
        loss="mean_squared_error",
    )
    run = simulation(described, optimizer="sgd", learning_rate=0.5, steps=500)
    run.run()
    assert run.status == "non-finite"
    surface = run.surface(directions, 5)
    assert surface.cost.shape == (5, 5) and surface.path[-1].tolist() == [0, 0]


@pytest.fixture
def point_by_point(monkeypatch):
    """Let even the smallest surface be cut into single points, by one thread."""
    monkeypatch.setattr(pieces, "PARALLEL_FROM", 0)
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0.0)
    monkeypatch.setattr(pieces.config, "NUMBA_NUM_THREADS", 1)


@each
@pytest.mark.parametrize("phase", [0, 5])
def test_a_surface_leaves_no_trace_cancelled_or_not(point_by_point, directions, phase):
    run, unseen, seen = simulation(), simulation(), []
    for one in (run, unseen):
        one.seek(6, phase)

    def cancel(done, whole):
        seen.append((done, whole))
        if (done, whole) == (2, 5):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.surface(directions, 5, on_progress=cancel)
    rows = [(0, 5)] * 4 + [(1, 5)] * 5 + [(2, 5)]
    assert seen == [(step, 6) for step in range(6)] + rows
    run.surface(directions, 5)
    assert differences(run.snapshot(), unseen.snapshot()) == []
    for one in (run, unseen):
        one.advance(3)
    assert differences(run.snapshot(), unseen.snapshot()) == []


def test_progress_is_told_within_long_rows_too(point_by_point):
    run, seen = simulation(network(2)), []
    run.surface(size=3, on_progress=lambda *done: seen.append(done))
    assert seen == [(point // 3, 3) for point in range(1, 10)]


FAULTS = [None, PlantedFault("dropout_at_test"), PlantedFault("batch_statistics_at_test")]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("m", [11, 512, 513, 1300])
@pytest.mark.parametrize("described", [rich_network(), network(8, 8, l2=0.1)], ids=["rich", "l2"])
def test_every_point_costs_what_evaluate_says_of_it(described, m, fault, dtype):
    run = simulation(described, data=data_set(m=m), fault=fault, dtype=dtype)
    run.advance(4)
    surface = run.surface(size=4, span=0.7)
    drawn, machine = plane_at(run, "random"), run._machine.copy()
    theta = machine.theta.astype(np.float64)
    for row, beta in enumerate(surface.betas):
        for column, alpha in enumerate(surface.alphas):
            machine.theta[:] = (theta + beta * drawn.second) + alpha * drawn.first
            assert surface.cost[row, column] == machine.evaluate(*machine.sets["train"])[0]


@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("m", [11, 700])
def test_threads_change_nothing(monkeypatch, threads, m):
    run = simulation(rich_network(), data=data_set(m=m), fault=FAULTS[1])
    alone = run.surface(size=9)
    monkeypatch.setattr(pieces, "PARALLEL_FROM", 0)
    monkeypatch.setattr(pieces.config, "NUMBA_NUM_THREADS", threads)
    assert equal(run.surface(size=9).cost, alone.cost)


def test_what_cannot_be():
    run = simulation(network(2))
    with pytest.raises(ValueError, match=r"directions is 'up', expected one of random, principal"):
        run.surface("up")
    for size in (2, 502):
        with pytest.raises(ValueError, match=f"surface: size is {size}, expected 3 to 501"):
            run.surface(size=size)
    for span in (0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="surface: span is"):
            run.surface(span=span)
