"""The formulas of a search: their numbers, worked out again."""

import math
import re

import pytest

from nnsim.simulations.search.specification import Parameter, Search
from nnsim.simulations.search.trials import TrialSearch
from nnsim.tui.formulas.search import explain
from tests.tui.panels.test_search import BOWL, caviar, landscape, panda, trained
from tests.tui.stepped import run


def lines_at(simulation, step, phase=0, ascii=True):
    simulation.seek(step, phase)
    return explain(run(simulation), 100, ascii)


def numbers_of(lines):
    return [line.text for line in lines if line.role == "numbers"]


def test_a_log_sample_is_a_power_of_ten():
    simulation = landscape()
    alpha, beta = numbers_of(lines_at(simulation, 4, 1))
    trial = simulation.snapshot().made
    found = re.fullmatch(r"r = -4 \+ 4 x (\S+) = (\S+);  alpha = 10\^(\S+) = (\S+)", alpha)
    u, r, again, value = map(float, found.groups())
    assert (u, value) == pytest.approx((trial.places[0], trial.values[0]), rel=1e-3)
    assert r == again == pytest.approx(-4 + 4 * u, abs=2e-3)
    assert value == pytest.approx(10**r, rel=5e-3)
    found = re.fullmatch(r"r = -1 - 2 x (\S+) = (\S+);  beta1 = 1 - 10\^(\S+) = (\S+)", beta)
    u, r, again, value = map(float, found.groups())
    assert r == again == pytest.approx(-1 - 2 * u, abs=2e-3)
    assert value == pytest.approx(1 - 10**r, abs=2e-5)
    assert value == pytest.approx(trial.values[1], abs=1e-5)


def test_linear_samples_and_counts():
    parameters = (Parameter("l2", 0.5, 2.5), Parameter("layers", 2, 4))
    simulation = TrialSearch(Search("random", "none", parameters, trials=3), seed=5)
    layers, l2 = sorted(numbers_of(lines_at(simulation, 2)), key=lambda text: text[:2] == "l2")
    trial = simulation.snapshot().made
    u = float(re.fullmatch(r"l2 = 0.5 \+ 2 x (\S+) = (\S+)", l2)[1])
    assert float(l2.split()[-1]) == pytest.approx(0.5 + 2 * u, rel=1e-3)
    u = float(re.fullmatch(r"layers = floor\(2 \+ 3 x (\S+)\) = (\d)", layers)[1])
    assert float(layers.split()[-1]) == math.floor(2 + 3 * u) == trial.values[1]


def test_a_grid_says_so():
    lines = lines_at(landscape("grid"), 0, 1)
    assert "(i + 0.5) / points" in lines[0].text
    assert "0.1667" in numbers_of(lines)[0]
    assert "3 x 3 points" in lines[-1].text


def test_a_result_and_the_best():
    simulation = landscape()
    lines = lines_at(simulation, 1)
    assert lines[0].text == f"value = {BOWL}"
    (text,) = numbers_of(lines)
    assert float(text.split()[-1]) == pytest.approx(simulation.figures()["value"], rel=1e-3)
    assert lines[-1].text == "The best so far."
    simulation.run()
    best = simulation.snapshot().best + 1
    assert best != 9
    assert f"Trial {best} stays the best" in lines_at(simulation, 9)[-1].text


def test_a_training_says_its_budget():
    simulation = trained()
    (text,) = numbers_of(lines_at(simulation, 1, 2))
    assert text.startswith("8 training steps with alpha = ")
    value = simulation.snapshot().made.values[0]
    assert float(text.split()[-1]) == pytest.approx(value, rel=1e-3)


def test_a_zoom_tells_the_box():
    simulation = landscape("coarse_to_fine")
    lines = lines_at(simulation, 3)
    box = simulation.snapshot().boxes[-1]
    for text, (low, high) in zip(numbers_of(lines), box, strict=True):
        found = re.fullmatch(r"(alpha|beta1) from (\S+) to (\S+)", text)
        assert float(found[2]) == pytest.approx(low, rel=1e-3)
        assert float(found[3]) == pytest.approx(high, rel=1e-3)
    assert "0.4 of the one before" in lines[-1].text
    assert "1 more in this round" in lines_at(simulation, 5)[-1].text
    assert lines_at(simulation, 9)[-1].text == "The search is over."


def test_a_later_round_draws_in_its_box():
    simulation = landscape("coarse_to_fine")
    lines = lines_at(simulation, 3, 1)
    assert lines[0].text.startswith("round 2: ")
    alpha, _ = numbers_of(lines)
    trial = simulation.snapshot().made
    u = float(re.search(r"x (\S+) =", alpha)[1])
    low, high = simulation.state.box[0]
    assert low <= u <= high
    assert u == pytest.approx(trial.places[0], rel=1e-3)


def test_a_pandas_days():
    simulation = panda()
    assert numbers_of(lines_at(simulation, 0, 1)) == ["day 1: alpha = 0.1"]
    assert numbers_of(lines_at(simulation, 1, 1)) == ["day 2: alpha = 0.5 (before: 0.1)"]
    assert "goes on from the weights" in lines_at(simulation, 1, 1)[-1].text
    assert "noise = 0.4" in lines_at(simulation, 2, 1)[-1].text
    assert numbers_of(lines_at(simulation, 1, 2)) == ["day 2: 8 steps for the one run"]
    assert "16 training steps" in lines_at(simulation, 1, 2)[-1].text
    (text,) = numbers_of(lines_at(simulation, 2))
    assert float(text.split()[-1]) == pytest.approx(simulation.figures()["value"], rel=1e-3)


def test_the_population_and_its_leader():
    simulation = caviar()
    assert numbers_of(lines_at(simulation, 0, 2)) == ["day 1: 72 steps / 9 runs = 8 steps a run"]
    (text,) = numbers_of(lines_at(simulation, 1))
    assert text.startswith(f"day 1: run {simulation.snapshot().best + 1} leads: dev cost = ")
    alpha = float(re.search(r"alpha = (\S+),", text)[1])
    assert alpha == pytest.approx(simulation.figures()["best.learning_rate"], rel=1e-3)
    assert numbers_of(lines_at(simulation, 0, 1))[0].startswith("run 1: r = -4 + 4 x ")


@pytest.mark.parametrize("make", [landscape, trained, panda, caviar])
def test_every_phase_has_an_equation_numbers_and_a_meaning(make):
    simulation = make()
    assert explain(run(simulation), 80, True) == ()
    while simulation.status != "finished":
        simulation.next_phase()
        lines = explain(run(simulation), 80, True)
        assert {line.role for line in lines} == {"equation", "numbers", "meaning"}
        assert all(line.text.isascii() for line in lines)


def test_glyphs():
    assert "×" in numbers_of(lines_at(landscape(), 0, 1, ascii=False))[0]
