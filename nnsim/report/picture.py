"""What runs of one scenario recorded, as a picture by matplotlib (extra `plot`).

Of training: cost, data loss (where there is a penalty), accuracy, and the gradient norm of every
layer. Of other kinds: their figures over the steps, the main ones first. Runs
are told apart by colour and by a mark, layers by colour and by their number on the line, the dev
set by its dashes. Figures are made without pyplot: nothing global is left behind.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from nnsim.errors import MissingExtraError
from nnsim.report.recorded import RecordedRun, RecordedScenario, labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.path import Path

OnProgress = Callable[[int, int], None]

WIDTH, TOP_HEIGHT, ROW_HEIGHT, LINE_HEIGHT = 12.0, 3.6, 2.9, 0.2
"""Inches: the figure's width, the heights of the first row, of a further row, of a legend line."""
MOST_COLUMNS = 3
"""Pictures of gradient norms beside each other."""
MOST_ON_TOP, MOST_FIGURES = 2, 11
"""Figures of other kinds in the first row, and altogether: the main ones come first."""
MARKS_A_LINE = 6
"""Letters on a line."""
LOG_FROM = 1e3
"""A cost that spans more than this ratio gets a log axis."""


@dataclass(frozen=True)
class Palette:
    """Colours and letters of the picture."""

    background: str
    text: str
    muted: str
    faint: str
    series: Sequence[str]
    """Of runs and layers, by number."""
    marks: Sequence[str]
    """Letters of runs, by number."""

    def color(self, number: int) -> str:
        """Return the colour of a run or a layer."""
        return self.series[number % len(self.series)]

    def mark(self, number: int) -> str:
        """Return a run's letter; it shifts where the colours begin again."""
        return self.marks[(number + number // len(self.series)) % len(self.marks)]


def check_matplotlib() -> None:
    """Raise MissingExtraError where pictures cannot be made."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError:
        raise MissingExtraError("matplotlib", "plot", "a picture of the runs") from None


def picture(
    scenario: RecordedScenario,
    palette: Palette,
    kind: str = "png",
    on_progress: OnProgress = lambda done, total: None,
) -> bytes:
    """Return the content of a file; `kind` is "png", "svg" or "pdf".

    `on_progress(done, total)` is called between parts of the work and may raise to end it.

    Raises
    ------
    MissingExtraError
        Matplotlib is not installed.
    """
    check_matplotlib()
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    # No dates and no random names: pictures of the same runs can be compared.
    dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    content = io.BytesIO()
    settings: Any = {
        "svg.hashsalt": "nnsim",
        "axes.unicode_minus": False,
        "font.family": "DejaVu Sans",
    }
    with matplotlib.rc_context(settings):
        engine = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1)
        figure = Figure(facecolor=palette.background, layout=engine)
        _draw(figure, scenario, palette, on_progress)
        figure.savefig(content, format=kind, dpi=150, metadata=dates.get(kind))
    return content.getvalue()


def _draw(
    figure: Figure, scenario: RecordedScenario, palette: Palette, on_progress: OnProgress
) -> None:
    runs, names = scenario.runs, labels(scenario.runs)
    figures = _figures(runs) if scenario.kind != "training" else ()
    below = len(runs) if not figures else len(figures) - MOST_ON_TOP
    columns = max(min(MOST_COLUMNS, below), 1)
    rows = math.ceil(max(below, 0) / columns)
    head = LINE_HEIGHT * (3 + math.ceil(len(runs) / 2))
    figure.set_size_inches(WIDTH, head + TOP_HEIGHT + ROW_HEIGHT * rows)
    figure.suptitle(
        _escaped(scenario.title), color=palette.text, x=0.012, ha="left", fontweight="bold"
    )
    heights = [head - 2 * LINE_HEIGHT, TOP_HEIGHT, *([ROW_HEIGHT * rows] if rows else [])]
    parts: Any = figure.subfigures(len(heights), 1, height_ratios=heights)
    for part in parts:
        part.set_facecolor(palette.background)
    top: Sequence[str] = figures[:MOST_ON_TOP] or [
        metric for metric in ("cost", "data_loss", "accuracy") if _worth_drawing(metric, runs)
    ]
    axes = parts[1].subplots(1, len(top), squeeze=False)[0]
    lines: list[Any] = []
    draw = _draw_figure if figures else _draw_metric
    for metric, one in zip(top, axes, strict=True):
        lines = draw(one, metric, runs, palette)
    parts[0].legend(
        lines,
        [f" {_escaped(label)}" for label in names],
        loc="upper left",
        bbox_to_anchor=(0.01, 1.0),
        borderpad=0.0,
        borderaxespad=0.0,
        ncols=2,
        frameon=False,
        labelcolor=palette.text,
        fontsize="small",
    )
    if not rows:
        return
    grid = parts[2].subplots(rows, columns, squeeze=False, sharey=not figures)
    for done in range(below):
        on_progress(done, below + 1)
        if figures:
            _draw_figure(grid.flat[done], figures[MOST_ON_TOP + done], runs, palette)
        else:
            _draw_layers(grid.flat[done], runs[done], names[done], palette)
    on_progress(below, below + 1)
    for one in grid.flat[below:]:
        one.set_axis_off()


def _figures(runs: Sequence[RecordedRun]) -> tuple[str, ...]:
    """Return the figures that runs of other kinds recorded, the main ones first, and not all."""
    found = dict.fromkeys(name for run in runs for name in run.curve if name != "step")
    return tuple(found)[:MOST_FIGURES]


def _draw_figure(axes: Axes, name: str, runs: Sequence[RecordedRun], palette: Palette) -> list[Any]:
    """Draw one figure of every run; return a line a run."""
    found, drawn = [], []
    for number, run in enumerate(runs):
        steps = run.curve["step"]
        values = _finite(run.curve[name]) if name in run.curve else np.full(len(steps), np.nan)
        style = palette.color(run.number), palette.mark(run.number), "-"
        places = _places(len(values), number, len(runs))
        found.append(_draw_line(axes, steps, values, style, places, palette))
        drawn.append(values)
    log = _spans_decades(drawn)
    if log:
        axes.set_yscale("log")
    _dress(axes, _escaped(name) + " (log)" * log, palette)
    return found


def _worth_drawing(metric: str, runs: Sequence[RecordedRun]) -> bool:
    """Tell whether a metric says something of its own."""
    if metric == "accuracy":
        return any(np.isfinite(run.records["train_accuracy"]).any() for run in runs)
    if metric == "data_loss":
        return any(run.curve["penalty"].any() for run in runs)
    return True


def _draw_metric(
    axes: Axes, metric: str, runs: Sequence[RecordedRun], palette: Palette
) -> list[Any]:
    """Draw train and dev of every run; return a line a run."""
    found, drawn = [], []
    thin = metric in ("cost", "data_loss")
    for number, run in enumerate(runs):
        color, mark = palette.color(run.number), palette.mark(run.number)
        if thin:
            drawn.append(_finite(run.curve[metric]))
            axes.plot(run.curve["step"], drawn[-1], color=color, linewidth=0.6, alpha=0.5)
        for part, steps, values in _of_sets(metric, run):
            places = _places(len(values), number, len(runs))
            dashes = "--" if part == "dev" else "-"
            line = _draw_line(axes, steps, values, (color, mark, dashes), places, palette)
            if part == "train":
                found.append(line)
            drawn.append(values)
    name = metric.replace("_", " ")
    if metric == "accuracy":
        axes.set_ylim(-0.03, 1.03)
    elif _spans_decades(drawn):
        with np.errstate(over="ignore"):
            axes.set_yscale("log")
        name += " (log)"
    has_dev = any("dev" in run.evaluations for run in runs)
    name += ": train solid" + ", dev dashed" * has_dev + ", batches thin" * thin
    _dress(axes, name, palette)
    return found


def _of_sets(metric: str, run: RecordedRun) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield set, steps and values of train, and of dev if there is one."""
    for part in ("train", "dev"):
        steps, values = run.records["step"], run.records[f"{part}_{metric}"]
        if part == "train" or part in run.evaluations:
            yield part, steps, _finite(values)


def _draw_layers(axes: Axes, run: RecordedRun, label: str, palette: Palette) -> None:
    norms = _finite(run.records["gradient_norm"])
    layers = norms.shape[1]
    for j in range(layers):
        values = np.where(norms[:, j] > 0, norms[:, j], np.nan)
        style = palette.color(j), str(j + 1), "-"
        places = _places(len(norms), j, layers)
        _draw_line(axes, run.records["step"], values, style, places, palette)
    axes.set_yscale("log")
    _dress(axes, f"gradient norm by layer (log): {_escaped(label)}", palette)


def _draw_line(
    axes: Axes,
    steps: np.ndarray,
    values: np.ndarray,
    style: tuple[str, str, str],
    places: list[int],
    palette: Palette,
) -> tuple[Line2D, ...]:
    """Draw a line with letters on it; return what the legend shows on top of each other."""
    color, letters, dashes = style
    (under,) = axes.plot(steps, values, color=color, linestyle=dashes, linewidth=1.3)
    # The line stops short of its letters, so that they can be read.
    (gap,) = axes.plot(
        steps[places], values[places], linestyle="", marker="o", markersize=5 + 3 * len(letters),
        markeredgewidth=0, color=palette.background, zorder=under.get_zorder() + 0.1,
    )  # fmt: skip
    (over,) = axes.plot(
        steps[places], values[places], linestyle="", marker=_glyph(letters),
        markersize=5 + 2 * len(letters), markeredgewidth=0, color=color,
        zorder=under.get_zorder() + 0.2,
    )  # fmt: skip
    return under, gap, over


@lru_cache(maxsize=256)
def _glyph(letters: str) -> Path:
    """Return letters as a marker: their outline around (0, 0)."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    font = FontProperties(family="DejaVu Sans Mono", weight="bold", size=10)
    outline = TextPath((0, 0), letters, prop=font)
    low, high = outline.get_extents().get_points()
    points = outline.vertices - (low + high) / 2
    # Where an outline is closed, its point means nothing, but would count in the marker's size.
    points[outline.codes == Path.CLOSEPOLY] = 0.0
    return Path(points, outline.codes)


def _places(rows: int, number: int, count: int) -> list[int]:
    """Return the rows that get a mark: some, and not the same for every line."""
    if rows <= MARKS_A_LINE:
        return list(range(rows))
    shift = (number + 1) / (count + 1)
    return [int((place + shift) * rows / MARKS_A_LINE) for place in range(MARKS_A_LINE)]


def _spans_decades(drawn: Sequence[np.ndarray]) -> bool:
    values = np.concatenate([values[np.isfinite(values)] for values in drawn])
    return bool(len(values) and values.min() > 0 and values.max() > LOG_FROM * values.min())


def _finite(values: np.ndarray) -> np.ndarray:
    """Return the values with gaps where they are not finite."""
    return np.where(np.isfinite(values), values, np.nan)


def _dress(axes: Axes, title: str, palette: Palette) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_title(title, loc="left", fontsize="small", color=palette.text)
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    axes.set_xlabel("step", fontsize="small", color=palette.muted)
    axes.set_facecolor(palette.background)
    axes.tick_params(which="both", colors=palette.muted, labelsize="small", labelcolor=palette.text)
    axes.grid(color=palette.faint, linewidth=0.6)
    axes.set_axisbelow(True)
    for place, spine in axes.spines.items():
        spine.set_visible(place in ("left", "bottom"))
        spine.set_color(palette.faint)


def _escaped(text: str) -> str:
    """Return text that matplotlib does not take for a formula."""
    return text.replace("$", r"\$")
