"""The panels of verdicts: stacked errors, the recipe lit where a case leads, the table."""

import pytest

from nnsim.simulations.diagnosis import Case, DiagnosisSimulation
from nnsim.tui.look import Look
from nnsim.tui.panels import PANELS
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.diagnosis import CasesPanel, draw_gaps, draw_recipe, recipe
from tests.tui.stepped import LOOKS, frame, moments

PLACES = PANELS["diagnosis"]
COURSE = (
    Case("A", 0.01, 0.11),
    Case("B", 0.15, 0.16),
    Case("C", 0.15, 0.30),
    Case("D", 0.005, 0.01),
    Case("E", 0.15, 0.16, 0.15),
)
ODD = (
    Case("worse than Bayes", 0.01, 0.02, 0.15),
    Case("dev below train", 0.3, 0.2),
    Case("nothing", 0.0, 0.0),
    Case("all wrong, and with a very long name", 1.0, 1.0, 1.0),
)


def at(step, phase=0, cases=COURSE):
    simulation = DiagnosisSimulation(cases)
    simulation.seek(step, phase)
    return simulation


def lines_of(strips):
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def lit(step, phase=0, cases=COURSE):
    return [text.strip() for text, is_lit in recipe(at(step, phase, cases).snapshot()) if is_lit]


def bars(step, phase=0, cases=COURSE, look=None, width=47, height=40):
    lines = lines_of(draw_gaps(at(step, phase, cases).snapshot(), look or Look(), width, height))
    return [line for line in lines[1:] if line[:1].strip() and set(line) & set("░█▒")]


def test_bars_end_at_the_dev_error_and_compare():
    a, b, c = bars(3)
    assert a.startswith("A ") and a.endswith(" 11 %") and c.endswith(" 30 %")
    # 38 cells of plot hold 30 %.
    assert (a.count("█"), a.count("▒"), a.count("░")) == (1, 13, 0)
    assert (b.count("█"), b.count("▒")) == (19, 1)
    assert (c.count("█"), c.count("▒")) == (19, 19)


def test_the_bayes_error_takes_its_part():
    assert "E ░░░" in bars(5)[-1]
    assert "█" not in bars(5)[-1]


def test_parts_come_with_their_phases():
    for phase, has_bias, has_variance in ((1, True, False), (2, True, True), (3, True, True)):
        (line,) = bars(0, phase, cases=COURSE[2:3])
        assert ("█" in line, "▒" in line) == (has_bias, has_variance)


def test_odd_errors_are_drawn_too():
    strips = draw_gaps(at(4, cases=ODD).snapshot(), Look(), 60, 20)
    assert all(strip.cell_length == 60 for strip in strips)
    text = "\n".join(lines_of(strips))
    assert "100 %" in text and "dev below train" in text


@pytest.mark.parametrize(
    ("step", "lines"),
    [
        (1, ["1. High bias?", "1 % - 0 % = 1 % <= 5 %", "no: go on", "2. High variance?",
             "11 % - 1 % = 10 % > 5 %", "yes: more data", "or regularisation"]),
        (2, ["1. High bias?", "15 % - 0 % = 15 % > 5 %", "yes: bigger network",
             "or longer training"]),
        (3, ["1. High bias?", "15 % - 0 % = 15 % > 5 %", "yes: bigger network",
             "or longer training"]),
        (4, ["1. High bias?", "0.5 % - 0 % = 0.5 % <= 5 %", "no: go on", "2. High variance?",
             "1 % - 0.5 % = 0.5 % <= 5 %", "no: done"]),
    ],
)  # fmt: skip
def test_the_way_through_the_recipe_is_lit(step, lines):
    assert lit(step) == lines


def test_the_way_is_lit_no_further_than_the_phases_done():
    assert lit(0) == []
    assert lit(0, 1) == ["1. High bias?", "1 % - 0 % = 1 % <= 5 %"]
    assert lit(0, 2)[-1] == "11 % - 1 % = 10 % > 5 %"
    assert "no: go on" not in lit(0, 2) and "no: go on" in lit(0, 3)
    assert "yes: more data" not in lit(0, 3)


def test_in_a_low_panel_the_lit_lines_stay():
    text = "\n".join(lines_of(draw_recipe(at(2).snapshot(), Look(), 40, 4)))
    assert text.count("> ") >= 4 and "yes: bigger network" in text


def test_what_is_lit_shows_without_colours():
    lines = lines_of(draw_recipe(at(2).snapshot(), Look(color=False), 40, 10))
    assert [line[:2] for line in lines].count("> ") == 4


def test_the_table(stage):
    text = stage.show(CasesPanel(3), frame(at(2)), size=(110, 8))
    row = next(line for line in text.splitlines() if line.startswith("│B "))
    assert row.strip(" │").split()[:8] == ["B", "bias", "15", "%", "16", "%", "15", "%"]
    assert "bigger network or longer training" in row
    text = stage.show(CasesPanel(3), frame(at(1, 1)), size=(110, 8))
    row = next(line for line in text.splitlines() if line.startswith("│B "))
    assert row.strip(" │").split() == ["B", "15", "%", "16", "%", "15", "%", "0", "%"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_moment_can_be_shown(stage, place):
    panel = place.make()

    async def walk(app, pilot):
        for size in ((14, 5), (70, 20)):
            await pilot.resize_terminal(*size)
            for cases in (COURSE, ODD, COURSE[:1]):
                for moment in moments(DiagnosisSimulation(cases)):
                    panel.show(frame(moment), Attention())
                    await pilot.pause()
                    assert app._exception is None
                assert panel.border_title

    stage.do(panel, walk)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_look(stage, place, look):
    texts = stage.at_sizes(place.make(), frame(at(3)), sizes=((40, 14),), **LOOKS[look])
    for text in texts.values():
        assert all(len(line) <= 40 for line in text.splitlines())
        assert look != "ascii" or text.isascii()
        assert len(text) > 120
