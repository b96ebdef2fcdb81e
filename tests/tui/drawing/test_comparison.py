"""Columns side by side: alignment, what fits, exact size."""

import pytest
from rich.segment import Segment
from textual.strip import Strip

from nnsim.tui.drawing.comparison import Comparison, Line, column_at, draw_comparison, layout
from nnsim.tui.look import Look

PLAIN = Look(ascii=True, color=False)
NAMES = tuple((n, f"run {n}") for n in range(5))
LINES = (
    Line("train cost", ("0.3", "0.1", "0.2", "0.4", "0.5"), (False, True, False, False, False)),
    Line("", heading=True),
    Line("settings that differ", heading=True),
    Line("learning_rate", ("1", "2", "3", "4", "5")),
)


def paint(look, width, height):
    return [Strip([Segment("#" * width)])] * height


def comparison(count=2, current=1, lines=LINES, **changes):
    return Comparison(NAMES[:count], current, lines, (paint,) * count, **changes)


def texts(comparison, width=70, height=8, look=PLAIN):
    return [strip.text.rstrip() for strip in draw_comparison(comparison, look, width, height)]


def test_a_table():
    assert texts(comparison()) == [
        "                   o run 0                  [x run 1]",
        " train cost         0.3                     * 0.1",
        "",
        " settings that differ",
        " learning_rate      1                         2",
        "",
        "",
        "",
    ]


def test_pictures_stand_above_the_table_under_their_names():
    drawn = texts(comparison(picture_name="boundary"), height=16)
    assert drawn[1].startswith(" boundary          ####")
    assert drawn[1].count("#") == drawn[2].count("#") > 20
    assert drawn[1].index("#") == drawn[0].index("o")


def test_where_there_is_no_picture_it_says_so():
    parts = Comparison(NAMES[:2], 0, LINES, (paint, None), "boundary")
    assert "no picture" in texts(parts, height=20)[1]


def test_more_runs_than_fit_are_reached_sideways():
    five = comparison(5)
    assert list(layout(five, 80, 10).shown) == [0, 1]
    assert list(layout(comparison(5, first=9), 80, 10).shown) == [3, 4]
    first = texts(comparison(5, first=1), width=80)[0]
    assert first.startswith(" < 1   2 >")
    assert "run 2" in first
    assert "run 3" not in first


def test_lines_that_do_not_fit_are_counted():
    many = tuple(Line(f"row {n}", ("1", "2")) for n in range(20))
    drawn = texts(comparison(lines=many), height=8)
    assert drawn[-1] == " 14 lines more in a higher terminal"
    assert drawn[-2].startswith(" row 5")


def test_a_single_run_is_told_how_to_get_more():
    drawn = texts(comparison(1, 0, alone="f forks this run"), width=100)
    assert drawn[1].endswith("f forks this run")


@pytest.mark.parametrize("width", [30, 60, 80, 119, 200])
@pytest.mark.parametrize("height", [1, 4, 9, 24])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_size_is_exact(width, height, count):
    for look in (Look(), PLAIN):
        parts = comparison(count, 0, picture_name="boundary", alone="words " * 9)
        drawn = draw_comparison(parts, look, width, height)
        assert len(drawn) == height
        assert {strip.cell_length for strip in drawn} == {width}


def test_a_column_is_found_under_its_cells():
    three = comparison(5)
    plan = layout(three, 120, 10)
    line = draw_comparison(three, PLAIN, 120, 10)[-6].text
    for place in plan.shown:
        x = line.index(str(place + 1))
        assert column_at(three, 120, 10, x) == place
    assert column_at(three, 120, 10, 3) is None
    assert column_at(three, 120, 10, 119) is None
