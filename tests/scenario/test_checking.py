"""Mistakes in scenario files: each is found, with its line, what was expected, the nearest name."""

from dataclasses import fields

import pytest

from nnsim.data.specification import Augmentation, DataSpecification
from nnsim.errors import ScenarioError
from nnsim.network.specification import BatchNorm, Layer, LayerNorm, Network
from nnsim.scenario import load
from nnsim.scenario.key_types import FaultName
from nnsim.scenario.models import (
    AugmentTable,
    BatchNormTable,
    DataTable,
    EarlyStoppingTable,
    FaultTable,
    LayerNormTable,
    LayerTable,
    NetworkTable,
    ScheduleTable,
    TrainingTable,
)
from nnsim.training.faults import IN_A_LAYER, IN_A_RUN
from nnsim.training.specification import (
    EarlyStopping,
    LearningRateSchedule,
    PlantedFault,
    Training,
)
from tests.scenario.texts import GOOD, good


def problems_of(text):
    with pytest.raises(ScenarioError) as caught:
        load(text)
    return list(caught.value.problems)


def only_problem(text):
    problems = problems_of(text)
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


def test_a_good_text_loads():
    scenario = load(GOOD)
    assert scenario.title == "A scenario"
    assert [layer.units for layer in scenario.specification().layers] == [4, 1]


# The tables have the keys of the dataclasses, word for word.


@pytest.mark.parametrize(
    ("table", "described", "renamed"),
    [
        (LayerTable, Layer, {"repeat"}),
        (BatchNormTable, BatchNorm, set()),
        (LayerNormTable, LayerNorm, set()),
        (AugmentTable, Augmentation, set()),
        (NetworkTable, Network, {"hidden", "inputs"}),
        (TrainingTable, Training, {"epochs"}),
        (ScheduleTable, LearningRateSchedule, set()),
        (EarlyStoppingTable, EarlyStopping, set()),
        (FaultTable, PlantedFault, set()),
        (DataTable, DataSpecification, {"options"}),
    ],
)
def test_keys_are_the_fields_of_the_dataclass(table, described, renamed):
    keys = set(table.model_fields)
    assert keys ^ {field.name for field in fields(described)} <= renamed


def test_defaults_are_those_of_the_dataclasses():
    run = load(GOOD).specification()
    assert run.layers[0] == Layer(4, "tanh")
    assert run.planned == Training(20)
    assert run.network(2) == Network(2, run.layers, "binary_cross_entropy")
    assert run.data == DataSpecification("circles", {"examples": 40}, (0.6, 0.2, 0.2))
    batch_norm = load(good(('"tanh" }', '"tanh", batch_norm = true }'))).specification()
    assert batch_norm.layers[0].batch_norm == BatchNorm()
    layer_norm = load(good(('"tanh" }', '"tanh", layer_norm = true }'))).specification()
    assert layer_norm.layers[0] == Layer(4, "tanh", layer_norm=LayerNorm())
    augmented = load(good(("examples = 40", "examples = 40\naugment = {flip = true}")))
    assert augmented.specification().data.augment == Augmentation(flip=True)
    stopping = load(good(("steps = 20", "steps = 20\nearly_stopping = true"))).specification()
    assert stopping.planned.early_stopping == EarlyStopping()


# One mistake at a time: (replaced, by), words of the message, the suggestion.

