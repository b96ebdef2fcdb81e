"""The differences that a verdict rests on, with the case's numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnsim.tui.formulas.lines import Line
from nnsim.tui.formulas.numbers import number

if TYPE_CHECKING:
    from nnsim.simulations.diagnosis import DiagnosisSnapshot, State
    from nnsim.tui.worker.frames import SteppedFrame

MEANINGS = {
    "bias": "It does not fit what it learns from: underfitting.",
    "variance": "It fits what it learns from, and other examples much less well: overfitting.",
    "both": "It fits what it learns from badly, and other examples worse still.",
    "neither": "It fits what it learns from and other examples nearly as well as can be.",
}
REASONS = {
    "bias": "A network that is large and trained enough can learn its training set.",
    "variance": "More examples, or weights held small, leave less room for what does not carry "
    "over.",
    "both": "Bias first: more data cannot teach what the network cannot hold.",
    "neither": "Look at the test set now, once.",
}


def explain(run: SteppedFrame, width: int, ascii: bool) -> tuple[Line, ...]:
    """Return the formula of the phase done last."""
    shown: DiagnosisSnapshot = run.shown
    if not shown.cases:
        return ()
    parts = {"bias": _bias, "variance": _variance, "verdict": _verdict, "remedy": _remedy}
    return parts[run.done_phase](shown, shown.cases[-1])


def _bias(shown: DiagnosisSnapshot, state: State) -> tuple[Line, ...]:
    case = state.case
    return (
        Line("bias = train error - Bayes error"),
        Line(
            f"{case.name}: {_p(case.train)} - {_p(case.bayes)} = {_p(state.bias)}, "
            f"{_high(state.bias, shown.thresholds.bias)}",
            "numbers",
        ),
        Line("How much better the training set could be learned by anyone.", "meaning"),
    )


def _variance(shown: DiagnosisSnapshot, state: State) -> tuple[Line, ...]:
    case = state.case
    return (
        Line("variance = dev error - train error"),
        Line(
            f"{case.name}: {_p(case.dev)} - {_p(case.train)} = {_p(state.variance)}, "
            f"{_high(state.variance, shown.thresholds.variance)}",
            "numbers",
        ),
        Line("How much is lost on examples that it did not learn from.", "meaning"),
    )


def _verdict(shown: DiagnosisSnapshot, state: State) -> tuple[Line, ...]:
    limits = shown.thresholds
    return (
        Line(f"high: bias above {_p(limits.bias)}, variance above {_p(limits.variance)}"),
        Line(
            f"{state.case.name}: bias {_p(state.bias)}, variance {_p(state.variance)}: "
            f"{state.verdict}",
            "numbers",
        ),
        Line(MEANINGS[state.verdict], "meaning"),
    )


def _remedy(shown: DiagnosisSnapshot, state: State) -> tuple[Line, ...]:
    return (
        Line("high bias: bigger network, train longer; else high variance: more data, regularise"),
        Line(f"{state.case.name}: {state.verdict}: {state.remedy}", "numbers"),
        Line(REASONS[state.verdict], "meaning"),
    )


def _high(value: float, threshold: float) -> str:
    if value > threshold:
        return f"high: above {_p(threshold)}"
    return f"not high: not above {_p(threshold)}"


def _p(share: float) -> str:
    return f"{number(100 * share)} %"
