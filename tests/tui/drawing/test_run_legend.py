"""The runs by name: told apart without colour, shortened, folded."""

import pytest

from nnsim.tui.drawing.run_legend import RunNames, draw, entries, run_at
from nnsim.tui.look import Look

PLAIN = Look(ascii=True, color=False)
THREE = RunNames(((0, "tanh"), (1, "tanh, learning_rate 0.1"), (4, "relu")), 1)


def test_each_run_has_its_mark_and_the_current_one_brackets():
    assert draw(THREE, PLAIN, 60).text.rstrip() == " o tanh [x tanh, learning_rate 0.1] # relu"
    assert draw(THREE, Look(), 60).text.rstrip() == (
        " o─ tanh [x╌ tanh, learning_rate 0.1] #╌ relu"
    )


def test_names_are_shortened_before_runs_are_left_out():
    text = draw(THREE, PLAIN, 36).text
    assert "o tanh" in text
    assert "# relu" in text
    assert ".." in text


def test_what_does_not_fit_is_counted_and_the_current_run_stays():
    many = RunNames(tuple((n, f"variant {n}") for n in range(12)), 6)
    text = draw(many, PLAIN, 60).text
    assert "[% var" in text
    shown = [entry.place for entry in entries(many, PLAIN, 60) if entry.place >= 0]
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert f" {shown[0]} more " in text
    assert f" {11 - shown[-1]} more " in text


@pytest.mark.parametrize("width", [10, 20, 36, 60, 100])
def test_width_is_exact_and_every_run_is_found_under_its_name(width):
    for names in (THREE, RunNames(tuple((n, f"variant {n}") for n in range(12)), 6)):
        for look in (Look(), PLAIN):
            assert draw(names, look, width).cell_length == width
            for entry in entries(names, look, width):
                found = run_at(names, look, width, entry.start)
                assert found == (names.runs[entry.place][0] if entry.place >= 0 else None)
