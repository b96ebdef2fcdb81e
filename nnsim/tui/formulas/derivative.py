"""The formulas of numerical derivatives, with the run's numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nnsim.tui.formulas.lines import Line
from nnsim.tui.formulas.numbers import number, setting

if TYPE_CHECKING:
    from nnsim.simulations.derivative.simulation import DerivativeSnapshot
    from nnsim.tui.worker.frames import SteppedFrame

MOST_DIGITS = {"float64": 17, "float32": 9}
"""So many digits tell any two numbers of a precision apart."""
BEYOND = 6
"""Digits of values of f beyond those that their difference takes away."""


def explain(run: SteppedFrame, width: int, ascii: bool) -> tuple[Line, ...]:
    """Return the formula of the phase done last."""
    shown: DerivativeSnapshot = run.shown
    if shown.working.epsilon != shown.working.epsilon:
        return ()
    place = run.phases.index(run.done_phase)
    return (_above, _below, _two_sided, _one_sided, _error)[place](shown)


def _above(shown: DerivativeSnapshot) -> tuple[Line, ...]:
    return _value(shown, "+", shown.working.f_above)


def _below(shown: DerivativeSnapshot) -> tuple[Line, ...]:
    return _value(shown, "-", shown.working.f_below)


def _value(shown: DerivativeSnapshot, sign: str, value: float) -> tuple[Line, ...]:
    epsilon = _e(shown)
    meaning = f"f one epsilon to the {'right' if sign == '+' else 'left'} of theta."
    if value == shown.value:
        meaning = f"The same number as f({setting(shown.at)}): {shown.dtype} has none between."
    return (
        Line(f"f(theta) = {shown.text}"),
        Line(f"f({setting(shown.at)} {sign} {epsilon}) = {_value_of_f(shown, value)}", "numbers"),
        Line(meaning, "meaning"),
    )


def _two_sided(shown: DerivativeSnapshot) -> tuple[Line, ...]:
    state = shown.working
    above, below = _value_of_f(shown, state.f_above), _value_of_f(shown, state.f_below)
    return (
        Line("(f(theta + epsilon) - f(theta - epsilon)) / (2 epsilon)"),
        Line(
            f"({above} - {_bracketed(below)}) / {setting(2 * state.epsilon)} = "
            f"{_slope(shown, state.two_sided)}",
            "numbers",
        ),
        Line(
            "The slope of the line through both points. The bends to both sides cancel but for a "
            "rest that goes like epsilon^2.",
            "meaning",
        ),
    )


def _one_sided(shown: DerivativeSnapshot) -> tuple[Line, ...]:
    state = shown.working
    above, here = _value_of_f(shown, state.f_above), _value_of_f(shown, shown.value)
    return (
        Line("(f(theta + epsilon) - f(theta)) / epsilon"),
        Line(
            f"({above} - {_bracketed(here)}) / {_e(shown)} = {_slope(shown, state.one_sided)}",
            "numbers",
        ),
        Line(
            "The slope of the line through theta and the point to the right. Its error goes like "
            "epsilon.",
            "meaning",
        ),
    )


def _error(shown: DerivativeSnapshot) -> tuple[Line, ...]:
    state, (two, one) = shown.working, shown.truncation
    epsilon = state.epsilon
    exact = _slope(shown, shown.exact)
    return (
        Line(f"f'(theta) = {shown.slope_text} = {exact}"),
        Line(
            f"two-sided |{_slope(shown, state.two_sided)} - {_bracketed(exact)}| = "
            f"{number(state.two_sided_error)}   one-sided |{_slope(shown, state.one_sided)} - "
            f"{_bracketed(exact)}| = {number(state.one_sided_error)}",
            "numbers",
        ),
        Line(
            f"Theory: the bend costs epsilon^2 |f'''| / 6 = {number(two * epsilon**2)} and "
            f"epsilon |f''| / 2 = {number(one * epsilon)}; rounding costs about u |f| / epsilon = "
            f"{number(shown.unit_round_off * abs(shown.value) / epsilon)}, with u = "
            f"{number(shown.unit_round_off, 2)} in {shown.dtype}.",
            "meaning",
        ),
    )


def _e(shown: DerivativeSnapshot) -> str:
    return setting(shown.working.epsilon)


def _value_of_f(shown: DerivativeSnapshot, value: float) -> str:
    """Return a value of f in so many digits that the differences can be worked out from them."""
    state = shown.working
    return _in_digits(shown, value, abs(state.f_above - state.f_below), BEYOND)


def _slope(shown: DerivativeSnapshot, value: float) -> str:
    """Return a slope in so many digits that its error shows."""
    error = abs(value - shown.exact)
    if not error:
        return number(value, 8)
    return _in_digits(shown, value, error, 3)


def _in_digits(shown: DerivativeSnapshot, value: float, least: float, beyond: int) -> str:
    most = MOST_DIGITS[shown.dtype]
    if not (math.isfinite(value) and value and math.isfinite(least) and least):
        return number(value, BEYOND)
    lost = round(math.log10(abs(value)) - math.log10(least))
    return number(value, min(max(lost, 0) + beyond, most))


def _bracketed(text: str) -> str:
    """Return a number behind a minus sign."""
    return f"({text})" if text.startswith("-") else text
