import math

import numpy as np
import pytest

from nnsim.tui.drawing.chart import (
    Chart,
    Mark,
    Series,
    draw_chart,
    nearest_x,
    read_chart,
    values_at,
    x_extent,
    y_extent,
)
from nnsim.tui.look import Look

ASCII = Look(ascii=True)
SIZES = [(1, 1), (2, 1), (1, 5), (3, 2), (8, 3), (12, 4), (20, 6), (38, 10), (80, 9), (200, 50)]


def text(strips):
    return [strip.text for strip in strips]


def halving(count=9):
    x = np.arange(count) * 100.0
    return Series("train", x, 0.8 * 0.5 ** (x / 200), bold=True)


def odd_charts():
    x = np.arange(50.0)
    yield Chart([])
    yield Chart([Series("none", [], [])], y_name="cost")
    yield Chart([Series("nan", x, np.full(50, np.nan))])
    yield Chart([Series("inf", x, np.where(x < 20, x, np.inf))], log_y=True)
    yield Chart([Series("one", [3], [0.5])])
    yield Chart([Series("constant", x, np.full(50, 0.693147))])
    yield Chart([Series("zero", x, np.zeros(50))], log_y=True)
    yield Chart([Series("negative", x, -x)], log_y=True)
    yield Chart([Series("huge", x, (-1.0) ** x * 1.7e308)])
    yield Chart([Series("tiny", x, x * 5e-324)])
    yield Chart([Series("huge x", x * 3e306, x)])
    yield Chart([Series("mixed", [np.nan, 1, np.inf, 2], [1, 2, 3, np.nan])])
    yield Chart([Series("ranges", x, x)], x_range=(5, 5), y_range=(math.nan, 1))
    yield Chart([Series("outside", x, x)], x_range=(100, 200), y_range=(-2, -1))
    yield Chart([Series("wide 名前", x, x)], x_name="ステップ", y_name="コスト関数の値", cursor=7)
    yield Chart([halving()], marks=[Mark(-1, "◆", "*"), Mark(200, "◆", "*", line=True)], cursor=1e9)
    yield Chart([Series(f"{k}", x, x * k, k) for k in range(60)], y_name="norm")
    yield Chart([Series("a long name of a run", x, x * k, k) for k in range(12)], cursor=4)


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("look", [Look(), ASCII, Look(color=False)], ids=["", "ascii", "mono"])
def test_every_strip_has_exactly_the_width(look, width, height):
    for chart in odd_charts():
        strips = draw_chart(chart, look, width, height)
        assert len(strips) == height
        for strip in strips:
            assert sum(segment.cell_length for segment in strip) == strip.cell_length == width


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_ascii_is_ascii(width, height):
    for chart in odd_charts():
        for line in text(draw_chart(chart, ASCII, width, height)):
            assert set(filter(str.isascii, line)) | set("名前ステップコスト関数の値") >= set(line)


def test_no_colours_without_colours():
    for chart in odd_charts():
        for strip in draw_chart(chart, Look(color=False), 40, 12):
            for segment in strip:
                assert segment.style is None or segment.style.color is segment.style.bgcolor is None


def test_nothing_is_drawn_in_no_cells():
    assert draw_chart(Chart([halving()]), Look(), 0, 0) == []
    assert text(draw_chart(Chart([halving()]), Look(), 0, 2)) == ["", ""]


def test_a_cost_curve():
    chart = Chart([halving()], y_name="J", marks=[Mark(400, "◆", "*", "best")])
    assert text(draw_chart(chart, Look(), 32, 10)) == [
        "  J ━━ train 0.05               ",
        "0.8┤⠛⢦                          ",
        "   │ ⠈⠳⣄                        ",
        "   │   ⠈⠳⢦⡀                     ",
        "0.4┤      ⠙⠶⣤⡀                  ",
        "   │         ⠙⠛⠶⣤⣀⡀             ",
        "   │             ⠉⠙⠛⠶⠶⣤⣤⣄⣀⣀⣀    ",
        "0.0┤                    ⠈⠉⠉⠉⠛⠛⠛⠛",
        "   └──────────────◆──┬──────────",
        "    0               500     step",
    ]


