import math
from itertools import pairwise

import numpy as np
import pytest

from nnsim.tui.drawing.axes import (
    FIGURE_WIDTH,
    extent,
    nice_range,
    settled_range,
    tick_figures,
    ticks,
)

rng = np.random.default_rng(7)
PAIRS = [
    (0.0, 1.0),
    (0.11, 0.69),
    (-3.0, 5.0),
    (-0.2, -0.1),
    (0.0, 0.0),
    (0.6931471, 0.6931473),
    (12345.6, 12345.7),
    (1e-9, 3e-9),
    (-1e300, 1e300),
    (-1.7e308, 1.7e308),
    (5e-324, 1e-320),
    (99.99, 100.01),
    *[tuple(sorted(rng.normal(0, 10.0**power, 2))) for power in range(-12, 13)],
]
LOG_PAIRS = [
    (1e-6, 1.0),
    (3e-7, 0.2),
    (0.5, 0.7),
    (0.3, 0.3),
    (1e-300, 1e300),
    (5e-324, 1.7e308),
    (9.99, 10.01),
    *[tuple(sorted(10.0 ** rng.uniform(-12, 6, 2))) for _ in range(30)],
]
EVERY = [(pair, False) for pair in PAIRS] + [(pair, True) for pair in LOG_PAIRS]


@pytest.mark.parametrize(("pair", "log"), EVERY)
def test_a_nice_range_holds_the_data(pair, log):
    low, high = nice_range(*pair, log)
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low < high
    if 1e-300 < abs(pair[0]) < 1e300 and abs(pair[1]) < 1e300:
        slack = 1e-9 * max(abs(low), abs(high))
        assert low - slack <= pair[0]
        assert pair[1] <= high + slack


@pytest.mark.parametrize(("pair", "log"), EVERY)
@pytest.mark.parametrize("count", [1, 2, 3, 6, 10])
def test_ticks_ascend_inside_the_range(pair, log, count):
    low, high = nice_range(*pair, log)
    values = ticks(low, high, count, log)
    assert all(low <= value <= high for value in values)
    assert all(a < b for a, b in pairwise(values))
    assert len(values) <= max(2 * count + 2, 4)


@pytest.mark.parametrize(("pair", "log"), EVERY)
def test_figures_of_a_nice_range_are_narrow_and_differ(pair, log):
    values = ticks(*nice_range(*pair, log), 6, log)
    figures = tick_figures(values, log)
    assert len(values) >= 2
    assert len(set(figures)) == len(figures)
    assert max(map(len, figures)) <= FIGURE_WIDTH


@pytest.mark.parametrize(
    ("low", "high", "count", "figures"),
    [
        (0.0, 1.0, 5, ("0.0", "0.2", "0.4", "0.6", "0.8", "1.0")),
        (0.0, 0.3, 6, ("0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30")),
        (0.0, 2000.0, 4, ("0", "500", "1000", "1500", "2000")),
        (-1.0, 1.0, 2, ("-1", "0", "1")),
        (0.0, 4e6, 4, ("0", "1e6", "2e6", "3e6", "4e6")),
        (0.0, 5e-6, 2, ("0", "5e-6")),
    ],
)
def test_linear_figures_have_just_enough_digits(low, high, count, figures):
    assert tick_figures(ticks(low, high, count)) == figures


@pytest.mark.parametrize(
    ("low", "high", "count", "figures"),
    [
        (1e-6, 1.0, 3, ("1e-6", "1e-3", "1")),
        (1e-2, 100.0, 5, ("0.01", "0.1", "1", "10", "100")),
        (1e-12, 1e4, 4, ("1e-10", "1e-5", "1")),
        (0.1, 1.0, 4, ("0.1", "1")),
        (0.2, 0.7, 4, ("0.2", "0.5")),
    ],
)
def test_log_figures_are_powers(low, high, count, figures):
    assert tick_figures(ticks(low, high, count, True), True) == figures


def test_multiples_are_rounded_once():
    assert ticks(0.0, 0.7, 7) == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


def test_a_settled_range_stays_while_the_data_fill_it():
    shown = settled_range(None, 0.23, 0.69)
    assert shown == (0.2, 0.7)
    assert settled_range(shown, 0.3, 0.65) == shown
    assert settled_range(shown, 0.3, 0.52) == shown


def test_a_settled_range_grows_with_room_to_grow_into():
    low, high = settled_range((0.2, 0.7), 0.23, 0.71)
    assert low == 0.2
    assert high > 0.71
    assert (0.71 - 0.23) / (high - low) >= 0.4
    assert settled_range((low, high), 0.23, 0.75) == (low, high)


def test_a_settled_range_of_positive_data_does_not_grow_below_0():
    assert settled_range((0.2, 0.7), 0.05, 0.7)[0] == 0.0


def test_a_settled_range_shrinks_when_the_data_fill_little():
    assert settled_range((0.2, 0.7), 0.3, 0.35) == nice_range(0.3, 0.35)


def test_a_settled_range_moves_in_few_jumps():
    shown, jumps = None, 0
    lows = 0.7 * np.exp(-np.arange(2000) / 300) + 0.01
    for low in lows:
        new = settled_range(shown, float(low), 0.71)
        jumps += new != shown
        shown = new
    assert jumps <= 12


def test_a_settled_log_range_counts_decades():
    shown = settled_range(None, 1e-8, 1.0, log=True)
    assert shown == (1e-8, 1.0)
    assert settled_range(shown, 1e-5, 1.0, log=True) == shown
    assert settled_range(shown, 1e-2, 1.0, log=True) == (1e-2, 1.0)
    assert extent(1e-8, 1.0, log=True) == pytest.approx(8)


def test_a_constant_does_not_make_the_axis_jump():
    shown = settled_range(None, 0.6931, 0.6931)
    assert settled_range(shown, 0.6931, 0.6931) == shown


@pytest.mark.parametrize("value", [4.97, 0.693, -3.0, 1e-6, 101.0, 5e307])
def test_a_single_value_stands_in_a_range_of_its_own_size(value):
    low, high = nice_range(value, value)
    assert low < value < high
    assert 0.2 * abs(value) < high - low < 2 * abs(value)
