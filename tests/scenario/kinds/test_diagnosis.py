"""The tables of the kind `diagnosis`: what they make, and what is wrong with them."""

import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario import load

CASES = """\
kind = "diagnosis"
[scenario]
title = "Cases"
[diagnosis]
bayes = 0.02
[[diagnosis.cases]]
name = "A"
train = 0.01
dev = 0.11
[[diagnosis.cases]]
name = "B"
train = 0.15
dev = 0.16
bayes = 0.15
"""


def problems(text):
    with pytest.raises(ScenarioError) as found:
        load(text)
    return [str(each) for each in found.value.problems]


def test_a_case_may_have_its_own_bayes_error():
    specification = load(CASES).specification()
    assert [case.bayes for case in specification.cases] == [0.02, 0.15]
    assert specification.steps == 2


def test_words_can_be_expected():
    text = CASES + '[[expect]]\nmetric = "verdict"\nis = "=="\nvalue = "neither"\n'
    assert load(text).run().ok
    (found,) = problems(text.replace("neither", "nither"))
    assert "did you mean 'neither'" in found


def test_remedies_are_words_too():
    text = CASES + '[[expect]]\nmetric = "remedy"\nat = 1\nis = "=="\nvalue = "done"\n'
    assert not load(text).run().ok
    assert load(text).run(set={"diagnosis.variance_threshold": 0.2}).ok


def test_a_word_has_no_history():
    text = CASES + '[[expect]]\nmetric = "history.verdict.max"\nis = ">"\nvalue = 1\n'
    (found,) = problems(text)
    assert "no series 'verdict'" in found


def test_nothing_is_measured_before_the_first_case():
    text = CASES + '[[expect]]\nmetric = "verdict"\nat = "start"\nis = "=="\nvalue = "bias"\n'
    (found,) = load(text).run().expectations
    assert not found.kept


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("train = 0.01", "train = 1", 8, ""),
        ("train = 0.01", "train = 11", 8, "too large"),
        ("train = 0.01", "trian = 0.01", 8, "did you mean 'train'"),
        ("dev = 0.11\n", "", 6, "missing"),
        ('name = "B"', 'name = "A"', 11, "there is a case 'A' before"),
        ("bayes = 0.02", "bayes = -0.1", 5, "too small"),
        ("bayes = 0.02", "bayes_error = 0.1", 5, "did you mean 'bayes'"),
    ],
)
def test_mistakes_are_told_with_their_place(old, new, line, words):
    text = CASES.replace(old, new, 1)
    if not words:
        assert load(text)
        return
    found = problems(text)
    assert any(each.startswith(f"<text>:{line}: ") and words in each for each in found), found


def test_its_length_cannot_be_set():
    with pytest.raises(ScenarioError, match="follows from its other settings"):
        load(CASES).run(steps=3)
