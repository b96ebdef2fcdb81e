"""Variants: partial tables over the file's, checked after merging, mistakes told by variant."""

import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario import load
from tests.scenario.texts import GOOD, good


def problems_of(text):
    with pytest.raises(ScenarioError) as caught:
        load(text)
    return list(caught.value.problems)


def test_variants_lie_over_the_file():
    scenario = load(
        GOOD
        + """
[[variant]]
name = "plain"
[[variant]]
name = "other"
seed = 9
dtype = "float32"
non_finite = "expected"
[variant.network.hidden]
batch_norm = true
[variant.training]
epochs = 3
[variant.data]
source = "moons"
[[variant]]
name = "layers"
[[variant.network.layers]]
units = 1
activation = "sigmoid"
"""
    )
    plain, other, layers = (scenario.specification(each.name) for each in scenario.variants)
    assert plain == load(GOOD).specification()
    assert (other.seed, other.dtype, other.non_finite) == (9, "float32", "expected")
    assert other.layers[0].batch_norm is not None
    assert other.layers[1].batch_norm is None
    assert (other.epochs, other.planned.steps) == (3, 0)
    assert (other.data.source, other.data.options) == ("moons", {})
    assert other.data.split == (0.6, 0.2, 0.2)
    assert [layer.units for layer in layers.layers] == [1]
    assert scenario.specification() == plain
    assert scenario.runs == {"plain": plain, "other": other, "layers": layers}


def test_a_variant_s_mistake_stands_at_its_own_line():
    text = GOOD + "[[variant]]\nname = 'a'\n[variant.training]\noptimiser = 'adam'\n"
    (problem,) = problems_of(text)
    assert str(problem).startswith("<text>:21: variant 'a': training.optimiser: unknown key;")
    assert problem.suggestion == "optimizer"


def test_a_mistake_between_file_and_variant_stands_at_the_variant():
    text = GOOD + "[[variant]]\nname = 'a'\nnetwork.loss = 'softmax_cross_entropy'\n"
    (problem,) = problems_of(text)
    assert problem.line == 20
    assert problem.key == "variant 'a': network.layers[1].activation"


def test_the_file_s_mistake_is_told_once_however_many_variants():
    text = good(("steps = 20", "steps = 0")) + "[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\n"
    (problem,) = problems_of(text)
    assert problem.key == "training.steps"


def test_the_file_s_mistake_is_told_even_where_every_variant_hides_it():
    text = good(("steps = 20", "steps = 0"))
    text += "[[variant]]\nname = 'a'\ntraining.steps = 3\n"
    (problem,) = problems_of(text)
    assert (problem.key, problem.line) == ("training.steps", 17)


def test_what_the_file_lacks_every_variant_may_bring():
    text = good(("steps = 20", "")) + "[[variant]]\nname = 'a'\ntraining.steps = 3\n"
    assert load(text).specification("a").planned.steps == 3


def test_what_the_file_lacks_and_one_variant_too_is_told_of_that_one():
    text = good(("steps = 20", "")) + "[[variant]]\nname = 'a'\ntraining.steps = 3\n"
    (problem,) = problems_of(text + "[[variant]]\nname = 'b'\n")
    assert problem.key == "variant 'b': training"


def test_names_are_needed_and_different():
    keys = [
        (problem.key, problem.message)
        for problem in problems_of(GOOD + "[[variant]]\n[[variant]]\nname = 'a'\n" * 2)
    ]
    assert keys == [
        ("variant[0].name", "missing"),
        ("variant[2].name", "missing"),
        ("variant[3].name", "there is a variant 'a' before"),
    ]


@pytest.mark.parametrize("table", ["scenario", "lesson", "expect", "variant", "netwrok"])
def test_a_variant_has_no_other_tables(table):
    text = GOOD + f"[[variant]]\nname = 'a'\n[variant.{table}]\ntitle = 'x'\n"
    (problem,) = problems_of(text)
    assert (problem.key, problem.message) == (f"variant[0].{table}", "unknown key")


def test_an_unknown_variant_is_told_with_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean 'adam'"):
        load(GOOD + "[[variant]]\nname = 'adam'\n").simulation("Adm")
    with pytest.raises(ScenarioError, match="has no variants"):
        load(GOOD).specification("adam")
