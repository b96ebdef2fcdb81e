"""Dials: read, turned, applied, named."""

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest

from nnsim.network.specification import BatchNorm, Layer, Network
from nnsim.training.specification import LearningRateSchedule, PlantedFault, Training
from nnsim.tui.worker import dials
from nnsim.tui.worker.dial_table import BY_NAME, DIALS, GROUPS
from nnsim.tui.worker.dial_values import written

HIDDEN = (Layer(4, "tanh"), Layer(3, "tanh"))
NETWORK = Network(2, (*HIDDEN, Layer(1, "sigmoid")), "binary_cross_entropy")
FLAT = Network(2, (Layer(1, "sigmoid"),), "binary_cross_entropy")
ADAM = Training(200, optimizer="adam", learning_rate=0.01)

OTHER = {
    "learning_rate": 0.3,
    "optimizer": "rmsprop",
    "beta1": 0.5,
    "beta2": 0.99,
    "epsilon": 1e-6,
    "epsilon_inside": True,
    "weight_decay": 0.1,
    "clip_norm": 2.0,
    "schedule": "exponential",
    "schedule_rate": 0.9,
    "l2": 0.7,
    "l1": 0.2,
    "label_smoothing": 0.1,
    "keep_prob": 0.8,
    "hidden": (16, 8, 8),
    "activation": "relu",
    "slope": 0.2,
    "batch_norm": True,
    "layer_norm": True,
    "residual": True,
    "initializer": "zeros",
    "scale": -0.5,
    "batch_size": 32,
    "steps": 1000,
    "evaluate_every": 5,
    "seed": 7,
}
RESTARTING = {"hidden", "batch_norm", "layer_norm", "initializer", "scale", "seed"}


def network_for(name):
    """Return a network in which a dial can be turned: residual needs equal widths."""
    square = replace(NETWORK, layers=(HIDDEN[0], HIDDEN[0], NETWORK.layers[-1]))
    return square if name == "residual" else NETWORK


def apply(changes, network=NETWORK, training=ADAM, seed=1):
    return dials.apply(changes, network, training, seed)


def at(name, network=NETWORK, training=ADAM, seed=1):
    return dials.value_of(BY_NAME[name], network, training, seed)


def test_every_dial_is_tried_below_and_has_a_group():
    assert set(OTHER) == {dial.name for dial in DIALS}
    assert {dial.group for dial in DIALS} == set(GROUPS)


@pytest.mark.parametrize("name", OTHER)
def test_a_change_is_what_the_dial_shows_afterwards(name):
    base = replace(ADAM, optimizer="adamw")
    before = network_for(name)
    network, training, seed, restart = apply({name: OTHER[name]}, before, base)
    assert at(name, before, base) != OTHER[name]
    assert at(name, network, training, seed) == OTHER[name]
    assert restart == (name in RESTARTING)
    others = [dial.name for dial in DIALS if dial.name not in (name, "schedule_rate")]
    for other in others:
        assert at(other, network, training, seed) == at(other, before, base)


@pytest.mark.parametrize("name", OTHER)
def test_what_is_written_can_be_read_again(name):
    dial = BY_NAME[name]
    for value in (OTHER[name], at(name)):
        assert dials.parse(dial, written(dial, value)) == value


@pytest.mark.parametrize("name", OTHER)
def test_a_value_as_a_text_is_as_good(name):
    base = replace(ADAM, optimizer="adamw")
    text = written(BY_NAME[name], OTHER[name])
    before = network_for(name)
    assert apply({name: text}, before, base) == apply({name: OTHER[name]}, before, base)


def test_residual_needs_a_layer_as_wide_as_the_one_before_it():
    with pytest.raises(ValueError, match="2-4-3-1"):
        apply({"residual": True})
    network, *_, restart = apply({"residual": True}, network_for("residual"))
    assert [layer.residual for layer in network.layers] == [False, True, False]
    assert not restart
    narrower, *_ = apply({"hidden": (4, 3)}, network)
    assert not any(layer.residual for layer in narrower.layers)