def test_a_cost_curve_in_ascii():
    chart = Chart([halving()], y_name="J", marks=[Mark(400, "◆", "*", "best")])
    assert text(draw_chart(chart, ASCII, 32, 10)) == [
        "  J -- train 0.05               ",
        "0.8+'.                          ",
        "   | '-.                        ",
        "   |   '-.                      ",
        "0.4+      '-.                   ",
        "   |         '--.               ",
        "   |             ''---...       ",
        "0.0+                    ''''----",
        "   +--------------*--+----------",
        "    0               500     step",
    ]


def test_the_smallest_chart_has_figures():
    assert text(draw_chart(Chart([halving()]), Look(), 12, 4)) == [
        "0.8┤⠷⡄      ",
        "   │ ⠙⢦⣄⡀   ",
        "0.0┤   ⠈⠙⠳⠶⠶",
        "    0  500  ",
    ]


def test_lines_of_dashes_have_them_in_the_legend():
    x = [0, 1]
    series = [
        Series("train", x, [1, 1], 0, bold=True),
        Series("dev", x, [0, 0], 1, dash="dashed"),
        Series("old", x, [0.5, 0.5], 2, dash="dotted"),
    ]
    lines = text(draw_chart(Chart(series), Look(), 60, 8))
    assert lines[0].split() == ["━━", "train", "1", "╌╌", "dev", "0", "┈┈", "old", "0.5"]
    ascii_lines = text(draw_chart(Chart(series), ASCII, 60, 8))
    assert ascii_lines[0].split() == ["--", "train", "1", "xx", "dev", "0", "++", "old", "0.5"]
    assert "xx xx" in ascii_lines[-2]


def test_many_lines_have_their_names_at_their_ends():
    series = [Series(str(k), [0, 1], [k, k], k) for k in range(1, 6)]
    lines = text(draw_chart(Chart(series), Look(), 30, 14))
    ends = [line[-1] for line in lines if line[-1] != " "]
    assert ends == ["5", "4", "3", "2", "1"]


def test_names_at_the_ends_do_not_cover_each_other():
    series = [Series(str(k), [0, 1], [1.0, 1.0], k) for k in range(1, 7)]
    lines = text(draw_chart(Chart([*series, Series("7", [0, 1], [9, 9])]), Look(), 30, 10))
    assert sorted(line[-1] for line in lines if line[-1].isdigit()) == list("1234567")


def test_long_names_have_letters_at_their_ends_and_in_the_legend():
    series = [Series(f"run {k}", [0, 1], [k, k], 0) for k in range(4)]
    lines = text(draw_chart(Chart(series), Look(), 90, 14))
    ends = [line[-1] for line in lines if line[-1] != " "]
    assert ends == ["*", "+", "x", "o"]
    for letter, name in zip("ox+*", ("run 0", "run 1", "run 2", "run 3"), strict=True):
        assert f"─{letter} {name}" in lines[0]


def test_two_lines_that_look_alike_get_letters():
    series = [Series("first", [0, 1], [0, 1], 0), Series("other", [0, 1], [1, 0], 1)]
    lines = text(draw_chart(Chart(series), Look(), 40, 10))
    assert "─o first" in lines[0]
    assert "─x other" in lines[0]


def test_the_legend_gives_values_at_the_cursor():
    chart = Chart([halving()], cursor=200)
    lines = text(draw_chart(chart, Look(), 40, 10))
    assert lines[0].split() == ["━━", "train", "0.4"]
    assert "200" in lines[-1]
    assert any("│" in line[5:] for line in lines[1:8])


