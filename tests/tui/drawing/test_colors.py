import numpy as np
import pytest

from nnsim.tui.contrast import contrast, luminance
from nnsim.tui.drawing.colors import (
    FINE_STEPS,
    LEGIBLE,
    class_shades,
    diverging,
    kept_limit,
    largest,
    legible,
    mix,
    quantise,
    ramp,
    sequential,
    signed_levels,
    sized_levels,
)
from nnsim.tui.look import Look
from nnsim.tui.themes import LOOKS

EVERY_LOOK = tuple(LOOKS.values())


@pytest.mark.parametrize("look", EVERY_LOOK)
@pytest.mark.parametrize("count", [7, FINE_STEPS])
def test_signed_map_runs_from_end_to_end_through_neutral(look, count):
    colors = diverging(look, count)
    assert (colors[0], colors[count // 2], colors[-1]) == (
        look.negative,
        look.neutral,
        look.positive,
    )
    assert len(set(colors)) == count


@pytest.mark.parametrize("look", EVERY_LOOK)
def test_costs_leave_the_background_step_by_step(look):
    light = [luminance(color) for color in sequential(look, 9)]
    assert light == sorted(light, reverse=not look.dark)
    low, high = sequential(look, 9)[0], sequential(look, 9)[-1]
    assert contrast(low, look.background) < contrast(high, look.background)


@pytest.mark.parametrize("look", EVERY_LOOK)
def test_marks_can_be_read_on_every_ground(look):
    grounds = (*class_shades(look, 10, 5), *diverging(look, 33), *sequential(look, 33))
    for ground in grounds:
        for color in (*look.classes, look.text, look.accent, look.error):
            assert contrast(legible(color, ground), ground) >= LEGIBLE


def test_legible_keeps_a_colour_that_can_be_read_and_prefers_those_given():
    assert legible("#ffffff", "#000000") == "#ffffff"
    assert legible("#888888", "#808080") == "#141414"
    assert legible("#d8dbe0", "#f0f0f0", ("#121418",)) == "#121418"


def test_mix_and_ramp_meet_their_ends():
    assert mix("#102030", "#a0b0c0", 0.0) == "#102030"
    assert mix("#102030", "#a0b0c0", 1.0) == "#a0b0c0"
    assert ramp(("#000000", "#ffffff"), 3)[1] == "#636363"


def test_signed_levels_have_the_middle_for_zero_and_ends_beyond_the_limit():
    values = [-np.inf, -2.0, -1.0, 0.0, 0.5, 1.0, 9.0, np.nan]
    assert signed_levels(values, 1.0, 5).tolist() == [0, 0, 0, 2, 3, 4, 4, 0]
    assert signed_levels([3.0, -3.0], 0.0, 5).tolist() == [2, 2]


def test_sized_levels_begin_at_zero():
    assert sized_levels([0.0, 0.5, 1.0, 2.0], 1.0, 5).tolist() == [0, 2, 4, 4]
    assert sized_levels([0.0, 0.0], 0.0, 5).tolist() == [0, 0]


def test_quantise_merges_near_neighbours():
    assert len(np.unique(quantise(np.linspace(0, 1, 1000), 7))) == 7


def test_largest_overlooks_what_is_not_finite():
    assert largest([1.0, -3.0, np.nan, np.inf]) == 3.0
    assert largest([np.nan]) == 0.0
    assert largest([]) == 0.0


def test_limit_moves_in_jumps():
    limit = kept_limit(None, 0.82)
    assert limit == pytest.approx(1.0)
    assert kept_limit(limit, 0.25) == limit
    assert kept_limit(limit, 1.2) == pytest.approx(1.5)
    assert kept_limit(limit, 0.24) == pytest.approx(0.3)
    assert kept_limit(limit, 0.0) == limit
    assert kept_limit(None, 0.0) == 1.0
    assert kept_limit(None, 2.0) == pytest.approx(2.0)


def test_coarse_look_has_few_levels():
    assert len(set(diverging(Look(fine=False), 7))) == 7