def test_a_layer_has_one_norm():
    with_batch_norm, *_ = apply({"batch_norm": True})
    network, *_ = apply({"layer_norm": True}, with_batch_norm)
    assert all(layer.layer_norm and not layer.batch_norm for layer in network.layers[:-1])
    back, *_ = apply({"batch_norm": True}, network)
    assert back == with_batch_norm
    lone, *_ = apply({"hidden": (4, 1)}, network)
    assert [layer.layer_norm is not None for layer in lone.layers] == [True, False, False]


def test_label_smoothing_needs_a_loss_of_probabilities():
    hinge = replace(
        NETWORK, loss="hinge", layers=(*HIDDEN, replace(NETWORK.layers[-1], activation="identity"))
    )
    assert not dials.applies(BY_NAME["label_smoothing"], hinge, ADAM)
    with pytest.raises(ValueError, match="no place in the loss hinge"):
        apply({"label_smoothing": 0.1}, hinge)


def test_a_change_to_the_present_value_restarts_nothing():
    assert apply({"seed": 1, "hidden": (4, 3)}) == (NETWORK, ADAM, 1, False)


@pytest.mark.parametrize("name", OTHER)
def test_turning_stays_in_range_and_goes_both_ways(name):
    dial = BY_NAME[name]
    value = OTHER[name]
    seen = []
    for by in [1] * 40 + [-1] * 80:
        value = dials.turn(dial, value, by)
        assert dials.parse(dial, written(dial, value)) == pytest.approx(value)
        seen.append(value)
    assert len(set(seen)) > 1


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("learning_rate", [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]),
        ("beta1", [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995]),
        ("l2", [0.0, 0.01, 0.02, 0.05]),
        ("keep_prob", [0.1, 0.2, 0.3, 0.4, 0.5]),
        ("batch_size", [0, 1, 2, 4, 8, 16]),
        ("seed", [0, 1, 2, 3]),
        ("hidden", [(), (4,), (4, 4)]),
        ("scale", [-0.0002, -0.0001, 0.0, 0.0001, 0.0002]),
        ("epsilon", [0.0, 1e-8, 2e-8]),
    ],
)
def test_clicks(name, values):
    dial = BY_NAME[name]
    for one, other in pairwise(values):
        assert dials.turn(dial, one, 1) == pytest.approx(other)
        assert dials.turn(dial, other, -1) == pytest.approx(one)
    assert dials.turn(dial, values[0], 2) == pytest.approx(values[2])


def test_a_number_between_two_clicks_goes_to_the_next_one():
    rate = BY_NAME["learning_rate"]
    assert (dials.turn(rate, 0.03, 1), dials.turn(rate, 0.03, -1)) == (0.05, 0.02)
    size = BY_NAME["batch_size"]
    assert (dials.turn(size, 40, 1), dials.turn(size, 40, -1)) == (64, 32)


def test_choices_go_round():
    dial = BY_NAME["optimizer"]
    assert dials.turn(dial, "lion", 1) == "sgd"
    assert dials.turn(dial, "sgd", -1) == "lion"


def test_layers_that_differ_are_mixed_and_made_alike():
    mixed = replace(
        NETWORK, layers=(Layer(4, "tanh"), Layer(3, "relu", keep_prob=0.5), NETWORK.layers[-1])
    )
    for name in ("activation", "keep_prob"):
        assert at(name, mixed) == dials.MIXED
    network, *_ = apply({"activation": "elu"}, mixed)
    assert [layer.activation for layer in network.layers] == ["elu", "elu", "sigmoid"]
    assert dials.turn(BY_NAME["activation"], dials.MIXED, 1) == "identity"
    assert dials.turn(BY_NAME["keep_prob"], dials.MIXED, 1) == 1


def test_the_output_layer_stays():
    changes = {"keep_prob": 0.5, "activation": "relu", "batch_norm": True, "initializer": "zeros"}
    network, *_ = apply(changes)
    assert network.layers[-1] == NETWORK.layers[-1]


