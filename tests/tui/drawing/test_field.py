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
    field = Field(x**2 + y**2 + 0.01, log=True, contours=4, paths=(Path(way, way),))
    lines = text(field, look, 38, 11)
    start = next((row, line.index("S")) for row, line in enumerate(lines) if "S" in line)
    end_mark = "@" if look.ascii else "●"
    end = next((row, line.index(end_mark)) for row, line in enumerate(lines) if end_mark in line)
    assert start[0] > end[0]
    assert start[1] < end[1]


def test_path_has_the_accent_colour():
    field = Field(np.zeros((4, 4)), paths=(Path([-0.9, 0.9], [0.0, 0.0]),))
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
        paths=(Path(*way),) if seed % 2 else (),
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


# Several ways, log axes, points with values


def test_each_way_ends_in_its_own_letter_and_the_legend_names_it():
    way = np.linspace(-0.9, 0.9, 30)
    field = Field(
        np.zeros((4, 4)),
        paths=(
            Path(way, way, "sgd", 0),
            Path(way, -way, "adam", 1),
            Path(way, 0 * way, "other run", 2, thin=True),
        ),
    )
    lines = text(field, BARE, 40, 12)
    picture = lines[:10]
    # Low y is below: the first way rises, the second one falls.
    assert picture[0].rstrip().endswith("o") and picture[-1].rstrip().endswith("x")
    assert any(line.rstrip().endswith("+") for line in picture)
    assert sum(line.count("S") for line in picture) == 2, "a thin way shows no start"
    assert "." in "".join(picture), "a thin way is dotted"
    for word in ("o sgd", "x adam", "+ other run"):
        assert word in lines[-1]


def test_ways_that_look_the_same_share_an_entry():
    way = np.linspace(-0.9, 0.9, 30)
    paths = (Path(way, way, "sgd", 0), Path(way, -way, "sgd", 0, thin=True))
    assert text(Field(None, paths=paths), BARE, 40, 12)[-1].split() == ["o", "sgd"]


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES.keys())
def test_ways_have_the_colours_of_their_series(look):
    way = np.linspace(-0.9, 0.9, 30)
    paths = tuple(Path(way, way + 0.2 * k, number=k) for k in range(3))
    inks = set()
    for line in draw_field(Field(None, paths=paths), look, 60, 20):
        inks |= {segment.style.color.name for segment in line if segment.style.color}
    assert {color.lower() for color in look.series[:3]} <= {ink.lower() for ink in inks}


def test_the_first_way_lies_above_the_others():
    x = np.array([-0.5, 0.5])
    crossing = (Path(x, [0.0, 0.0], number=0), Path([0.0, 0.0], [-0.5, 0.5], number=1))
    lines = text(Field(np.zeros((4, 4)), paths=crossing), BARE, 21, 11)
    middle = next(line for line in lines if line.count("o") > 3)
    assert "x" not in middle


def test_a_way_that_leaves_the_numbers_ends_where_it_was_last_seen():
    gone = Path([0.0, 0.5, np.nan, np.inf], [0.0, 0.0, np.nan, 0.0], number=1)
    drawn = text(Field(np.zeros((4, 4)), paths=(gone,)), BARE, 40, 10)
    (row,) = [line for line in drawn if "S" in line]
    assert row.rstrip("| ").rstrip()[-1] == "x" and row.index("x") > row.index("S")


def test_log_axes_put_powers_of_ten_at_even_distances():
    x = 10.0 ** np.arange(-4, 1)
    field = Field(None, (1e-4, 1.0), (1.0, 100.0), points=Points(x, [10.0] * 5), log_x=True,
                  log_y=True)  # fmt: skip
    lines = text(field, BARE, 46, 12)
    (row,) = [y for y, line in enumerate(lines) if line.count("o") == 5]
    places = [at for at, mark in enumerate(lines[row]) if mark == "o"]
    # One cell of rounding; the last one is at the end of the axis.
    assert set(np.diff(places)) <= {9, 10, 11} and row in (4, 5)
    assert "1e-4" in lines[-2] and lines[-2].rstrip().endswith("1")


