"""The tables of the kind `search`: what they make, and what is wrong with them."""

import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario import load
from nnsim.simulations.search.specification import METHODS

LANDSCAPE = """\
kind = "search"
[scenario]
title = "A landscape"
topic = "D2"
[search]
method = "random"
objective = "formula"
formula = "learning_rate**2 + 0.1*epsilon"
trials = 9
[search.parameters.epsilon]
low = 1e-8
high = 1e-4
scale = "log"
[search.parameters.learning_rate]
low = 0.001
high = 1.0
scale = "log"
"""
TRAINING = """\
kind = "search"
[scenario]
title = "Real training"
[search]
method = "random"
objective = "dev_error"
trials = 4
budget = 10
[search.parameters.hidden_units]
low = 2
high = 5
[data]
source = "circles"
examples = 40
split = [0.5, 0.5]
[network]
loss = "binary_cross_entropy"
layers = [{ units = 3 }, { units = 1, activation = "sigmoid" }]
[training]
learning_rate = 0.1
"""
PANDA = """\
kind = "search"
[scenario]
title = "Days"
[search]
method = "panda"
objective = "dev_cost"
days = 4
budget = 10
[search.drift]
day = 3
data = { noise = 0.3 }
[[search.changes]]
day = 2
learning_rate = 0.5
[data]
source = "circles"
examples = 40
split = [0.5, 0.5]
[network]
loss = "binary_cross_entropy"
layers = [{ units = 3 }, { units = 1, activation = "sigmoid" }]
[training]
learning_rate = 0.1
"""


def problems(text):
    with pytest.raises(ScenarioError) as found:
        load(text)
    return [str(each) for each in found.value.problems]


def test_parameters_stand_in_the_order_of_the_course():
    specification = load(LANDSCAPE).specification()
    assert specification.search.names == ("learning_rate", "epsilon")
    assert specification.steps == 9
    assert "best.epsilon" in specification.names()


def test_every_method_measures_what_it_promises():
    for method in METHODS:
        if method == "panda":
            scenario = load(PANDA)
        else:
            text = TRAINING.replace('"random"', f'"{method}"')
            scenario = load(text)
        simulation = scenario.simulation()
        simulation.run()
        assert list(scenario.specification().names()) == list(simulation.figures())
        assert simulation.status == "finished"


def test_a_variant_may_change_a_scale_alone():
    text = (
        LANDSCAPE
        + """\
[[variant]]
name = "linear"
search.parameters.learning_rate.scale = "linear"
"""
    )
    found = load(text).specification("linear").search.parameters[0]
    assert (found.scale, found.low, found.high) == ("linear", 0.001, 1.0)


def test_the_length_is_the_number_of_trials():
    assert load(LANDSCAPE).specification(steps=4).steps == 4
    assert load(PANDA).specification().steps == 4


def test_points_make_the_trials_of_a_grid():
    text = LANDSCAPE.replace('"random"', '"grid"').replace("trials = 9\n", "")
    text = text.replace("high = 1.0", "high = 1.0\npoints = 4").replace(
        "high = 1e-4", "high = 1e-4\npoints = 3"
    )
    assert load(text).specification().steps == 12
    assert load(text).simulation(steps=5).steps == 5


def test_a_panda_begins_with_the_settings_of_its_training():
    simulation = load(PANDA).simulation()
    assert simulation.figures()["learning_rate"] == 0.1
    simulation.advance(2)
    assert simulation.figures()["learning_rate"] == 0.5


def test_the_seed_decides_where_trials_fall():
    runs = [load(LANDSCAPE).simulation(seed=seed) for seed in (1, 1, 2)]
    for simulation in runs:
        simulation.run()
    values = [simulation.snapshot().values.tolist() for simulation in runs]
    assert values[0] == values[1] != values[2]


def test_what_it_is_set_to_can_be_read():
    lines = load(PANDA).specification().set_up()
    assert lines["day 2"] == "learning_rate = 0.5"
    assert lines["drift"] == "day 3: noise = 0.3"
    lines = load(TRAINING).specification().set_up()
    assert lines["hidden_units"] == "2 to 5, linear"
    assert lines["budget"] == "10 training steps a trial"


def test_dials_make_another_run():
    lesson = """
[[lesson]]
step = "start"
text = "Look."
try = { text = "A grid.", set = { method = "grid", trials = 16 } }
"""
    scenario = load(LANDSCAPE + lesson)
    assert scenario.lessons[0].trial.changes == (("method", "grid"), ("trials", 16))