SINGLE = [
    ("[scenario]", "[scenario]\ntitel = 'x'", "scenario.titel: unknown key", "title"),
    ('title = "A scenario"', "summary = 'x'", "scenario.title: missing", ""),
    ('title = "A scenario"', "title = 3", "scenario.title: found 3; expected a text", ""),
    ('title = "A scenario"', "title = ''", "scenario.title: is empty", ""),
    ("[training]", "[dta]\n[training]", "dta: unknown table", "data"),
    ('source = "circles"', 'source = "circle"', "no data source 'circle'", "circles"),
    ("examples = 40", "example = 40", "no option 'example'", "examples"),
    ("examples = 40", "normalise = 'standard'", "no option 'normalise'", "normalize"),
    ("examples = 40", "examples = 4.5", "4.5 is no whole number", ""),
    ("[0.6, 0.2, 0.2]", "[0.6, 0.2, 0.1]", "data.split: split sums to 0.9", ""),
    ("[0.6, 0.2, 0.2]", "[0.6, 0.2, 0.1, 0.1]", "data.split: is too long (4)", ""),
    ("[0.6, 0.2, 0.2]", "[0.6, 0.2, '0.2']", "data.split[2]: found '0.2'", ""),
    ("units = 4", "units = 0", "network.layers[0].units: 0 is too small; expected", ""),
    ("units = 4", "units = true", "network.layers[0].units: found true", ""),
    ("units = 4", "units = 10_000_000", "is too large", ""),
    ("units = 4, ", "", "network.layers[0].units: missing", ""),
    ('"tanh"', '"Tanh"', "no such activation 'Tanh'", "tanh"),
    ('"tanh"', '"tanh", initializer = "He_normal"', "no such initializer", "normal"),
    ('"tanh"', '"tanh", keep_prob = 0', "keep_prob: 0 is too small; expected a number > 0", ""),
    ('"tanh"', '"tanh", batch_norm = "yes"', "expected false, true or a table", ""),
    ('"tanh"', '"tanh", batch_norm = {eps = 1}', "batch_norm.eps: unknown key", "epsilon"),
    ('"tanh"', '"tanh", batch_norm = {gamma = [1]}', "has 1 numbers; expected 4", ""),
    ('"tanh"', '"tanh", layer_norm = {gamma = [1]}', "layer_norm.gamma: has 1 numbers", ""),
    ('"tanh"', '"tanh", layer_norm = {momentum = 1}', "layer_norm.momentum: unknown key", ""),
    (
        '"tanh"',
        '"tanh", layer_norm = true, batch_norm = true',
        "layers[0].layer_norm: layer 1 has batch_norm as well; expected one of the two",
        "",
    ),
    ("units = 4", "layer_norm = true, units = 1", "normalised by itself alone", ""),
    ('"sigmoid"', '"sigmoid", residual = true', "layers[1].residual: ", ""),
    ("[network]", "[network]\nlabel_smoothing = 1", "label_smoothing: 1 is too large", ""),
    (
        "examples = 40",
        "examples = 40\naugment = {zoom = 0.1, flip = true}",
        "data.augment.zoom: zoom has no place here: an example of 'circles' is a point",
        "",
    ),
    ("examples = 40", "examples = 40\naugment = {}", "data.augment: changes nothing", ""),
    ("examples = 40", "examples = 40\naugment = {rotat = 5}", "rotat: unknown key", "rotate"),
    ("examples = 40", "examples = 40\naugment = {noise = -1}", "augment.noise: -1 is too sm", ""),
    ("examples = 40", "examples = 40\naugment = true", "data.augment: found true", ""),
    ('"tanh"', '"tanh", biases = [1, 2]', "biases: has 2 numbers; expected 4", ""),
    ('"tanh"', '"tanh", biases = [1, 2, 3, 4], bias = false', "bias = false", ""),
    ('"tanh"', '"tanh", weights = [[1, 2]]', "weights: has 1 rows; expected 4", ""),
    ('"sigmoid"', '"sigmoid", weights = [[1, 2]]', "row 1 has 2 numbers; expected 4", ""),
    ('"sigmoid"', '"sigmoid", keep_prob = 0.5', "the output layer has no dropout", ""),
    ('"sigmoid"', '"elu"', "'elu' does not go with the loss binary_cross_entropy", ""),
    (', activation = "sigmoid"', "", "layers[1].activation: missing; expected sigmoid", ""),
    ("binary_cross_entropy", "cross_entropy", "no such loss", "binary_cross_entropy"),
    ("[network]", "[network]\nl2 = -1", "network.l2: -1 is too small", ""),
    ("[network]", "[network]\nl2 = inf", "network.l2: inf is not finite", ""),
    ("[network]", "[network]\nhidden = 3", "network.hidden: found 3; expected a table", ""),
    ("steps = 20", "", "training: has neither steps nor epochs", ""),
    ("steps = 20", "steps = 20\nepochs = 2", "training.epochs: given beside steps", ""),
    ("steps = 20", "steps = 2_000_000_000", "training.steps: 2000000000 is too large", ""),
    ("steps = 20", "steps = 20\noptimizer = 'adm'", "no such optimizer 'adm'", "adam"),
    ("steps = 20", "steps = 20\nlearning_rat = 1", "unknown key", "learning_rate"),
    ("steps = 20", "steps = 20\nbeta1 = 1", "beta1: 1 is too large; expected", ""),
    ("steps = 20", "steps = 20\nweight_decay = 0.1", "has no effect on sgd", ""),
    ("steps = 20", "steps = 20\nschedule.kind = 'exp'", "no such schedule", "exponential"),
    ("steps = 20", "steps = 20\nschedule.rate = 2", "no effect on a constant schedule", ""),
    ("steps = 20", "steps = 20\nschedule.kind = 'manual'", "needs values", ""),
    (
        "steps = 20",
        "steps = 20\nschedule = {kind = 'manual', values = [[2, 0.1], [2, 0.2]]}",
        "schedule.values[1]: epoch 2 stands after epoch 2",
        "",
    ),
    ("steps = 20", "steps = 20\nfault.kind = 'none'", "no such fault 'none'", ""),
    ("steps = 20", "steps = 20\nfault.layer = 1", "training.fault.kind: missing", ""),
    ("steps = 20", "steps = 20\nfault = true", "fault: found true", ""),
    ("steps = 20", "steps = 20\nfault = {kind = 'dw_doubled', layer = 3}", "no layer 3", ""),
    (
        "steps = 20",
        "steps = 20\nfault = {kind = 'no_reshuffle', layer = 1}",
        "no_reshuffle belongs to the whole run",
        "",
    ),
    ("[0.6, 0.2, 0.2]\n", "[1]\nheld_out = {noise = 0.5}\n", "data.split", ""),
    ("[0.6, 0.2, 0.2]\n", "[1]\nnormalize = 'std'\n", "no such normalisation", ""),
]


