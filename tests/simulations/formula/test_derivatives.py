"""Derivatives, simplification, printing and evaluation of formulas."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnsim.simulations.formula import (
    FormulaError,
    Program,
    derivative,
    gradient,
    hessian,
    printed,
    read_formula,
    substituted,
    written,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w**2 - 10*w + 25", "2 w - 10"),
        ("(w - 5)**2", "2 (w - 5)"),
        ("x0*w**2 + x1*w + x2", "2 x0 w + x1"),
        ("3", "0"),
        ("w*w*w", "3 w^2"),
        ("1/w", "-1 / w^2"),
        ("w/(1 + w)", "1 / (1 + w) - w / (1 + w)^2"),
        ("sqrt(w)", "0.5 / sqrt(w)"),
        ("w**0.5", "0.5 / w^0.5"),
        ("exp(2*w)", "2 exp(2 w)"),
        ("log(w)", "1 / w"),
        ("sin(3*w) + cos(w)", "3 cos(3 w) - sin(w)"),
        ("tanh(w)", "1 - tanh(w)^2"),
        ("abs(w)", "sign(w)"),
        ("2**w", "2^w log(2)"),
        ("w**3/3", "w^2"),
        ("w/3", "1 / 3"),
        ("1 - (w - 3)", "-1"),
        ("0*w", "0"),
    ],
)
def test_derivatives_as_they_are_read(text, expected):
    assert printed(derivative(read_formula(text, ["w", "x0", "x1", "x2"]), "w")) == expected


def test_the_second_derivatives_are_symmetric():
    tree = read_formula("(1 - x)**2 + 100*(y - x**2)**2", "xy")
    (xx, xy), (yx, yy) = hessian(tree, ("x", "y"))
    assert xy == yx
    assert [printed(each) for each in (xx, xy, yy)] == [
        "2 - 400 (y - x^2) + 800 x^2", "-400 x", "200"
    ]  # fmt: skip


numbers = st.sampled_from(["1", "2", "3", "0.5", "1.25", "10"])
leaves = st.sampled_from(["x", "y"]) | numbers


def grown(inner):
    two = st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner)
    return (
        two.map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | inner.map(lambda t: f"-({t})")
        | st.tuples(inner, st.sampled_from(["2", "3", "-1", "0.5"])).map(
            lambda t: f"({t[0]})**{t[1]}"
        )
        | st.tuples(
            st.sampled_from(["exp", "sin", "cos", "tanh", "sqrt", "log", "abs"]), inner
        ).map(lambda t: f"{t[0]}({t[1]})")
    )


formulas = st.recursive(leaves, grown, max_leaves=8)
PLACES = [(0.3, 0.7), (1.7, 0.4), (-0.6, 1.3), (2.1, -1.9)]
NAMESPACE = {
    name: getattr(np, name) for name in ("exp", "sin", "cos", "tanh", "sqrt", "log", "abs")
}


def python(text, x, y):
    """Return what Python itself makes of a text, with NumPy's functions."""
    with np.errstate(all="ignore"):
        names = NAMESPACE | {"x": np.float64(x), "y": np.float64(y)}
        return float(eval(compile(text, "formula", "eval"), {"__builtins__": {}}, names))


def read(text):
    try:
        return read_formula(text, "xy")
    except FormulaError:
        assume(False)


@given(formulas)
@settings(max_examples=150)
def test_values_are_those_of_python(text):
    tree = read(text)
    for program in (Program([tree], "xy"), Program([read_formula(written(tree), "xy")], "xy")):
        for x, y in PLACES:
            try:
                expected = python(text, x, y)
            except ZeroDivisionError:
                continue
            found = program.at((x, y))[0]
            # Simplifying may find a value where a part has none (0 x log(-1)), never another one.
            if math.isfinite(expected) and abs(expected) < 1e12:
                sizes = 1 + abs(expected)
                assert found == pytest.approx(expected, rel=1e-6, abs=1e-6 * sizes)
            array = program.over((np.array([x]), np.array([y])))[0][0]
            if math.isfinite(found):
                assert array == pytest.approx(found, rel=1e-9, abs=1e-12)
            else:
                assert not math.isfinite(array)


@given(formulas)
@settings(max_examples=150)
def test_gradients_are_those_of_differences(text):
    tree = read(text)
    program = Program([tree, *gradient(tree, ("x", "y"))], "xy")
    h = 1e-5
    for x, y in PLACES:
        value, *slopes = program.at((x, y))
        for slope, (dx, dy) in zip(slopes, ((h, 0), (0, h)), strict=True):
            ends = [program.at((x + k * dx, y + k * dy))[0] for k in (-2, -1, 1, 2)]
            if not all(map(math.isfinite, (value, slope, *ends))):
                continue
            near, far = (ends[2] - ends[1]) / (2 * h), (ends[3] - ends[0]) / (4 * h)
            # Where two differences disagree there is a kink, or the numbers are too large.
            if abs(near - far) < 1e-4 * (1 + abs(near)) and abs(value) < 1e4:
                assert slope == pytest.approx(near, rel=1e-3, abs=1e-3)


@given(formulas)
@settings(max_examples=100)
def test_what_is_printed_is_read_again(text):
    tree = read(text)
    again = read_formula(written(tree), "xy")
    assert written(again) == written(tree)


def test_infinities_are_numpys():
    program = Program(
        [read_formula(text, "x") for text in ("x**2", "1/x", "sqrt(x)", "log(x)")], "x"
    )
    assert program.at((1e200,))[0] == math.inf
    assert program.at((0.0,))[1] == math.inf
    values = program.at((-1.0,))
    assert values[0] == 1 and math.isnan(values[2]) and math.isnan(values[3])


def test_common_parts_are_worked_out_once():
    tree = read_formula("exp(x*y)*sin(x*y) + exp(x*y)", "xy")
    assert len(Program([tree], "xy")._operations) == 5


def test_numbers_in_the_places_of_names():
    tree = derivative(read_formula("x0*w**2 + x1*w", ["w", "x0", "x1"]), "w")
    assert substituted(tree, {"w": "0.5", "x0": "1", "x1": "-10"}) == "2 x 1 x 0.5 + (-10)"
    power = read_formula("w**2", ["w"])
    assert substituted(power, {"w": "1e-5"}) == "(1e-5)^2"


@pytest.mark.parametrize("text", ["exp(sin(" * 14 + "w*x" + "))" * 14, "**".join(["w"] * 27)])
def test_towers_are_refused_soon(text):
    tree = read_formula(text, "wx")
    with pytest.raises(FormulaError, match="simpler"):
        hessian(tree, ("w", "x"))
