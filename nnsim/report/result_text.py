"""The results of a run as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nnsim.report.figures import counted, figure, share
from nnsim.report.outcomes import Outcome
from nnsim.report.style import Style
from nnsim.report.table import aligned, wrapped

if TYPE_CHECKING:
    from nnsim.scenario import ExpectationResult, ScenarioResult, VariantResult

SETS = ("train", "dev", "test")
_INDENT = 10
MOST_FIGURES = 6
"""Columns of figures; --json and --csv have all of them."""


def outcome_lines(outcome: Outcome, style: Style) -> list[str]:
    """Return all there is to say about one scenario: figures, then expectations, or its error."""
    if outcome.result is None:
        lines = [style.paint(style.plain(outcome.name), "bold")]
        lines += [
            f"  {style.paint('error', 'red', 'bold')}  {style.plain(line)}"
            for line in outcome.error.splitlines()
        ]
        return lines
    return result_lines(outcome.result, style)


def result_lines(result: ScenarioResult, style: Style) -> list[str]:
    """Return title, a row of final figures a variant, and a line or two an expectation."""
    lines = [_heading(result, style), ""]
    lines += _figures(list(result.variants.values()), style)
    for variant in result.variants.values():
        if result.non_finite_unexpected(variant.name):
            lines += ["", *_non_finite(variant, style)]
    if result.expectations:
        lines.append("")
        for expectation in result.expectations:
            lines += _expectation(expectation, style)
    if result.interrupted:
        lines += ["", f"  {style.paint('interrupted', 'yellow')}: the figures are those until then"]
    return lines


def summary_line(outcomes: Sequence[Outcome], style: Style) -> str:
    """Return '3 scenarios, 14 expectations: 13 kept, 1 missed'."""
    expectations = [
        each for outcome in outcomes if outcome.result for each in outcome.result.expectations
    ]
    kept = sum(each.kept is True for each in expectations)
    missed = sum(each.kept is False for each in expectations)
    parts = [f"{kept} kept", style.paint(f"{missed} missed", "red", "bold") if missed else ""]
    rest = len(expectations) - kept - missed
    parts += [f"{rest} not measured" if rest else ""]
    text = (
        f"{counted(len(outcomes), 'scenario')}, {counted(len(expectations), 'expectation')}: "
        + ", ".join(part for part in parts if part)
    )
    notes = [
        (sum(outcome.result is None for outcome in outcomes), "could not run"),
        (sum(outcome.non_finite for outcome in outcomes), "with unexpected NaN or infinity"),
        (sum(outcome.interrupted for outcome in outcomes), "interrupted"),
    ]
    for count, words in notes:
        if count:
            text += "; " + style.paint(f"{count} {words}", "red", "bold")
    return text


def _heading(result: ScenarioResult, style: Style) -> str:
    title = style.paint(style.plain(result.title), "bold")
    aside = " ".join((*result.topics, result.name))
    return f"{title}  {style.paint(style.plain(aside), 'dim')}"


def _figures(variants: Sequence[VariantResult], style: Style) -> list[str]:
    """Return the table of final figures; sets and accuracies that nobody has take no column."""
    columns: list[tuple[str, list[str]]] = [
        ("", [style.plain(variant.name) for variant in variants]),
        ("steps", [str(variant.step) for variant in variants]),
    ]
    for part in SETS:
        found = [variant.evaluations.get(part) for variant in variants]
        if any(each is not None for each in found):
            columns.append((f"{part} cost", [figure(each.cost) if each else "-" for each in found]))
        accuracies = [share(each.accuracy) if each else "-" for each in found]
        if any(text != "-" for text in accuracies):
            columns.append(("accuracy", accuracies))
    for name in _main_figures(variants):
        cells = [_cell(variant.figures.get(name)) for variant in variants]
        columns.append((name, cells))
    notes = [_note(variant) for variant in variants]
    header = [style.paint(name, "dim") for name, _ in columns]
    rows = [
        [*cells, note] for *cells, note in zip(*(cells for _, cells in columns), notes, strict=True)
    ]
    sides = "<" + ">" * (len(columns) - 1) + "<"
    return aligned([[*header, ""], *rows], sides, indent=2)


def _main_figures(variants: Sequence[VariantResult]) -> list[str]:
    """Return the figures of stepped kinds that a table has room for, the main ones first.

    Where several things stand beside one another (adam.J, sgd.J ...), the first figure of each
    comes before the second of any.
    """
    places: dict[str, int] = {}
    owners: dict[str, int] = {}
    for variant in variants:
        for name in variant.figures:
            owner = name.partition(".")[0] if "." in name else ""
            if name not in places:
                places[name] = owners[owner] = owners.get(owner, -1) + 1
    return sorted(places, key=lambda name: places[name])[:MOST_FIGURES]


def _cell(value: float | str | None) -> str:
    """Return a figure; NaN says that there is none."""
    return "-" if value is None or value != value else figure(value, 6)


def _note(variant: VariantResult) -> str:
    if variant.non_finite is not None:
        return f"non-finite at step {variant.non_finite.step}, {variant.non_finite.phase}"
    if variant.status == "stopped early":
        return f"stopped early, parameters of step {variant.best_step}"
    if variant.status == "ready":
        return f"of {variant.steps}"
    return ""


def _non_finite(variant: VariantResult, style: Style) -> list[str]:
    where = variant.non_finite
    if where is None:
        return []
    text = (
        f"{variant.name}: NaN or infinity first appeared at step {where.step}, {where.phase}; "
        "lower the learning rate, clip the gradient, or say in the scenario that it is meant: "
        'non_finite = "expected"'
    )
    lines = wrapped(style.plain(text), style.width, indent=_INDENT)
    word = style.paint("ERROR ", "red", "bold")
    return [f"  {word}  {lines[0].lstrip()}", *lines[1:]]


def _expectation(expectation: ExpectationResult, style: Style) -> list[str]:
    if expectation.kept is None:
        word = style.paint("-     ", "yellow")
    elif expectation.kept:
        word = style.paint("kept  ", "green")
    else:
        word = style.paint("MISSED", "red", "bold")
    lines = wrapped(
        style.plain(f"{expectation.text} ({_measured(expectation)})"), style.width, indent=_INDENT
    )
    lines[0] = f"  {word}  {lines[0].lstrip()}"
    because = wrapped(style.plain(expectation.because), style.width, indent=_INDENT)
    return [*lines, *(style.paint(line, "dim") for line in because)]


def _measured(expectation: ExpectationResult) -> str:
    """Return the figure measured; between two measures, both of them."""
    measured, expected = expectation.measured, expectation.expected
    if measured is None:
        return f"not measured: {expectation.reason}"
    digits = 10 if expectation.comparison in ("~=", "==", "!=") else 6
    shown, against = figure(measured, digits), figure(expected, digits)
    if not isinstance(expected, float) or _says(expectation.text, expected):
        return f"measured {shown}"
    return f"{shown}{'' if expectation.kept else ', not'} {expectation.comparison} {against}"


def _says(text: str, expected: float) -> bool:
    """Whether the text has the figure compared with; between two measures it does not."""
    return any(f" {expected:.{digits}g}" in text for digits in (6, 10))
