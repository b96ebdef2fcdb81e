"""The gradient check one parameter at a time: the very numbers of the whole check."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.data.dataset import DataSet, Examples
from nnsim.kernels.codes import Task
from nnsim.network.specification import Layer, Network
from nnsim.simulations.gradient_check.simulation import PHASES, GradientCheckSimulation
from nnsim.simulations.training import TrainingSimulation
from nnsim.training.specification import PlantedFault, Training
from tests.reference import gradient_check as twin
from tests.simulations.made import data_set, network, rich_network

SETTINGS = {"steps": 40, "optimizer": "adam", "learning_rate": 0.05, "batch_size": 4}


def made(described=None, *, fault=None, data=None, seed=3, **options):
    described = described or rich_network()
    training = Training(**SETTINGS, fault=PlantedFault(*fault) if fault else None)
    return GradientCheckSimulation(described, training, data or data_set(), seed=seed, **options)


def finished(*arguments, **options):
    simulation = made(*arguments, **options)
    simulation.run()
    return simulation


def one_relu(x=1.0):
    """Return a network with a single ReLU, and one example at which it stands."""
    layers = (
        Layer(1, "relu", weights=((1.0,),), biases=(-1.0,)),
        Layer(1, "sigmoid", weights=((1.0,),), biases=(0.0,)),
    )
    examples = Examples(np.array([[x, 2.0]]), np.array([[1.0, 0.0]]))
    empty = Examples(np.zeros((1, 0)), np.zeros((1, 0)))
    described = Network(1, layers, "binary_cross_entropy")
    return described, DataSet(examples, empty, empty, Task.BINARY)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("after", [0, 7])
@pytest.mark.parametrize("masks", ["frozen", "fresh"])
@pytest.mark.parametrize("fault", [None, ("dw_doubled", 1), ("fresh_masks_in_check", 0)])
def test_the_end_is_the_whole_check_to_the_bit(fault, masks, after, dtype):
    described = rich_network()
    stepped = finished(described, fault=fault, masks=masks, after=after, dtype=dtype)
    training = Training(**SETTINGS, fault=PlantedFault(*fault) if fault else None)
    trained = TrainingSimulation(described, training, data_set(), seed=3, dtype=dtype)
    trained.seek(after)
    check = trained.check_gradients(masks=masks)
    figures, shown = stepped.figures(), stepped.snapshot()
    assert figures["ratio"] == check.ratio
    assert figures["verdict"] == check.verdict
    for name, ratio in check.blocks.items():
        assert figures[f"{name}.ratio"] == ratio
        assert figures[f"{name}.verdict"] == check.verdicts[name]
    np.testing.assert_array_equal(shown.approximation, check.approximation)
    np.testing.assert_array_equal(shown.gradient, check.gradient)
    assert shown.worst == check.worst
    assert figures["kinks"] == check.kinks
    assert (figures["suspect"] == "none") == (not check.accused)
    if check.accused:
        assert figures["suspect"] in check.accused
    assert shown.after == after and shown.masks == check.masks


@pytest.mark.parametrize("epsilon", [1e-2, 1e-5])
def test_costs_are_those_of_the_twin(epsilon):
    described = network(3, Layer(2, "relu"), l2=0.3, l1=0.1)
    data = data_set()
    simulation = finished(described, data=data, epsilon=epsilon, seed=5)
    machine = simulation._twin
    X, Y = (
        machine.work[start : start + rows * 4].reshape(rows, 4)
        for start, rows in ((machine.layout.layers[0].A, 2), (machine.layout.labels, 1))
    )
    costs = twin.two_costs(described, machine.layout.blocks, machine.theta, X, Y, epsilon)
    curve = simulation.history.curve
    np.testing.assert_allclose(curve["J.plus"][1:], costs[:, 0], rtol=1e-13)
    np.testing.assert_allclose(curve["J.minus"][1:], costs[:, 1], rtol=1e-13)
    wanted = (costs[:, 0] - costs[:, 1]) / (2 * epsilon)
    np.testing.assert_allclose(curve["d_approx"][1:], wanted, atol=1e-15 / epsilon)


def test_the_ratio_so_far_is_that_of_the_parameters_done():
    simulation = finished(fault=("dw_doubled", 2))
    d, d_approx = (simulation.history.curve[name][1:] for name in ("d", "d_approx"))
    for done in (1, 5, 17, simulation.steps):
        simulation.seek(done)
        wanted = twin.ratio(d_approx[:done], d[:done])
        assert simulation.figures()["ratio"] == pytest.approx(wanted, rel=1e-12)
        shown = simulation.snapshot()
        assert shown.distance / sum(shown.lengths) == pytest.approx(wanted, rel=1e-12)


def test_blocks_without_a_parameter_done_have_no_ratio():
    simulation = made()
    simulation.seek(1)
    figures = simulation.figures()
    assert not np.isnan(figures["dW1.ratio"]) and figures["dW1.verdict"]
    assert np.isnan(figures["dW3.ratio"]) and figures["dW3.verdict"] == ""


@pytest.mark.parametrize(
    ("kind", "layer", "suspect"),
    [
        ("db_scaled", 2, "db2"),
        ("derivative_wrong", 2, "dW2"),
        ("weights_transposed", 3, "dW2"),
        ("sign_flipped", 3, "dW3"),
        ("penalty_gradient_forgotten", 0, "dW4"),
    ],
)
def test_the_suspect_is_the_first_wrong_block_on_the_way_back(kind, layer, suspect):
    described = network(3, 3, 3, l2=0.7)
    assert finished(described, fault=(kind, layer)).figures()["suspect"] == suspect
    assert finished(described).figures()["suspect"] == "none"


def test_a_kink_is_marked_and_accuses_nobody():
    described, data = one_relu()
    figures = finished(described, data=data).figures()
    assert figures["kinks"] == 2 and figures["suspect"] == "none"
    assert figures["verdict"] == "wrong"
    shown = finished(described, data=data).snapshot()
    assert list(shown.entries) == [4, 4, 0, 0]
    away = finished(one_relu(1.5)[0], data=one_relu(1.5)[1]).figures()
    assert away["kinks"] == 0 and away["verdict"] == "great"


def test_the_verdict_on_each_parameter():
    shown = finished(network(4, 4), fault=("dw_doubled", 2), data=data_set(m=50)).snapshot()
    wrong = next(block for block in shown.blocks if block.name == "dW2")
    inside = (np.arange(shown.parameters) >= wrong.start) & (
        np.arange(shown.parameters) < wrong.stop
    )
    assert (shown.entries[inside] == 2).all()
    assert np.isin(shown.entries[~inside], [0, 3]).all()


@given(st.lists(st.tuples(st.integers(0, 36), st.integers(0, 3)), min_size=1, max_size=6))
def test_any_way_to_a_place_shows_the_same(places):
    wanderer = made()
    for step, phase in places:
        wanderer.seek(step, phase if step < wanderer.steps else 0)
    straight = made()
    straight.seek(wanderer.position.step, wanderer.position.phase)
    first, second = wanderer.snapshot(), straight.snapshot()
    for name in ("step", "phase", "index", "name", "known", "d_approx", "ratio", "verdict"):
        np.testing.assert_equal(getattr(first, name), getattr(second, name))
    np.testing.assert_array_equal(first.approximation, second.approximation)
    np.testing.assert_equal(wanderer.figures(), straight.figures())
    assert wanderer.remarks() == straight.remarks()


def test_phases_show_one_thing_after_the_other():
    simulation = made()
    assert simulation.snapshot().known == 0 and simulation.snapshot().index == -1
    for phase, name in enumerate(PHASES[:3], 1):
        assert simulation.next_phase() == name
        shown = simulation.snapshot()
        assert (shown.known, shown.index, shown.name) == (phase, 0, "W1[0,0]")
        assert shown.done == (phase == 3)
    simulation.next_phase()
    assert simulation.snapshot().known == 4 and simulation.snapshot().step == 1
    assert simulation.snapshot().index == 0


def test_arrays_of_a_snapshot_cannot_be_written():
    shown = finished().snapshot()
    for array in (shown.gradient, shown.approximation):
        with pytest.raises(ValueError):
            array[0] = 1


def test_a_gradient_that_is_not_finite_is_wrong():
    data = data_set()
    X = data.train.X.copy()
    X[0] = np.nan
    broken = DataSet(Examples(X, data.train.Y), data.dev, data.test, Task.BINARY)
    simulation = finished(network(2), data=broken, seed=1)
    figures = simulation.figures()
    assert figures["verdict"] == "wrong" and np.isnan(figures["worst"])


@pytest.mark.parametrize("options", [{"epsilon": 0.0}, {"epsilon": -1e-7}, {"masks": "frosen"}])
def test_what_cannot_be_is_refused(options):
    with pytest.raises(ValueError, match="gradient_check"):
        made(**options)


def test_remarks_name_the_bug_the_masks_and_the_kink():
    def sentences(simulation):
        return [remark.sentence for remark in simulation.remarks()]

    assert "36 parameters to check" in sentences(made())[0]
    assert sentences(finished())[0] == "Back-propagation agrees with the differences."
    assert sentences(finished(fault=("dw_doubled", 1)))[0] == "dW1 is wrong."
    assert "Every cost draws its own dropout masks" in sentences(finished(masks="fresh"))[0]
    described, data = one_relu()
    at_kink = made(described, data=data)
    at_kink.seek(1)
    found = sentences(at_kink)
    assert "What is wrong is wrong at kinks only." in found
    assert any("both sides of a kink" in each for each in found)
    large = finished(network(3), epsilon=0.3, data=data_set(m=30))
    assert large.figures()["verdict"] == "wrong"
    assert "epsilon is large" in large.remarks()[0].advice