def test_new_sizes_are_like_the_old_layers():
    layers = (
        Layer(4, "relu", keep_prob=0.5, biases=(0.0,) * 4),
        Layer(3, "tanh", batch_norm=BatchNorm(gamma=(1.0, 1.0, 1.0))),
        Layer(1, "sigmoid", weights=((1.0, 2.0, 3.0),)),
    )
    before = Network(2, layers, "binary_cross_entropy")
    network, _, _, restart = apply({"hidden": (5, 6, 7)}, before)
    assert restart
    assert network.sizes == (2, 5, 6, 7, 1)
    assert [layer.activation for layer in network.layers] == ["relu", "tanh", "tanh", "sigmoid"]
    assert network.layers[0].keep_prob == 0.5
    # Numbers written down for other sizes are gone.
    assert network.layers[0].biases is None
    assert network.layers[1].batch_norm == BatchNorm()
    assert network.layers[3].weights is None
    kept, *_ = apply({"hidden": (4, 4, 3)}, before)
    assert kept.layers[0].biases == (0.0,) * 4
    assert kept.layers[3].weights == ((1.0, 2.0, 3.0),)


def test_a_network_without_hidden_layers():
    assert at("hidden", FLAT) == ()
    assert not dials.applies(BY_NAME["keep_prob"], FLAT, ADAM)
    network, *_ = apply({"hidden": "8 8"}, FLAT)
    assert network.sizes == (2, 8, 8, 1)
    assert apply({"hidden": "none"})[0].sizes == (2, 1)
    assert apply({"initializer": "zeros"}, FLAT)[0].layers[0].initializer == "zeros"
    with pytest.raises(ValueError, match="keep_prob is for hidden layers"):
        apply({"keep_prob": 0.5}, FLAT)


def test_drawn_weights_replace_those_written_down():
    given = replace(FLAT, layers=(replace(FLAT.layers[0], weights=((1.0, 2.0),)),))
    network, _, _, restart = apply({"initializer": "normal"}, given)
    assert restart
    assert network.layers[0].weights is None


def test_sizes_come_before_what_is_for_the_layers():
    changes = {"keep_prob": 0.5, "hidden": (5, 5)}
    network, *_ = apply(changes, FLAT)
    assert [layer.keep_prob for layer in network.layers] == [0.5, 0.5, 1.0]
    _, training, *_ = apply({"weight_decay": 0.1, "optimizer": "adamw"})
    assert (training.optimizer, training.weight_decay) == ("adamw", 0.1)


def test_a_decay_comes_with_a_rate_that_shows():
    for kind, rate in (("exponential", 0.95), ("staircase", 0.5), ("inverse_time", 1.0)):
        _, training, *_ = apply({"schedule": kind})
        assert (training.schedule.kind, training.schedule.rate) == (kind, rate)
    _, training, *_ = apply({"schedule_rate": 0.8, "schedule": "exponential"})
    assert training.schedule.rate == 0.8
    manual = replace(ADAM, schedule=LearningRateSchedule("manual", values=((0, 0.1),)))
    assert at("schedule", training=manual) == "manual"


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        ("beta1", "momentum", "sgd"),
        ("beta2", "rmsprop", "momentum"),
        ("epsilon", "adagrad", "lion"),
        ("epsilon_inside", "adam", "sgd"),
        ("weight_decay", "lion", "adam"),
    ],
)
def test_dials_of_an_optimiser(name, yes, no):
    for optimizer, found in ((yes, True), (no, False)):
        training = replace(ADAM, optimizer=optimizer)
        assert dials.applies(BY_NAME[name], NETWORK, training) == found


