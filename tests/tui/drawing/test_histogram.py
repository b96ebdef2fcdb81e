import math

import numpy as np
import pytest

from nnsim.tui.drawing.histogram import (
    HistogramRow,
    bin_counts,
    draw_histogram,
    draw_histogram_rows,
)
from nnsim.tui.look import Look

ASCII = Look(ascii=True)
SIZES = [(1, 1), (2, 2), (5, 1), (12, 4), (29, 6), (40, 12), (200, 50)]
STAIRS = np.repeat(np.arange(8) + 0.5, np.arange(1, 9))
ODD = [[], [math.nan], [math.inf, 1.0], [0.5], np.zeros(9), [1e308, -1e308], [5e-324], STAIRS]


def text(strips):
    return [strip.text for strip in strips]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("look", [Look(), ASCII, Look(color=False)], ids=["", "ascii", "mono"])
def test_every_strip_has_exactly_the_width(look, width, height):
    rows = [HistogramRow(f"A{k}", values, "saturated 62 %") for k, values in enumerate(ODD)]
    drawings = [draw_histogram(values, look, width, height, note="sd 1") for values in ODD]
    drawings += [draw_histogram_rows(rows[:count], look, width, height) for count in range(9)]
    for strips in drawings:
        assert len(strips) == height
        for strip in strips:
            assert sum(segment.cell_length for segment in strip) == strip.cell_length == width
            assert strip.text.isascii() or not look.ascii


def test_stairs_rise_by_eighths():
    strips = draw_histogram_rows([HistogramRow("A1", STAIRS, "flat")], Look(), 17, 1, (0.0, 8.0))
    assert text(strips) == ["A1 ▁▂▃▄▅▆▇█  flat"]


def test_a_large_histogram_has_an_axis():
    assert text(draw_histogram(STAIRS, Look(), 8, 3, range=(0.0, 8.0))) == [
        "    ▂▄▆▇",
        "▂▄▆█████",
        "0    5 8",
    ]


def test_a_large_histogram_in_ascii():
    assert text(draw_histogram(STAIRS, ASCII, 8, 3, range=(0.0, 8.0))) == [
        "    .::#",
        ".::#####",
        "0    5 8",
    ]


def test_a_single_value_shows_beside_a_million():
    values = np.concatenate([np.zeros(1_000_000), [0.95]])
    (line,) = text(draw_histogram_rows([HistogramRow("", values)], Look(), 10, 1, (0.0, 1.0)))
    assert line == "█        ▁"


def test_rows_share_one_axis():
    rows = [HistogramRow("A1", [0.05] * 5), HistogramRow("A2", [0.95])]
    assert text(draw_histogram_rows(rows, Look(), 13, 3, (0.0, 1.0))) == [
        "A1 █         ",
        "A2          █",
        "   0.0    1.0",
    ]


def test_too_many_rows_are_folded_and_it_says_so():
    rows = [HistogramRow(f"A{k}", [k], "dead 0 %", bold=k == 7) for k in range(1, 21)]
    lines = text(draw_histogram_rows(rows, Look(), 40, 6))
    labels = [line.split()[0] for line in lines[:5]]
    assert labels[0] == "A1"
    assert labels[-1] == "A20"
    assert "A7" in labels
    assert "5 of 20" in lines[-1]


def test_values_that_are_not_finite_are_counted():
    lines = text(draw_histogram([1.0, math.nan, math.inf], Look(), 40, 5))
    assert lines[0].strip() == "2 not finite"


def test_named_values_are_drawn_below_each_other():
    lines = text(draw_histogram({"W1": [0.0], "W2": [1.0]}, Look(), 20, 3))
    assert [line.split()[0] for line in lines[:2]] == ["W1", "W2"]


def test_bins_hold_every_value():
    values = np.random.default_rng(0).normal(0, 1, 1000)
    counts = bin_counts(values, (-1.0, 1.0), 20)
    assert counts.sum() == 1000
    inside = values[(values > -0.9) & (values < 0.9)]
    assert counts[1:-1].tolist() == np.histogram(inside, 18, (-0.9, 0.9))[0].tolist()
