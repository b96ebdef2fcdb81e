"""Panda and caviar: days of training, changes by hand, and data that change."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.data.loading import load_data
from nnsim.data.specification import DataSpecification
from nnsim.network.specification import BatchNorm, Layer, LayerNorm, Network
from nnsim.simulations.search.days import DaySearch
from nnsim.simulations.search.specification import Change, Drift, Parameter, Search, figure_names
from nnsim.simulations.search.trial import Workplace
from nnsim.training.specification import Training

ALPHA = Parameter("learning_rate", 1e-3, 1.0, "log")
PANDA = Search("panda", "dev_cost", budget=20, days=5, start={"learning_rate": 0.05, "l2": 0.0})
CAVIAR = Search("caviar", "dev_cost", (ALPHA,), trials=4, budget=20, days=5)


def load(noise):
    return load_data(
        DataSpecification("circles", {"examples": 60, "noise": noise}, (0.5, 0.5, 0)), 1
    )


@pytest.fixture(scope="module")
def workplace():
    network = Network(2, (Layer(4), Layer(1, "sigmoid")), "binary_cross_entropy")
    training = Training(0, optimizer="momentum", batch_size=10, learning_rate=0.05)
    return Workplace(network, training, load(0.1), 1, "float64", "dev_cost")


def search_of(search, workplace, **options):
    return DaySearch(search, seed=1, workplace=workplace, **options)


def test_an_untouched_panda_is_a_training_run_to_the_last_bit(workplace):
    panda = search_of(PANDA, workplace)
    panda.run()
    alone = workplace.simulation({"learning_rate": 0.05}, 100)
    values = []
    for _ in range(5):
        alone.advance(20)
        values.append(alone.evaluate()["dev"].cost)
    assert panda.history.curve["value"][1:].tolist() == values
    assert panda.figures()["steps_spent"] == 100


def test_a_change_by_hand_is_a_fork(workplace):
    changes = (Change(3, (("learning_rate", 0.5), ("l2", 0.1))),)
    panda = search_of(replace(PANDA, changes=changes), workplace)
    panda.run()
    alone = workplace.simulation({"learning_rate": 0.05}, 100)
    alone.advance(40)
    forked = alone.fork((), learning_rate=0.5, l2=0.1)
    forked.advance(60)
    assert panda.figures()["value"] == forked.evaluate()["dev"].cost
    assert panda.history.curve["learning_rate"].tolist() == [0.05, 0.05, 0.05, 0.5, 0.5, 0.5]
    assert panda.figures()["changes"] == 1
    assert panda.snapshot().day.changed_at == (40,)


def test_every_egg_is_a_run_of_its_own_and_the_best_one_leads(workplace):
    caviar = search_of(CAVIAR, workplace)
    caviar.run()
    shown = caviar.snapshot()
    for alpha, value, curve in zip(shown.values[:, 0], shown.results, shown.curves, strict=True):
        alone = workplace.simulation({"learning_rate": alpha}, 25)
        alone.advance(25)
        assert value == alone.evaluate()["dev"].cost
        assert (curve.steps[0], curve.steps[-1], curve.values[-1]) == (0, 25, value)
    figures = caviar.figures()
    assert figures["value"] == shown.results.min()
    assert figures["best.learning_rate"] == shown.values[np.argmin(shown.results), 0]
    assert figures["median"] == np.median(shown.results)
    assert figures["steps_spent"] == 100


def test_panda_and_caviar_spend_the_same(workplace):
    panda, caviar = search_of(PANDA, workplace), search_of(CAVIAR, workplace)
    panda.run()
    caviar.run()
    assert panda.history.curve["steps_spent"].tolist() == [0, 20, 40, 60, 80, 100]
    assert caviar.history.curve["steps_spent"].tolist() == [0, 20, 40, 60, 80, 100]


@pytest.mark.parametrize("norm", [{}, {"batch_norm": BatchNorm()}, {"layer_norm": LayerNorm()}])
def test_after_a_drift_the_same_weights_meet_other_data(workplace, norm):
    layers = (Layer(4, **norm), Layer(1, "sigmoid"))
    network = Network(2, layers, "binary_cross_entropy")
    # With alpha = 0 from the drift on, all that changes is what the weights meet.
    changes = (Change(3, (("learning_rate", 0.0),)),)
    drift = Drift(3, {"noise": 0.4})
    place = replace(workplace, network=network)
    panda = search_of(
        replace(PANDA, changes=changes, drift=drift), place, drifted=lambda: load(0.4)
    )
    panda.run()
    alone = place.simulation({"learning_rate": 0.05}, 100)
    alone.advance(40)
    arrays = alone.snapshot().arrays
    moved = panda._members[0].simulation.snapshot().arrays
    for name in ("W1", "b1", "W2", "b2"):
        np.testing.assert_array_equal(moved[name], arrays[name])
    if not norm:
        dev = load(0.4).dev
        hidden = np.maximum(arrays["W1"] @ dev.X + arrays["b1"], 0)
        a = 1 / (1 + np.exp(-(arrays["W2"] @ hidden + arrays["b2"])))
        cost = -np.mean(dev.Y * np.log(a) + (1 - dev.Y) * np.log(1 - a))
        assert panda.history.curve["value"][3:] == pytest.approx([cost] * 3, rel=1e-9)
    assert panda.figures()["steps_spent"] == 100
    assert panda.snapshot().curves[0].steps[-1] == 100
    assert panda.snapshot().day.drifted_at == 40


def test_a_run_that_left_the_numbers_stays_out_and_the_others_go_on(workplace):
    network = Network(2, (Layer(4), Layer(1, "identity")), "mean_squared_error")
    place = replace(workplace, network=network, training=Training(0))
    wild = Parameter("learning_rate", 1e-4, 1e4, "log")
    search = replace(CAVIAR, trials=10, parameters=(wild,), budget=1000)
    search = replace(search, drift=Drift(4, {"noise": 0.4}))
    caviar = DaySearch(search, seed=1, workplace=place, drifted=lambda: load(0.4))
    caviar.run()
    figures = caviar.figures()
    assert figures["diverged"] >= 1
    assert math.isfinite(figures["value"])
    assert figures["steps_spent"] < 5000
    assert any(remark.kind == "diverged" for remark in caviar.remarks())


@settings(max_examples=15, deadline=None)
@given(
    method=st.sampled_from(["panda", "caviar"]),
    moves=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=4),
    step=st.integers(0, 4),
    phase=st.integers(0, 2),
)
def test_a_position_is_the_same_however_it_was_reached(workplace, method, moves, step, phase):
    changes = (Change(2, (("learning_rate", 0.5),)),)
    search = CAVIAR if method == "caviar" else replace(PANDA, changes=changes)
    there, straight = search_of(search, workplace), search_of(search, workplace)
    for move in moves:
        there.seek(*move)
    there.seek(step, phase)
    straight.seek(step, phase)
    assert tuple(there.figures()) == figure_names(search)
    assert there.figures() == pytest.approx(straight.figures(), nan_ok=True)
    one, other = there.snapshot(), straight.snapshot()
    np.testing.assert_array_equal(one.values, other.values)
    np.testing.assert_array_equal(one.results, other.results)
    assert (one.best, one.made_number) == (other.best, other.made_number)
    assert len(one.curves) == len(other.curves)


def test_days_ask_for_what_they_need(workplace):
    with pytest.raises(ValueError, match="TrialSearch"):
        search_of(replace(CAVIAR, method="random"), workplace)
    with pytest.raises(ValueError, match="drift"):
        search_of(replace(PANDA, drift=Drift(2, {})), workplace)


def test_the_day_of_the_drift_is_remarked_on(workplace):
    drift = Drift(2, {"noise": 0.4})
    panda = search_of(replace(PANDA, drift=drift), workplace, drifted=lambda: load(0.4))
    said = []
    for _ in range(3):
        panda.advance(1)
        said.append("drift" in [remark.kind for remark in panda.remarks()])
    assert said == [False, True, False]
