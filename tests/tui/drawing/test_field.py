import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.tui.contrast import contrast
from nnsim.tui.drawing.colors import LEGIBLE, class_shades, sequential
from nnsim.tui.drawing.field import (
    Field,
    Path,
    Points,
    centres,
    draw_field,
    field_size,
    layout_of,
    read_field,
)
from nnsim.tui.drawing.field_layers import resampled, trace, winners
from nnsim.tui.look import SERIES_MARKS, Look
from nnsim.tui.themes import LOOKS as THEMES

LOOKS = {
    "colour": Look(),
    "few colours": Look(fine=False),
    "no colour": Look(color=False),
    "ascii": Look(ascii=True),
    "bare": Look(ascii=True, color=False),
}
EVERY_LOOK = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
BARE = LOOKS["bare"]


def text(field, look, width, height):
    return [line.text for line in draw_field(field, look, width, height)]


def styles(line):
    return [(segment.text, segment.style) for segment in line for _ in segment.text]


def plane(look, width, height, x_range=(-1.0, 1.0), y_range=(-1.0, 1.0)):
    columns, rows = field_size(look, width, height)
    return np.meshgrid(centres(x_range, columns), centres(y_range, rows))


def halves(look, width, height):
    """Return a boundary at x = 0: class 0 to its left, class 1 to its right."""
    x, _ = plane(look, width, height)
    return Field((x > 0) * 1.0, kind="probability", x_name="x1", y_name="x2")


def test_boundary_in_ascii():
    points = Points([-0.6, 0.6, 0.6], [0.9, -0.9, -0.9], [0, 1, 1], names=("no", "yes"))
    field = halves(BARE, 27, 10)
    field = Field(field.values, kind="probability", points=points, x_name="x1", y_name="x2")
    assert text(field, BARE, 27, 10) == [
        "   1 ....o.....|:::::::::::",
        "     ..........|:::::::::::",
        "     ..........|:::::::::::",
        "  x2 ..........|:::::::::::",
        "     ..........|:::::::::::",
        "     ..........|:::::::::::",
        "     ..........|:::::::::::",
        "  -1 ..........|::::::x::::",
        "     -1        x1         1",
        "     o no  x yes           ",
    ]


def test_border_between_classes_is_braille_with_colours():
    lines = text(halves(Look(), 38, 11), Look(), 38, 11)
    for line in lines[:9]:
        assert any(0x2800 < ord(mark) < 0x2900 for mark in line[20:23])


@EVERY_LOOK
def test_classes_stand_out_from_each_other(look):
    line = styles(draw_field(halves(look, 38, 11), look, 38, 11)[4])
    left, right = line[8], line[34]
    assert left != right


def test_rows_begin_at_the_lowest_y():
    values = np.array([[0.0, 0.0], [1.0, 1.0]])
    lines = text(Field(values, kind="sequential"), BARE, 6, 2)
    assert lines == ["++++++", "      "]


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES.keys())
def test_points_can_be_read_on_what_is_under_them(look):
    classes = len(look.classes)
    rows = np.repeat(np.arange(classes)[:, None], 40, axis=1)
    x = np.tile(np.linspace(-0.95, 0.95, 20), classes)
    y = np.repeat(-1 + (np.arange(classes) + 0.5) * 2 / classes, 20)
    field = Field(rows, kind="classes", points=Points(x, y, np.arange(x.size) % classes))
    seen = set()
    for line in draw_field(field, look, 60, 2 * classes + 2)[: 2 * classes]:
        for segment in line:
            if segment.text.strip() and segment.text[0] in SERIES_MARKS and segment.style.bgcolor:
                seen.add(segment.text[0])
                assert contrast(segment.style.color.name, segment.style.bgcolor.name) >= LEGIBLE
    assert seen == set(SERIES_MARKS)


def test_majority_of_points_in_a_cell_wins_and_the_lowest_of_equals():
    column, row, label = (
        np.array([2, 2, 2, 5, 5, -1]),
        np.zeros(6, int),
        np.array([3, 1, 3, 2, 1, 0]),
    )
    rows, columns, labels = winners(column, row, label, 8, 2)
    assert (rows.tolist(), columns.tolist(), labels.tolist()) == ([0, 0], [2, 5], [3, 1])


def test_points_outside_are_left_out():
    points = Points([5.0, np.nan, -0.5], [0.0, 0.0, 7.0], 0)
    drawn = "".join(text(Field(np.zeros((4, 4)), points=points), BARE, 20, 6))
    assert "o" not in drawn


