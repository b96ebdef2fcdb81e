import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.tui.drawing.heat_map import HeatMap, cell_at, draw_heat_map, layout_of
from nnsim.tui.look import Look

LOOKS = {
    "colour": Look(),
    "light": Look(dark=False),
    "few colours": Look(fine=False),
    "no colour": Look(color=False),
    "ascii": Look(ascii=True),
    "bare": Look(ascii=True, color=False),
}
EVERY_LOOK = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())


def text(heat_map, look, width, height, offset=(0, 0)):
    return [line.text for line in draw_heat_map(heat_map, look, width, height, offset)]


def colors(line):
    """Return the background of each cell of a line."""
    return [
        segment.style.bgcolor.name if segment.style and segment.style.bgcolor else ""
        for segment in line
        for _ in segment.text
    ]


def test_small_matrix_shows_its_numbers():
    weights = np.array([[0.25, -0.41273], [1.5, 0.0]])
    assert text(HeatMap(weights, "W1", cursor=(0, 1)), Look(), 20, 5) == [
        "        0       1   ",
        "0   0.250 [-0.413]  ",
        "1   1.500   0.000   ",
        "W1[0,1] -0.4127     ",
        "-1.5           1.5  ",
    ]


def test_eight_by_two_fits_in_fifteen_by_nine():
    weights = np.linspace(-0.8, 0.7, 16).reshape(8, 2)
    lines = text(HeatMap(weights, "W1", cursor=(3, 0)), Look(), 15, 9)
    assert lines[0] == "0  -0.80 -0.70 "
    assert lines[3] == "3 [-0.20]-0.10 "
    assert lines[8] == "W1[3,0] -0.2   "


def test_whole_numbers_are_printed_whole_and_tiny_ones_with_exponents():
    assert text(HeatMap(np.array([[0, 1]])), Look(), 16, 1) == ["      0      1  "]
    assert text(HeatMap(np.array([[2.5e-7, -3e-9]])), Look(), 20, 1) == [" 2.5e-7   -3e-9     "]


def test_two_numbers_share_a_cell_in_a_larger_matrix():
    values = np.ones((16, 16))
    values[::2] = -1
    lines = draw_heat_map(HeatMap(values, "W"), Look(), 20, 11)
    assert [line.text for line in lines[:2]] == ["   0   4   8   12   ", " 0 ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀ "]
    cell = next(segment for segment in lines[1] if "▀" in segment.text)
    assert cell.style == Look().ink(Look().negative, on=Look().positive)


@pytest.mark.parametrize("name", ["no colour", "bare", "ascii"])
def test_sign_and_size_are_characters_where_colours_are_not(name):
    values = np.tile([[1.0, 0.3, 1e-30, 0.0, -1e-30, -0.3, -1.0]], (12, 2))
    line = text(HeatMap(values, limit=1.0), LOOKS[name], 31, 15)[1]
    ramp = "█▒░ ·-≡" if name == "no colour" else "@*+ .-%"
    assert line[3:] == "".join(2 * mark for mark in ramp) * 2


@pytest.mark.parametrize("name", ["no colour", "bare", "ascii"])
@given(size=st.floats(1e-300, 1e300), limit=st.floats(1e-3, 1e3))
@settings(max_examples=40, deadline=None)
def test_values_of_opposite_sign_never_look_alike_without_colour(name, size, limit):
    row = [size, -size] * 10
    line = text(HeatMap(np.array([row] * 9), limit=limit), LOOKS[name], 24, 9)[1]
    marks = line[2:22]
    assert set(marks[::2]).isdisjoint(marks[1::2])


def test_colours_of_opposite_signs_are_the_two_ends():
    lines = draw_heat_map(HeatMap(np.array([[-2.0, 0.0, 2.0]])), Look(), 30, 3)
    middle = colors(lines[1])
    assert middle[4] == Look().negative
    assert Look().neutral in middle
    assert Look().positive in middle


def test_nan_and_infinity_have_marks_of_their_own():
    values = np.zeros((6, 12))
    values[1, 2], values[4, 7] = np.nan, -np.inf
    for look in LOOKS.values():
        lines = text(HeatMap(values, cursor=(1, 2)), look, 40, 9)
        joined = "".join(lines)
        assert "?" in joined
        assert "!" in joined
        assert "nan" in lines[-2] + lines[-1]
    printed = text(HeatMap(values[:2, 2:3]), Look(), 20, 4)
    assert any("nan" in line for line in printed)


def test_large_matrix_shows_a_window_that_holds_the_cursor():
    values = np.arange(512 * 784, dtype=float).reshape(512, 784)
    heat_map = HeatMap(values, "W1", cursor=(300, 500))
    lines = text(heat_map, Look(), 80, 24)
    assert "rows 260-301 of 512" in lines[-2]
    assert "columns 426-501 of 784" in lines[-1] + lines[-2]
    layout = layout_of(heat_map, Look(), 80, 24, (290, 490))
    assert (layout.first_row, layout.first_column) == (290, 490)


def test_window_stays_where_it_is_while_the_cursor_is_in_it():
    values = np.zeros((300, 300))
    for cursor in ((50, 60), (60, 70)):
        layout = layout_of(HeatMap(values, cursor=cursor), Look(), 60, 20, (45, 50))
        assert (layout.first_row, layout.first_column) == (45, 50)


