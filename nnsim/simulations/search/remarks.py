"""What can be said for certain about a moment of a search, most important first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from nnsim.simulations.remark import Remark, counted, figure, percent
from nnsim.simulations.search.specification import Search
from nnsim.simulations.search.state import DayState

EDGE = 0.05
"""So near to an end of a range (as a part of it, on its scale) the best value is at its edge."""
CROWDED = 0.8
"""So many of the trials in a tenth of the range, counted in powers of ten, are too many."""
RISE = 1.5
"""Today's value against yesterday's from which on something has happened."""
FEWEST = 5
"""Trials below which nothing is said about where they lie."""


def trial_remarks(
    search: Search, figures: Mapping[str, float | str], values: np.ndarray
) -> tuple[Remark, ...]:
    """Return remarks on a number of trials.

    `values` is (k, n), the trials so far; `figures` are those of the simulation.
    """
    found = [
        *_crowded(search, values),
        *_diverged(figures, len(values)),
        *_at_the_edge(search, figures),
        *_few_values(search, values),
        *_counted(search, figures, values),
    ]
    return tuple(sorted(found, key=lambda each: -each.weight))


def _crowded(search: Search, values: np.ndarray) -> Iterator[Remark]:
    for column, parameter in enumerate(search.parameters):
        if parameter.scale != "linear" or parameter.low <= 0 or len(values) < FEWEST:
            continue
        if parameter.high < 100 * parameter.low or parameter.whole:
            continue
        low = parameter.high / 10
        share = float(np.mean(values[:, column] >= low))
        if share >= CROWDED:
            yield Remark(
                "scale",
                f"{percent(share)} of the trials have a {parameter.name} above {figure(low)}: the "
                "smaller powers of ten are hardly tried.",
                f"{parameter.name} is drawn uniformly from {figure(parameter.low)} to "
                f"{figure(parameter.high)}; said from {percent(CROWDED)} on.",
                'Draw the exponent uniformly: 10^r, with r uniform (scale = "log").',
                "D4",
                60,
            )


def _diverged(figures: Mapping[str, float | str], trials: int) -> Iterator[Remark]:
    count = float(figures.get("diverged", 0.0))
    if count > 0:
        yield Remark(
            "diverged",
            f"{counted(int(count), 'trial')} of {trials} left the numbers: too large steps.",
            "Their objective is written as infinity.",
            "Such a trial says where the upper end of the range is; it is not wasted.",
            "D1",
            30,
        )


def _at_the_edge(search: Search, figures: Mapping[str, float | str]) -> Iterator[Remark]:
    if float(figures["trials"]) < FEWEST or search.method == "grid":
        return
    for parameter in search.parameters:
        best = figures.get(f"best.{parameter.name}")
        if best is None or isinstance(best, str) or best != best or parameter.whole:
            continue
        place = parameter.place(best)
        if EDGE < place < 1 - EDGE:
            continue
        end, way = ("lower", "down") if place <= EDGE else ("upper", "up")
        yield Remark(
            "edge",
            f"The best {parameter.name}, {figure(best)}, lies at the {end} end of its range.",
            f"The range is {figure(parameter.low)} to {figure(parameter.high)}; said within "
            f"{percent(EDGE)} of an end.",
            f"The best may lie outside: move the range {way} and search again.",
            "D3",
            40,
        )


def _few_values(search: Search, values: np.ndarray) -> Iterator[Remark]:
    if search.method != "grid" or len(values) < 2 * FEWEST:
        return
    counts = [len(np.unique(values[:, column])) for column in range(values.shape[1])]
    if min(counts) < len(values):
        name = search.names[int(np.argmin(counts))]
        yield Remark(
            "grid",
            f"{len(values)} trials have tried only {min(counts)} different values of {name}.",
            "A grid repeats every value of one parameter for every value of the others.",
            "If one parameter matters and the other hardly does, random places try more of it.",
            "D2",
            35,
        )


def _counted(
    search: Search, figures: Mapping[str, float | str], values: np.ndarray
) -> Iterator[Remark]:
    trials = len(values)
    if not trials:
        yield Remark(
            "untried",
            "No trial has been made yet.",
            f"The search will make {counted(search.steps, 'trial')}.",
            "Guess where the best one will fall before you go on.",
            "D2",
            10,
        )
    elif search.objective == "none":
        name = search.names[0]
        low, high = float(np.min(values[:, 0])), float(np.max(values[:, 0]))
        yield Remark(
            "places",
            f"{counted(trials, 'place')} drawn, {name} from {figure(low)} to {figure(high)}.",
            "Nothing is trained here: only where the trials would fall.",
            "Look at the histogram, on the axis itself and on the logarithmic one.",
            "D4",
            5,
        )
    elif "best" in figures and not isinstance(figures["best"], str):
        best = float(figures["best"])
        if best == best and best != float("inf"):
            what = search.what
            yield Remark(
                "best",
                f"Best of {counted(trials, 'trial')}: {what} {figure(best)}.",
                "The lowest so far; of equal ones the first.",
                "More trials can only lower it; by less and less.",
                "D2",
                5,
            )


def day_remarks(
    search: Search, state: DayState, day: int, values: Sequence[float]
) -> tuple[Remark, ...]:
    """Return remarks on a number of days; `values` are those of days 0 (NaN) to `day`."""
    found: list[Remark] = []
    if day == 0:
        found.append(
            Remark(
                "untried",
                "Nothing has been trained yet.",
                f"{counted(search.days, 'day')} of {search.budget} training steps lie ahead.",
                "One run that you look after, or many that you leave alone?",
                "D5",
                10,
            )
        )
        return tuple(found)
    if state.drifted:
        found.append(
            Remark(
                "drift",
                "The data changed today: what was tuned before may no longer be right.",
                f"Day {day} of the scenario changes the data source's options.",
                "Test the hyperparameters again; they get stale when the data change.",
                "D5",
                60,
            )
        )
    if day > 1 and values[day] > RISE * values[day - 1] > 0:
        found.append(
            Remark(
                "rising",
                f"Today's value, {figure(values[day])}, is above yesterday's "
                f"{figure(values[day - 1])}.",
                f"Said from a factor of {RISE} on.",
                "Lower the learning rate, or go back to yesterday's weights.",
                "D5",
                50,
            )
        )
    dead = sum(run.value == float("inf") for run in state.runs)
    if dead:
        found.append(
            Remark(
                "diverged",
                f"{counted(dead, 'run')} of {len(state.runs)} left the numbers.",
                "Their value is written as infinity; they are not trained further.",
                "In a population it does not matter: the others go on.",
                "D5",
                40,
            )
        )
    what = search.what
    found.append(
        Remark(
            "best",
            f"{counted(day, 'day')} done: {what} {figure(values[day])} today.",
            f"{counted(state.spent, 'training step')} altogether.",
            "Watch the curve as you would in life: every day a look, and perhaps a change.",
            "D5",
            5,
        )
    )
    return tuple(sorted(found, key=lambda each: -each.weight))
