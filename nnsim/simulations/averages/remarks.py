"""What can be said of an exponentially weighted average at a moment. No Numba."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nnsim.simulations.remark import Remark, counted, figure

if TYPE_CHECKING:
    from nnsim.simulations.averages.simulation import Curve, CurveState

SHORT_OF = 0.9
"""An average whose weights sum to less is said to be starting up."""


def averages_remarks(
    curves: Sequence[Curve], states: Sequence[CurveState], theta: np.ndarray
) -> tuple[Remark, ...]:
    """Return what can be said after these values, most important first; nothing before the first.

    Parameters
    ----------
    curves, states
        The averages and where each stands.
    theta : array (t,)
        The values so far.
    """
    if not theta.size:
        return ()
    found = [*_outside(curves, states, theta), *_starting(curves, states, theta)]
    return tuple(sorted(found, key=lambda one: -one.weight)) or (_of_window(curves[0], theta),)


def _outside(
    curves: Sequence[Curve], states: Sequence[CurveState], theta: np.ndarray
) -> Iterator[Remark]:
    """An average with weights >= 0 that sum to 1 lies between the values; a stored one does not."""
    low, high = float(theta.min()), float(theta.max())
    room = 1e-6 * max(abs(low), abs(high))
    for curve, state in zip(curves, states, strict=True):
        if curve.form == "stored" and not low - room <= state.average <= high + room:
            yield Remark(
                "outside",
                f"{curve.name} is {figure(state.average)}, but no value so far was "
                f"{'above' if state.average > high else 'below'} "
                f"{figure(high if state.average > high else low)}.",
                f"The corrected value was stored as v, so each division by 1 - beta^t goes on "
                f"into the next day. The weights sum to {figure(state.weight_sum)}, not to 1.",
                "Keep v undivided; divide only what is read off.",
                "C3",
                3,
            )


def _starting(
    curves: Sequence[Curve], states: Sequence[CurveState], theta: np.ndarray
) -> Iterator[Remark]:
    plain = [pair for pair in zip(curves, states, strict=True) if pair[0].form == "plain"]
    curve, state = min(plain, key=lambda pair: pair[1].weight_sum, default=(None, None))
    if curve is not None and state is not None and state.weight_sum < SHORT_OF:
        share = figure(state.weight_sum)
        yield Remark(
            "start-up",
            f"{curve.name} is pulled towards 0: after {counted(theta.size, 'value')} its weights "
            f"sum to {share} instead of 1.",
            f"v began at 0, and 1 - beta^t = 1 - {curve.beta:g}^{theta.size} = {share}. It is said "
            f"below {SHORT_OF:g}.",
            "Divide what is read off by 1 - beta^t: bias correction.",
            "C3",
            2,
        )


def _of_window(curve: Curve, theta: np.ndarray) -> Remark:
    return Remark(
        "window",
        f"{curve.name} averages over about {figure(curve.window)} values: 1 / (1 - beta).",
        f"beta is {curve.beta:g}. {counted(theta.size, 'value')} went in so far; the weight of one "
        f"that is k steps old is (1 - beta) beta^k.",
        "A larger beta gives a smoother curve that follows later.",
        "C2",
        1,
    )
