"""With one input: the network's answers as a curve over it, with the examples as points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nnsim.tui.drawing.axes import Range, nice_range
from nnsim.tui.drawing.chart import Chart, Series
from nnsim.tui.drawing.run_legend import dash_of
from nnsim.tui.drawing.text import figure
from nnsim.tui.worker.frames import Boundary, TrainingFrame

MOST_POINTS = 400
POINTS = 2
"""Number of a regression's points; the next where the curve has this one's colour."""
MOST_BORDERS = 3
"""Places where the answer crosses the border that are named."""
Floats = NDArray[np.floating]


def shown_examples(count: int) -> NDArray[np.intp]:
    """Return which examples are drawn: all, or 400 of them, spread evenly."""
    if count <= MOST_POINTS:
        return np.arange(count)
    # Even, but not every so manieth: classes that alternate would lose one of them.
    return np.unique((np.arange(MOST_POINTS) * 0.6180339887 % 1 * count).astype(np.intp))


def answer_range(answers: Floats, targets: Floats) -> Range:
    """Return the range of answers and targets; wild answers reach beyond it by the targets' span.

    At first, or when it diverges, a network answers far from every example: the examples would
    be a flat line at the foot of a chart that had room for all of it.
    """
    low, high = float(targets.min()), float(targets.max())
    room = (high - low) or max(1.0, abs(high))
    finite = answers[np.isfinite(answers)]
    if finite.size:
        least, most = low - room, high + room
        low = min(low, max(float(finite.min()), least))
        high = max(high, min(float(finite.max()), most))
    return low, high


def curve_of(run: TrainingFrame, boundary: Boundary, others: Sequence[TrainingFrame] = ()) -> Chart:
    """Return the answers over the only input; those of other runs on the same data thin.

    A regression's examples stand at their y. Those of two classes stand at 0 and 1 (with hinge at
    -1 and 1); of more classes each is a curve, and its examples stand at its 1.
    """
    examples = run.examples
    series = list(_answers(run, boundary))
    heights = _heights(run)
    shown = shown_examples(examples.X.shape[1])
    x = examples.measured[0, shown]
    if examples.labels is None:
        name = examples.targets[0] if examples.targets else "y"
        number = POINTS + (run.number == POINTS)
        series.append(Series(name, x, heights[shown], number, bare=True))
    else:
        for number, name in enumerate(examples.classes):
            of_class = examples.labels[shown] == number
            at = shown[of_class]
            series.append(Series(name, x[of_class], heights[at], number, bare=True))
    for other in others:
        # Normalised inputs come back to their units with a rounding.
        if other.boundary and np.allclose(other.boundary.x_range, boundary.x_range, rtol=1e-9):
            x, y = _places(other.boundary), other.boundary.answers[-1, 0]
            series.append(Series(other.name, x, y, other.number, dash=dash_of(other.number)))
    y_range = answer_range(boundary.answers, heights)
    if examples.labels is not None and not _is_score(run):
        y_range = (-0.05, 1.05)
    else:
        y_range = nice_range(*y_range)
    return Chart(series, False, boundary.x_range, y_range, examples.features[0], last_values=False)


def border_of(run: TrainingFrame, boundary: Boundary) -> str:
    """Write where the answers cross the border between two classes; "" where there is none."""
    answers = boundary.answers
    if run.examples.labels is None or len(answers) > 1:
        return ""
    border, x = (0.0 if _is_score(run) else 0.5), _places(boundary)
    above = answers[0, 0] - border
    # Not `above[1:] * above[:-1] < 0`: an answer may lie on the border itself.
    at = np.flatnonzero((above[1:] > 0) != (above[:-1] > 0))
    if not at.size or not np.isfinite(above).all():
        return ""
    found = x[at] + (x[at + 1] - x[at]) * above[at] / (above[at] - above[at + 1])
    places = ", ".join(figure(float(each)) for each in found[:MOST_BORDERS])
    return f"{figure(border)} at {places}" + (", ..." if found.size > MOST_BORDERS else "")


def _answers(run: TrainingFrame, boundary: Boundary) -> Iterator[Series]:
    """Yield the curves of this run: one, or one a class."""
    x, classes = _places(boundary), run.examples.classes
    if len(boundary.answers) == 1:
        name = "yhat" if run.examples.labels is None else f"A{len(run.network.layers)}"
        yield Series(name, x, boundary.answers[0, 0], run.number, bold=True)
        return
    for number, answers in enumerate(boundary.answers):
        # The classes' own names are at their points.
        name = f"p {classes[number]}" if classes else f"yhat{number + 1}"
        dash = dash_of(number)
        yield Series(name, x, answers[0], number, bold=True, dash=dash)


def _heights(run: TrainingFrame) -> Floats:
    """Return where each example stands."""
    Y, labels = run.examples.Y, run.examples.labels
    if labels is None:
        return np.asarray(Y[0], float)
    if len(Y) > 1:
        return np.ones(len(labels))
    return 2.0 * labels - 1.0 if _is_score(run) else labels.astype(float)


def _is_score(run: TrainingFrame) -> bool:
    """Tell whether the answers are scores around 0, no probabilities."""
    return run.network.layers[-1].activation not in ("sigmoid", "softmax")


def _places(boundary: Boundary) -> Floats:
    """Return the input at each answer: the centres of equal cells."""
    low, high = boundary.x_range
    count = boundary.answers.shape[-1]
    return low + (np.arange(count) + 0.5) * (high - low) / count
