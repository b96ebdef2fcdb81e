"""Where the attention goes by itself."""

from dataclasses import dataclass

import pytest

from nnsim.tui.formulas import Cell
from nnsim.tui.panels.attention import Attention
from nnsim.tui.screens.lab.following import followed, parts_of
from tests.tui import made


@dataclass
class Shown:
    parts: tuple = ("sgd", "adam", "momentum")


def test_a_phase_takes_it_to_its_layer_and_array():
    run = made.run(phase=3)  # forward 2 is done
    found = followed(Attention(layer=1), run, (0, 128, 2))
    assert found.layer == 2 and found.cell is not None and found.cell.array.endswith("2")


def test_the_same_moment_leaves_it_where_it_was():
    run = made.run(phase=3)
    mine = Attention(layer=3, cell=Cell("W3", 0, 1))
    assert followed(mine, run, (0, 128, 3)) == mine


def test_leaving_a_step_lets_the_cell_go():
    mine = Attention(layer=3, cell=Cell("W3", 0, 1))
    assert followed(mine, made.run(), (0, 127, 5)).cell is None
    assert followed(mine, made.run(), (0, 127, 0)).cell is not None
    assert followed(mine, made.run(), None).cell is None


def test_of_other_kinds_it_stays_within_their_parts():
    run = made.stepped_run(shown=Shown())
    assert parts_of(run) == 3
    assert followed(Attention(layer=5), run, None).layer == 3
    assert followed(Attention(layer=2), run, None).layer == 2


@pytest.mark.parametrize("shown", [None, object(), Shown(())])
def test_a_kind_without_parts_has_one(shown):
    run = made.stepped_run(shown=shown)
    assert parts_of(run) == 1 and followed(Attention(layer=4), run, None).layer == 1
