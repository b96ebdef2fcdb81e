import math

import pytest

from nnsim.tui.drawing.bars import Bar, draw_bars
from nnsim.tui.drawing.folding import folded
from nnsim.tui.look import Look

ASCII = Look(ascii=True)
SIZES = [(1, 1), (2, 2), (9, 3), (12, 4), (29, 6), (40, 12), (200, 50)]
ODD = [
    [],
    [math.nan],
    [0.0, 0.0],
    [-3.0, 2.0],
    [math.inf, 1.0],
    [1e-320, 1.7e308],
    [0.5],
    [10.0**-k for k in range(60)],
]


def text(strips):
    return [strip.text for strip in strips]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("look", [Look(), ASCII, Look(color=False)], ids=["", "ascii", "mono"])
@pytest.mark.parametrize("log", [True, False])
def test_every_strip_has_exactly_the_width(look, width, height, log):
    for values in ODD:
        rows = [Bar(str(k), value, bold=k == 3) for k, value in enumerate(values)]
        strips = draw_bars(rows, look, width, height, log=log)
        assert len(strips) == height
        for strip in strips:
            assert sum(segment.cell_length for segment in strip) == strip.cell_length == width
            assert strip.text.isascii() or not look.ascii


def test_bars_on_a_log_axis():
    rows = [Bar("1", 1e-3), Bar("2", 1e-2, bold=True), Bar("3", 1.0)]
    assert text(draw_bars(rows, Look(), 27, 4)) == [
        "1 ━━━━                0.001",
        "2 ━━━━━━━━             0.01",
        "3 ━━━━━━━━━━━━━━━━        1",
        "    0.001        1         ",
    ]


def test_bars_in_ascii_show_the_bold_one():
    rows = [Bar("1", 1e-3), Bar("2", 1e-2, bold=True), Bar("3", 1.0)]
    assert text(draw_bars(rows, ASCII, 27, 4)) == [
        "1 ====                0.001",
        "2 ########             0.01",
        "3 ================        1",
        "    0.001        1         ",
    ]


def test_the_bold_one_is_thicker_without_colours():
    rows = [Bar("1", 1.0), Bar("2", 1.0, bold=True)]
    thin, thick = text(draw_bars(rows, Look(color=False), 40, 2))
    assert "──" in thin
    assert "━━" in thick


def test_bars_on_a_linear_axis_start_at_0():
    rows = [Bar("1", 1.0), Bar("2", 2.0), Bar("3", 4.0)]
    lines = text(draw_bars(rows, Look(), 40, 4, log=False))
    one, two, four = (line.count("━") + line.count("╸") / 2 for line in lines[:3])
    assert two == pytest.approx(2 * one, abs=1)
    assert four == pytest.approx(4 * one, abs=2)


@pytest.mark.parametrize(("value", "figure"), [(0.0, "0"), (-2.0, "-2"), (math.nan, "nan")])
def test_what_has_no_place_on_a_log_axis_has_a_figure_only(value, figure):
    lines = text(draw_bars([Bar("1", value), Bar("2", 1.0)], Look(), 40, 3))
    assert lines[0].split() == ["1", figure]


def test_too_many_rows_are_folded_and_it_says_so():
    rows = [Bar(str(k), 10.0**-k, bold=k == 9) for k in range(1, 31)]
    lines = text(draw_bars(rows, Look(), 40, 6))
    assert [line.split()[0] for line in lines[:5]] == ["1", "9", "15", "23", "30"]
    assert lines[-1].endswith("5 of 30")


@pytest.mark.parametrize("count", [0, 1, 2, 7, 30])
@pytest.mark.parametrize("room", [1, 2, 5, 40])
def test_folding_keeps_as_many_as_there_is_room_for(count, room):
    for looked_at in [None, *range(count)]:
        kept = folded([k == looked_at for k in range(count)], room)
        assert len(kept) == len(set(kept)) == min(count, room)
        assert kept == sorted(kept)
        if looked_at is not None:
            assert looked_at in kept
        if room > 2 and count:
            assert (kept[0], kept[-1]) == (0, count - 1)


def test_a_given_figure_is_written():
    lines = text(draw_bars([Bar("1", 0.5, "half")], Look(), 30, 1))
    assert lines[0].split()[-1] == "half"
