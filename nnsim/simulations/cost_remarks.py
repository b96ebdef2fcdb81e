"""What a moment's costs say: rising, swinging, flat, falling; bias and variance. No Numba."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnsim.simulations.remark import (
    Moment,
    Remark,
    apart,
    change,
    counted,
    figure,
    percent,
)
from nnsim.training.diagnosis import diagnose

_ADVICE = {
    "bias": "Use a bigger network, train longer, or change the architecture.",
    "variance": "Get more data, regularise (L2, dropout), or stop early.",
    "both": "Lower the bias first: bigger network, longer. Then the variance: more data, L2.",
}


def cost_remarks(moment: Moment) -> Iterator[Remark]:
    """Yield what there is to say about the cost and the errors."""
    ended = list(_early_stopping(moment))
    yield from ended
    steps, costs = moment.curve()
    if moment.step == 0:
        if len(costs):
            yield _untrained(costs[-1])
        return
    # Restored parameters are not those that the curve led to.
    trend = None if ended else _trend(moment, steps, costs)
    yield from _bias_variance(moment, flat=bool(trend and trend.kind == "plateau"))
    if trend:
        yield trend
    yield from _dropout(moment)


def _untrained(cost: float) -> Remark:
    return Remark(
        "untrained",
        f"Nothing is trained yet: the first weights give J = {figure(cost)}.",
        "Evaluated on the whole training set, without dropout.",
        "Step once, or phase by phase, and watch J.",
        "A3",
        5,
    )


def _trend(moment: Moment, steps: np.ndarray, costs: np.ndarray) -> Remark | None:
    """Return the one thing that the curve says."""
    limits, long = moment.thresholds, len(costs) > moment.thresholds.window
    if len(costs) < 2 or not np.isfinite(costs[-1]):
        return None
    now, first = costs[-1], costs[0]
    then, since = costs[-limits.window - 1 :][0], int(steps[-limits.window - 1 :][0])
    changes = np.diff(costs[-limits.window - 1 :])
    before, present = apart(then, now)
    figures = f"J was {before} at step {since} and is {present}"
    if before == present:
        figures = f"J is {present}, as at step {since}"
    if long and (changes > 0).all() and now > limits.rise * then:
        return Remark(
            "cost rising",
            f"The cost rises: {figure(then)} at step {since}, {figure(now)} now.",
            f"{figures}, higher at each of {limits.window} evaluations; said from a factor of "
            f"{figure(limits.rise)} on.",
            "Lower alpha by factors of 3 to 10 until J falls; if that is no help, check gradients.",
            "A3",
            84,
        )
    mean_change = float(np.mean(np.abs(changes)))
    turning = (changes[1:] * changes[:-1] < 0).all()
    if (
        long
        and turning
        and mean_change > limits.swing * abs(float(np.mean(costs[-len(changes) :])))
    ):
        return Remark(
            "cost oscillating",
            f"The cost goes up and down, by {figure(mean_change)} from one evaluation to the next.",
            f"It turned at each of the last {limits.window} evaluations; said from "
            f"{percent(limits.swing)} of J on.",
            "Lower alpha, let it decay, or use momentum.",
            "A3",
            74,
        )
    if long and np.ptp(costs[-limits.window - 1 :]) <= limits.flat * abs(now):
        return _flat(moment, figures, now, since)
    told = apart(now, then if now < min(then, first) else first)
    if now < first:
        start = int(steps[0])
        sentence = f"The cost is {told[0]}, down from {told[1]} at step {start}."
        if told[0] == told[1]:
            sentence = f"The cost hardly moves: {told[0]} now, as at step {since}."
        elif now < then:
            sentence = f"The cost is falling: {told[0]} now, {told[1]} at step {since}."
        return Remark(
            "falling",
            sentence,
            f"{figures}."
            if since == start
            else f"{figures}; at step {start} it was {apart(first, now)[0]}.",
            "Go on.",
            "A3",
            10,
        )
    return Remark(
        "no progress",
        f"The cost is {told[0]}, no lower than at step {int(steps[0])} ({told[1]}).",
        f"{figures}.",
        "Try another alpha, larger and smaller, in factors of 3 to 10.",
        "A3",
        40,
    )


def _flat(moment: Moment, figures: str, now: float, since: int) -> Remark:
    limit = percent(moment.thresholds.flat)
    ratio, layer = moment.stride()
    if moment.unlearnt() and ratio > moment.thresholds.update_large:
        return Remark(
            "update too large",
            f"The cost stands at {figure(now)} although a step moves layer {layer}'s weights "
            f"{change(ratio)}.",
            f"{figures}; ||update|| / ||W{layer}|| is {figure(ratio)}, said above "
            f"{figure(moment.thresholds.update_large)}.",
            "Lower alpha by factors of 3 to 10.",
            "A3",
            74,
            layer,
        )
    if moment.unlearnt():
        norm, layer = moment.steepest()
        gradient = f"; the largest ||dW|| is {figure(norm)}, layer {layer}'s" if layer else ""
        return Remark(
            "plateau",
            f"J hardly moves: it is {figure(now)} since step {since}{gradient}.",
            f"{figures}; said where it moves by less than {limit} while errors or J are high.",
            # The best that this network can do, or a plateau on the way: J alone cannot tell.
            "If the errors are too high: a bigger network, a larger alpha, or momentum or Adam.",
            "C8",
            45,
        )
    return Remark(
        "settled",
        f"The cost has settled at {figure(now)} since step {since}.",
        f"{figures}; said where it moves by less than {limit}.",
        "Go on only if the dev set gains by it.",
        "A3",
        12,
    )


def _bias_variance(moment: Moment, *, flat: bool) -> Iterator[Remark]:
    limits = moment.thresholds
    train, dev = moment.evaluations.get("train"), moment.evaluations.get("dev")
    if not train or not dev or np.isnan(train.error) or np.isnan(dev.error):
        return
    found = diagnose(train.error, dev.error, limits.bayes_error, limits.bias, limits.variance)
    late = flat or moment.step >= limits.late * moment.training.steps
    over = moment.snapshot.status in ("finished", "stopped early")
    if found.verdict == "neither" or not (found.verdict == "variance" or late or over):
        return
    errors = f"train error {percent(train.error)}, dev error {percent(dev.error)}"
    said = {"bias": "High bias", "variance": "High variance", "both": "High bias and high variance"}
    yield Remark(
        found.verdict if found.verdict != "both" else "bias and variance",
        f"{said[found.verdict]}: {errors}.",
        f"Train - Bayes ({percent(limits.bayes_error)}) is {percent(found.bias)}, dev - train is "
        f"{percent(found.variance)}; high above {percent(limits.bias)} and "
        f"{percent(limits.variance)}.",
        _ADVICE[found.verdict],
        "B2" if found.verdict == "both" else "B3",
        60,
    )


def _early_stopping(moment: Moment) -> Iterator[Remark]:
    stopping, best = moment.training.early_stopping, moment.best_step
    status = moment.snapshot.status
    if not stopping or best is None or status not in ("stopped early", "finished"):
        return
    ended = "Early stopping ended the run" if status == "stopped early" else "The run is finished"
    yield Remark(
        "early stopping",
        f"{ended} at step {moment.step}; the parameters of step {best} are restored.",
        f"The dev loss was lowest at step {best}; patience is "
        f"{counted(stopping.patience, 'evaluation')}.",
        "Compare with L2 and a long run: early stopping couples two goals.",
        "B8",
        76,
    )


def _dropout(moment: Moment) -> Iterator[Remark]:
    train = moment.evaluations.get("train")
    kept = [layer.keep_prob for layer in moment.network.layers if layer.keep_prob < 1]
    if not kept or not train or not moment.snapshot.layers:
        return
    yield Remark(
        "dropout",
        f"J of a step ({figure(moment.snapshot.cost)}) is that of a thinned network; "
        f"without dropout it is {figure(train.cost)}.",
        f"keep_prob is {figure(min(kept))}: every step draws other masks, so J need not fall at "
        "each.",
        "Judge by the evaluated cost, or set keep_prob to 1 to see whether J falls.",
        "B6",
        20,
    )
