"""What to say about a moment of a run, the most important thing first. No Numba."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from nnsim.simulations.cost_remarks import cost_remarks
from nnsim.simulations.layer_remarks import layer_remarks
from nnsim.simulations.remark import Moment, Remark, Thresholds, figure

if TYPE_CHECKING:
    from nnsim.network.specification import Network
    from nnsim.simulations.looking import Evaluation, NonFinite
    from nnsim.simulations.snapshot import Snapshot
    from nnsim.training.gradient_check import GradientCheck
    from nnsim.training.specification import Training

__all__ = ["KINDS", "THRESHOLDS", "Remark", "Thresholds", "remarks"]

THRESHOLDS = Thresholds()
USUAL_EPSILON = 1e-7
"""The course's for a gradient check."""
KINDS = (
    "non-finite",
    "gradient check",
    "exploding",
    "symmetric",
    "vanishing",
    "dead units",
    "cost rising",
    "saturated units",
    "early stopping",
    "cost oscillating",
    "bias",
    "variance",
    "bias and variance",
    "update too large",
    "update tiny",
    "plateau",
    "no progress",
    "dropout",
    "settled",
    "falling",
    "untrained",
)
"""Every kind of remark, the gravest first."""


def remarks(
    snapshot: Snapshot,
    history_records: Mapping[str, np.ndarray],
    phases: tuple[str, ...],
    network: Network,
    training: Training,
    evaluations: Mapping[str, Evaluation],
    non_finite: NonFinite | None,
    check: GradientCheck | None = None,
    best_step: int | None = None,
    thresholds: Thresholds = THRESHOLDS,
) -> tuple[Remark, ...]:
    """Return what can be said for certain, most important first and at most one a kind.

    Parameters
    ----------
    snapshot : Snapshot
        A probe tells more than a snapshot: it has gradients and figures of the present step.
    history_records : mapping
        `history.records`; what lies after the snapshot's step is not looked at.
    phases : tuple of str
        Of a step.
    network, training
        As described.
    evaluations : mapping
        Figures of train, dev and test now.
    non_finite : NonFinite, optional
        Where NaN or infinity stopped the run.
    check : GradientCheck, optional
        One of the present step.
    best_step : int, optional
        With early stopping.
    thresholds : Thresholds
    """
    moment = Moment(
        snapshot,
        history_records,
        phases,
        network,
        training,
        evaluations,
        non_finite,
        best_step,
        check,
        thresholds,
    )
    with np.errstate(all="ignore"):
        found = [*_non_finite(moment), *_wrong_gradient(moment)]
        if non_finite is None:
            found += [*layer_remarks(moment), *cost_remarks(moment)]
    found.sort(key=lambda remark: (-remark.weight, remark.layer or 0))
    # Of each kind the gravest: its `how` has the other layers.
    return tuple({remark.kind: remark for remark in reversed(found)}.values())[::-1]


def _non_finite(moment: Moment) -> Iterator[Remark]:
    where = moment.non_finite
    if where is None:
        return
    way, _, number = where.phase.partition(" ")
    layer = int(number) if number else None
    place = {
        "forward": f"Z of layer {layer}",
        "backward": f"the gradient of layer {layer}",
        "cost": "the cost J",
        "update": "the updated parameters",
    }.get(way, where.phase)
    weights = [
        float(np.max(np.abs(array)))
        for name, array in moment.snapshot.arrays.items()
        if name[0] == "W" and array.size
    ]
    how = f"Every phase is searched; {where.phase} is phase {moment.phases.index(where.phase) + 1} "
    how += f"of {len(moment.phases)}."
    if weights:
        how += f" The largest |w| is {figure(max(weights))}."
    advice = "Lower alpha, or clip the gradient."
    if where.step == 0:
        advice = "Nothing was learnt yet: look at X, Y and the first weights."
    yield Remark(
        "non-finite",
        f"NaN or infinity appeared first at step {where.step}, {where.phase}: in {place}.",
        how,
        advice,
        "A3",
        100,
        layer,
    )


def _wrong_gradient(moment: Moment) -> Iterator[Remark]:
    check = moment.check
    if check is None or check.verdict != "wrong" or not np.isfinite(check.ratio):
        return
    wrong = [name for name in check.blocks if check.verdicts[name] == "wrong"]
    dropout = any(layer.keep_prob < 1 for layer in moment.network.layers)
    fresh = check.masks == "fresh" and dropout
    if not fresh:
        if check.epsilon > moment.thresholds.coarse or not check.accused:
            yield _undecided(check, wrong, moment.thresholds.coarse)
            return
        wrong = list(check.accused)
    ratios = {name: np.nan_to_num(check.blocks[name], nan=np.inf) for name in wrong}
    layers = {name: int(name.lstrip("dWbgamet")) for name in wrong}
    worst = max(wrong, key=lambda name: ratios[name], default="theta")
    back = sorted(wrong, key=lambda name: -layers[name])
    advice = f"Look at the way back from layer {layers[back[0]]} on: that block is the first wrong."
    if fresh:
        advice = "The masks were drawn anew at every evaluation: freeze them and check again."
    ratio = check.blocks.get(worst, check.ratio)
    yield Remark(
        "gradient check",
        f"The gradient check fails: {worst} is not the derivative of J, its ratio is "
        f"{figure(ratio)}.",
        f"1e-3 and above is wrong, 1e-7 great; the whole has {figure(check.ratio)}. Wrong on the "
        f"way back: {', '.join(back)}.",
        advice,
        "B13",
        95,
        layers.get(worst),
    )


def _undecided(check: GradientCheck, wrong: list[str], coarse: float) -> Remark:
    """Return what a ratio of 1e-3 and above says where it need not be the gradient's fault."""
    epsilon, usual = figure(check.epsilon), figure(USUAL_EPSILON)
    crossed = "1 parameter" if check.kinks == 1 else f"{check.kinks} parameters"
    how = f"The ratio is {figure(check.ratio)}; the steps of {crossed} cross a kink. "
    if check.epsilon > coarse:
        return Remark(
            "gradient check",
            f"At epsilon {epsilon} the differences are too coarse to judge: check with {usual}.",
            f"{how}A difference errs by about epsilon^2 and at kinks: said above epsilon "
            f"{figure(coarse)}.",
            f"Check again with epsilon {usual}.",
            "B13",
            60,
        )
    which = f"{len(wrong)} blocks are" if len(wrong) > 1 else f"{wrong[0]} is"
    return Remark(
        "gradient check",
        f"The gradient check cannot judge: {which} wrong only where a step crosses a kink.",
        f"{how}Without these, {', '.join(wrong)} would not be wrong.",
        "At a kink no derivative need exist: lower epsilon, or check another step.",
        "B13",
        60,
    )