@pytest.mark.parametrize(("old", "new", "words", "suggestion"), SINGLE)
def test_one_mistake_is_told_once_where_it_stands(old, new, words, suggestion):
    text = good((old, new))
    problem = only_problem(text)
    assert words in str(problem)
    assert problem.suggestion == suggestion
    if new:
        first = line_of(text, new)
        header = line_of(text, "[" + problem.key.split(".")[0])
        assert problem.line in (header, *range(first, first + new.count("\n") + 1))


def test_a_residual_layer_is_as_wide_as_the_one_before_it():
    text = good(('"tanh" },', '"tanh" },\n  { units = 3, activation = "tanh", residual = true },'))
    problem = only_problem(text)
    assert problem.key == "network.layers[1].residual"
    assert "layer 2 has 3 units, the layer before it 4" in str(problem)
    assert problem.line == line_of(text, "residual = true")


def test_label_smoothing_needs_labels_that_are_probabilities():
    text = good(
        ("binary_cross_entropy", "hinge"),
        ('"sigmoid"', '"identity"'),
        ("[network]", "[network]\nlabel_smoothing = 0.1"),
    )
    problem = only_problem(text)
    assert problem.key == "network.label_smoothing"
    assert "has no place in the loss hinge" in str(problem)


def test_what_takes_an_augmentation_away():
    text = good(("examples = 40", "examples = 40\naugment = false"))
    assert load(text).specification().data.augment is None


def test_early_stopping_needs_a_dev_set():
    text = good(("[0.6, 0.2, 0.2]", "[1]"), ("steps = 20", "steps = 20\nearly_stopping = true"))
    assert "there is no dev set to watch" in str(only_problem(text))


