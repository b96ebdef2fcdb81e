"""Pictures of runs: drawn whatever the figures are, legible, and without a trace in matplotlib."""

import builtins
import sys

import numpy as np
import pytest

from nnsim.errors import ExitCode, MissingExtraError
from nnsim.report import picture as module
from nnsim.report.picture import Palette, picture
from tests.report.recorded_runs import (
    descent,
    diverged,
    evaluation,
    fork,
    history,
    run,
    scenario,
    stepped,
)

COLORS = [f"#{number}0{number}0{number}0" for number in range(8)]
PALETTE = Palette("#ffffff", "#111111", "#555555", "#cccccc", COLORS, "ox+*#@%&")


@pytest.fixture
def figures(monkeypatch):
    """Collect the figures that are drawn."""
    pytest.importorskip("matplotlib")
    found, draw = [], module._draw

    def drawn(figure, *details):
        found.append(figure)
        draw(figure, *details)

    monkeypatch.setattr(module, "_draw", drawn)
    return found


def axes_of(figure):
    return {axes.get_title(loc="left"): axes for axes in figure.axes if axes.axison}


def lines_of(axes):
    """Return the lines proper, without letters on them and batches under them."""
    return [
        line
        for line in axes.lines
        if line.get_linestyle() in ("-", "--") and line.get_linewidth() > 1
    ]


@pytest.mark.parametrize(
    ("kind", "begin"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_each_kind_is_what_it_says_and_has_no_date(kind, begin):
    pytest.importorskip("matplotlib")
    content = picture(scenario(run()), PALETTE, kind)
    assert content.startswith(begin)
    assert not any(word in content for word in (b"dc:date", b"CreationDate"))


def test_every_run_has_its_lines_color_and_letter(figures):
    picture(scenario(run(), fork(), run(9, "relu")), PALETTE)
    axes = axes_of(figures[0])
    names = ["sigmoid", "sigmoid, learning_rate 0.1", "relu"]
    assert list(axes)[3:] == [f"gradient norm by layer (log): {name}" for name in names]
    costs = lines_of(axes["cost: train solid, dev dashed, batches thin"])
    assert [line.get_linestyle() for line in costs] == ["-", "--"] * 3
    assert [line.get_color() for line in costs[::2]] == [COLORS[0], COLORS[1], COLORS[1]]
    # Runs 1 and 9 share a colour, and so must differ in their letters.
    assert PALETTE.mark(1) != PALETTE.mark(9)
    assert len({PALETTE.mark(number) + PALETTE.color(number) for number in range(64)}) == 64
    [legend] = figures[0].subfigs[0].legends
    assert [text.get_text().strip() for text in legend.get_texts()] == names


def test_gradient_norms_have_a_log_axis_and_a_line_a_layer(figures):
    picture(scenario(run()), PALETTE)
    axes = axes_of(figures[0])["gradient norm by layer (log): sigmoid"]
    assert axes.get_yscale() == "log"
    lines = lines_of(axes)
    assert len(lines) == 3
    np.testing.assert_array_equal(lines[2].get_ydata(), history()[1]["gradient_norm"][:, 2])


def test_without_penalty_and_accuracy_there_is_only_the_cost(figures):
    curve, records = history()
    curve["penalty"][:] = 0
    for part in ("train", "dev", "test"):
        records[f"{part}_accuracy"][:] = np.nan
    only_train = {"train": evaluation(accuracy=np.nan)}
    picture(scenario(run(curve=curve, records=records, evaluations=only_train)), PALETTE)
    top, *_ = axes_of(figures[0])
    assert len(axes_of(figures[0])) == 2
    assert top == "cost: train solid, batches thin"
    assert [line.get_linestyle() for line in lines_of(axes_of(figures[0])[top])] == ["-"]


def test_a_cost_over_many_decades_has_a_log_axis(figures):
    curve, records = history(rows=200)
    picture(scenario(run(curve=curve, records=records)), PALETTE)
    axes = axes_of(figures[0])["cost (log): train solid, dev dashed, batches thin"]
    assert axes.get_yscale() == "log"


@pytest.mark.filterwarnings("error")
def test_numbers_that_are_not_finite_leave_gaps(figures):
    picture(scenario(diverged(), run(1)), PALETTE)
    axes = axes_of(figures[0])
    lines = lines_of(axes["gradient norm by layer (log): sigmoid (run 1)"])
    assert np.isnan(lines[0].get_ydata()[-2:]).all()
    assert np.isfinite(axes["cost: train solid, dev dashed, batches thin"].get_ylim()).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("rows", [0, 1, 3])
def test_a_run_that_has_hardly_begun_is_drawn(rows):
    pytest.importorskip("matplotlib")
    curve, records = history(rows=rows)
    assert picture(scenario(run(curve=curve, records=records)), PALETTE)


@pytest.mark.filterwarnings("error")
def test_gradients_of_nothing_but_zeros_and_nan_are_drawn():
    pytest.importorskip("matplotlib")
    curve, records = history()
    records["gradient_norm"][:, :2] = 0
    records["gradient_norm"][:, 2] = np.nan
    assert picture(scenario(run(curve=curve, records=records)), PALETTE)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ["$x", "$x$ $", "_a", "a\\b^{", "#%&"])
def test_a_name_is_no_formula(figures, name):
    picture(scenario(run(name=name), title=name), PALETTE)
    [legend] = figures[0].subfigs[0].legends
    assert len(legend.get_texts()) == 1


def test_nothing_global_is_left_behind():
    matplotlib = pytest.importorskip("matplotlib")
    before = dict(matplotlib.rcParams)
    with_pyplot = "matplotlib.pyplot" in sys.modules
    picture(scenario(run()), PALETTE)
    assert dict(matplotlib.rcParams) == before
    assert ("matplotlib.pyplot" in sys.modules) == with_pyplot


def test_progress_comes_often_and_may_end_it():
    pytest.importorskip("matplotlib")
    calls = []
    picture(scenario(), PALETTE, on_progress=lambda done, total: calls.append((done, total)))
    assert calls == [(0, 3), (1, 3), (2, 3)]

    class Enough(Exception):
        pass

    def stop(done, total):
        raise Enough

    with pytest.raises(Enough):
        picture(scenario(), PALETTE, on_progress=stop)


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *details, **more):
        if name.partition(".")[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *details, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"pip install 'nnsim\[plot\]'") as caught:
        picture(scenario(), PALETTE)
    assert caught.value.exit_code is ExitCode.MISSING


