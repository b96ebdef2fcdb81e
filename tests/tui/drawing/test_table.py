"""Tables: what is left out where there is no room, and what never is."""

import pytest

from nnsim.tui.drawing.table import Row, draw_table
from nnsim.tui.look import Look

HEADING = ("", "beta", "average")


def rows(count, bold=0):
    return [Row((f"row {k}", str(k), f"{k}.25"), bold=k == bold) for k in range(count)]


def text_of(strips):
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def test_names_stand_left_and_figures_right():
    assert text_of(draw_table(HEADING, rows(2), Look(), 30, 4)) == [
        "       beta  average",
        "row 0     0     0.25",
        "row 1     1     1.25",
        "",
    ]


@pytest.mark.parametrize(("width", "columns"), [(20, 3), (19, 2), (11, 2), (10, 1), (3, 1)])
def test_columns_go_from_the_right(width, columns):
    strips = draw_table(HEADING, rows(2), Look(), width, 4)
    assert all(strip.cell_length == width for strip in strips)
    line = text_of(strips)[1]
    assert ("0.25" in line, line.startswith("row 0 ")) == (columns == 3, columns >= 2)


@pytest.mark.parametrize("bold", [0, 7, 19])
@pytest.mark.parametrize("height", [3, 4, 6, 9])
def test_the_row_looked_at_stays_and_the_rest_is_counted(bold, height):
    lines = text_of(draw_table(HEADING, rows(20, bold), Look(), 30, height))
    assert len(lines) == height
    assert any(line.startswith(f"row {bold} ") for line in lines)
    seen = [int(line.split()[1]) for line in lines if line.startswith("row")]
    assert seen == list(range(seen[0], seen[-1] + 1))
    told = [int(line.split()[1]) for line in lines if line.startswith("...")]
    if height > 3:
        assert sum(told) + len(seen) == 20


def test_a_low_one_has_no_heading():
    assert text_of(draw_table(HEADING, rows(2), Look(), 30, 2)) == [
        "row 0  0  0.25",
        "row 1  1  1.25",
    ]


def test_nothing_fits_into_nothing():
    assert draw_table(HEADING, rows(2), Look(), 0, 2)[0].cell_length == 0
    assert draw_table(HEADING, rows(2), Look(), 5, 0) == []
    assert text_of(draw_table((), [], Look(), 5, 2)) == ["", ""]


def test_a_name_longer_than_the_panel_is_clipped():
    lines = text_of(draw_table((), [Row(("a long name", "1"))], Look(ascii=True), 6, 1))
    assert lines == ["a lo.."]