@EVERY_LOOK
def test_path_runs_from_its_start_to_the_present(look):
    x, y = plane(look, 38, 11)
    way = np.linspace(-0.8, 0.8, 50)
    field = Field(x**2 + y**2 + 0.01, log=True, contours=4, path=Path(way, way))
    lines = text(field, look, 38, 11)
    start = next((row, line.index("S")) for row, line in enumerate(lines) if "S" in line)
    end_mark = "@" if look.ascii else "●"
    end = next((row, line.index(end_mark)) for row, line in enumerate(lines) if end_mark in line)
    assert start[0] > end[0]
    assert start[1] < end[1]


def test_path_has_the_accent_colour():
    field = Field(np.zeros((4, 4)), path=Path([-0.9, 0.9], [0.0, 0.0]))
    inks = {
        style.color.name
        for mark, style in styles(draw_field(field, Look(), 20, 3)[1])
        if mark.strip() and style.color
    }
    assert inks == {Look().accent}


def test_line_has_no_gaps():
    dots = trace(np.array([0.0, 30.0]), np.array([0.0, 9.0]), 31, 10)
    assert dots.any(axis=0).all()
    assert dots.any(axis=1).all()
    assert not trace(np.array([np.nan]), np.array([0.0]), 4, 4).any()
    assert trace(np.array([1.0, 1e300]), np.array([1.0, 1.0]), 4, 4)[1].tolist() == [
        False, True, True, True,
    ]  # fmt: skip


def test_contour_lines_stand_where_asked():
    x, _ = plane(Look(), 44, 4)
    field = Field(x, kind="signed", contours=(0.0,))
    for line in text(field, Look(), 44, 4)[:3]:
        marked = [column for column, mark in enumerate(line) if 0x2800 < ord(mark) < 0x2900]
        assert marked == [24]


def test_levels_of_contours():
    values = np.array([[1.0, 10.0, 10000.0]])
    assert Field(values, log=True, contours=3).levels == pytest.approx((10.0, 100.0, 1000.0))
    assert Field(values, contours=(5, 2)).levels == (2, 5)
    assert Field(np.ones((2, 2)), contours=3).levels == ()
    assert Field(values).levels == ()


def test_scale_of_signed_values_is_symmetric_and_of_logs_positive():
    assert Field(np.array([[-3.0, 1.0, np.nan]]), kind="signed").span == (-3.0, 3.0)
    assert Field(np.array([[0.0, 0.1, 5.0]]), log=True).span == (0.1, 5.0)
    assert Field(np.array([[np.nan]])).span == (0.0, 1.0)
    assert Field(np.array([[-1.0]]), log=True, contours=3).levels == ()
    assert Field(np.array([[4.0]]), limits=(0, 9)).span == (0, 9)


def test_costs_take_the_sequential_colours():
    look = Look()
    lines = draw_field(Field(np.array([[0.0, 1.0]])), look, 20, 3)
    ground = [style.bgcolor.name for _, style in styles(lines[0])]
    colors = sequential(look, 33)
    assert (ground[0], ground[-1]) == (colors[0], colors[-1])


def test_sure_and_unsure_classes_differ():
    look = Look()
    shades = class_shades(look, 3, 12)
    sure, unsure = np.array([0.98, 0.01, 0.01]), np.array([0.3, 0.4, 0.3])
    values = np.stack([sure, unsure], axis=1)[:, None, :]
    lines = draw_field(Field(values, kind="classes"), look, 20, 3)
    ground = [style.bgcolor.name for _, style in styles(lines[0])]
    assert ground[0] == shades[11]
    assert ground[-1] == shades[12 + 1]


def test_values_that_are_not_finite_are_marked():
    values = np.zeros((6, 20))
    values[3, 4] = np.nan
    for look in LOOKS.values():
        assert "!" in "".join(text(Field(values, kind="signed"), look, 20, 3))
        assert "!" in "".join(text(Field(np.full((6, 20), np.nan)), look, 20, 3))


@EVERY_LOOK
def test_resampling_keeps_shape_and_ends(look):
    values = np.linspace(0, 1, 12).reshape(3, 4)
    assert resampled(values, 3, 4) is values
    large = resampled(values, 9, 16)
    assert large.shape == (9, 16)
    assert (large[0, 0], large[-1, -1]) == (values[0, 0], values[-1, -1])
    assert resampled(np.array([[0, 7]]), 1, 4).tolist() == [[0, 0, 7, 7]]


def test_size_tells_the_samples_that_fit():
    assert field_size(Look(), 38, 11) == (33, 18)
    assert field_size(BARE, 38, 11) == (33, 9)
    assert field_size(Look(), 78, 18) == (72, 32)
    assert field_size(Look(), 8, 3) == (8, 6)
    assert field_size(Look(), 0, 0) == (0, 0)


