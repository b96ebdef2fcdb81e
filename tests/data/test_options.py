import math

import numpy as np
import pytest

from nnsim.data.options import REQUIRED, Option, nearest

TABLE = Option("X", "table", "")
LABELS = Option("Y", "labels", "")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", 3),
        ("integer", np.int64(3)),
        ("number", 3),
        ("number", 2.5),
        ("flag", True),
        ("text", "a"),
        ("names", "a"),
        ("names", ["a", "b"]),
        ("table", [1, 2.5]),
        ("table", [[1, 2], [3, 4]]),
        ("labels", ["cat", "dog"]),
        ("labels", [[0, 1]]),
    ],
)
def test_good_values(kind, value):
    assert Option("o", kind, "").mistakes(value) == []


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("integer", 3.0, "3.0 is no whole number"),
        ("integer", True, "True is no whole number"),
        ("integer", "3", "'3' is no whole number"),
        ("number", False, "False is no number"),
        ("number", math.nan, "nan is not finite"),
        ("number", 10**400, "1000000000000000000000000000000000000... is not finite"),
        ("flag", 1, "1 is neither true nor false"),
        ("text", 1, "1 is no text"),
        ("text", "", "is empty"),
        ("names", [], "is an empty list"),
        ("names", ["a", 1], "entry 2 is 1, no text"),
        ("names", ["a", "a"], "'a' is named more than once"),
        ("names", 5, "5 is no text and no list of texts"),
        ("table", 5, "5 is no list"),
        ("table", [], "is an empty list"),
        ("table", [1, "x"], "entry 2 is 'x', no finite number"),
        ("table", [[1], 2], "row 2 is 2, but other rows are lists"),
        ("table", [[1, 2], [3]], "row 2 has 1 numbers, the first 2"),
        ("table", [[]], "row 1 is empty"),
        ("table", [[1, math.inf]], "row 1, entry 2 is inf, no finite number"),
        (
            "labels",
            ["a", 1],
            "entry 2 is 1, but others are text: labels are all text or all numbers",
        ),
    ],
)
def test_bad_values(kind, value, message):
    assert Option("o", kind, "").mistakes(value) == [message]


def test_all_mistakes_of_a_table_at_once():
    mistakes = TABLE.mistakes([[1, 2], [3], ["x", 4]])
    assert mistakes == [
        "row 2 has 1 numbers, the first 2",
        "row 3, entry 1 is 'x', no finite number",
    ]


def test_bounds():
    option = Option("n", "integer", "", 5, minimum=1, maximum=9)
    assert option.expected == "a whole number from 1 to 9"
    assert option.mistakes(0) == ["0 is too small"]
    assert option.mistakes(10) == ["10 is too large"]
    assert option.mistakes(1) == option.mistakes(9) == []


def test_an_integer_too_long_to_print_is_still_told():
    option = Option("n", "integer", "", 5, maximum=9)
    assert option.mistakes(10**5000) == ["a number of thousands of digits is too large"]


def test_choices_suggest_the_nearest():
    option = Option("task", "text", "", "auto", choices=("auto", "regression"))
    assert option.mistakes("regresion") == ["'regresion' is no task"]
    assert option.suggestion("regresion") == "regression"
    assert option.suggestion("xyz") == ""
    assert option.suggestion(3) == ""
    assert option.expected == "one of auto, regression"


def test_required():
    assert Option("file", "text", "").required
    assert not Option("file", "text", "", "").required
    assert repr(REQUIRED) == "REQUIRED"


def test_nearest_ignores_case():
    assert nearest("CIRCLE", ["circles", "moons"]) == "circles"
    assert nearest("quark", ["circles", "moons"]) == ""
