"""Formulas from text: what is read, what is refused and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.simulations.formula import FormulaError, Program, read_formula, symbols_of, written


def value(text, **names):
    return Program([read_formula(text, names)], (), names).at(())[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2*3", 7),
        ("2**3**2", 512),
        ("-2**2", -4),
        ("(1 - 3)/4", -0.5),
        ("10/4/5", 0.5),
        ("+w - -w", 6),
        ("  w**2 - 10*w + 25 ", 4),
        ("exp(0) + log(1) + sqrt(4) + sin(0) + cos(0) + tanh(0) + abs(-3) + sign(-2)", 6),
        ("2*pi - 2*pi + e/e", 1),
        ("1_000 + 1e-1", 1000.1),
        ("4**0.5", 2),
        ("0x10", 16),
    ],
)
def test_values(text, expected):
    assert value(text, w=3.0) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("w^2", 2, "** for a power"),
        ("  w^2", 4, "** for a power"),
        ("(w + 1)^2", 8, "** for a power"),
        ("2w", 1, "2*w"),
        ("3 (w)", 1, "*"),
        ("w w", 1, "a sign is missing"),
        ("(w", 1, "never closed"),
        ("w)", 2, "never opened"),
        ("w +", 4, "ends too early"),
        ("", None, "is empty"),
        ("J = w", 3, "right side"),
        ("w == 2", 3, "right side"),
        ("w < 2", 1, "a comparison"),
        ("ln(w)", 1, "log"),
        ("log", 1, "no argument"),
        ("exp(w, w)", 1, "one argument"),
        ("w(2)", 1, "w*(...)"),
        ("v", 1, "one of w, pi, e"),
        ("w²", 2, "**2"),
        ("2 − w", 3, "minus sign"),
        ("w\n+ 1", 2, "cannot be used"),
        ("1/0", 3, "division by 0"),
        ("w/(1 - 1)", 4, "division by 0"),
        ("1e999", 1, "too large"),
        ("9" * 400, 1, "too large"),
        ("w//2", 2, "one /"),
        ("w @ w", 3, "*"),
        ("1j", 1, "no number"),
        ("True", 1, "no number"),
        ("w.real", 1, "a name with a dot"),
        ("w[0]", 1, "an index"),
        ("[w]", 1, "a list"),
        ("w if w else 1", 1, "if / else"),
        ("w and w", 1, "and / or"),
        ("not w", 1, "this sign"),
        ("(w, w)", 1, "a comma"),
        ("__import__", 1, "not known"),
        ("exp.__class__", 1, "a name with a dot"),
        ("f'{w}'", 2, "no meaning"),
        ("exp(*w)", 1, "one argument"),
        ("w" + "+w" * 200, 1, "more than"),
        ("w" + " " * 600, None, "characters"),
    ],
)
def test_what_is_refused(text, column, words):
    with pytest.raises(FormulaError) as found:
        read_formula(text, ["w"])
    assert found.value.column == column
    assert words in str(found.value)


@pytest.mark.parametrize(
    "text", ["(" * 300 + "w", "-" * 499 + "w", "w**" * 160 + "w", "~" * 400 + "w"]
)
def test_deep_nesting_is_refused_and_breaks_nothing(text):
    with pytest.raises(FormulaError):
        read_formula(text, ["w"])


def test_nothing_is_run(tmp_path):
    target = tmp_path / "made"
    for text in (f"open({str(target)!r}, chr(119))", "__import__(chr(111))", "exec(w)", "eval(w)"):
        with pytest.raises(FormulaError):
            read_formula(text, ["w"])
    assert not target.exists()


@given(st.text(alphabet="w12.+-*/()^ eplogxsqrt_,=<[]{}'\"%&|~@:\\\n", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        tree = read_formula(text, ["w"])
    except FormulaError as error:
        assert error.column is None or 1 <= error.column <= len(text) + 1
        assert error.expected
    else:
        assert symbols_of(tree) <= {"w", "e", "pi"}
        Program([tree], ["w"]).at([0.5])


def test_a_number_is_exact():
    assert written(read_formula("0.1 + 0.2", ())) == "0.3"
    assert written(read_formula("w/3 + w/3 + w/3", ["w"])) == "w"