def test_an_end_of_the_line_that_is_nan_says_so():
    chart = Chart([Series("train", [0, 1, 2], [1, 2, math.nan])])
    assert text(draw_chart(chart, Look(), 40, 8))[0].split() == ["──", "train", "nan"]


def test_a_line_without_a_value_yet_has_a_dash_in_the_legend():
    chart = Chart([Series("theta", [0], [math.nan])])
    assert text(draw_chart(chart, Look(), 40, 8))[0].split() == ["──", "theta", "-"]


def test_the_bold_line_lies_over_the_others():
    look = Look()
    flat = [0.5, 0.5]
    bold, thin = Series("bold", [0, 1], flat, 3, bold=True), Series("thin", [0, 1], flat, 1)
    for series in ([bold, thin], [thin, bold]):
        strips = draw_chart(Chart(series, y_range=(0, 1)), look, 30, 5)
        lines = [s for strip in strips for s in strip if any("⠁" <= c <= "⣿" for c in s.text)]
        assert {segment.style.color.name for segment in lines} == {look.series[3]}


def test_zero_lies_at_the_foot_of_a_log_axis():
    chart = Chart([Series("dead", [0, 1, 2, 3], [1, 1, 0, 0])], log_y=True, y_range=(1e-4, 1))
    lines = text(draw_chart(chart, Look(), 40, 10))
    assert "⣀" in lines[7]
    assert lines[0].split() == ["──", "dead", "0"]


@pytest.mark.parametrize(("width", "height"), [(30, 8), (38, 10), (118, 12), (80, 40)])
@pytest.mark.parametrize("pair", [(0.0, 1.0), (0.2, 0.7), (0, 0.8), (-3.0, 5.0)])
def test_figures_of_the_y_axis_stand_evenly(width, height, pair):
    lines = text(draw_chart(Chart([halving()], y_range=pair), Look(), width, height))
    rows = [row for row, line in enumerate(lines) if "┤" in line]
    gaps = np.diff(rows)
    assert len(rows) >= 2
    assert gaps.max() - gaps.min() <= 1


def test_figures_of_the_x_axis_do_not_touch():
    for width in range(12, 120):
        line = text(draw_chart(Chart([halving()]), Look(), width, 5))[-1]
        words = line.split()
        assert set(words) <= {"step", *(str(k) for k in range(0, 900, 50))}, line


def test_readout_gives_the_nearest_point():
    train = Series("train", np.arange(0, 1001, 10), np.arange(0, 1001, 10) / 1000)
    dev = Series("dev", [0, 500], [5, 6], dash="dashed")
    chart = Chart([train, dev])
    lines = text(draw_chart(chart, Look(), 60, 10))
    left = lines[2].index("│") + 1
    assert read_chart(chart, 60, left - 1) is None
    assert read_chart(chart, 60, 60) is None
    first, last = read_chart(chart, 60, left), read_chart(chart, 60, 59)
    assert (first.x, last.x) == (0, 990) or (first.x, last.x) == (0, 1000)
    assert first.values == (0.0, 5.0)
    assert last.values[1] is None
    xs = [read_chart(chart, 60, column).x for column in range(left, 60)]
    assert xs == sorted(xs)
    assert all(x % 10 == 0 for x in xs)


def test_readout_and_crosshair_stand_in_the_same_column():
    chart = Chart([Series("train", np.arange(2000), np.ones(2000))], y_range=(0, 1))
    for width in (30, 57, 118):
        for column in range(8, width):
            readout = read_chart(chart, width, column)
            pointed = Chart(chart.series, y_range=(0, 1), cursor=readout.x)
            line = text(draw_chart(pointed, Look(), width, 10))[5]
            assert line.rindex("│") == column


def test_a_readout_needs_points():
    assert read_chart(Chart([]), 40, 20) is None
    assert read_chart(Chart([Series("none", [], [])]), 40, 20) is None


