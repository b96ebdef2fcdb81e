"""What can be said of a numerical derivative at a moment. No Numba."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nnsim.simulations.remark import Remark, figure

if TYPE_CHECKING:
    from nnsim.simulations.derivative.simulation import State

TIMES = 10.0
"""One of two errors is the larger one where it is so many times the other."""


def derivative_remarks(
    state: State, figures: Mapping[str, float | str], at: float
) -> tuple[Remark, ...]:
    """Return which error rules at the present epsilon; nothing before the first."""
    if state.epsilon != state.epsilon:
        return ()
    epsilon = figure(state.epsilon)
    truncation, round_off = (float(figures[k]) for k in ("two_sided.truncation", "round_off"))
    bend = figure(float(figures["one_sided.truncation"]))
    both = (
        f"Off by {figure(state.two_sided_error)} two-sided and "
        f"{figure(state.one_sided_error)} one-sided."
    )
    rounded = (
        f"f is rounded by about {figure(round_off * state.epsilon)}; dividing by epsilon makes "
        f"{figure(round_off)} of it."
    )
    if state.f_above == state.f_below and float(figures["exact"]) != 0:
        sentence = f"f is the same number at {figure(at)} + epsilon and - epsilon: nothing is left."
        how = f"{rounded} That is more than the slope itself."
        advice = f"Take epsilon near {figure(state.best[0])}, where the error was least."
        return (Remark("vanished", sentence, how, advice, "B12", 3),)
    if state.two_sided_error > TIMES * (truncation + round_off):
        sentence = f"epsilon {epsilon} reaches over something that is not smooth, or far too wide."
        how = (
            f"{both} At theta itself the bend would cost {figure(truncation)} and round-off "
            f"{figure(round_off)}: within epsilon of it f is not what it is there."
        )
        advice = "Make epsilon smaller. If the error then falls to nothing at once, it was a kink."
        return (Remark("kink", sentence, how, advice, "B12", 2),)
    if truncation == 0:
        sentence = "f''' is 0 here: the two-sided difference has no error but round-off."
        how = f"{both} Its error begins with epsilon^2 f''' / 6. {rounded}"
        return (Remark("no truncation", sentence, how, "A large epsilon is best.", "B12", 1),)
    if round_off > TIMES * truncation:
        sentence = (
            f"epsilon {epsilon} is small: round-off is the larger part of the two-sided error."
        )
        how = f"{both} {rounded} The bend of the curve costs only {figure(truncation)}."
        advice = f"The least two-sided error so far was at epsilon {figure(state.best[0])}."
        return (Remark("round-off", sentence, how, advice, "B12", 2),)
    if truncation > TIMES * round_off:
        sentence = f"epsilon {epsilon}: most of the error is the bend of f between the points."
        how = (
            f"{both} Two-sided it is about epsilon^2 |f'''| / 6 = {figure(truncation)}, one-sided "
            f"epsilon |f''| / 2 = {bend}. Round-off is only {figure(round_off)}."
        )
        advice = "A tenth of epsilon leaves a hundredth of the two-sided error."
        return (Remark("truncation", sentence, how, advice, "B12", 1),)
    sentence = f"epsilon {epsilon} is about the best for the two-sided difference."
    how = (
        f"{both} The bend of the curve, {figure(truncation)}, and round-off, {figure(round_off)}, "
        "are about equally large."
    )
    advice = "A larger epsilon makes the first grow, a smaller one the second."
    return (Remark("balance", sentence, how, advice, "B12", 1),)