def test_other_kinds_have_a_picture_a_figure_and_a_line_a_run(figures):
    picture(descent(), PALETTE)
    axes = axes_of(figures[0])
    assert list(axes) == ["w", "J", "gain"]
    for name in axes:
        lines = lines_of(axes[name])
        assert [line.get_color() for line in lines] == COLORS[:2]
        np.testing.assert_array_equal(lines[0].get_ydata(), stepped().curve[name])
    labels = [text.get_text().strip() for text in figures[0].subfigs[0].legends[0].get_texts()]
    assert labels == ["sgd", "adam"]


def test_a_figure_over_many_decades_has_a_log_axis(figures):
    step = np.arange(6)
    curve = {"step": step, "J": 10.0**-step}
    picture(descent(stepped(curve=curve)), PALETTE)
    (axes,) = axes_of(figures[0]).values()
    assert axes.get_yscale() == "log"


@pytest.mark.parametrize("count", [1, 2, 3, 40])
def test_any_number_of_figures_is_drawn_the_main_ones_first(figures, count):
    names = [f"figure {k}" for k in range(count)]
    curve = {"step": np.arange(4), **{name: np.full(4, np.nan) for name in names}}
    picture(descent(stepped(curve=curve), stepped(1, curve={"step": np.arange(4)})), PALETTE)
    assert list(axes_of(figures[0])) == names[: module.MOST_FIGURES]