def test_values_at_hold_until_the_next_point():
    series = [Series("dev", [0, 100, 200], [3, 2, 1])]
    assert values_at(series, 150) == (2.0,)
    assert values_at(series, 200) == (1.0,)
    assert values_at(series, 201) == (None,)
    assert values_at(series, -1) == (None,)
    assert nearest_x(series, 160) == 200


def test_extents():
    series = [Series("a", [0, 1, 2], [5, np.nan, -1]), Series("b", [5], [np.inf])]
    assert x_extent(series) == (0, 5)
    assert y_extent(series) == (-1, 5)
    assert y_extent(series, log=True) == (5, 5)
    assert y_extent(series, x_range=(1, 9)) == (-1, -1)
    assert y_extent(series, x_range=(3, 9)) is None
    assert x_extent([]) is None


def test_points_are_put_in_order():
    x, y = Series("a", [3, 1, 2], [30, 10, 20]).points
    assert x.tolist() == [1, 2, 3]
    assert y.tolist() == [10, 20, 30]


def test_a_series_needs_a_y_for_each_x():
    with pytest.raises(ValueError, match="'train' has 3 x and 2 y"):
        Series("train", [1, 2, 3], [1, 2])


def test_a_spike_is_seen_among_many_points():
    y = np.full(100_000, 0.1)
    y[54_321] = 0.9
    chart = Chart([Series("train", np.arange(100_000), y)], y_range=(0, 1))
    lines = text(draw_chart(chart, Look(), 60, 10))
    assert any("⡀" <= character <= "⣿" for character in lines[1] + lines[2])


# A logarithmic x axis, points without a line

EPSILONS = 10.0 ** -np.arange(1.0, 13)


def errors(**more):
    two_sided = Series("two-sided", EPSILONS, EPSILONS**2 + 1e-16 / EPSILONS)
    return Chart([two_sided], True, x_name="epsilon", log_x=True, **more)


def test_a_log_x_axis_has_powers_of_ten_at_even_distances():
    lines = text(draw_chart(errors(), ASCII, 80, 14))
    figures = lines[-1].replace("epsilon", "").split()
    assert figures == ["1e-12", "1e-10", "1e-8", "1e-6", "1e-4"]
    ticks = [at for at, mark in enumerate(lines[-2]) if mark == "+"][1:]
    assert len(ticks) == 4 and np.ptp(np.diff(ticks)) <= 1


def test_a_line_of_powers_is_straight_on_log_axes():
    straight = Chart([Series("e", EPSILONS, EPSILONS)], True, log_x=True)
    canvas = [line[6:] for line in text(draw_chart(straight, ASCII, 66, 16))[1:14]]
    inked = [[at for at, mark in enumerate(line) if mark not in " |+"] for line in canvas]
    steps = np.diff([np.mean(columns) for columns in inked if columns])
    assert len(steps) > 8 and np.all(steps < 0) and np.ptp(steps[1:-1]) <= 2


def test_log_x_leaves_out_what_is_not_above_0():
    x = np.array([-1.0, 0.0, 0.1, 1.0])
    assert x_extent([Series("", x, x)], log=True) == (0.1, 1.0)
    assert x_extent([Series("", [-1.0, 0.0], [1.0, 1.0])], log=True) is None
    chart = Chart([Series("", x, x)], log_x=True)
    assert chart.ranges[0] == (0.1, 1.0)
    assert Chart([], log_x=True).ranges[0][0] > 0
    assert Chart(chart.series, log_x=True, x_range=(0.0, 1.0)).ranges[0] == (0.1, 1.0)


def test_the_mouse_reads_the_nearest_x_of_a_log_axis():
    chart = errors()
    found = {read_chart(chart, 80, column).x for column in range(8, 80)}
    assert found == set(EPSILONS.tolist())
    assert nearest_x(chart.series, 4e-5, log=True) == pytest.approx(1e-4)
    assert nearest_x(chart.series, 4e-5) == pytest.approx(1e-5)


