"""Settings from outside the file."""

import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario import load, parse_settings
from tests.scenario.texts import GOOD

TWO = GOOD + "[[variant]]\nname = 'a'\ntraining.learning_rate = 0.5\n[[variant]]\nname = 'b'\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("k=1", 1),
        ("k = 1.5e-3", 0.0015),
        ("k=true", True),
        ("k=True", "True"),
        ("k=adam", "adam"),
        ("k=data/my file.csv", "data/my file.csv"),
        ('k="a=b"', "a=b"),
        ("k=a=b", "a=b"),
        ("k=[1, 2]", [1, 2]),
        ("k={a = 1}", {"a": 1}),
        ("k=inf", float("inf")),
    ],
)
def test_values_are_toml_and_bare_words_are_texts(text, value):
    assert parse_settings([text]) == {"k": value}


@pytest.mark.parametrize("text", ["k", "=1", "k=", "k=[1", "k='x", "k={a=1", "k=1\nm=2"])
def test_broken_settings_are_problems(text):
    with pytest.raises(ScenarioError, match="--set"):
        parse_settings([text])


def test_settings_lie_over_file_and_variant():
    settings = ["training.learning_rate=0.1", "optimizer=adam", "network.layers[0].units=7"]
    for variant in ("a", "b"):
        run = load(TWO).specification(variant, set=settings)
        assert (run.planned.learning_rate, run.planned.optimizer) == (0.1, "adam")
        assert [layer.units for layer in run.layers] == [7, 1]
        assert run.layers[0].activation == "tanh"


@pytest.mark.parametrize(
    ("settings", "read", "expected"),
    [
        ({"epochs": 3}, lambda run: (run.epochs, run.planned.steps), (3, 0)),
        ({"data.noise": 0.5}, lambda run: run.data.options["noise"], 0.5),
        ({"source": "moons"}, lambda run: run.data.options, {}),
        ({"data.file": "x", "target": "y", "source": "csv"}, lambda run: len(run.data.options), 2),
        ({"network.layers[-1].scale": 0.1}, lambda run: run.layers[1].scale, 0.1),
        ({"layers[0].batch_norm.gamma": [2] * 4}, lambda run: run.layers[0].batch_norm.gamma[3], 2),
        ({"hidden.keep_prob": 0.5}, lambda run: run.layers[0].keep_prob, 0.5),
        ({"split[0]": 0.8, "data.split[1]": 0.0}, lambda run: run.data.split, (0.8, 0.0, 0.2)),
        ({"training.early_stopping": True}, lambda run: run.planned.early_stopping.patience, 10),
        ({"non_finite": "expected"}, lambda run: run.non_finite, "expected"),
        ({"bayes_error": 0.1}, lambda run: run.diagnosis.bayes_error, 0.1),
    ],
)
def test_keys_reach_everywhere(settings, read, expected):
    assert read(load(GOOD).specification(set=settings)) == expected


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("training.learning_rat=1", "did you mean 'learning_rate'"),
        ("learning_rat=1", "did you mean 'training.learning_rate'"),
        ("trainin.steps=1", "did you mean 'training.steps'"),
        ("shuffle=false", "stands in several tables; expected data.shuffle or training.shuffle"),
        ("network.layers[2].units=1", "there is no entry [2]; expected [0] to [1]"),
        ("network.layers.units=1", "network.layers: found a table; expected a list"),
        ("network.loss[0]=1", "asks for an entry of what is no list"),
        ("steps=ten", "training.steps: found 'ten'; expected a whole number"),
        ("network.loss=hinge", "'sigmoid' does not go with the loss hinge"),
        ("variant.name=x", "unknown key"),
        ("training..steps=1", "is no key"),
        ("[0]=1", "is no key"),
        ("network.layers[x]=1", "is no key"),
    ],
)
def test_wrong_settings_are_told_under_their_own_name(setting, words):
    with pytest.raises(ScenarioError) as caught:
        load(GOOD).specification(set=[setting])
    (problem,) = caught.value.problems
    assert words in str(problem)
    assert problem.file == "--set"


def test_all_wrong_settings_come_at_once():
    with pytest.raises(ScenarioError) as caught:
        load(GOOD).specification(set=["a_b=1", "c_d=2"])
    assert len(caught.value.problems) == 2


def test_seed_and_steps_have_arguments_of_their_own():
    run = load(GOOD).specification(seed=5, steps=3)
    assert (run.seed, run.planned.steps) == (5, 3)


@pytest.mark.parametrize("arguments", [{"seed": -1}, {"steps": 0}, {"steps": True}, {"seed": 0.5}])
def test_seed_and_steps_are_whole_numbers_in_range(arguments):
    with pytest.raises(ScenarioError, match="expected a whole number from"):
        load(GOOD).specification(**arguments)
