"""The formulas of weighted averages, with the run's numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnsim.tui.formulas.lines import Line
from nnsim.tui.formulas.numbers import number, setting

if TYPE_CHECKING:
    from nnsim.simulations.averages.simulation import AveragesSnapshot, Curve, CurveState
    from nnsim.tui.worker.frames import SteppedFrame

    Pairs = list[tuple[Curve, CurveState]]

DIGITS = 4
TERMS = 3
"""So many values of the sum are written out."""


def explain(run: SteppedFrame, width: int, ascii: bool) -> tuple[Line, ...]:
    """Return the formula of the phase done last, a line of numbers a curve."""
    shown: AveragesSnapshot = run.shown
    if not shown.t:
        return ()
    times = "x" if ascii else "×"
    pairs = list(zip(shown.settings, shown.curves, strict=True))
    return {"value": _value, "average": _average, "correct": _correct}[run.done_phase](
        shown, pairs, times
    )


def _value(shown: AveragesSnapshot, pairs: Pairs, times: str) -> tuple[Line, ...]:
    t = shown.t
    return (
        Line(f"theta_t: {shown.name} of day t"),
        Line(f"theta_{t} = {_n(shown.theta[t - 1])}", "numbers"),
        Line("The value that is averaged in next: with weight 1 - beta.", "meaning"),
    )


def _average(shown: AveragesSnapshot, pairs: Pairs, times: str) -> tuple[Line, ...]:
    t, theta = shown.t, float(shown.theta[shown.t - 1])
    numbers = [
        Line(
            f"{curve.name}: v_{t} = {setting(curve.beta)} {times} {_n(state.before)} + "
            f"{setting(1 - curve.beta)} {times} {_in_sum(theta)} = {_n(state.averaged)}",
            "numbers",
        )
        for curve, state in pairs
    ]
    curve, state = pairs[0]
    unrolled = [] if curve.form == "stored" else [_unrolled(shown, curve, state, times)]
    return (
        Line(f"v_t = beta {times} v_(t-1) + (1 - beta) {times} theta_t"),
        *numbers,
        *unrolled,
        Line(
            f"{curve.name} averages over about 1 / (1 - beta) = {_n(curve.window)} values: a "
            "value that old has about 0.37 of the weight that it began with.",
            "meaning",
        ),
    )


def _unrolled(shown: AveragesSnapshot, curve: Curve, state: CurveState, times: str) -> Line:
    """Return v_t as a sum over the last values, the newest first."""
    t = shown.t
    terms = []
    for k in range(min(TERMS, t)):
        weight = (1 - curve.beta) * curve.beta**k
        terms.append(f"{_n(weight)} {times} {_in_sum(float(shown.theta[t - 1 - k]))}")
    rest = t - len(terms)
    more = f" + {rest} more" if rest else ""
    return Line(f"{curve.name}: v_{t} = {' + '.join(terms)}{more} = {_n(state.averaged)}")


def _correct(shown: AveragesSnapshot, pairs: Pairs, times: str) -> tuple[Line, ...]:
    t = shown.t
    numbers = [Line(_corrected(curve, state, t), "numbers") for curve, state in pairs]
    forms = {curve.form for curve, _ in pairs}
    meaning = "The weights of the values so far sum to 1 - beta^t; divided by it they sum to 1."
    if "stored" in forms:
        meaning += " Stored as v, the quotient is divided again at the next step: wrong."
    elif "corrected" in forms:
        meaning += " v itself stays as it is."
    else:
        meaning += " Here no curve is corrected; as t grows, beta^t goes to 0 and nothing is lost."
    return (Line("v_t / (1 - beta^t)"), *numbers, Line(meaning, "meaning"))


def _corrected(curve: Curve, state: CurveState, t: int) -> str:
    divisor = 1 - state.power
    quotient = (
        f"{_n(state.averaged)} / (1 - {setting(curve.beta)}^{t}) = {_n(state.averaged)} / "
        f"{_n(divisor)} = {_n(state.corrected)}"
    )
    if curve.form == "plain":
        corrected = _n(state.corrected)
        return f"{curve.name}: shows v_{t} = {_n(state.v)}; corrected it would be {corrected}"
    if curve.form == "corrected":
        return f"{curve.name}: {quotient}"
    return f"{curve.name}: v_{t} := {quotient}"


def _n(value: float) -> str:
    return number(float(value), DIGITS)


def _in_sum(value: float) -> str:
    """Return a factor; a negative one in brackets, for a plus stands before the product."""
    return f"({_n(value)})" if value < 0 else _n(value)
