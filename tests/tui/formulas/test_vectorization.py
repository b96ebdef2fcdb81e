"""The formulas of loop and matrix form: the run's numbers, computed again."""

import re

import numpy as np
import pytest

from nnsim.simulations.vectorization.simulation import VectorizationSimulation
from nnsim.tui.formulas.vectorization import explain
from tests.simulations.test_vectorization import numbers as drawn
from tests.tui import stepped

NUMBER = r"\(?(-?\d+(?:\.\d+)?(?:e-?\d+)?)\)?"


def made(m=5, n_x=2, form="right"):
    return VectorizationSimulation(*drawn(m, n_x), form)


def lines(simulation, width=200, ascii=False):
    return explain(stepped.run(simulation), width, ascii)


def numbers(simulation, **options):
    return [line.text for line in lines(simulation, **options) if line.role == "numbers"]


def floats(text):
    return [float(each) for each in re.findall(NUMBER, text)]


def test_before_the_first_example_there_is_nothing():
    assert lines(made()) == ()


@pytest.mark.parametrize("step", [0, 3])
def test_an_example_can_be_computed_again(step):
    simulation = made()
    simulation.seek(step)
    simulation.next_phase()
    (text,) = numbers(simulation)
    w1, x1, w2, x2, b, z = floats(text.partition("= ")[2])
    assert w1 * x1 + w2 * x2 + b == pytest.approx(z, abs=2e-3)
    simulation.next_phase()
    (text,) = numbers(simulation)
    a = float(text.rpartition("= ")[2])
    assert a == pytest.approx(1 / (1 + np.exp(-z)), abs=2e-3)
    simulation.next_phase()
    before, loss, after = floats(numbers(simulation)[0])
    assert before + loss == pytest.approx(after, abs=2e-3)
    y = simulation.snapshot().y
    assert loss == pytest.approx(-np.log(a if y else 1 - a), abs=2e-3)
    simulation.next_phase()
    left, right, dz = floats(numbers(simulation)[0].partition("= ")[2])
    assert left - right == pytest.approx(dz, abs=1e-3)
    simulation.next_phase()
    parts = numbers(simulation)[0].split("   ")
    assert [part.partition(" ")[0] for part in parts] == ["dw_1", "dw_2", "db"]
    for part, x in zip(parts, (x1, x2), strict=False):
        before, factor, other, after = floats(part.partition(":= ")[2])
        assert factor == x and other == pytest.approx(dz, abs=1e-3)
        assert before + factor * other == pytest.approx(after, abs=2e-3)


def test_the_matrix_form_can_be_computed_again():
    simulation = made()
    simulation.seek(5)
    simulation.next_phase()
    for part in numbers(simulation)[0].split("   ")[:3]:
        total, m, mean = floats(part.partition("= ")[2])
        assert m == 5 and total / m == pytest.approx(mean, abs=1e-3)
    simulation.next_phase()
    Z = np.array(floats(numbers(simulation)[0].partition("= ")[2]))
    simulation.next_phase()
    text, _, J = numbers(simulation)[0].partition("   J = ")
    A = np.array(floats(text.partition("= ")[2]))
    np.testing.assert_allclose(A, 1 / (1 + np.exp(-Z)), atol=2e-3)
    simulation.next_phase()
    dZ = np.array(floats(numbers(simulation)[0].partition("= ")[2]))
    Y = simulation.Y[0]
    np.testing.assert_allclose(dZ, A - Y, atol=1e-3)
    assert float(J) == pytest.approx(-np.mean(np.log(np.where(Y > 0, A, 1 - A))), abs=1e-3)
    simulation.next_phase()
    own, loop = numbers(simulation)
    assert own.partition("dw = ")[2] == loop.partition("dw = ")[2]
    dw = floats(own.partition("dw = ")[2])[:2]
    np.testing.assert_allclose(dw, simulation.X @ dZ / 5, atol=1e-3)


@pytest.mark.parametrize("width", [20, 40, 78])
def test_lines_with_many_numbers_keep_to_the_width(width):
    simulation = made(30, 200)
    for step, phase in ((0, 1), (0, 4), (1, 0), (30, 2), (30, 3), (30, 4), (31, 0)):
        simulation.seek(step, phase)
        for text in numbers(simulation, width=width):
            assert len(text) <= max(width, 50), text


def test_bugs_are_told_by_their_shapes_and_differences():
    column = made(form="labels_as_column")
    column.seek(5, 4)
    assert "(5, 5)" in lines(column)[-1].text
    column.run()
    assert "has a bug" in lines(column)[-1].text
    forgotten = made(form="mean_forgotten")
    forgotten.run()
    assert lines(forgotten)[0].text == "dw = X dZ^T, db = sum(dZ)"
    right = made()
    right.run()
    assert "equal to the last bit" in lines(right)[-1].text or "last place" in lines(right)[-1].text


def test_ascii_is_ascii():
    simulation = made()
    while simulation.status != "finished":
        simulation.next_phase()
        assert "".join(line.text for line in lines(simulation, ascii=True)).isascii()
