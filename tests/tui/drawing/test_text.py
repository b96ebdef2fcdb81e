import math

import pytest
from rich.cells import cell_len

from nnsim.tui.drawing.text import clip, figure, fitted_names, pad, shorten


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.004123, "0.00412"),
        (2e-7, "2e-7"),
        (-2.346e-7, "-2.35e-7"),
        (12.345, "12.3"),
        (1234.5, "1234"),
        (99_999.0, "99999"),
        (4.1e5, "4.1e5"),
        (0.9999, "1"),
        (999.9, "1000"),
        (0.0, "0"),
        (-0.0, "0"),
        (7, "7"),
        (123_456_789, "1.23e8"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (None, "-"),
        ("great", "great"),
        (True, "yes"),
    ],
)
def test_figures_are_short_and_readable(value, text):
    assert figure(value) == text


def test_a_figure_has_as_many_digits_as_asked_for():
    assert figure(0.693147, 5) == "0.69315"
    assert figure(3.14159e-9, 2) == "3.1e-9"


def test_a_figure_reads_back_as_the_value():
    for power in range(-300, 300, 7):
        value = 1.2345 * 10.0**power
        assert float(figure(value)) == pytest.approx(value, rel=5e-3)


@pytest.mark.parametrize("text", ["", "short", "vanishing gradients", "梯度消失 and more", "é" * 9])
@pytest.mark.parametrize("ascii", [False, True])
def test_texts_fit_in_any_width(text, ascii):
    for width in range(25):
        assert cell_len(clip(text, width, ascii=ascii)) <= width
        assert cell_len(shorten(text, width, ascii=ascii)) <= width
        for align in ("left", "right", "center"):
            assert cell_len(pad(text, width, align, ascii=ascii)) == width


def test_what_fits_stays_whole():
    assert clip("exactly", 7) == shorten("exactly", 7) == pad("exactly", 7) == "exactly"


def test_an_ellipsis_tells_that_something_is_missing():
    assert clip("vanishing gradients", 10) == "vanishing…"
    assert clip("vanishing gradients", 10, ascii=True) == "vanishin.."
    assert shorten("sigmoid, 8 layers, seed 1", 15) == "sigmoid… seed 1"


def test_padding_aligns():
    assert pad("ab", 5) == "ab   "
    assert pad("ab", 5, "right") == "   ab"
    assert pad("ab", 5, "center") == " ab  "


def test_names_that_fit_stay_and_the_longest_are_cut_first():
    names = ["descent", "momentum_as_sum"]
    assert fitted_names(names, [3, 5], 30) == (names, "")
    assert fitted_names(names, [3, 5], 29) == (["descent", "momentum_as_s…"], "")
    assert fitted_names(names, [3, 5], 20) == (["desce…", "momen…"], "")
    assert fitted_names(names, [3, 5], 29, ascii=True)[0][1] == "momentum_as_.."


def test_names_that_begin_the_same_keep_their_ends():
    names = ["descent small", "descent large"]
    assert fitted_names(names, [3, 5], 26)[0] == ["desc…mall", "desc…arge"]


@pytest.mark.parametrize("room", range(40))
def test_a_legend_never_drops_a_name_silently(room):
    names, beside = ["slow", "middle", "fast", "descent_too_large"], [3, 5, 5, 5]
    kept, more = fitted_names(names, beside, room)
    assert more == (f"+{len(names) - len(kept)}" if len(kept) < len(names) else "")
    used = sum(beside[: len(kept)]) + sum(map(cell_len, kept)) + (len(more) + 1 if more else 0)
    assert used <= room or not kept
