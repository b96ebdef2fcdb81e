"""Ratios and verdicts, worst entries, the V over epsilon."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.training.gradient_check import CheckedEntry
from nnsim.tui.look import Look
from nnsim.tui.panels.gradient_check import (
    SIGNS,
    GradientCheckPanel,
    block_rows,
    draw_table,
    worst_rows,
)
from nnsim.tui.widgets.chart import ChartWidget
from tests.tui import made
from tests.tui.odd import scan


def right():
    check = made.check()
    verdicts = dict.fromkeys(check.verdicts, "great")
    return replace(check, ratio=3.1e-9, blocks=check.blocks | {"dW2": 2e-9}, verdicts=verdicts)


def test_before_it_was_asked_for_it_says_how(stage):
    for view in range(3):
        text = stage.show(GradientCheckPanel(8), made.frame(), view=view)
        assert "check this step" in text and "many" in text


def test_a_bug_stands_at_the_top(stage):
    text = stage.show(GradientCheckPanel(8), made.frame(check=made.check()))
    lines = text.splitlines()
    assert "all" in lines[1] and "wrong" in lines[1]
    assert "! dW2" in lines[2] and "0.33" in lines[2] and "wrong" in lines[2]
    assert "= db3" in text and "6e-9" in text
    assert "step 128  epsilon 1e-7" in text


def test_without_a_bug_blocks_keep_their_order(stage):
    text = stage.show(GradientCheckPanel(8), made.frame(check=right()))
    assert "wrong" not in text and "3.1e-9" in text
    rows = [row[0] for row in block_rows(right())]
    assert rows == ["all", "dW1", "db1", "dW2", "db2", "dW3", "db3"]


def test_a_check_of_another_step_says_so(stage):
    old = made.frame(check=made.check(step=12), scan=scan(12))
    for view in range(3):
        text = stage.show(GradientCheckPanel(8), old, view=view)
        assert "of step 12, not this one" in text


def test_the_worst_entries(stage):
    text = stage.show(GradientCheckPanel(8), made.frame(check=made.check()), view=1)
    assert "worst entries" in text and "dW2[1,0]" in text and "0.42 / 0.21" in text


def test_a_kink_is_named():
    check = replace(made.check(), worst=(CheckedEntry("dW1[0,0]", 0.1, 0.0, 2),))
    assert worst_rows(check) == [("dW1[0,0]", "0.1 / 0  kink 2", "", "kink")]


def test_the_v_over_epsilon(stage):
    text, chart = stage.show(
        GradientCheckPanel(8),
        made.frame(scan=scan()),
        view=2,
        take=lambda panel: panel.query_one(ChartWidget).chart,
    )
    assert "ratio against epsilon" in text and "log10 epsilon" in text
    (line,) = chart.series
    np.testing.assert_allclose(line.x, np.arange(-12, 0))
    assert chart.log_y and line.y.argmin() not in (0, 11)


def test_a_scan_with_nan_is_drawn(stage):
    found = scan()
    ratios = found.ratios.copy()
    ratios[:3] = np.nan
    stage.show(GradientCheckPanel(8), made.frame(scan=replace(found, ratios=ratios)), view=2)
    nothing = replace(found, ratios=np.full_like(ratios, np.nan))
    stage.show(GradientCheckPanel(8), made.frame(scan=nothing), view=2)


def rows(count):
    return [("all", "1e-9", "great", "great")] + [
        (f"dW{k}", f"{k}e-9", "great", "great") for k in range(1, count)
    ]


@pytest.mark.parametrize("size", [(20, 3), (30, 8), (60, 5), (80, 8)])
@pytest.mark.parametrize("count", [1, 7, 21])
def test_the_table_fits_and_tells_what_is_folded(size, count):
    strips = draw_table(rows(count), Look(), *size)
    assert len(strips) <= size[1]
    assert all(strip.cell_length == size[0] for strip in strips)
    text = "\n".join(strip.text for strip in strips)
    seen = sum(f" {name} " in f"{text} " for name, *_ in rows(count))
    folded = count - seen
    assert (f"... {folded} more" in text) == (folded > 0)


def test_signs_stand_for_verdicts_without_colours():
    assert len(set(SIGNS.values())) == len(SIGNS)
    strips = draw_table(block_rows(made.check()), Look(color=False), 40, 10)
    assert not any(s.style and s.style.color for strip in strips for s in strip)
    assert "! dW2" in strips[1].text
