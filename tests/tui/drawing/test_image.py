import numpy as np
from rich.style import Style

from nnsim.tui.contrast import contrast
from nnsim.tui.drawing.colors import LEGIBLE, diverging
from nnsim.tui.drawing.ground import seated
from nnsim.tui.drawing.image import TEXT, Picture, palette
from nnsim.tui.look import Look

LOOK = Look()


def picture(width, height):
    return Picture(palette(LOOK, diverging(LOOK, 7)), width, height)


def test_equal_neighbours_are_one_segment():
    canvas = picture(6, 1)
    first = canvas.palette.first_level
    canvas.paint(0, 0, np.array([[first] * 4 + [first + 1] * 2] * 2))
    (line,) = canvas.strips()
    assert [segment.text for segment in line] == ["    ", "  "]


def test_two_pixels_share_a_cell():
    canvas = picture(3, 1)
    first = canvas.palette.first_level
    canvas.paint(0, 0, np.array([[first, 0, first], [first + 6, first + 6, 0]]))
    (line,) = canvas.strips()
    assert line.text == "▀▄▀"
    assert next(iter(line)).style == LOOK.ink(LOOK.negative, on=LOOK.positive)
    assert list(line)[1].style == LOOK.ink(LOOK.positive)


def test_pixels_and_text_are_cut_at_the_edges():
    canvas = picture(4, 2)
    canvas.paint(2, 1, np.full((9, 9), canvas.palette.first_level))
    canvas.write(-1, 0, "abcdefg")
    canvas.write(0, 7, "below")
    canvas.write(9, 0, "beyond")
    assert [line.text for line in canvas.strips()] == ["bcde", "    "]
    assert all(line.cell_length == 4 for line in canvas.strips())


def test_styles_and_single_cells_are_made_once():
    def lines():
        canvas = picture(2, 1)
        first = canvas.palette.first_level
        canvas.paint(0, 0, np.array([[first, first + 1], [first + 2, first + 3]]))
        return [segment for line in canvas.strips() for segment in line]

    for one, other in zip(lines(), lines(), strict=True):
        assert one is other


def test_text_on_a_level_can_be_read():
    canvas = picture(7, 1)
    first = canvas.palette.first_level
    canvas.grounds[0] = first + np.arange(7)
    canvas.write(0, 0, "0123456", TEXT)
    for segment in canvas.strips()[0]:
        assert contrast(segment.style.color.name, segment.style.bgcolor.name) >= LEGIBLE


def test_no_colour_means_no_colour():
    canvas = Picture(palette(Look(color=False), ("#123456",)), 3, 1)
    canvas.write(0, 0, "abc", TEXT, bold=True)
    (segment,) = canvas.strips()[0]
    assert segment.style == Style(bold=True)


def test_empty_pictures():
    assert [line.cell_length for line in picture(0, 2).strips()] == [0, 0]
    assert picture(3, 0).strips() == []


def test_seated_gives_bare_cells_the_ground_and_leaves_others():
    canvas = picture(4, 1)
    canvas.grounds[0, 0] = canvas.palette.first_level
    canvas.write(1, 0, "ab", TEXT)
    base = Style(color="#ffffff", bgcolor="#204080")
    painted, text, bare = seated(canvas.strips()[0], base)
    assert painted.style.bgcolor.name == LOOK.negative
    assert (text.style.color.name, text.style.bgcolor.name) == (LOOK.text, "#204080")
    assert bare.style.bgcolor.name == "#204080"
