import numpy as np
import pytest

from nnsim.tui.drawing.canvas import Canvas, thinned
from nnsim.tui.drawing.sheet import Sheet
from nnsim.tui.look import Look


def drawn(canvas):
    characters, _ = canvas.cells()
    return ["".join(map(chr, row)) for row in characters]


def dots(canvas):
    """Return where dots are, by row and column, from the characters alone."""
    bits = [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1)]
    found = set()
    for row, line in enumerate(drawn(canvas)):
        for column, character in enumerate(line):
            code = 0 if character == " " else ord(character) - 0x2800
            for bit, (down, right) in enumerate(bits):
                if code >> bit & 1:
                    found.add((4 * row + down, 2 * column + right))
    return found


def test_a_diagonal_is_as_thin_as_it_can_be():
    canvas = Canvas(4, 2)
    canvas.line([0, 7], [7, 0], 1)
    assert drawn(canvas) == ["  ⡠⠊", "⡠⠊  "]


def test_a_flat_line_has_one_row_of_dots():
    canvas = Canvas(4, 1)
    canvas.line([0, 7], [1, 1], 1)
    assert drawn(canvas) == ["⠒⠒⠒⠒"]


def test_a_bold_line_is_two_dots_thick():
    canvas = Canvas(4, 1)
    canvas.line([0, 7], [1, 1], 1, bold=True)
    assert drawn(canvas) == ["⠛⠛⠛⠛"]
    canvas = Canvas(4, 1)
    canvas.line([0, 7], [0, 0], 1, bold=True)
    assert drawn(canvas) == ["⠛⠛⠛⠛"]


def test_dashes_and_dots_differ():
    dashed, dotted = Canvas(6, 1), Canvas(6, 1)
    dashed.line([0, 11], [2, 2], 1, dash="dashed")
    dotted.line([0, 11], [2, 2], 1, dash="dotted")
    assert drawn(dashed) == ["⠤⠤ ⠤⠤ "]
    assert drawn(dotted) == ["⠄⠄⠄⠄⠄⠄"]


def test_a_steep_dashed_line_keeps_both_ends():
    canvas = Canvas(1, 5)
    canvas.line([0, 0, 0], [0, 19, 0], 1, dash="dashed")
    found = dots(canvas)
    assert {(0, 0), (19, 0)} <= found
    assert 0 < len(found) < 20


def test_nan_is_a_gap():
    canvas = Canvas(4, 1)
    canvas.line([0, 2, 3, 4, 7], [1, 1, np.nan, 1, 1], 1)
    assert drawn(canvas) == ["⠒⠂⠒⠒"]


def test_a_point_between_gaps_shows():
    canvas = Canvas(3, 1)
    canvas.line([0, 2, 5], [np.nan, 1, np.nan], 1)
    assert drawn(canvas) == [" ⠂ "]


def test_a_line_comes_in_from_outside():
    canvas = Canvas(3, 1)
    canvas.line([-100, 100], [1, 1], 1)
    assert drawn(canvas) == ["⠒⠒⠒"]


def test_infinite_values_leave_by_the_edge():
    canvas = Canvas(2, 2)
    canvas.line([0, 1, 2, 3], [7, 7, -np.inf, -np.inf], 1)
    found = dots(canvas)
    assert any(row == 0 for row, _ in found)
    assert not any(column == 3 for _, column in found)


def test_every_column_reaches_its_extremes():
    rng = np.random.default_rng(3)
    x, y = np.sort(rng.uniform(0, 39, 5000)), rng.uniform(0, 47, 5000)
    canvas = Canvas(20, 12)
    canvas.line(x, y, 1)
    found = dots(canvas)
    for column in range(40):
        rows = np.rint(y[np.rint(x) == column]).astype(int)
        assert (rows.min(), column) in found
        assert (rows.max(), column) in found


def test_thinned_points_draw_the_same_line():
    rng = np.random.default_rng(4)
    x = np.arange(50_000.0)
    y = 20 + 10 * np.sin(x / 9000) + rng.normal(0, 2, x.size)
    y[rng.integers(0, x.size, 20)] = 45.0
    y[20_000:26_000] = np.nan
    few_x, few_y = thinned(x, y, x[0], x[-1], 80)
    assert few_x.size <= 4 * 80
    scale = 79 / (x[-1] - x[0])
    whole, few = Canvas(40, 12), Canvas(40, 12)
    whole.line(x * scale, y, 1)
    few.line(few_x * scale, few_y, 1)
    assert drawn(few) == drawn(whole)


def test_neighbouring_dots_touch():
    rng = np.random.default_rng(5)
    canvas = Canvas(30, 8)
    canvas.line(np.linspace(0, 59, 25), rng.uniform(0, 31, 25), 1)
    found = dots(canvas)
    for column in range(59):
        left = [row for row, at in found if at == column]
        right = [row for row, at in found if at == column + 1]
        assert min(abs(a - b) for a in left for b in right) <= 1


def test_a_path_may_turn_back():
    canvas = Canvas(2, 1)
    canvas.line([0, 3, 3, 0], [0, 0, 3, 3], 1)
    assert drawn(canvas) == ["⣉⣹"]


@pytest.mark.parametrize("x", [[0, 5, 2], [1e300, -1e300, 3], [np.nan, 1, 0], [9, 9, -9]])
def test_a_path_is_cut_at_the_edges(x):
    canvas = Canvas(3, 2)
    canvas.line(x, [1, 1e300, -1e300], 1)
    assert all(0 <= row < 8 and 0 <= column < 6 for row, column in dots(canvas))


def test_a_cell_belongs_to_its_highest_layer():
    canvas = Canvas(2, 1)
    canvas.line([0, 3], [0, 0], 1)
    canvas.line([0, 1], [3, 3], 2)
    characters, layers = canvas.cells()
    assert "".join(map(chr, characters[0])) == "⣉⠉"
    assert layers.tolist() == [[2, 1]]


def test_ascii_shows_shapes_or_letters():
    canvas = Canvas(4, 1)
    canvas.line([0, 1], [0, 0], 1)
    canvas.line([2, 3], [3, 3], 1)
    canvas.line([4, 5], [0, 3], 1)
    canvas.line([6, 7], [2, 2], 2)
    characters, _ = canvas.ascii_cells(["", "x"])
    assert "".join(map(chr, characters[0])) == "'.|x"


def test_a_sheet_merges_neighbours_of_one_style():
    sheet = Sheet(10, 1)
    ink = Look().ink("#ff0000")
    sheet.put(1, 0, "ab", ink)
    sheet.put(5, 0, "cd", ink)
    (strip,) = sheet.strips()
    assert [(segment.text, segment.style) for segment in strip] == [(" ", None), ("ab  cd   ", ink)]


@pytest.mark.parametrize("column", range(-6, 8))
@pytest.mark.parametrize("text", ["abcd", "梯度", "é梯x", "a\tb\n"])
def test_a_sheet_keeps_its_width(column, text):
    sheet = Sheet(6, 1)
    sheet.put(0, 0, "消失消")
    sheet.put(column, 0, text)
    (strip,) = sheet.strips()
    assert sum(segment.cell_length for segment in strip) == strip.cell_length == 6


def test_a_blank_with_a_background_is_seen():
    sheet = Sheet(4, 1)
    sheet.put(0, 0, "a", Look().ink("#ff0000"))
    sheet.put(1, 0, " ", Look().ink("#ff0000", on="#00ff00"))
    (strip,) = sheet.strips()
    assert [segment.text for segment in strip] == ["a", " ", "  "]
