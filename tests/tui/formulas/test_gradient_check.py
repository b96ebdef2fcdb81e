"""The formulas of the stepped gradient check: the run's numbers, computed again."""

import re

import pytest

from nnsim.simulations.gradient_check.simulation import GradientCheckSimulation
from nnsim.training.specification import PlantedFault, Training
from nnsim.tui.formulas.gradient_check import explain
from tests.simulations.made import data_set, network, rich_network
from tests.tui import stepped

NUMBER = r"(-?\d+(?:\.\d+)?(?:e-?\d+)?)"


def made(described=None, *, fault=None, **options):
    training = Training(steps=1, learning_rate=0.1, fault=PlantedFault(*fault) if fault else None)
    return GradientCheckSimulation(described or network(3), training, data_set(), seed=3, **options)


def lines(simulation, width=100, ascii=False):
    return explain(stepped.run(simulation), width, ascii)


def numbers(simulation, **options):
    return [line.text for line in lines(simulation, **options) if line.role == "numbers"]


def test_before_the_first_parameter_there_is_nothing():
    assert lines(made()) == ()


@pytest.mark.parametrize("epsilon", [1e-2, 1e-5, 1e-7])
@pytest.mark.parametrize("step", [0, 4])
def test_the_two_costs_and_their_quotient(epsilon, step):
    simulation = made(epsilon=epsilon)
    simulation.seek(step)
    simulation.next_phase()
    (plus,) = numbers(simulation)
    simulation.next_phase()
    (minus,) = numbers(simulation)
    simulation.next_phase()
    quotient, back = numbers(simulation)
    shown = simulation.snapshot()
    assert plus.startswith(f"J with {shown.name} = ")
    first, second = (float(text.rpartition(": ")[2]) for text in (plus, minus))
    assert first == pytest.approx(shown.plus, rel=1e-5)
    assert second == pytest.approx(shown.minus, rel=1e-5)
    found = re.fullmatch(rf"\({NUMBER} - {NUMBER}\) / \(2 × {NUMBER}\) = {NUMBER}", quotient)
    a, b, e, result = map(float, found.groups())
    assert (a, b, e) == (first, second, epsilon)
    # Enough digits that the quotient written out can be computed again.
    assert (a - b) / (2 * e) == pytest.approx(result, rel=5e-3)
    assert result == pytest.approx(shown.d_approx, rel=5e-3)
    assert float(back.rpartition("= ")[2]) == pytest.approx(shown.d, rel=5e-3)


def test_the_ratio_with_its_three_lengths():
    simulation = made(fault=("dw_doubled", 2))
    simulation.run()
    (text,) = numbers(simulation)
    found = re.fullmatch(rf"{NUMBER} / \({NUMBER} \+ {NUMBER}\) = {NUMBER}", text)
    distance, first, second, ratio = map(float, found.groups())
    assert distance / (first + second) == pytest.approx(ratio, rel=1e-2)
    assert ratio == pytest.approx(simulation.figures()["ratio"], rel=1e-2)
    meaning = lines(simulation)[-1].text
    assert "wrong" in meaning and "db2 alone" in meaning


def test_a_ratio_that_round_off_makes_is_said_to_be_0():
    simulation = made(network(3, loss="mean_squared_error"), epsilon=1e-12)
    simulation.seek(1)
    if simulation.figures()["ratio"] == 0:
        assert "taken as 0" in numbers(simulation)[0]


def test_masks_penalty_and_kinks_are_told():
    rich = made(rich_network(), masks="fresh")
    rich.next_phase()
    assert "masks of its own" in lines(rich)[-1].text
    assert "of J is the penalty" in lines(rich)[-1].text
    rich.seek(0, 3)
    assert "different masks" in lines(rich)[-1].text
    frozen = made(rich_network())
    frozen.next_phase()
    assert "those of the step" in lines(frozen)[-1].text


def test_ascii_is_ascii():
    simulation = made()
    for _ in range(8):
        simulation.next_phase()
        assert "".join(line.text for line in lines(simulation, ascii=True)).isascii()
