"""Which settings differ, which figures are best."""

from dataclasses import replace

import numpy as np

from nnsim.network.specification import Layer, Network
from nnsim.simulations.training import Evaluation
from nnsim.training.specification import EarlyStopping, LearningRateSchedule, PlantedFault
from nnsim.tui.panels.comparing import differences, figures
from tests.tui import made


def rows(found):
    return {row.name: row.values for row in found}


def evaluated(run, cost, accuracy=0.5):
    evaluation = Evaluation(cost, cost, accuracy, 1 - accuracy, 40)
    return replace(run, evaluations={"train": evaluation})


def test_equal_runs_differ_in_nothing():
    assert differences((made.run(0), made.run(1))) == ()
    assert differences((made.run(0),)) == ()


def test_settings_of_the_training():
    first = made.run(0)
    changes = {
        "learning_rate": 0.1,
        "schedule": LearningRateSchedule("cosine"),
        "early_stopping": EarlyStopping(5),
        "epsilon_inside": True,
    }
    other = made.run(1, training=made.training(**changes))
    assert rows(differences((first, other))) == {
        "learning_rate": ("0.05", "0.1"),
        "epsilon_inside": ("no", "yes"),
        "schedule kind": ("constant", "cosine"),
        "early_stopping patience": ("-", "5"),
        "early_stopping minimum_improvement": ("-", "0"),
    }


def test_a_setting_of_all_hidden_layers_is_one_row():
    found = differences((made.run(0), made.run(1, network=made.network(activation="relu"))))
    assert rows(found) == {"activation": ("tanh", "relu")}


def test_a_setting_of_one_layer_names_it():
    layers = (Layer(4, "tanh", initializer="xavier"), Layer(3, "relu", initializer="xavier"))
    output = made.network().layers[-1]
    other = replace(made.network(), layers=(*layers, output), l2=0.0)
    assert rows(differences((made.run(0), made.run(1, network=other)))) == {
        "activation": ("tanh", "-"),
        "activation, layer 1": ("-", "tanh"),
        "activation, layer 2": ("-", "relu"),
        "l2": ("0.1", "0"),
    }


def test_networks_of_other_shapes_differ_in_their_sizes():
    shallow = Network(2, (Layer(1, "sigmoid"),), "binary_cross_entropy")
    found = rows(differences((made.run(0), made.run(1, network=shallow))))
    assert found["sizes"] == ("2 4 3 1", "2 1")
    assert found["activation"] == ("tanh", "-")


def test_weights_given_by_hand_are_not_spelled_out():
    hidden = Layer(1, weights=((1.0, 2.0),))
    given = Network(2, (hidden, Layer(1, "sigmoid")), "binary_cross_entropy")
    drawn = replace(given, layers=(Layer(1), given.layers[1]))
    found = rows(differences((made.run(0, network=given), made.run(1, network=drawn))))
    assert found == {"weights": ("given", "-")}


def test_forks_and_seeds():
    found = differences((made.run(0), made.run(1, parent=0, start=60, seed=2)))
    assert rows(found) == {"fork at step": ("-", "60"), "seed": ("1", "2")}


def test_a_planted_fault_is_shown_but_never_a_secret_one():
    faulty = made.training(fault=PlantedFault("sign_flipped", 2))
    known = made.run(1, training=faulty)
    assert rows(differences((made.run(0), known)))["fault kind"] == ("-", "sign_flipped")
    secret = made.run(1, training=faulty, secret=True)
    assert rows(differences((made.run(0), secret))) == {"fault kind": ("-", "?")}
    assert differences((secret, secret)) == ()
    found = rows(differences((known, secret, made.run(0))))
    assert found["fault kind"] == ("sign_flipped", "?", "-")
    assert found["fault layer"] == ("2", "?", "-")


def test_the_best_of_a_row_is_marked():
    runs = [
        evaluated(made.run(n), cost, accuracy)
        for n, (cost, accuracy) in enumerate([(0.3, 0.8), (0.1, 0.9), (0.2, 0.9)])
    ]
    found = {row.name: row for row in figures(runs)}
    assert found["train cost"].values == ("0.3", "0.1", "0.2")
    assert found["train cost"].best == (False, True, False)
    assert found["train accuracy"].best == (False, True, True)
    assert not found["||dW1||"].best
    assert found["||dW1||"].values == ("0.01",) * 3


def test_nothing_is_best_of_one_or_of_equals():
    for runs in ([evaluated(made.run(0), 0.3)], [made.run(0), made.run(0)]):
        assert not any(any(row.best) for row in figures(runs))


def test_nan_is_never_the_best():
    runs = [evaluated(made.run(n), cost) for n, cost in enumerate((np.nan, 0.3, np.inf))]
    found = {row.name: row for row in figures(runs)}
    assert found["train cost"].values == ("-", "0.3", "inf")
    assert found["train cost"].best == (False, True, False)


def test_while_a_run_plays_the_last_evaluation_stands():
    run = replace(made.run(0, step=57), evaluations={}, snapshot=None)
    found = rows(figures((run,)))
    assert found["train cost"] == (f"{0.7 * 0.99**50:.4g}",)
    assert found["||dW1||"][0] != "-"
    empty = {name: values[:0] for name, values in run.records.items()}
    bare = rows(figures((replace(run, records=empty),)))
    assert bare["||dW1||"] == ("-",)
    assert "train cost" not in bare


def test_steps_and_status_are_shown_where_they_say_something():
    plain = rows(figures((made.run(0), made.run(1))))
    assert "at step" not in plain
    assert "status" not in plain
    found = rows(figures((made.run(0), made.run(1, step=90, status="non-finite"))))
    assert found["at step"] == ("128", "90")
    assert found["status"] == ("ready", "non-finite")