def test_the_mouse_reads_log_axes():
    values = np.arange(10.0)[None, :]
    field = Field(values, (1e-5, 1e5), (0.0, 1.0), log_x=True)
    layout = layout_of(50, 10)
    for column in range(0, layout.width, 7):
        reading = read_field(field, 50, 10, layout.left + column, 2)
        share = (column + 0.5) / layout.width
        assert reading.x == pytest.approx(10 ** (10 * share - 5))
        assert reading.value == int(share * 10)
    assert centres((1e-4, 1.0), 4, log=True) == pytest.approx(
        10.0 ** np.array([-3.5, -2.5, -1.5, -0.5])
    )


@pytest.mark.parametrize("axis", ["x", "y"])
def test_a_log_axis_needs_positive_ends(axis):
    with pytest.raises(ValueError, match=f"log_{axis}"):
        Field(np.zeros((2, 2)), **{f"{axis}_range": (0.0, 1.0), f"log_{axis}": True})


@EVERY_LOOK
def test_points_with_values_tell_low_from_high_and_the_best(look):
    points = Points([-0.5, 0.0, 0.5], [0.0, 0.0, 0.0], values=[0.1, 0.5, 0.9], best=0)
    field = Field(None, points=points, value_name="dev error")
    strips = draw_field(field, look, 44, 11)
    (row,) = [line for line in strips[:9] if line.text.strip(" 0-1")]
    marks = [(segment.text, segment.style) for segment in row if segment.text.strip(" 0-1")]
    assert len(marks) == 3 and len({mark for mark, _ in marks}) == 3
    assert marks[0][0] == ("B" if look.ascii else "★")
    assert "best" in strips[-1].text and "dev error 0.1" in strips[-1].text
    if look.color and not look.ascii:
        assert len({style.bgcolor for _, style in marks}) == 3
        for mark, style in marks:
            assert contrast(style.color.name, style.bgcolor.name) >= LEGIBLE, mark


def test_of_points_in_one_cell_the_last_one_is_seen():
    points = Points([0.0, 0.0], [0.0, 0.0], values=[0.0, 1.0])
    drawn = "".join(text(Field(None, points=points), BARE, 20, 9)[:7])
    assert "#" in drawn and ":" not in drawn


def test_a_field_without_values_reads_places_only():
    field = Field(None, points=Points([0.0], [0.0], values=[2.0]), cursor=(0.25, 0.5))
    reading = read_field(field, 40, 10, 20, 3)
    assert np.isnan(reading.value) and -1 <= reading.x <= 1
    assert text(field, BARE, 40, 12)[-1].split() == ["x", "0.25", "y", "0.5"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=12),
    st.integers(1, 70),
    st.integers(1, 30),
    st.sampled_from(sorted(LOOKS)),
)
def test_ways_and_valued_points_of_any_numbers_fill_their_space(numbers, width, height, name):
    values = np.array(numbers)
    field = Field(
        None,
        (1e-3, 10.0),
        (1e-3, 10.0),
        points=Points(values, values[::-1], values=values, best=len(values) - 1),
        paths=(Path(values, values, "one", 9), Path(values, values[::-1], thin=True)),
        log_x=True,
        log_y=True,
    )
    strips = draw_field(field, LOOKS[name], width, height)
    assert len(strips) == height and all(strip.cell_length == width for strip in strips)


def test_a_legend_without_room_cuts_the_names_of_ways():
    names = ("descent", "momentum", "momentum_as_sum", "descent_too_large")
    ways = tuple(Path([0, 1], [0, k], name=name, number=k) for k, name in enumerate(names))
    field = Field(np.zeros((4, 4)), (0, 1), (0, 3), paths=ways)
    last = draw_field(field, Look(), 58, 12)[-1].text
    assert all(f"{SERIES_MARKS[k]} {name[:7]}" in last for k, name in enumerate(names))
    assert draw_field(field, Look(), 24, 12)[-1].text.rstrip().endswith("+2")