def test_dials_of_other_settings():
    elu, *_ = apply({"activation": "elu"})
    assert dials.applies(BY_NAME["slope"], elu, ADAM)
    assert not dials.applies(BY_NAME["slope"], NETWORK, ADAM)
    _, decaying, *_ = apply({"schedule": "exponential"})
    assert dials.applies(BY_NAME["schedule_rate"], NETWORK, decaying)
    assert not dials.applies(BY_NAME["schedule_rate"], NETWORK, ADAM)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_rat": 1}, "did you mean 'learning_rate'"),
        ({"zzz": 1}, "expected one of learning_rate"),
        ({"learning_rate": "fast"}, "'fast' is no number; expected a number of at least 0"),
        ({"learning_rate": -1}, "-1 cannot be"),
        ({"learning_rate": float("nan")}, "cannot be"),
        ({"learning_rate": True}, "True cannot be"),
        ({"beta1": 1}, "from 0 to below 1"),
        ({"keep_prob": 0}, "above 0, at most 1"),
        ({"keep_prob": 1.5}, "above 0, at most 1"),
        ({"batch_size": 2.5}, "a whole number"),
        ({"steps": 0}, "at least 1"),
        ({"optimizer": "adm"}, "did you mean 'adam'"),
        ({"activation": "softmax"}, "there is no 'softmax'"),
        ({"hidden": "8 x"}, "no sizes; expected units"),
        ({"hidden": (0,)}, "from 1 to 10000 units"),
        ({"hidden": (2,) * 13}, "at most 12"),
        ({"batch_norm": "maybe"}, "neither on nor off"),
        ({"batch_norm": 3}, "expected on or off"),
        ({"schedule": "manual"}, "there is no 'manual'"),
        ({"weight_decay": 0.1}, "adamw or lion"),
        ({"fault": PlantedFault("weights_transposed")}, "two layers of equal size"),
        ({"fault": PlantedFault("derivative_missing", 3)}, "expected layer 1, 2"),
        ({"fault": PlantedFault("dev_normalized_alone")}, "data prepared anew"),
        ({"fault": PlantedFault("dw_halved")}, "there is no 'dw_halved'"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_does(changes, words):
    with pytest.raises(ValueError) as caught:
        apply(changes)
    assert words in str(caught.value)
    assert next(iter(changes)) in str(caught.value) or "fault" in changes


def test_a_fault_is_planted_and_taken_out():
    fault = PlantedFault("dw_doubled", 2)
    network, training, _, restart = apply({"fault": fault})
    assert (training.fault, restart) == (fault, False)
    assert apply({"fault": None}, network, training) == (NETWORK, ADAM, 1, False)


@pytest.mark.parametrize("kind", ["shared_initial_weight", "adam_uncorrected"])
def test_a_fault_of_the_first_step_restarts_both_ways(kind):
    fault = PlantedFault(kind)
    _, training, _, restart = apply({"fault": fault})
    assert restart
    assert apply({"fault": None}, training=training)[3]
    assert not apply({"fault": fault}, training=training)[3]


def test_a_fault_that_is_there_says_nothing_when_its_place_goes():
    hidden = replace(ADAM, fault=PlantedFault("adam_uncorrected"))
    _, training, *_ = apply({"optimizer": "sgd"}, training=hidden)
    assert (training.optimizer, training.fault) == ("sgd", hidden.fault)


@pytest.mark.parametrize(
    ("changes", "edits", "name"),
    [
        ({"learning_rate": 0.1}, (), "learning_rate 0.1"),
        ({"initializer": "he", "optimizer": "adam"}, (), "he init, adam"),
        ({}, (("W1", 2, 3, 0.5), ("b2", 0, 0, -1e-3)), "W1[2,3] = 0.5, b2[0,0] = -0.001"),
        ({"batch_norm": True, "keep_prob": 0.8}, (), "batch norm, keep_prob 0.8"),
        ({"batch_norm": False, "l2": 0}, (), "no batch norm, no l2"),
        ({"hidden": (16, 8)}, (), "hidden 16 8"),
        ({"batch_size": 0, "schedule": "constant"}, (), "full batch, no decay"),
        ({"batch_size": 8, "schedule": "cosine"}, (), "batches of 8, cosine decay"),
        ({"epsilon_inside": True, "activation": "relu"}, (), "epsilon in the root, relu"),
        ({"fault": PlantedFault("dw_doubled", 2)}, (), "bug: dW doubled in layer 2"),
        ({"fault": None}, (), "without the bug"),
        ({}, (), "no change"),
    ],
)
def test_names_of_forks(changes, edits, name):
    assert dials.describe(changes, edits) == name


def test_the_dialogs_bring_in_no_compiler():
    names = ["fork", "edit", "go_to", "fault", "guess", "choose"]
    program = "".join(f"import nnsim.tui.screens.{name}\n" for name in names)
    program += "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "textual" in loaded
    assert not loaded & {"numba", "numpy", "pydantic"}