def test_a_dial_that_makes_no_run_is_a_mistake():
    lesson = """
[[lesson]]
step = "start"
text = "Look."
try = { text = "A grid.", set = { method = "grid", trials = 10 } }
"""
    (found,) = problems(LANDSCAPE + lesson)
    assert "no even grid" in found


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"D2"', '"D22"', 4, "no such topic"),
        ('method = "random"', 'method = "rnadom"', 6, "did you mean 'random'"),
        ('method = "random"', 'method = "grid"\nrounds = 3', 7, "no effect on the method grid"),
        ('method = "random"', 'method = "panda"', 7, "panda trains networks"),
        ('method = "random"', 'method = "random"\nchanges = []\ndays = 3', 8, "panda, caviar"),
        ("trials = 9", "trials = 0", 9, "too small"),
        ("trials = 9", "trials = 9\nepochs = 3\nbudget = 7", 10, "either budget or epochs"),
        ("learning_rate**2", "learning_rat**2", 8, "learning_rat"),
        ("learning_rate**2 + 0.1*epsilon", "", 8, "expected"),
        ("low = 0.001", "low = -1.0", 15, "from 0 to 1e9"),
        ("low = 0.001", "low = 0.0", 15, "0 has no logarithm"),
        ("low = 0.001", "low = 2.0", 16, "low < high"),
        ("low = 0.001", "low = 0.001\npoints = 4", 16, "grid as search.method"),
        ("low = 0.001", "low = 0.001\nshare = [1.0, 0.1]", 16, "[low, high]"),
        ("low = 0.001\n", "", 14, "missing"),
        ('scale = "log"\n[', 'scale = "one_minus"\n[', 13, "did you mean 'one_minus_log'"),
        ("parameters.epsilon", "parameters.epsilom", 10, "did you mean 'epsilon'"),
    ],
)
def test_mistakes_in_a_landscape_are_told_with_their_place(old, new, line, words):
    found = problems(LANDSCAPE.replace(old, new, 1))
    assert any(each.startswith(f"<text>:{line}: ") and words in each for each in found), found


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("low = 2", "low = 2.5", 10, "a whole number from 1"),
        ("high = 5", 'high = 5\nscale = "one_minus_log"', 12, "linear or log"),
        ("split = [0.5, 0.5]", "split = [1.0]", 15, "no dev set"),
        ("learning_rate = 0.1", "learning_rate = 0.1\nsteps = 5", 21, "search.budget"),
        ("[{ units = 3 }, ", "[", 18, "no hidden layer"),
        ("{ units = 3 }", "{ units = 1, weights = [[1, 2]] }", 18, "the shape changes"),
        ('"random"', '"grid"\n', 7, "n^2 trials"),
        ('"random"', '"caviar"\ndays = 0', 6, "too small"),
        ('"random"', '"caviar"', 8, "a budget of one step a run"),
        ('"random"', '"coarse_to_fine"\nrounds = 9', 8, "one trial a round"),
        ('source = "circles"', 'source = "circle"', 13, "did you mean 'circles'"),
        ("[search.parameters.hidden_units]\nlow = 2\nhigh = 5\n", "", 4, "nothing is searched for"),
    ],
)
def test_mistakes_in_training_are_told_with_their_place(old, new, line, words):
    text = TRAINING
    if '"caviar"' in new and "days" not in new:
        text = text.replace("trials = 4", "trials = 30")
    if "n^2" in words:
        text = text.replace(
            "high = 5\n", "high = 5\n[search.parameters.batch_size]\nlow = 4\nhigh = 9\n"
        ).replace("trials = 4", "trials = 5")
    found = problems(text.replace(old, new, 1))
    assert any(words in each for each in found), found
    (told,) = (each for each in found if words in each)
    assert told.startswith("<text>:"), told


def test_without_data_or_network_both_are_asked_for():
    text = TRAINING[: TRAINING.index("[data]")]
    found = problems(text)
    assert any(": data: missing" in each for each in found)
    assert any(": network: missing" in each for each in found)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("day = 2", "day = 9", "after the last one"),
        ("learning_rate = 0.5\n", "", "changes nothing"),
        ("noise = 0.3", "noice = 0.3", "did you mean"),
        ("day = 3", "day = 7", "after the last one"),
        ("days = 4", "days = 4\ntrials = 3", "no effect on the method panda"),
        ("learning_rate = 0.5", "hidden_units = 4", "unknown key"),
        ("[data]", "[[search.changes]]\nday = 1\nl2 = 0.1\n[data]", "rising days"),
    ],
)
def test_mistakes_in_days_are_told(old, new, words):
    found = problems(PANDA.replace(old, new, 1))
    assert any(words in each and "<text>:" in each for each in found), found


def test_numbers_to_predict_have_no_error():
    text = TRAINING.replace('source = "circles"', 'source = "linear"\ntask = "regression"')
    text = text.replace('"binary_cross_entropy"', '"mean_squared_error"').replace(
        '"sigmoid"', '"identity"'
    )
    with pytest.raises(ScenarioError, match="dev_cost"):
        load(text).simulation()


def test_epochs_and_budget_replace_each_other():
    text = TRAINING + '[[variant]]\nname = "epochs"\nsearch.epochs = 3\n'
    scenario = load(text)
    assert scenario.specification("epochs").search.epochs == 3
    search = scenario.specification("epochs", set={"search.budget": 7}).search
    assert (search.budget, search.epochs) == (7, 0)
