"""The text of numerical derivatives, for numbers that can be worked out on paper."""

import pytest

from nnsim.simulations.derivative.simulation import DerivativeSimulation
from nnsim.tui.formulas.derivative import explain
from tests.tui.stepped import moments, run


def lines(phase, formula="theta**3", at=1.0, epsilon=0.01, dtype="float64"):
    simulation = DerivativeSimulation(formula, at, [epsilon], dtype)
    simulation.seek(*((0, phase) if phase else (1, 0)))
    found = explain(run(simulation), 100, ascii=True)
    return {
        role: [line.text for line in found if line.role == role]
        for role in ("equation", "numbers", "meaning")
    }


def test_before_the_first_epsilon_nothing_is_explained():
    assert explain(run(DerivativeSimulation("theta", 1.0, [0.1])), 100, ascii=True) == ()


def test_both_values():
    above = lines(1)
    assert above["equation"] == ["f(theta) = theta^3"]
    assert above["numbers"] == ["f(1 + 0.01) = 1.030301"]
    assert lines(2)["numbers"] == ["f(1 - 0.01) = 0.970299"]
    assert "right of theta" in above["meaning"][0]


def test_both_differences():
    assert lines(3)["numbers"] == ["(1.030301 - 0.970299) / 0.02 = 3.0001"]
    assert lines(4)["numbers"] == ["(1.030301 - 1) / 0.01 = 3.0301"]


def test_the_errors():
    found = lines(0)
    assert found["equation"] == ["f'(theta) = 3 theta^2 = 3"]
    assert found["numbers"] == ["two-sided |3.0001 - 3| = 1e-4   one-sided |3.0301 - 3| = 0.0301"]
    assert "/ 6 = 1e-4 and" in found["meaning"][0] and "/ 2 = 0.03;" in found["meaning"][0]
    assert "u = 1.1e-16 in float64" in found["meaning"][0]


def test_all_digits_are_written_where_they_matter():
    numbers = lines(3, epsilon=1e-12)["numbers"][0]
    above, _, rest = numbers.strip("(").partition(" - ")
    below = rest.partition(")")[0]
    assert float(above) == (1 + 1e-12) * (1 + 1e-12) * (1 + 1e-12)
    assert float(below) == (1 - 1e-12) * (1 - 1e-12) * (1 - 1e-12)


def test_negative_values_stand_in_brackets():
    assert lines(3, "-theta", 1.0, 0.5)["numbers"] == ["(-1.5 - (-0.5)) / 1 = -1"]


def test_no_number_between():
    found = lines(1, epsilon=1e-8, dtype="float32")
    assert found["meaning"] == ["The same number as f(1): float32 has none between."]
    assert lines(3, epsilon=1e-8, dtype="float32")["numbers"] == ["(1 - 1) / 2e-8 = 0"]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_moment_is_explained(dtype):
    simulation = DerivativeSimulation("1 / theta", 0.01, [0.1, 0.01, 1e-9], dtype)
    for moment in moments(simulation):
        found = explain(run(moment), 100, ascii=True)
        assert all(line.text.isascii() for line in found)
        assert bool(found) == bool(moment.position.step or moment.position.phase)
