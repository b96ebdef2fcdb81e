"""The equation of the phase, and the sum that made the cell."""

from dataclasses import replace

import pytest

from nnsim.tui.formulas import Cell
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.formula import FormulaPanel, formula_lines, formula_of, step_of
from nnsim.tui.widgets.phase_strip import PhaseStrip
from tests.tui import made
from tests.tui.odd import PHASES, before_all, not_looked_at, secret


def texts(run, attention=None, width=100, height=5, look=None):
    strips = formula_lines(run, attention or Attention(), look or Look(), width, height)
    assert len(strips) <= height
    assert all(strip.cell_length == width for strip in strips)
    return [strip.text.strip() for strip in strips]


def test_inside_a_step_it_shows_the_phases_equation_with_numbers(stage):
    text = stage.show(FormulaPanel(0), made.frame(made.run(phase=3)), size=(100, 8))
    assert "inside step 128" in text
    assert "[Z2 A2]" in text
    assert "Z[2] = W[2] A[1] + b[2]" in text
    assert "Z2[0,0] = " in text


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        (1, ("A[0]",)),
        (2, ("Z[1] = W[1] A[0] + b[1]", "A[1] = tanh(Z[1])")),
        (5, ("J",)),
        (6, ("dZ[3]", "dW[3]")),
        (8, ("dZ[1]", "dW[1]", "db[1]")),
    ],
)
def test_the_general_equations_of_a_phase(phase, words):
    lines = texts(made.run(phase=phase), width=160)
    assert all(word in lines[0] for word in words), lines


def test_the_cell_pointed_at_comes_before_the_phases_own():
    run = made.run(phase=8)
    lines = texts(run, Attention(cell=Cell("dW2", 1, 2)))
    assert any("dW2[1,2] = " in line for line in lines)
    assert formula_of(run, Attention(cell=Cell("dW2", 1, 2)), 80, False) is not None


def test_between_steps_it_shows_the_step_just_done(stage):
    assert "inside step 127" in stage.show(FormulaPanel(0), made.frame(), size=(100, 8))
    assert step_of(made.run(step=0)) == 0
    assert step_of(made.run(step=5, phase=2)) == 5


def test_before_the_first_step_it_says_how_to_begin(stage):
    text = stage.show(FormulaPanel(0), before_all(), size=(110, 8))
    assert "No step yet" in text
    (general,) = texts(not_looked_at().run)
    assert "W = W - alpha" in general


def test_one_line_is_the_formula_with_its_numbers():
    (line,) = texts(made.run(phase=3), height=1)
    assert line.startswith("Z2[0,0] = ")


@pytest.mark.parametrize("width", [24, 60, 200])
def test_long_formulas_are_cut_in_ascii_too(width):
    for phase in range(PHASES):
        for line in texts(made.run(phase=phase), width=width, look=Look(ascii=True)):
            assert line.isascii()
    assert texts(made.run(phase=3), width=24)[0].endswith("…")


def test_a_hidden_bug_shows_as_a_number_that_does_not_agree():
    for array in ("dW2", "dZ2", "W2", "update_W2"):
        for line in texts(secret().run, Attention(cell=Cell(array, 0, 0))):
            assert "bug" not in line and "fault" not in line and "sign" not in line


def test_at_a_fork_the_equations_are_those_of_the_step_before():
    net = made.network()
    before = replace(net, layers=tuple(replace(x, activation="sigmoid") for x in net.layers))
    run = replace(made.run(phase=2), in_force=(before, made.training()))
    assert "e^-Z[1]" in texts(run)[0]


def test_a_click_on_a_phase_seeks_it(stage):
    panel = FormulaPanel(0)

    async def walk(app, pilot):
        panel.show(made.frame(), Attention())
        await pilot.pause()
        await pilot.click(PhaseStrip, offset=(2, 0))
        await pilot.pause()
        return [message.seek for message in app.posted(PhaseStrip.Picked)]

    assert stage.do(panel, walk, size=(100, 8)) == [(127, 1)]


def test_a_cell_that_is_not_there_yet_leaves_the_phase_its_formula():
    run = made.run(phase=2)
    there = formula_of(run, Attention(), 100, False)
    missing = formula_of(run, Attention(cell=Cell("dW2", 0, 0)), 100, False)
    assert there is not None and missing == there
