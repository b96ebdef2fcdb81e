"""Grid, random and coarse to fine: where trials fall, what they find, going anywhere."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.data.loading import load_data
from nnsim.data.specification import DataSpecification
from nnsim.network.specification import Layer, Network
from nnsim.simulations.search.sampling import zoomed
from nnsim.simulations.search.specification import Parameter, Search, figure_names
from nnsim.simulations.search.trial import Workplace, with_settings
from nnsim.simulations.search.trials import TrialSearch
from nnsim.simulations.training import TrainingSimulation
from nnsim.training.specification import Training
from tests.reference import search as twin

ALPHA = Parameter("learning_rate", 1e-4, 1.0, "log")
EPSILON = Parameter("epsilon", 1e-10, 1e-6, "log")
BETA = Parameter("beta1", 0.9, 0.999, "one_minus_log")
UNITS = Parameter("hidden_units", 2, 9)
BOWL = "(log(learning_rate)/log(10) + 2)**2 + 0.1*(log(epsilon)/log(10) + 8)**2"


def landscape(method="random", **changes):
    search = Search(method, "formula", (ALPHA, EPSILON), trials=25, formula=BOWL)
    return replace(search, **changes)


def run(search, seed=1, workplace=None):
    simulation = TrialSearch(search, seed=seed, workplace=workplace)
    simulation.run()
    return simulation


@pytest.fixture(scope="module")
def workplace():
    data = load_data(DataSpecification("circles", {"examples": 60}, (0.5, 0.5, 0.0)), 1)
    network = Network(2, (Layer(4), Layer(1, "sigmoid")), "binary_cross_entropy")
    training = Training(0, optimizer="adam", batch_size=10)
    return Workplace(network, training, data, 1, "float64", "dev_cost")


# Where trials fall


def test_a_grid_is_a_product_of_middles():
    simulation = run(landscape("grid"))
    places = [state.trial.places for state in simulation._states[1:]]
    assert places == twin.grid((5, 5))
    assert simulation.figures()["distinct.learning_rate"] == 5
    assert simulation.figures()["distinct.epsilon"] == 5


def test_points_say_the_shape_of_a_grid():
    parameters = (replace(ALPHA, points=3), replace(EPSILON, points=2))
    simulation = run(landscape("grid", parameters=parameters, trials=6))
    assert simulation.steps == 6
    assert [s.trial.places for s in simulation._states[1:]] == twin.grid((3, 2))


@pytest.mark.parametrize("parameter", [ALPHA, EPSILON, BETA, Parameter("l2", 0.0, 3.0)])
def test_random_values_are_those_of_the_twin(parameter):
    simulation = run(Search("random", "none", (parameter,), trials=20), seed=7)
    for trial, value in enumerate(simulation.snapshot().values[:, 0]):
        u = twin.number(7, trial, parameter.name)
        wanted = twin.scaled(parameter.low, parameter.high, parameter.scale, u)
        assert value == pytest.approx(wanted, rel=1e-12)


def test_counts_are_those_of_the_twin_and_all_come_up():
    simulation = run(Search("random", "none", (UNITS,), trials=300), seed=3)
    values = simulation.snapshot().values[:, 0]
    wanted = [twin.counted(2, 9, twin.number(3, k, "hidden_units")) for k in range(300)]
    assert values.tolist() == wanted
    assert sorted(set(wanted)) == list(range(2, 10))


def test_a_parameter_draws_the_same_numbers_whatever_else_is_searched_for():
    alone = run(Search("random", "none", (EPSILON,), trials=9)).snapshot().values[:, 0]
    beside = run(Search("random", "none", (ALPHA, EPSILON), trials=9)).snapshot().values[:, 1]
    assert alone.tolist() == beside.tolist()


@given(
    u=st.floats(0, 1, exclude_max=True),
    parameter=st.sampled_from([ALPHA, EPSILON, BETA, UNITS, Parameter("keep_prob", 0.3, 1.0)]),
)
def test_values_stay_in_their_range_and_know_their_place(u, parameter):
    value = parameter.value(u)
    assert parameter.low <= value <= parameter.high
    if not parameter.whole:
        assert parameter.place(value) == pytest.approx(u, abs=1e-9)
    else:
        assert value == int(value)


def test_ends_of_a_range_are_met():
    assert ALPHA.value(0.0) == pytest.approx(1e-4, rel=1e-12)
    assert BETA.value(0.0) == pytest.approx(0.9, rel=1e-12)
    assert BETA.value(1.0) == pytest.approx(0.999, rel=1e-12)
    assert (ALPHA.exponent(0.25), BETA.exponent(0.5)) == pytest.approx((-3.0, -2.0))
    log_units = Parameter("hidden_units", 2, 32, "log")
    assert (log_units.value(0.0), log_units.value(math.nextafter(1.0, 0.0))) == (2.0, 32.0)


sides = st.tuples(st.floats(0, 0.5), st.floats(0.51, 1.0))


@given(box=st.lists(sides, min_size=2, max_size=2), u=st.floats(0, 1), zoom=st.floats(0.05, 0.95))
def test_a_zoomed_box_is_the_twins_and_holds_the_best(box, u, zoom):
    best = tuple(low + (high - low) * u for low, high in box)
    found = zoomed(tuple(box), best, zoom)
    for (low, high), wanted, middle in zip(
        found, twin.next_box(box, best, zoom), best, strict=True
    ):
        assert (low, high) == pytest.approx(wanted, abs=1e-12)
        assert -1e-12 <= low <= middle + 1e-12
        assert middle - 1e-12 <= high <= 1 + 1e-12


def test_coarse_to_fine_draws_in_its_boxes():
    simulation = run(landscape("coarse_to_fine", trials=27, zoom=0.3))
    trials = [state.trial for state in simulation._states[1:]]
    box = [(0.0, 1.0), (0.0, 1.0)]
    best = None
    for number, trial in enumerate(trials):
        if number in (9, 18):
            box = twin.next_box(box, best.places, 0.3)
        for (low, high), u, place in zip(box, trial.numbers, trial.places, strict=True):
            assert place == pytest.approx(low + (high - low) * u, abs=1e-12)
        if best is None or trial.value < best.value:
            best = trial
    figures = simulation.figures()
    assert figures["round"] == 3
    ratio = figures["box.learning_rate.high"] / figures["box.learning_rate.low"]
    assert math.log10(ratio) == pytest.approx(4 * 0.3**2, rel=1e-9)


# What they find


def test_figures_are_what_the_values_say():
    simulation = run(landscape(parameters=(replace(ALPHA, share=(0.1, 1.0)), EPSILON)))
    values, figures = simulation.snapshot().values, simulation.figures()
    results = (np.log10(values[:, 0]) + 2) ** 2 + 0.1 * (np.log10(values[:, 1]) + 8) ** 2
    assert simulation.snapshot().results == pytest.approx(results, rel=1e-9)
    best = int(np.argmin(results))
    assert figures["best"] == pytest.approx(results[best])
    assert figures["best.learning_rate"] == values[best, 0]
    assert figures["median"] == pytest.approx(np.median(results))
    assert figures["spread"] == pytest.approx(results.max() - results.min())
    assert figures["share.learning_rate"] == pytest.approx(np.mean(values[:, 0] >= 0.1))
    assert (figures["trials"], figures["distinct.learning_rate"]) == (25, 25)
    so_far = simulation.history.curve["best"][1:]
    assert so_far == pytest.approx(np.minimum.accumulate(results))
    assert simulation.snapshot().best_so_far == pytest.approx(so_far)


@pytest.mark.parametrize("method", ["grid", "random", "coarse_to_fine"])
@pytest.mark.parametrize("objective", ["formula", "none"])
def test_figures_have_the_names_that_were_promised_at_every_step(method, objective):
    search = landscape(method, objective=objective)
    simulation = TrialSearch(search, seed=1)
    for _ in range(3):
        assert tuple(simulation.figures()) == figure_names(search)
        simulation.advance(1)


def test_a_trial_is_a_training_run_to_the_last_bit(workplace):
    search = Search("random", "dev_cost", (ALPHA, UNITS), trials=3, budget=40)
    simulation = run(search, workplace=workplace)
    alpha, units = simulation.snapshot().values[2]
    network = Network(2, (Layer(int(units)), Layer(1, "sigmoid")), "binary_cross_entropy")
    training = Training(40, optimizer="adam", batch_size=10, learning_rate=alpha)
    alone = TrainingSimulation(network, training, workplace.data, seed=1)
    alone.run()
    assert simulation.figures()["value"] == alone.evaluate()["dev"].cost
    curve = simulation.snapshot().curves[2]
    assert (curve.steps[0], curve.steps[-1], curve.values[-1]) == (
        0,
        40,
        alone.evaluate()["dev"].cost,
    )
    assert simulation.figures()["steps_spent"] == 120


def test_methods_spend_equal_budgets(workplace):
    for method in ("grid", "random", "coarse_to_fine"):
        search = Search(method, "dev_cost", (ALPHA, UNITS), trials=9, budget=10)
        assert run(search, workplace=workplace).figures()["steps_spent"] == 90


def test_passes_over_the_data_count_instead_of_steps(workplace):
    sizes = Parameter("batch_size", 5, 30, points=2)
    search = Search("grid", "dev_cost", (sizes,), trials=2, epochs=3)
    simulation = run(search, workplace=workplace)
    assert simulation.snapshot().values[:, 0].tolist() == [11, 24]
    # 30 training examples: 3 batches of 11 (the last has 8), 2 of 24.
    assert simulation.figures()["steps_spent"] == 3 * 3 + 3 * 2


def test_what_leaves_the_numbers_is_infinite_and_never_the_best(workplace):
    network = Network(2, (Layer(4), Layer(1, "identity")), "mean_squared_error")
    place = replace(workplace, network=network, training=Training(0))
    alphas = Parameter("learning_rate", 1e-3, 1e9, "log", points=2)
    simulation = run(Search("grid", "dev_cost", (alphas,), trials=2, budget=200), 1, place)
    figures = simulation.figures()
    assert (figures["diverged"], figures["value"]) == (1, math.inf)
    assert math.isfinite(figures["best"])
    assert figures["worst"] == figures["best"]
    assert any(remark.kind == "diverged" for remark in simulation.remarks())


def test_settings_go_where_they_belong():
    network = Network(2, (Layer(4), Layer(5), Layer(1, "sigmoid")), "binary_cross_entropy")
    training = Training(10)
    values = {"hidden_units": 7.0, "layers": 3.0, "keep_prob": 0.5, "l2": 0.1, "batch_size": 8.0}
    changed, trained = with_settings(network, training, values | {"decay": 0.2, "beta2": 0.99})
    assert [layer.units for layer in changed.layers] == [7, 7, 7, 1]
    assert [layer.keep_prob for layer in changed.layers] == [0.5, 0.5, 0.5, 1.0]
    assert (changed.l2, trained.batch_size, trained.beta2) == (0.1, 8, 0.99)
    assert (trained.schedule.kind, trained.schedule.rate) == ("inverse_time", 0.2)


# Going anywhere


@settings(max_examples=20, deadline=None)
@given(
    moves=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 2)), max_size=5),
    step=st.integers(0, 8),
    phase=st.integers(0, 2),
)
def test_a_position_is_the_same_however_it_was_reached(moves, step, phase):
    search = landscape("coarse_to_fine", trials=9)
    there, straight = TrialSearch(search, seed=2), TrialSearch(search, seed=2)
    for move in moves:
        there.seek(*move)
    there.seek(step, phase)
    straight.seek(step, phase)
    assert there.figures() == pytest.approx(straight.figures(), nan_ok=True)
    one, other = there.snapshot(), straight.snapshot()
    for name in ("values", "results", "best_so_far"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert (one.best, one.made, one.round) == (other.best, other.made, other.round)
    assert len(one.boxes) == len(other.boxes)


def test_a_result_is_shown_once_it_is_evaluated(workplace):
    search = Search("random", "dev_cost", (ALPHA,), trials=3, budget=10)
    simulation = TrialSearch(search, seed=1, workplace=workplace)
    assert simulation.phases == ("sample", "train", "evaluate")
    seen = []
    for _ in range(4):
        shown = simulation.snapshot()
        seen.append((len(shown.results), len(shown.curves), shown.made_number))
        simulation.next_phase()
    # sample: the place alone; train: its curve; evaluate: its result.
    assert seen == [(0, 0, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1)]


def test_snapshots_cannot_be_written_to():
    shown = run(landscape()).snapshot()
    for array in (shown.values, shown.results, shown.best_so_far):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_search_asks_for_what_it_needs(workplace):
    with pytest.raises(ValueError, match="workplace"):
        TrialSearch(Search("random", "dev_cost", (ALPHA,)), seed=1)
    with pytest.raises(ValueError, match="DaySearch"):
        TrialSearch(Search("caviar", "dev_cost", (ALPHA,)), seed=1, workplace=workplace)


# What is said


def kinds_said(search, seed=1):
    return [remark.kind for remark in run(search, seed).remarks()]


def test_uniform_learning_rates_are_remarked_on():
    uniform = Parameter("learning_rate", 1e-4, 1.0)
    assert "scale" in kinds_said(Search("random", "none", (uniform,), trials=50))
    assert "scale" not in kinds_said(Search("random", "none", (ALPHA,), trials=50))


def test_a_grid_that_repeats_itself_is_remarked_on():
    assert "grid" in kinds_said(landscape("grid"))
    assert "grid" not in kinds_said(landscape("random"))


def test_a_best_value_at_the_edge_is_remarked_on():
    falling = landscape(formula="log(learning_rate) + 0*epsilon", trials=60)
    assert "edge" in kinds_said(falling)
    assert "edge" not in kinds_said(landscape(trials=60))