def test_a_kind_that_is_not_there_stops_the_check():
    assert only_problem('kind = "trainin"\n' + GOOD).suggestion == "training"


def test_all_mistakes_come_at_once_in_the_order_of_the_file():
    text = good(
        ("[scenario]", "[scenario]\nseed = -1"),
        ("units = 4", "unit = 4"),
        ('"tanh"', '"tan"'),
        ("binary_cross_entropy", "hinges"),
        ("steps = 20", "steps = 'many'\noptimizer = 3\nfault.kind = 'adam_uncorrected'"),
        more='[[lesson]]\nstep = "soon"\n[[expect]]\nmetric = "trian.cost"\nis = "<"\nvalue = 1\n',
    )
    problems = problems_of(text)
    assert {problem.key: problem.line for problem in problems} == {
        "scenario.seed": 2,
        "network.loss": 11,
        "network.layers[0].unit": 13,
        "network.layers[0].activation": 13,
        "training.steps": 18,
        "training.optimizer": 19,
        "lesson[0].text": 21,
        "lesson[0].step": 22,
        "expect[0].metric": 24,
    }
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


def test_a_missing_table_is_told_without_a_line():
    problem = only_problem(GOOD[: GOOD.index("[training]")])
    assert str(problem) == "<text>: training: missing; expected a table"


def test_a_mistake_that_follows_from_another_is_not_told():
    # The last activation is only missing because its key is misspelled.
    problem = only_problem(good(('activation = "sigmoid"', 'activaton = "sigmoid"')))
    assert problem.suggestion == "activation"


@pytest.mark.parametrize("fault", [*IN_A_LAYER, *IN_A_RUN])
def test_a_fault_without_a_place_is_refused(fault):
    # A net without anything: a linear layer of given weights, batch gradient descent.
    text = f"""
[scenario]
title = "x"
[data]
source = "linear"
task = "regression"
features = 1
[network]
loss = "binary_cross_entropy"
layers = [{{ units = 1, activation = "sigmoid", weights = [[1]], bias = false }}]
[training]
steps = 3
fault = {{ kind = "{fault}" }}
"""
    problem = only_problem(text)
    assert (problem.key, problem.line) == ("training.fault.kind", 13)
    assert f"there is no place for {fault}" in problem.message
    assert problem.expected


def test_every_fault_is_known_and_has_a_place_somewhere():
    text = """
[scenario]
title = "x"
[data]
source = "circles"
split = [0.8, 0.2]
normalize = "standard"
[network]
loss = "binary_cross_entropy"
l2 = 0.1
layers = [
  { units = 4 },
  { units = 4, keep_prob = 0.5 },
  { units = 4, batch_norm = true },
  { units = 1, activation = "sigmoid" },
]
[training]
steps = 3
optimizer = "adam"
batch_size = 16
"""
    (marker,) = (each for each in FaultName.__metadata__)
    for fault in marker.names:
        run = load(text + f'fault.kind = "{fault}"').specification()
        assert run.planned.fault == PlantedFault(fault)
        assert run.data.normalize_dev_alone == (fault == "dev_normalized_alone")


def test_layers_are_repeated_and_hidden_ones_completed():
    text = good(
        ("{ units = 4, activation = ", "{ repeat = 3, initializer = "),
        ('"tanh" }', '"xavier" },\n  { units = 2, activation = "elu" }'),
        ("[training]", '[network.hidden]\nunits = 5\nactivation = "tanh"\nscale = 2.0\n[training]'),
    )
    layers = load(text).specification().layers
    assert [layer.units for layer in layers] == [5, 5, 5, 2, 1]
    assert [layer.activation for layer in layers] == ["tanh"] * 3 + ["elu", "sigmoid"]
    assert [layer.scale for layer in layers] == [2, 2, 2, 2, 1]
    assert [layer.initializer for layer in layers] == ["xavier"] * 3 + ["he"] * 2


