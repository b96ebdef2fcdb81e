"""The formulas of a search, with the numbers of the trial or day that was made last."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nnsim.tui.formulas.lines import Line
from nnsim.tui.formulas.numbers import number, setting

if TYPE_CHECKING:
    from nnsim.simulations.search.specification import Parameter
    from nnsim.simulations.search.state import DayState, SearchSnapshot, Trial
    from nnsim.tui.worker.frames import SteppedFrame

FOUR = 4
"""Digits: enough to follow 10^r."""


def explain(run: SteppedFrame, width: int, ascii: bool) -> tuple[Line, ...]:
    """Return the lines of the phase done last."""
    shown: SearchSnapshot = run.shown
    times = "x" if ascii else "×"
    if not shown.made_number or not run.done_phase:
        return ()
    if shown.day is not None:
        lines = {"change": _change, "sample": _population, "train": _day, "evaluate": _today}
        return tuple(lines[run.done_phase](shown, shown.day, times))
    assert shown.made is not None
    trial = {"sample": _sample, "train": _train, "evaluate": _evaluate, "zoom": _zoom}
    return tuple(trial[run.done_phase](shown, shown.made, times))


def _name(parameter: Parameter) -> str:
    return "alpha" if parameter.name == "learning_rate" else parameter.name


def _n(value: float) -> str:
    return number(value, FOUR)


def _sample(shown: SearchSnapshot, trial: Trial, times: str) -> Iterator[Line]:
    if shown.search.method == "grid":
        yield Line("grid: u = (i + 0.5) / points, the middles of equal parts of each range")
    elif shown.search.method == "coarse_to_fine" and shown.round > 1:
        yield Line(f"round {shown.round}: u uniform in the box around the best trial")
    else:
        yield Line("u uniform in [0, 1), drawn from the seed and the number of the trial")
    for parameter, place, value in zip(
        shown.search.parameters, trial.places, trial.values, strict=True
    ):
        yield Line(_sampled(parameter, place, value, times), "numbers")
    yield Line(_why(shown), "meaning")


def _sampled(parameter: Parameter, place: float, value: float, times: str) -> str:
    name, u = _name(parameter), _n(place)
    top = parameter.high + (1 if parameter.whole else 0)
    if parameter.scale == "linear":
        inner = f"{setting(parameter.low)} + {setting(top - parameter.low)} {times} {u}"
        if parameter.whole:
            return f"{name} = floor({inner}) = {setting(value)}"
        return f"{name} = {inner} = {_n(value)}"
    first, last = parameter.exponent(0.0), parameter.exponent(1.0)
    r = parameter.exponent(place)
    span = f"{_n(first)} {'-' if last < first else '+'} {_n(abs(last - first))} {times} {u}"
    power = f"10^{_n(r)}"
    if parameter.scale == "one_minus_log":
        return f"r = {span} = {_n(r)};  {name} = 1 - {power} = {number(value, 5)}"
    if parameter.whole:
        return f"r = {span} = {_n(r)};  {name} = floor({power}) = {setting(value)}"
    return f"r = {span} = {_n(r)};  {name} = {power} = {_n(value)}"


def _why(shown: SearchSnapshot) -> str:
    scales = {each.scale for each in shown.search.parameters}
    parts = []
    if "log" in scales:
        parts.append("10^r with r uniform tries every power of ten equally often.")
    if "one_minus_log" in scales:
        parts.append("For beta the distance to 1 counts: 1 / (1 - beta) values are averaged.")
    if shown.search.method == "grid":
        counts = " x ".join(map(str, shown.search.points))
        parts.append(f"The grid has {counts} points: each value comes back many times.")
    return " ".join(parts) or "Every value of the range is as likely as any other."


def _train(shown: SearchSnapshot, trial: Trial, times: str) -> Iterator[Line]:
    search = shown.search
    yield Line("a new network, trained with the settings of this trial")
    settings = ", ".join(
        f"{_name(each)} = {_n(value)}"
        for each, value in zip(search.parameters, trial.values, strict=True)
    )
    steps = trial.curve.steps[-1] if len(trial.curve.steps) else 0
    yield Line(f"{steps:.0f} training steps with {settings}", "numbers")
    many = f"{search.epochs} passes over the data" if search.epochs else f"{search.budget} steps"
    yield Line(
        f"Every trial gets {many} and the same first weights: what differs is the settings.",
        "meaning",
    )


def _evaluate(shown: SearchSnapshot, trial: Trial, times: str) -> Iterator[Line]:
    search = shown.search
    what = search.what
    if search.objective == "formula":
        yield Line(f"value = {search.formula}")
    else:
        part = "dev" if what.startswith("dev") else "training"
        yield Line(f"value = {what} of the trained network on the {part} set")
    best = float(shown.results[shown.best])
    yield Line(f"trial {shown.made_number}: {what} = {_result(trial.value)}", "numbers")
    if shown.best == shown.made_number - 1:
        yield Line("The best so far.", "meaning")
    elif math.isfinite(best):
        text = f"Trial {shown.best + 1} stays the best with {_n(best)}."
        if math.isinf(trial.value):
            text = f"This one left the numbers: its steps were too large. {text}"
        yield Line(text, "meaning")


def _result(value: float) -> str:
    return _n(value) if math.isfinite(value) else "infinity"


def _zoom(shown: SearchSnapshot, trial: Trial, times: str) -> Iterator[Line]:
    search = shown.search
    yield Line("after each round: side of the box := zoom x side, the best trial in its middle")
    box = shown.boxes[-1]
    for parameter, (low, high) in zip(search.parameters, box, strict=True):
        yield Line(f"{_name(parameter)} from {_n(low)} to {_n(high)}", "numbers")
    done = shown.made_number % search.a_round == 0 and shown.made_number < search.steps
    if done:
        text = (
            f"The round is over: each side (on its scale) is now {setting(search.zoom)} of the one "
            "before, so the next trials lie denser. A box that would stick out is moved inside."
        )
    else:
        left = search.a_round - shown.made_number % search.a_round
        left = min(left % search.a_round, search.steps - shown.made_number)
        text = f"The box stays: {left} more in this round." if left else "The search is over."
    yield Line(text, "meaning")


def _change(shown: SearchSnapshot, day: DayState, times: str) -> Iterator[Line]:
    yield Line("every morning: look at the curve, and change a setting by hand or leave it")
    run = day.runs[0]
    pairs = [
        f"{'alpha' if name == 'learning_rate' else name} = {setting(new)} (before: {setting(old)})"
        if new != old
        else f"{'alpha' if name == 'learning_rate' else name} = {setting(new)}"
        for name, new, old in zip(shown.names, run.values, day.before, strict=True)
    ]
    yield Line(f"day {shown.made_number}: {', '.join(pairs)}", "numbers")
    yield Line(_drifted(shown, day) or _changed(day), "meaning")


def _changed(day: DayState) -> str:
    if day.runs[0].values != day.before:
        return "The run goes on from the weights it has: only its settings are others now."
    return "Nothing is changed today."


def _drifted(shown: SearchSnapshot, day: DayState) -> str:
    if not day.drifted or shown.drift is None:
        return ""
    options = ", ".join(f"{name} = {value}" for name, value in shown.drift.options.items())
    return f"The data change this morning: {options}. The weights stay, their costs do not."


def _population(shown: SearchSnapshot, day: DayState, times: str) -> Iterator[Line]:
    search = shown.search
    yield Line("every run of the population has its own settings, drawn once, on day 1")
    run = day.runs[0]
    for parameter, place, value in zip(search.parameters, run.places, run.values, strict=True):
        yield Line("run 1: " + _sampled(parameter, place, value, times), "numbers")
    text = f"{search.population} runs are left alone: nothing is changed by hand."
    yield Line(_drifted(shown, day) or text, "meaning")


def _day(shown: SearchSnapshot, day: DayState, times: str) -> Iterator[Line]:
    search = shown.search
    yield Line("a day of training; panda and caviar have the same number of steps a day")
    if search.method == "panda":
        yield Line(f"day {shown.made_number}: {search.daily} steps for the one run", "numbers")
    else:
        runs = search.population
        text = f"{search.budget} steps / {runs} runs = {search.daily} steps a run"
        yield Line(f"day {shown.made_number}: {text}", "numbers")
    yield Line(f"{day.spent} training steps have been made altogether.", "meaning")


def _today(shown: SearchSnapshot, day: DayState, times: str) -> Iterator[Line]:
    what = shown.search.what
    yield Line(f"value = {what}, in the evening of each day")
    run = day.runs[day.best]
    if shown.search.method == "panda":
        yield Line(f"day {shown.made_number}: {what} = {_result(run.value)}", "numbers")
        yield Line(
            "Does it fall smoothly, or does it jump? Tomorrow morning you may react.", "meaning"
        )
        return
    settings = ", ".join(
        f"{_name(each)} = {_n(value)}"
        for each, value in zip(shown.search.parameters, run.values, strict=True)
    )
    text = f"run {day.best + 1} leads: {what} = {_result(run.value)} with {settings}"
    yield Line(f"day {shown.made_number}: {text}", "numbers")
    yield Line(
        "The leader can change from day to day; at the end it is the one to keep.", "meaning"
    )
