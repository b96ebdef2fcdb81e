"""Descents against twins and closed forms, and their moving in time."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.data.dataset import DataSet, Examples
from nnsim.kernels.codes import Optimizer, Schedule, Task, names_of
from nnsim.network.specification import Layer, Network
from nnsim.simulations.descent.settings import PLACES, PathSettings, figure_names
from nnsim.simulations.descent.simulation import Descent
from nnsim.simulations.descent.surface import AnalyticSurface
from nnsim.simulations.descent.surfaces import SURFACES, Surface
from nnsim.simulations.training import TrainingSimulation
from nnsim.training.specification import LearningRateSchedule, Training
from tests.reference import descent as twin

OPTIMIZERS = names_of(Optimizer)


def descent(surface="long_bowl", steps=20, seed=1, **settings):
    return Descent(SURFACES[surface], [PathSettings(**settings)], steps, seed)


@pytest.mark.parametrize("name", SURFACES)
def test_surfaces_are_what_they_are_called(name):
    surface = AnalyticSurface(SURFACES[name])
    J, known = twin.SURFACES[name], SURFACES[name]
    for offset in (0.0, 0.37, -0.81):
        point = tuple(each + offset for each in known.start)
        place = surface.at(point)
        assert pytest.approx(J(*point), rel=1e-12, abs=1e-12) == place.J
        np.testing.assert_allclose(place.gradient, twin.gradient(J, point), rtol=1e-6, atol=1e-6)
        bends = twin.hessian(J, point)
        np.testing.assert_allclose(place.hessian, bends, rtol=1e-4, atol=1e-4)
        eigenvalues = np.linalg.eigvalsh(np.array(place.hessian))
        np.testing.assert_allclose(place.eigenvalues, eigenvalues, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", SURFACES)
def test_the_lowest_points_are_minima_and_none_is_lower(name):
    surface, known = AnalyticSurface(SURFACES[name]), SURFACES[name]
    lowest = min(surface.at(each).J for each in known.minima)
    for point in known.minima:
        place = surface.at(point)
        assert place.gradient_norm < 1e-7
        assert place.word == "minimum"
        assert pytest.approx(lowest, abs=1e-9) == place.J
        assert all(low < each < high for each, (low, high) in zip(point, known.window, strict=True))
    axes = [np.linspace(low, high, 300) for low, high in known.window]
    assert surface.over(*np.meshgrid(*axes)).min() >= lowest - 1e-9
    assert lowest < surface.at(known.start).J


ARGUMENTS = {
    "sgd": {},
    "momentum": {"beta1": 0.9, "slots": 1},
    "momentum_sum": {"beta1": 0.9, "slots": 1},
    "nesterov": {"beta1": 0.9, "slots": 1},
    "adagrad": {"epsilon": 1e-8, "slots": 1},
    "rmsprop": {"beta2": 0.95, "epsilon": 1e-8, "slots": 1},
    "adam": {"beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "slots": 2, "counted": True},
    "adamw": {"beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "slots": 2, "counted": True,
              "weight_decay": 0.1},
    "amsgrad": {"beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "slots": 3, "counted": True},
    "nadam": {"beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "slots": 2, "counted": True},
    "lion": {"beta1": 0.9, "beta2": 0.95, "slots": 1, "weight_decay": 0.1},
}  # fmt: skip


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_walks_as_its_twin(optimizer, inside):
    options = dict(ARGUMENTS[optimizer])
    decay = {"weight_decay": 0.1} if "weight_decay" in options else {}
    simulation = descent(
        "himmelblau", 30, optimizer=optimizer, learning_rate=0.01, beta2=0.95,
        epsilon=1e-8, epsilon_inside=inside, **decay,
    )  # fmt: skip
    simulation.run()
    if "epsilon" in options:
        options["epsilon_inside"] = inside
    J = AnalyticSurface(SURFACES["himmelblau"])
    points = twin.walk(
        optimizer,
        lambda theta: np.array(J.at(theta).gradient),
        (-0.2, -0.9),
        30,
        alpha=0.01,
        **options,
    )
    np.testing.assert_allclose(
        simulation.snapshot().paths[0].points, points, rtol=1e-10, atol=1e-12
    )


@pytest.mark.parametrize(
    ("correction", "rule"),
    [("none", "adam_uncorrected"), ("multiplied", "adam_multiplied"), ("stored", "adam_stored")],
)
def test_wrong_corrections_are_those_of_the_twins(correction, rule):
    simulation = descent(steps=5, optimizer="adam", learning_rate=0.1, bias_correction=correction)
    simulation.run()
    points = twin.walk(
        rule, lambda theta: theta * [1, 50], (-8.0, 1.5), 5, slots=2, counted=True,
        alpha=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8,
    )  # fmt: skip
    np.testing.assert_allclose(simulation.snapshot().paths[0].points, points, rtol=1e-10)


def test_the_course_example():
    simulation = descent("parabola", 1000, learning_rate=0.01)
    simulation.run()
    assert simulation.figures()["w"] == pytest.approx(5 * (1 - 0.98**1000), abs=1e-12)


def test_both_forms_of_momentum_are_one_path():
    average = descent(steps=50, optimizer="momentum", learning_rate=0.1)
    total = descent(steps=50, optimizer="momentum_sum", learning_rate=0.01)
    for simulation in (average, total):
        simulation.run()
    points = [each.snapshot().paths[0].points for each in (average, total)]
    np.testing.assert_allclose(*points, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("kind", names_of(Schedule))
def test_schedules_are_those_of_training(kind):
    values = ((0, 0.5), (3, 0.25)) if kind == "manual" else ()
    schedule = LearningRateSchedule(kind, rate=0.5, every=2, values=values)
    simulation = descent(steps=10, learning_rate=0.2, schedule=schedule)
    simulation.run()
    rates = simulation.history.curve["learning_rate"]
    expected = {
        "constant": lambda k: 0.2,
        "inverse_time": lambda k: 0.2 / (1 + 0.5 * k),
        "exponential": lambda k: 0.5**k * 0.2,
        "sqrt_epoch": lambda k: 0.5 / math.sqrt(k + 1) * 0.2,
        "sqrt_step": lambda k: 0.5 / math.sqrt(k + 1) * 0.2,
        "staircase": lambda k: 0.5 ** (k // 2) * 0.2,
        "manual": lambda k: 0.25 if k >= 3 else 0.5,
        "cosine": lambda k: 0.1 * (1 + math.cos(math.pi * k / 10)),
    }.get(kind)
    if expected:
        np.testing.assert_allclose(rates[:10], [expected(k) for k in range(10)], rtol=1e-12)
    else:
        assert rates[0] == pytest.approx(0.2 / 25) and rates[:10].max() == pytest.approx(0.2)


def test_noise_is_the_same_for_all_paths_and_for_every_run():
    paths = [PathSettings(name="a", noise=1.0), PathSettings(name="b", noise=1.0)]
    first, second = (Descent(SURFACES["bowl"], paths, 30, seed) for seed in (4, 5))
    again = Descent(SURFACES["bowl"], paths, 30, 4)
    for simulation in (first, second, again):
        simulation.run()
    view = first.snapshot().paths
    np.testing.assert_array_equal(view[0].points, view[1].points)
    np.testing.assert_array_equal(view[0].points, again.snapshot().paths[0].points)
    assert (view[0].points[1:] != second.snapshot().paths[0].points[1:]).all()
    noise = np.array([np.subtract(s[0].goes.gradient, s[0].goes.slope) for s in first._states])
    assert 0.6 < noise.std() < 1.4


def test_a_path_that_leaves_the_numbers_stays_there_and_others_go_on():
    paths = [
        PathSettings(name="far", learning_rate=3.0),
        PathSettings(name="near", learning_rate=0.1),
    ]
    simulation = Descent(SURFACES["parabola"], paths, 1000)
    simulation.run()
    far, near = simulation.snapshot().paths
    assert far.left is not None and far.left < 1000 and far.place.word == "nowhere"
    assert (far.points[far.left :] == far.points[-1]).all()
    assert near.distance < 1e-12
    figures = simulation.figures()
    assert figures["far.place"] == "nowhere" and math.isnan(figures["far.update_w"])
    first = simulation.remarks()[0]
    assert first.kind == "non-finite" and first.sentence.startswith("far: ")
    simulation.seek(far.left - 1)
    assert simulation.snapshot().paths[0].left is None


@pytest.mark.parametrize(("step", "kind"), [(0, "falling"), (60, "saddle"), (250, "arrived")])
def test_remarks_on_the_way_over_a_saddle(step, kind):
    simulation = descent("saddle", 250, learning_rate=0.1)
    simulation.seek(step)
    assert simulation.remarks()[0].kind == kind


@pytest.mark.parametrize(
    ("surface", "settings", "step", "kind"),
    [
        ("long_bowl", {"learning_rate": 0.036}, 10, "zigzag"),
        ("long_bowl", {"learning_rate": 0.042}, 10, "diverges"),
        ("plateau", {}, 5, "plateau"),
        ("several_minima", {"learning_rate": 0.1}, 100, "local minimum"),
        ("parabola", {"learning_rate": 0.1}, 100, "arrived"),
        ("himmelblau", {"start": (-0.270845, -0.923039), "learning_rate": 1e-9}, 1, "maximum"),
    ],
)
def test_remarks(surface, settings, step, kind):
    simulation = descent(surface, 100, **settings)
    simulation.seek(step)
    remark = simulation.remarks()[0]
    assert remark.kind == kind
    assert remark.sentence.endswith(".") and remark.how


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("surface", ["parabola", "saddle"])
def test_figures_are_those_that_are_announced(surface, optimizer):
    simulation = descent(surface, 4, optimizer=optimizer)
    names = figure_names(SURFACES[surface].variables, PathSettings(optimizer=optimizer))
    simulation.seek(3)
    figures = simulation.figures()
    assert list(figures) == list(names)
    assert next(iter(figures)) == "J"
    for name, words in names.items():
        assert isinstance(figures[name], str) == bool(words)
    assert names["place"] == PLACES


def test_update_and_averages_are_of_the_step_to_come_and_of_those_done():
    simulation = descent(steps=3, optimizer="momentum", learning_rate=0.1)
    start = simulation.figures()
    simulation.seek(1)
    one = simulation.figures()
    assert start["v_w2"] == 0 and one["v_w2"] == pytest.approx(7.5)
    assert one["w2"] - start["w2"] == start["update_w2"]


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("seek"), st.integers(0, 12), st.integers(0, 2)),
        st.tuples(st.just("advance"), st.integers(0, 5)),
        st.tuples(st.just("next_phase")),
        st.tuples(st.just("previous_phase")),
    ),
    max_size=12,
)


def shown(simulation):
    snapshot = simulation.snapshot()
    return [
        (view.points.tolist(), view.place, view.v, view.s, view.s_max, view.move, view.left)
        for view in snapshot.paths
    ]


@given(MOVES, st.sampled_from(OPTIMIZERS))
@settings(max_examples=40)
def test_going_anywhere_is_exact(moves, optimizer):
    def make():
        paths = [PathSettings(name="a", optimizer=optimizer, noise=0.5), PathSettings(name="b")]
        return Descent(SURFACES["rosenbrock"], paths, 12)

    simulation = make()
    for name, *arguments in moves:
        try:
            getattr(simulation, name)(*arguments)
        except ValueError:
            assert name in ("seek", "next_phase")  # the last step has no inside
    position = simulation.position
    straight = make()
    straight.seek(position.step, position.phase)
    # As text, for NaN is not equal to itself.
    assert repr(shown(simulation)) == repr(shown(straight))
    assert repr(simulation.figures()) == repr(straight.figures())


def test_what_is_seen_cannot_be_written():
    simulation = descent(steps=5)
    simulation.seek(2)
    with pytest.raises(ValueError, match="read-only"):
        simulation.snapshot().paths[0].points[0] = 0


def test_the_window_of_a_formula():
    def window(**options):
        surface = Surface("formula", "w**2", ("w",), **options)
        return AnalyticSurface(surface).window([(2.0,)])

    assert window(window=((-1.0, 1.0),)) == ((-1.0, 1.0),)
    ((low, high),) = window()
    assert low < 0 < 2 < high
    ((low, high),) = window(minima=((10.0,),))
    assert low < 2 and high > 10


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        ([], "one or more"),
        ([PathSettings(), PathSettings()], "each once"),
        ([PathSettings(start=(1.0,))], "2 numbers"),
    ],
)
def test_bad_paths_are_refused(paths, words):
    with pytest.raises(ValueError, match=words):
        Descent(SURFACES["bowl"], paths, 5)


def test_phases_without_averages():
    assert descent().phases == ("gradient", "update")
    assert descent(optimizer="adam").phases == ("gradient", "averages", "update")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_network_with_the_same_cost_walks_the_same_path(optimizer):
    """J = (w1 - 1)^2 + 100 (w2 - 1)^2, as a formula and as a linear unit with four examples."""
    surface = Surface("formula", "(w1 - 1)**2 + 100*(w2 - 1)**2", ("w1", "w2"), start=(0.0, 0.0))
    path = PathSettings(optimizer=optimizer, learning_rate=0.005)
    simulation = Descent(surface, [path], 40)
    simulation.run()
    layers = (Layer(1, "identity", bias=False, weights=((0.0, 0.0),)),)
    X = np.array([[1.0, -1, 1, -1], [10, 10, -10, -10]])
    Y = np.array([[11.0, 9, -9, -11]])
    none = Examples(X[:, :0], Y[:, :0])
    trained = TrainingSimulation(
        Network(2, layers, "mean_squared_error"),
        Training(steps=40, optimizer=optimizer, learning_rate=0.005),
        DataSet(Examples(X, Y), none, none, Task.REGRESSION),
    )
    trained.run()
    weights = trained.snapshot().arrays["W1"][0]
    np.testing.assert_allclose(simulation.state[0].place.point, weights, rtol=1e-9, atol=1e-12)
