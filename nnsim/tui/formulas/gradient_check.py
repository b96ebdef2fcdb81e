"""The formulas of a gradient check, one parameter at a time, with the run's numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nnsim.tui.formulas.lines import Line
from nnsim.tui.formulas.numbers import LARGEST, SMALLEST, digits_apart, number, setting

if TYPE_CHECKING:
    from nnsim.simulations.gradient_check.snapshot import GradientCheckSnapshot
    from nnsim.tui.worker.frames import SteppedFrame

FURTHER = 3
"""Digits of the two costs beyond the first that differs."""
MOST_DIGITS = 17

MEANINGS = {
    "great": "At most 1e-7: great. What is left is round-off.",
    "look": "Between 1e-7 and 1e-3: worth a look.",
    "wrong": "1e-3 or more: wrong. The ratios of the blocks tell where.",
    "round-off": "Above 1e-7, but the gradients are so small that the round-off of the differences "
    "explains it.",
}


def explain(run: SteppedFrame, width: int, ascii: bool) -> tuple[Line, ...]:
    """Return the formula of the phase done last."""
    shown: GradientCheckSnapshot = run.shown
    if not shown.known:
        return ()
    return (_plus, _minus, _difference, _ratio)[shown.known - 1](shown, "x" if ascii else "×")


def _plus(shown: GradientCheckSnapshot, times: str) -> tuple[Line, ...]:
    return _cost(shown, "+", shown.plus)


def _minus(shown: GradientCheckSnapshot, times: str) -> tuple[Line, ...]:
    return _cost(shown, "-", shown.minus)


def _cost(shown: GradientCheckSnapshot, sign: str, cost: float) -> tuple[Line, ...]:
    penalty = f" {setting(shown.penalty)} of J is the penalty." if shown.penalty else ""
    masks = ""
    if shown.dropout:
        masks = (
            " The dropout masks are those of the step."
            if shown.masks == "frozen"
            else " This cost drew dropout masks of its own."
        )
    return (
        Line(f"J(theta_1 ... theta_i {sign} epsilon ... theta_n), i = {shown.index + 1}"),
        Line(
            f"J with {shown.name} = {number(shown.theta, 6)} {sign} {setting(shown.epsilon)}: "
            f"{_cost_text(shown, cost)}",
            "numbers",
        ),
        Line(
            f"One run forward over all {shown.m} examples, only {shown.name} is changed. "
            f"J(theta) = {_cost_text(shown, shown.cost)}.{penalty}{masks}",
            "meaning",
        ),
    )


def _difference(shown: GradientCheckSnapshot, times: str) -> tuple[Line, ...]:
    plus, minus = _cost_text(shown, shown.plus), _cost_text(shown, shown.minus)
    apart = digits_apart(shown.d_approx, shown.d, 12)
    shared = _shared(shown)
    if shown.plus == shown.minus:
        meaning = "The two costs are equal to the last digit."
    elif shown.dropout and shown.masks == "fresh":
        meaning = (
            "The two costs had different masks: they differ whatever epsilon is, and divided by "
            "2 epsilon that is huge."
        )
    else:
        meaning = (
            f"The costs have some 16 digits and share the first {shared}: about "
            f"{max(16 - shared, 0)} are left for d_approx."
        )
    if shown.kinks:
        meaning += " A kink lies between the two points: there is no derivative to compare with."
    return (
        Line("d_approx = (J(theta_i + epsilon) - J(theta_i - epsilon)) / (2 epsilon)"),
        Line(
            f"({plus} - {minus}) / (2 {times} {setting(shown.epsilon)}) = "
            f"{number(shown.d_approx, apart)}",
            "numbers",
        ),
        Line(f"back-propagation says d = {number(shown.d, apart)}", "numbers"),
        Line(meaning, "meaning"),
    )


def _ratio(shown: GradientCheckSnapshot, times: str) -> tuple[Line, ...]:
    first, second = shown.lengths
    value = f"{number(shown.distance)} / ({number(first)} + {number(second)})"
    if shown.ratio == 0 and shown.distance > 0:
        numbers = f"{value}, taken as 0: both are below what such differences can resolve"
    else:
        numbers = f"{value} = {number(shown.ratio)}"
    block = shown.block
    own = f" {block.name} alone: {number(block.ratio)}." if block else ""
    return (
        Line("ratio = ||d_approx - d|| / (||d_approx|| + ||d||)"),
        Line(numbers, "numbers"),
        Line(
            f"Over {shown.step} of {shown.parameters} parameters. "
            f"{MEANINGS.get(shown.verdict, '')}{own}",
            "meaning",
        ),
    )


def _shared(shown: GradientCheckSnapshot) -> int:
    """Return how many leading digits the two costs have in common."""
    size, apart = max(abs(shown.plus), abs(shown.minus)), abs(shown.plus - shown.minus)
    if not 0 < apart < size:
        return 0
    return int(math.log10(size / apart))


def _cost_text(shown: GradientCheckSnapshot, cost: float) -> str:
    """Return a cost in as many digits as tell the two costs apart, and a few more."""
    digits = min(_shared(shown) + 1 + FURTHER, MOST_DIGITS)
    size = abs(cost)
    if not SMALLEST <= size < LARGEST:
        return number(cost, digits)
    # All with equally many decimals: the digit in which they differ stands in one place.
    return f"{cost:.{max(0, digits - 1 - math.floor(math.log10(size)))}f}"
