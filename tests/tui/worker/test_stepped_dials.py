"""Dials of the kinds with small states."""

import pytest

from nnsim.scenario.dials import Dial
from nnsim.tui.worker.stepped_dials import (
    described,
    expected,
    is_typed,
    read,
    turned,
    turns,
    value_at,
    written,
)

FREE = Dial("learning_rate", "descent.learning_rate", "Learning rate", "The step's size.")
BETA = Dial("beta", "averages.beta", "beta", "The past.", (0.0, 0.5, 0.9, 0.99))
WORD = Dial("method", "search.method", "Method", "How.", ("grid", "random"))


class Curve:
    beta = 0.9


class Tables:
    curves = (Curve(),)
    parameters = {"alpha": {"low": 1e-4}}  # noqa: RUF012
    start = None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("curves[0].beta", 0.9),
        ("parameters.alpha.low", 1e-4),
        ("curves[1].beta", None),
        ("curves[0].gamma", None),
        ("start[0]", None),
        ("parameters.beta.low", None),
    ],
)
def test_a_key_reaches_into_tables_and_lists(key, value):
    assert value_at(Tables(), key) == value


@pytest.mark.parametrize(
    ("dial", "value", "by", "after"),
    [
        (FREE, 0.01, 1, 0.02),
        (FREE, 0.01, -1, 0.005),
        (FREE, -0.01, 1, -0.005),
        (FREE, -0.01, -1, -0.02),
        (FREE, 0.0, 1, 0.01),
        (FREE, 7, 1, 8),
        (FREE, True, 1, False),
        (BETA, 0.9, 1, 0.99),
        (BETA, 0.99, 1, 0.99),
        (BETA, 0.7, 1, 0.9),
        (BETA, 0.7, -1, 0.5),
        (BETA, 0.0, -1, 0.0),
        (WORD, "grid", 1, "random"),
        (WORD, "random", 1, "grid"),
        (WORD, "grid", -1, "random"),
        (WORD, "caviar", 1, "grid"),
    ],
)
def test_turning(dial, value, by, after):
    assert turned(dial, value, by) == pytest.approx(after)
    assert turns(dial, value)


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        (0.01, "1e-3", 1e-3),
        (5, "7", 7),
        (5, "7.5", 7.5),
        ([1.0, 2.0], "3, -4", [3.0, -4.0]),
        ("w**2", " w**4 ", "w**4"),
    ],
)
def test_reading(value, text, found):
    got = read(FREE, value, text)
    assert got == found and type(got) is type(found)


@pytest.mark.parametrize(("value", "text"), [(0.01, "small"), ([1.0], "1 x"), (1, "")])
def test_what_is_no_number_is_refused_by_the_dials_name(value, text):
    with pytest.raises(ValueError, match=r"Learning rate: .* is no number"):
        read(FREE, value, text)


def test_what_can_be_written_and_what_only_turned():
    assert is_typed(FREE, 0.1) and is_typed(BETA, 0.1) and is_typed(FREE, "w**2")
    assert not is_typed(WORD, "grid") and not is_typed(FREE, True)
    assert not turns(FREE, [1.0, 2.0]) and not turns(FREE, "w**2")


def test_words():
    assert [written(each) for each in (0.1, True, 3, "grid", (1.0, -2.5), 1e-7)] == [
        "0.1", "on", "3", "grid", "1 -2.5", "1e-07",
    ]  # fmt: skip
    assert described(FREE, 0.1) == "learning rate 0.1"
    assert described(Dial("J", "k", "J's start", "h"), 1.0) == "J's start 1"
    assert expected(BETA, 0.5) == "0 0.5 0.9 0.99 ..." and expected(WORD, "grid") == "grid random"
    assert expected(FREE, 0.1) == "a number" and expected(FREE, False) == "on or off"