def test_long_vector_is_folded():
    bias = np.zeros((64, 1))
    bias[40] = 1.0
    lines = draw_heat_map(HeatMap(bias, "b1", cursor=(40, 0)), Look(), 18, 11)
    assert lines[0].text.split() == ["0", "16", "32", "48"]
    assert "b1[40,0] 1" in lines[9].text
    assert cell_at(HeatMap(bias), Look(), 18, 11, (0, 0), 3 + 2 * 3, 1 + 4) == (40, 0)


def test_row_vector_is_folded_into_lines():
    lines = text(HeatMap(np.zeros((1, 100)), "A2"), Look(), 24, 9)
    assert [line[:3] for line in lines[1:4]] == [" 0 ", "20 ", "40 "]
    assert cell_at(HeatMap(np.zeros((1, 100))), Look(), 24, 9, (0, 0), 3 + 5, 1) == (0, 5)


def odd_values(rows, columns, seed):
    kinds = np.array([0.0, 1.0, -2.5, 1e-9, 1e300, np.nan, np.inf, -np.inf])
    return np.random.default_rng(seed).choice(kinds, size=(rows, columns))


@given(
    look=st.sampled_from(list(LOOKS.values())),
    values=st.builds(odd_values, st.integers(0, 70), st.integers(0, 70), st.integers(0, 9)),
    width=st.integers(0, 60),
    height=st.integers(0, 25),
    row=st.integers(-3, 90),
    column=st.integers(-3, 90),
    signed=st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_every_line_is_exactly_as_wide_as_asked(look, values, width, height, row, column, signed):
    heat_map = HeatMap(values, "dW12", cursor=(row, column), signed=signed)
    lines = draw_heat_map(heat_map, look, width, height, (row, column))
    assert len(lines) == height
    for line in lines:
        assert sum(segment.cell_length for segment in line) == line.cell_length == width
        if look.ascii:
            assert line.text.isascii()
        if not look.color:
            assert all(
                s.style is None or (s.style.color is None and s.style.bgcolor is None) for s in line
            )


@EVERY_LOOK
@pytest.mark.parametrize("shape", [(1, 1), (8, 2), (2, 3), (64, 1), (1, 90), (30, 30), (200, 300)])
@pytest.mark.parametrize("size", [(15, 9), (38, 11), (70, 24)])
def test_cell_at_finds_the_cell_that_the_cursor_is_drawn_at(look, shape, size):
    generator = np.random.default_rng(0)
    values = np.zeros(shape)
    for _ in range(20):
        cursor = tuple(int(generator.integers(length)) for length in shape)
        heat_map = HeatMap(values, "W", cursor=cursor)
        lines = text(heat_map, look, *size)
        layout = layout_of(heat_map, look, *size)
        y = next(y for y, line in enumerate(lines[: size[1] - layout.notes]) if "[" in line)
        x = lines[y].index("[")
        found = {
            cell_at(heat_map, look, *size, (0, 0), column, y)
            for column in range(x, min(x + layout.cell_width + 2, size[0]))
        }
        if layout.cell_halves == 1:
            above = {(r + 1, c) for r, c in filter(None, found)}
            if layout.fold and layout.folds_columns:
                above = {(r, c + layout.fold) for r, c in filter(None, found)}
            found |= above
        assert cursor in found


def test_cell_at_is_none_beside_the_numbers():
    heat_map = HeatMap(np.zeros((2, 3)), "W")
    layout = layout_of(heat_map, Look(), 38, 11)
    assert cell_at(heat_map, Look(), 38, 11, (0, 0), 0, layout.top) is None
    assert cell_at(heat_map, Look(), 38, 11, (0, 0), layout.left, 0) is None
    assert cell_at(heat_map, Look(), 38, 11, (0, 0), 37, layout.top) is None
    assert cell_at(heat_map, Look(), 38, 11, (0, 0), layout.left, 10) is None
    assert cell_at(heat_map, Look(), 38, 11, (0, 0), layout.left, layout.top) == (0, 0)


def test_cursor_can_be_seen_without_colour():
    values = np.random.default_rng(0).standard_normal((30, 30))
    for look in LOOKS.values():
        lines = text(HeatMap(values, cursor=(7, 9)), look, 50, 20)
        assert sum(line.count("[") for line in lines[:-2]) == 1
        assert sum(line.count("]") for line in lines[:-2]) == 1


def test_kept_limit_weakens_the_colours():
    values = np.array([[1.0]])
    assert colors(draw_heat_map(HeatMap(values), Look(), 12, 1)[0])[0] == Look().positive
    assert colors(draw_heat_map(HeatMap(values, limit=10), Look(), 12, 1)[0])[0] != Look().positive


def test_empty_and_wrong_arrays():
    assert text(HeatMap(np.zeros((0, 3)), "W1"), Look(), 20, 2)[0].strip() == "W1 (0,3) is empty"
    with pytest.raises(ValueError, match=r"W has shape \(2, 2, 2\)"):
        HeatMap(np.zeros((2, 2, 2)), "W")


def test_vector_number_and_whole_numbers_are_taken():
    assert HeatMap(np.zeros(5)).values.shape == (5, 1)
    assert HeatMap(np.float64(3)).values.shape == (1, 1)
    assert HeatMap(np.array([[True, False]])).values.dtype.kind == "f"


def test_cursor_is_kept_inside():
    assert HeatMap(np.zeros((2, 3)), cursor=(9, -4)).cursor == (1, 0)
