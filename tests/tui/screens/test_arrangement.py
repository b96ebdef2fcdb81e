"""Which panels are seen in which room."""

import pytest

from nnsim.tui.panels import PANELS
from nnsim.tui.screens.arrangement import GRID, NARROW, STRIP, WIDE, arrange, is_single

PLACES = PANELS["training"]
ALL = tuple(range(1, 10))


def rows(arrangement):
    """Return the panels' shares row by row."""
    found, row, taken = [], [], 0
    for number, share in arrangement.columns:
        row.append(number)
        taken += share
        if taken == GRID:
            found.append(tuple(row))
            row, taken = [], 0
    assert not row
    return found


def test_a_usual_terminal_shows_eight_panels_in_two_rows():
    found = arrange(PLACES, 1, 120, False)
    assert rows(found) == [(1, 2, 3), (4, 5, 6, 7, 8)]
    assert (found.rows, found.strip) == (2, False)


def test_a_wide_one_shows_all_in_three_rows():
    found = arrange(PLACES, 1, 200, False)
    assert rows(found) == [(1, 2, 3), (4, 5, 6, 7), (8, 9)]
    assert found.rows == 3 and found.numbers == ALL


@pytest.mark.parametrize("chosen", ALL)
def test_a_narrow_one_shows_one_panel_beside_the_cost(chosen):
    found = arrange(PLACES, chosen, 80, False)
    assert found.numbers == (chosen,)
    assert found.strip == (chosen != 1)
    assert found.columns[0][1] == (GRID - STRIP if found.strip else GRID)


@pytest.mark.parametrize("width", [100, 120, 200])
@pytest.mark.parametrize("chosen", ALL)
def test_an_enlarged_panel_has_all_the_room(width, chosen):
    found = arrange(PLACES, chosen, width, True)
    assert found.columns == ((chosen, GRID),) and not found.strip and found.rows == 1


def test_a_panel_without_a_place_stands_alone_when_it_is_chosen():
    assert arrange(PLACES, 9, 120, False).columns == ((9, GRID),)
    assert (
        9 in arrange(PLACES, 9, 200, False).numbers
        and len(arrange(PLACES, 9, 200, False).numbers) == 9
    )


def test_the_chosen_panel_moves_no_other():
    assert arrange(PLACES, 2, 120, False) == arrange(PLACES, 7, 120, False)


@pytest.mark.parametrize(
    ("width", "zoomed", "single"),
    [(NARROW - 1, False, True), (NARROW, False, False), (WIDE, False, False), (WIDE, True, True)],
)
def test_where_only_one_is_seen(width, zoomed, single):
    assert is_single(width, zoomed) is single


@pytest.mark.parametrize("kind", PANELS)
def test_rows_of_every_kind_are_full(kind):
    for share in ("normal", "wide"):
        assert sum(getattr(place, share) for place in PANELS[kind]) % GRID == 0


def test_a_kind_without_a_cost_has_no_strip_beside_its_panel():
    for chosen in (1, 2, 9):
        found = arrange(PLACES, chosen, 80, zoomed=False, strip=False)
        assert found.columns == ((chosen, GRID),) and not found.strip
