"""Expectations: their mistakes, their words, how they are judged."""

import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario import load
from tests.scenario.texts import GOOD

TWO = GOOD + "[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\ntraining.steps = 5\n"


def expect(text, *, base=GOOD):
    return load(base + "[[expect]]\n" + text.replace("; ", "\n") + "\n").expectations


def problem_of(text, *, base=GOOD):
    with pytest.raises(ScenarioError) as caught:
        expect(text, base=base)
    (problem,) = caught.value.problems
    assert problem.line is not None
    assert problem.line > base.count("\n")
    return problem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("metric = 'cost'; is = '<'", "expect[0]: has neither value nor than"),
        ("metric = 'cost'; is = '<'; value = 1; than = {at = 'start'}", "both value and than"),
        ("metric = 'cost'; is = '<'; than = {times = 2.0}", "compares a measure with itself"),
        ("metric = 'cost'; is = '<'; value = nan", "nothing compares with nan"),
        ("metric = 'cost'; is = '~='; value = 1", "expect[0].tolerance: missing"),
        ("metric = 'cost'; is = '<'; value = 1; tolerance = 0.1", "has no effect on <"),
        ("metric = 'cost'; is = '='; value = 1", "no such comparison '='"),
        ("metric = 'cost'; is = '<'; value = 'low'", "found 'low'; expected a number"),
        ("metric = 'status'; is = '=='; value = 'finish'", "did you mean 'finished'"),
        ("metric = 'status'; is = '=='; value = 1", "found 1; expected one of ready"),
        ("metric = 'status'; is = '<'; value = 'ready'", "expected == or != for words"),
        ("metric = 'status'; is = '=='; than = {metric = 'cost'}", "a word with a number"),
        ("metric = 'cost'; is = '<'; value = 1; at = 21", "at: step 21 is after the end"),
        ("metric = 'cost'; is = '<'; than = {at = 21}", "expect[0].than.at: step 21"),
        ("metric = 'cost'; is = '<'; than = {metric = 'cots'}", "expect[0].than.metric: no such"),
        ("metric = 'steps_until'; is = '<'; value = 1", "condition: missing"),
        ("metric = 'cost'; is = '<'; value = 1; condition = 'cost < 1'", "waits for nothing"),
        ("metric = 'steps_until'; is = '<'; value = 1; condition = 'cost'", "no condition"),
        ("metric = 'cost'; is = '<'; value = 1; variant = 'a'", "no such variant 'a'"),
        ("metric = 'test.cots'; is = '<'; value = 1", "did you mean 'test.cost'"),
        ("metric = 'W9.norm'; is = '<'; value = 1", "there is no layer 9"),
    ],
)
def test_mistakes(text, words):
    assert words in str(problem_of(text))


def test_mistakes_against_variants_name_the_variant():
    problem = problem_of("metric = 'cost'; is = '<'; value = 1; variant = 'A'", base=TWO)
    assert problem.suggestion == "a"
    late = problem_of("metric = 'cost'; is = '<'; value = 1; at = 10", base=TWO)
    assert late.key == "expect[0].at"
    base = TWO.replace(
        "training.steps = 5", "[[variant.network.layers]]\nunits = 1\nactivation = 'sigmoid'"
    )
    layer = problem_of("metric = 'W2.norm'; is = '<'; value = 1", base=base)
    assert "there is no layer 2 (in variant 'b')" in layer.message


def test_without_a_variant_it_holds_for_each():
    expectations = expect("metric = 'cost'; is = '<'; value = 1", base=TWO)
    assert [each.left.variant for each in expectations] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "base", "words"),
    [
        ("metric = 'train.cost'; is = '<'; value = 0.1", GOOD, "train.cost at end < 0.1"),
        (
            "metric = 'W1[0,0]'; at = 3; is = '~='; value = 2; tolerance = 0.5",
            GOOD,
            "W1[0,0] at step 3 ~= 2 (+- 0.5)",
        ),
        ("metric = 'status'; is = '=='; value = 'finished'", GOOD, "status at end == 'finished'"),
        (
            "metric = 'steps_until'; condition = 'cost < 1'; is = '<'; value = 9",
            GOOD,
            "steps_until cost < 1 at end < 9",
        ),
        (
            "variant = 'a'; metric = 'cost'; is = '<'; than = {variant = 'b'}",
            TWO,
            "a: cost at end < that of b",
        ),
        (
            "variant='a'; metric='cost'; is='<'; than={variant='b', times=0.5, plus=-1}",
            TWO,
            "a: cost at end < 0.5 x that of b - 1",
        ),
        (
            "metric = 'cost'; is = '<'; than = {at = 'start', times = 0.5}",
            GOOD,
            "cost at end < 0.5 x cost at start",
        ),
        (
            "variant = 'a'; metric = 'cost'; is = '<'; than = {variant = 'b', metric = 'penalty'}",
            TWO,
            "a: cost at end < b: penalty at end",
        ),
    ],
)
def test_an_expectation_reads_as_a_line(text, base, words):
    (expectation,) = expect(text, base=base)
    assert expectation.text == words


@pytest.mark.parametrize(
    ("comparison", "measured", "value", "kept"),
    [
        ("<", 1, 2, True),
        ("<", 2, 2, False),
        ("<=", 2, 2, True),
        (">", 2, 2, False),
        (">=", 2, 2, True),
        ("==", 2, 2, True),
        ("==", 2 + 1e-15, 2, False),
        ("!=", 2, 2, False),
        ("!=", 1, 2, True),
        ("~=", 2.4, 2, True),
        ("~=", 2.6, 2, False),
        ("<", float("nan"), 2, False),
        ("!=", float("nan"), 2, False),
        ("<", float("inf"), 2, False),
        (">", float("inf"), 2, True),
        ("==", float("inf"), float("inf"), True),
        ("~=", float("inf"), float("inf"), True),
    ],
)
def test_comparisons(comparison, measured, value, kept):
    tolerance = "; tolerance = 0.5" if comparison == "~=" else ""
    (expectation,) = expect(f"metric = 'cost'; is = '{comparison}'; value = {value}{tolerance}")
    assert expectation.holds(float(measured), expectation.expected(None)) is kept


@pytest.mark.parametrize(("comparison", "kept"), [("==", True), ("!=", False)])
def test_words_are_compared(comparison, kept):
    (expectation,) = expect(f"metric = 'diagnosis'; is = '{comparison}'; value = 'bias'")
    assert expectation.holds("bias", "bias") is kept
    assert expectation.holds("both", "bias") is not kept


def test_the_other_side_is_scaled_and_shifted():
    (expectation,) = expect("metric = 'cost'; is = '<'; than = {at = 0, times = 3.0, plus = 1.0}")
    assert expectation.expected(2.0) == 7
