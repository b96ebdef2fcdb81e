import pytest

from nnsim.tui.formulas.numbers import digits_apart, minus, number, plus, setting, size


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1.0, "-1"),
        (0.5, "0.5"),
        (0.004118, "0.00412"),
        (0.8741, "0.874"),
        (12.345, "12.3"),
        (99.96, "100"),
        (1234.4, "1234"),
        (-9994.0, "-9994"),
        (9996.0, "1e4"),
        (10000.0, "1e4"),
        (12345.0, "1.23e4"),
        (0.001, "0.001"),
        (0.0009996, "0.001"),
        (0.0009994, "9.99e-4"),
        (2e-7, "2e-7"),
        (3.6049e-11, "3.6e-11"),
        (-4.137e25, "-4.14e25"),
        (5e-324, "4.94e-324"),
        (1.797e308, "1.8e308"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
    ],
)
def test_numbers_have_three_significant_digits(value, text):
    assert number(value) == text


def test_settings_keep_the_digits_that_were_chosen():
    assert [setting(value) for value in (0.999, 0.9999, 1e-8, 1.0, 1 - 0.999)] == [
        "0.999",
        "0.9999",
        "1e-8",
        "1",
        "0.001",
    ]


def test_signs_run_together():
    assert minus(0.1, 0.5) == "0.5 - 0.1"
    assert minus(-0.1, 0.5) == "0.5 + 0.1"
    assert minus(0.1, -0.5) == "-0.5 - 0.1"
    assert (plus(0.25), plus(-0.25), plus(0.0)) == (" + 0.25", " - 0.25", " + 0")
    assert size(-2e-7) == "2e-7"


def test_digits_are_added_until_two_numbers_differ():
    assert digits_apart(0.1, 0.2) == 3
    assert digits_apart(0.123456, 0.123466) == 5
    assert digits_apart(0.123456, 0.1234561, most=6) == 6
    assert digits_apart(1.0, 1.0 + 2**-52) == 17