def test_marks_and_cursor_stand_at_their_place_on_a_log_axis():
    lines = text(draw_chart(errors(marks=[Mark(1e-6, "▲", "^", line=True)]), ASCII, 80, 14))
    assert lines[-1][lines[-2].index("^") - 2 : lines[-2].index("^") + 3].strip() == "1e-6"


def test_bare_points_have_their_letter_and_no_line():
    points = Series("tried", [1.0, 3.0, 5.0], [1.0, 3.0, 2.0], 1, bare=True)
    chart = Chart([points], x_range=(0, 6), y_range=(0, 4))
    lines = text(draw_chart(chart, ASCII, 40, 12))
    plot = [line[2:] for line in lines[1:10]]
    assert sum(line.count("x") for line in plot) == 3
    assert not any(set(line) & set("'-.") for line in plot)
    assert lines[0].split() == ["x", "tried", "2"]
    # The highest is in the middle, the lowest at the left.
    by_height = [line.index("x") for line in plot if "x" in line]
    assert sorted(by_height) == [by_height[2], by_height[0], by_height[1]]


def test_a_line_beside_points_needs_no_letter_at_its_end():
    line = Series("best", [0.0, 6.0], [1.0, 2.0], 0, bold=True)
    points = Series("tried", [1.0, 3.0], [1.0, 3.0], 1, bare=True)
    lines = text(draw_chart(Chart([line, points], y_range=(0, 4)), Look(), 40, 12))
    assert not any(each.rstrip().endswith("o") for each in lines)
    assert "━━ best" in lines[0] and "x tried" in lines[0]


def test_points_outside_the_axes_are_not_pulled_to_the_edge():
    points = Series("p", [0.5, 0.5, np.nan], [0.5, 99.0, 0.5], bare=True)
    chart = Chart([points], x_range=(0, 1), y_range=(0, 1))
    assert "".join(text(draw_chart(chart, ASCII, 30, 10)))[30:].count("o") == 1


@pytest.mark.parametrize("chart", odd_charts())
@pytest.mark.parametrize("look", [Look(), ASCII, Look(color=False)])
@pytest.mark.parametrize("bare", [False, True])
def test_odd_series_on_a_log_x_axis_fill_their_space(chart, look, bare):
    series = [
        Series(one.name, one.x, one.y, one.number, one.bold, one.dash, bare=bare)
        for one in chart.series
    ]
    made = Chart(series, chart.log_y, log_x=True, marks=chart.marks, cursor=chart.cursor)
    for width, height in SIZES:
        strips = draw_chart(made, look, width, height)
        assert len(strips) == height and all(strip.cell_length == width for strip in strips)
        for column in (0, width // 2, width - 1):
            read_chart(made, width, column)


def test_a_legend_without_room_cuts_names_and_counts_what_is_left_out():
    names = ("descent", "momentum", "momentum_as_sum", "descent_too_large")
    chart = Chart([Series(name, [0, 1], [k, k + 1], k) for k, name in enumerate(names)])
    cut = text(draw_chart(chart, Look(), 58, 10))[0]
    assert all(f" {name} " in cut for name in ("descent", "momentum"))
    assert " momentum_a" in cut and " descent_to" in cut and cut.count("…") == 2
    assert "+" in text(draw_chart(chart, Look(), 30, 10))[0].rstrip()[-2:]


@pytest.mark.parametrize(
    ("low", "high", "log"), [(1e-10, 100, True), (0.001, 1000, True), (-0.04, 0.12, False)]
)
@pytest.mark.parametrize("height", [4, 6, 9, 14, 20])
def test_y_figures_have_the_columns_they_need(low, high, log, height):
    chart = Chart([], log, (0, 10), (low, high))
    assert "…" not in "".join(text(draw_chart(chart, Look(), 40, height)))