def test_read_field_gives_place_and_value():
    field = Field(np.arange(12.0).reshape(3, 4), x_range=(0, 4), y_range=(0, 3))
    layout = layout_of(38, 11)
    corner = read_field(field, 38, 11, layout.left, layout.height - 1)
    assert corner.value == 0.0
    assert 0 < corner.x < 0.2
    assert 0 < corner.y < 0.3
    assert read_field(field, 38, 11, 37, 0).value == 11.0
    assert read_field(field, 38, 11, 0, 0) is None
    assert read_field(field, 38, 11, 37, 9) is None
    chosen = np.zeros((3, 2, 2))
    chosen[2] = 1
    assert read_field(Field(chosen, kind="classes"), 8, 3, 1, 1).value == 2.0


def test_legend_reads_the_value_at_the_cursor():
    field = Field(np.full((4, 4), 0.25), cursor=(0.5, 0.5), value_name="J", x_name="w", y_name="b")
    lines = text(field, Look(), 38, 11)
    assert lines[-1].strip() == "w 0.5  b 0.5  J 0.25"
    row = next(line for line in lines if "[" in line)
    assert row[row.index("[") + 2] == "]"


def test_long_names_are_shown_along_the_bottom():
    field = Field(np.zeros((3, 3)), x_name="petal length", y_name="petal width")
    assert "petal length  ↑ petal width" in text(field, Look(), 60, 11)[9]
    assert "petal length" in text(field, Look(), 30, 11)[9]
    assert "up: petal width" in text(field, BARE, 60, 11)[9]


def odd_values(kind, rows, columns, seed):
    generator = np.random.default_rng(seed)
    if kind == "classes":
        values = generator.random((3, rows, columns))
        values[:, 0, 0] = np.nan
        return values
    kinds = np.array([0.0, 1.0, -2.5, 0.3, 1e300, np.nan, np.inf, -np.inf])
    return generator.choice(kinds[: 1 + seed % 8], size=(rows, columns))


@given(
    look=st.sampled_from(list(LOOKS.values())),
    kind=st.sampled_from(["signed", "sequential", "probability", "classes"]),
    rows=st.integers(1, 30),
    columns=st.integers(1, 30),
    seed=st.integers(0, 50),
    width=st.integers(0, 50),
    height=st.integers(0, 20),
    log=st.booleans(),
    contours=st.sampled_from([None, 3, (0.5,)]),
)
@settings(max_examples=300, deadline=None)
def test_every_line_is_exactly_as_wide_as_asked(
    look, kind, rows, columns, seed, width, height, log, contours
):
    generator = np.random.default_rng(seed)
    way = generator.standard_normal((2, seed + 1)) * 2
    field = Field(
        odd_values(kind, rows, columns, seed),
        kind=kind,
        log=log and kind == "sequential",
        contours=contours,
        points=Points(*way, generator.integers(12, size=seed + 1), names=("a", "long name")),
        path=Path(*way) if seed % 2 else None,
        x_name="petal length",
        y_name="x2",
        cursor=(0.1, 0.9) if seed % 3 else None,
    )
    lines = draw_field(field, look, width, height)
    assert len(lines) == height
    for line in lines:
        assert sum(segment.cell_length for segment in line) == line.cell_length == width
        if look.ascii:
            assert line.text.isascii()
        if not look.color:
            assert all(
                s.style is None or (s.style.color is None and s.style.bgcolor is None) for s in line
            )


def test_bad_fields_say_what_was_expected():
    with pytest.raises(ValueError, match="x_range is"):
        Field(np.zeros((2, 2)), x_range=(1.0, 1.0))
    with pytest.raises(ValueError, match="limits are positive"):
        Field(np.ones((2, 2)), log=True, limits=(0.0, 1.0))
    with pytest.raises(ValueError, match="rows and columns"):
        Field(np.zeros(3))
    with pytest.raises(ValueError, match="at least one value"):
        Field(np.zeros((0, 3)))


def test_border_of_many_classes_is_closed_on_a_large_picture():
    columns, rows = field_size(Look(), 160, 48)
    values = np.zeros((6, rows, columns))
    values[0, :, : columns // 2] = 1
    values[5, :, columns // 2 :] = 1
    middle = layout_of(160, 48).left + columns // 2
    for line in text(Field(values, kind="classes"), Look(), 160, 48)[: rows // 2]:
        assert any(0x2800 < ord(mark) < 0x2900 for mark in line[middle - 2 : middle + 2])
