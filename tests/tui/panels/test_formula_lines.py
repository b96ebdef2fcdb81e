"""The formula of other kinds than training: which lines are kept, and how they are written."""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from nnsim.tui.formulas.lines import Line
from nnsim.tui.look import Look
from nnsim.tui.panels.formula_lines import BEFORE, chosen, stepped_lines, strips_of
from tests.tui.made import stepped_run

LOOK = Look()
LINES = (
    Line("v := beta v + (1 - beta) dw"),
    Line("v = 0.9 x 0.5 + 0.1 x 2 = 0.65", "numbers"),
    Line(
        "The average moves a tenth of the way to the new gradient, and keeps the rest.", "meaning"
    ),
)


@pytest.fixture
def kind(monkeypatch):
    """A kind of its own whose formula is LINES."""
    module = ModuleType("nnsim.tui.formulas.made_up")
    module.asked = []

    def explain(run, width, ascii):
        module.asked.append((run, width, ascii))
        return LINES

    module.explain = explain
    module.__spec__ = ModuleSpec(module.__name__, None)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def texts(strips):
    return [strip.text.strip() for strip in strips]


def test_all_lines_are_shown_where_there_is_room(kind):
    strips = stepped_lines("made_up", stepped_run(), 1, LOOK, 60, 6)
    assert texts(strips) == [
        LINES[0].text,
        LINES[1].text,
        "The average moves a tenth of the way to the new gradient,",
        "and keeps the rest.",
    ]
    assert kind.asked[0][1:] == (58, False)
    assert all(strip.cell_length == 60 for strip in strips)


def test_roles_have_their_own_look(kind):
    strips = stepped_lines("made_up", stepped_run(), 1, LOOK, 60, 6)
    styles = [next(iter(strip)).style for strip in strips]
    assert [style.color.name for style in styles[:3]] == [LOOK.text, LOOK.accent, LOOK.muted]
    assert styles[1].bold and not styles[0].bold


@pytest.mark.parametrize(
    ("height", "roles"),
    [
        (5, ["equation", "numbers", "meaning"]),
        (3, ["numbers", "meaning"]),
        (2, ["numbers", "meaning"]),
        (1, ["numbers"]),
    ],
)
def test_the_numbers_stay_where_there_is_little_room(height, roles):
    assert [line.role for line in chosen(LINES, 60, height)] == roles


def test_what_is_cut_ends_in_an_ellipsis(kind):
    strips = stepped_lines("made_up", stepped_run(), 1, LOOK, 60, 2)
    assert texts(strips)[0] == LINES[1].text
    assert texts(strips)[1].endswith("new …") or texts(strips)[1].endswith("gradient, …")
    plain = stepped_lines("made_up", stepped_run(), 1, Look(ascii=True), 60, 2)
    assert texts(plain)[1].endswith(" ...") and all(strip.text.isascii() for strip in plain)


def test_a_line_that_is_the_last_one_has_no_ellipsis():
    rows = [("one", LOOK.text, False), ("two", LOOK.text, False)]
    assert texts(strips_of(rows, LOOK, 20, 2)) == ["one", "two"]
    assert texts(strips_of(rows, LOOK, 20, 1)) == ["one …"]


def test_before_the_first_step_it_says_how_to_begin(kind):
    (strip,) = stepped_lines("made_up", stepped_run(step=0), 1, LOOK, 100, 5)
    assert strip.text.strip() == BEFORE and not kind.asked


def test_a_kind_may_do_without_a_formula():
    assert stepped_lines("no_such_kind", stepped_run(), 1, LOOK, 60, 5) == []


def test_a_kind_may_explain_the_part_that_is_looked_at(kind):
    kind.explain_part = lambda run, part, width, ascii: (Line(f"part {part}", "numbers"),)
    assert texts(stepped_lines("made_up", stepped_run(), 2, LOOK, 60, 5)) == ["part 2"]