def test_lessons_are_checked_against_the_run():
    more = """
[[lesson]]
step = 21
text = "too late"
[[lesson]]
step = "end"
variant = "none"
text = "no such variant"
[lesson.predict]
question = "?"
choices = ["yes", "no", "yes"]
answer = "Yes"
reveal = "!"
[[lesson]]
step = 0
text = "a number"
predict = { question = "?", answer = "one", reveal = "!" }
"""
    keys = {problem.key: problem for problem in problems_of(GOOD + more)}
    assert list(keys) == [
        "lesson[0].step",
        "lesson[1].variant",
        "lesson[1].predict.choices[2]",
        "lesson[1].predict.answer",
        "lesson[2].predict.answer",
    ]
    assert keys["lesson[1].predict.answer"].suggestion == "yes"


def test_a_good_question_knows_its_answer():
    more = """
[[lesson]]
step = "epoch 3"
text = "a number"
predict = { question = "?", answer = 2, tolerance = 0.1, reveal = "!" }
"""
    (lesson,) = load(GOOD + more).lessons
    assert str(lesson.step) == "epoch 3"
    assert lesson.predict.is_right(2.05)
    assert not lesson.predict.is_right(2.2)


def test_what_a_lesson_offers_to_try_is_checked():
    more = """
[[lesson]]
step = 0
text = "a fork"
try = { text = "t", at = 21, set = { learning_rte = 0.1, optimizer = "adm", keep_prob = 0.0 } }
[[lesson]]
step = 0
text = "a fork"
try = { text = "t", at = "end", set = {} }
[[lesson]]
step = 5
text = "a fork"
try = { text = "t", at = 5, set = { initializer = "he", l2 = -1.0 } }
"""
    keys = {problem.key: problem for problem in problems_of(GOOD + more)}
    assert list(keys) == [
        "lesson[0].try.set.optimizer",
        "lesson[0].try.set.keep_prob",
        "lesson[0].try.set.learning_rte",
        "lesson[0].try.at",
        "lesson[1].try.set",
        "lesson[1].try.at",
        "lesson[2].try.set.l2",
        "lesson[2].try.set.initializer",
    ]
    assert keys["lesson[0].try.set.learning_rte"].suggestion == "learning_rate"
    assert keys["lesson[0].try.set.optimizer"].suggestion == "adam"
    assert "start" in keys["lesson[1].try.at"].expected


def test_a_lesson_offers_one_thing_to_try():
    more = """
[[lesson]]
step = 3
text = "a fork"
try = { text = "Faster.", set = { learning_rate = 0.1, activation = "tanh" } }
"""
    trial = load(GOOD + more).lessons[0].trial
    assert (trial.text, str(trial.at)) == ("Faster.", "start")
    assert trial.changes == (("learning_rate", 0.1), ("activation", "tanh"))


@pytest.mark.parametrize(
    "text",
    [
        "lesson = 3\n" + GOOD,
        "expect = ['x']\n" + GOOD,
        GOOD + "[variant]\nname = 'x'\n",
        GOOD.replace("[data]\n", "data = []\n[dat]\n"),
        GOOD.replace("[network]\n", "[network]\nhidden.batch_norm = {epsilon = {}}\n"),
        "\n",
        "scenario = 1\nnetwork = 1\ntraining = 1\ndata = 1\nvariant = 1\ndiagnosis = 1\n",
        GOOD + "[[variant]]\nname = 3\nnetwork = 3\n",
        GOOD + "[[variant]]\nname = 'a'\n[variant.network.layers]\nunits = 3\n",
        GOOD + "[[expect]]\nmetric = 3\nis = 3\nthan = 3\nat = -1\n",
        GOOD + f"[[lesson]]\nstep = {10**30}\ntext = 'x'\n",
        good(("units = 4", f"units = {10**400}")),
        good(("[network]", f"[network]\nl2 = {10**400}")),
    ],
)
def test_strange_files_are_problems_and_no_crash(text):
    for problem in problems_of(text):
        assert problem.message
        assert len(str(problem)) < 1000
