"""What a moment's layers say: gradients, symmetry, dead and saturated units, updates. No Numba."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnsim.simulations.remark import Moment, Remark, change, figure, percent, times

BOUNDED = ("sigmoid", "tanh")


def layer_remarks(moment: Moment) -> Iterator[Remark]:
    """Yield what there is to say about single layers."""
    yield from _symmetric(moment)
    if not moment.snapshot.layers:
        return
    vanishing = [*_vanishing(moment), *_fading(moment)]
    yield from vanishing
    yield from _exploding(moment)
    yield from _growing(moment)
    A0 = moment.snapshot.arrays.get("A0")
    if A0 is not None and A0.shape[1] >= moment.thresholds.examples:
        yield from _dead(moment)
        yield from _saturated(moment)
    yield from _too_large(moment)
    if not vanishing:
        yield from _tiny(moment)


def _norms(moment: Moment) -> list[float]:
    return [layer.gradient_norm for layer in moment.snapshot.layers]


def _signals(moment: Moment) -> list[float]:
    """Return the root mean square of dZ of each layer: the gradient without its inputs."""
    found = []
    for number in range(1, len(moment.snapshot.layers) + 1):
        dZ = moment.snapshot.arrays.get(f"dZ{number}")
        found.append(np.nan if dZ is None else np.sqrt(np.mean(np.square(dZ, dtype=np.float64))))
    return [float(signal) for signal in found]


def _pair(
    values: list[float], others: list[float], factor: float, at_least: float, sign: int
) -> tuple[int, int, float] | None:
    """Return (earlier layer, later layer, factor) of the strongest change on the way back.

    sign 1: the earlier layer's value is larger; -1: smaller. None where the factor is below
    `factor`, or that of the `others`, where they are known, below `at_least`.
    """
    best: tuple[int, int, float] | None = None
    for later in range(1, len(values)):
        for earlier in range(later):
            pair = values[earlier], values[later]
            if not all(np.isfinite(value) and value > 0 for value in pair):
                continue
            found = (pair[0] / pair[1]) ** sign
            confirmed = (np.float64(others[earlier]) / np.float64(others[later])) ** sign
            if found >= factor and not confirmed < at_least and (best is None or found > best[2]):
                best = earlier + 1, later + 1, found
    return best


def _vanishing(moment: Moment) -> Iterator[Remark]:
    limits, norms, signals = moment.thresholds, _norms(moment), _signals(moment)
    found = _pair(norms, signals, limits.gradient_factor, limits.signal_factor, -1)
    what, shown = "gradient", norms
    if not found:
        # The last layer's dW may be small too, where the layers before it say nothing.
        found, what, shown = _pair(signals, norms, limits.gradient_factor, 0, -1), "dZ", signals
    if not found:
        return
    earlier, later, factor = found
    slow = moment.snapshot.layers[earlier - 1].update_ratio < limits.hardly_learns
    if what == "dZ" and not (slow and moment.unlearnt()):
        return
    effect = "it hardly learns" if slow else "it vanishes on the way back"
    yield Remark(
        "vanishing",
        f"Layer {earlier}'s {what} is {times(factor)} times smaller than layer {later}'s: "
        f"{effect}.",
        _how(what, shown, earlier, later, limits.gradient_factor),
        "Use ReLU with He's or tanh with Xavier's weights, batch norm, or fewer layers.",
        "B10",
        88,
        earlier,
    )


def _how(what: str, shown: list[float], earlier: int, later: int, factor: float) -> str:
    name = {"gradient": "||dW{}||", "dZ": "The rms of dZ{}", "A": "The rms of A{}"}[what]
    return (
        f"{name.format(earlier)} is {figure(shown[earlier - 1])}, "
        f"{name.format(later).replace('The', 'the')} is {figure(shown[later - 1])}; "
        f"said from a factor of {figure(factor)} on."
    )


def _exploding(moment: Moment) -> Iterator[Remark]:
    limits, norms = moment.thresholds, _norms(moment)
    found = _pair(norms, _signals(moment), limits.gradient_factor, limits.signal_factor, 1)
    if found:
        earlier, later, factor = found
        yield Remark(
            "exploding",
            f"Layer {earlier}'s gradient is {times(factor)} times larger than layer {later}'s: "
            "it explodes on the way back.",
            _how("gradient", norms, earlier, later, limits.gradient_factor),
            "Draw smaller first weights (He's, Xavier's), clip the gradient, or use fewer layers.",
            "B10",
            90,
            earlier,
        )
        return
    sizes = _sizes(moment)
    found = _pair(sizes, sizes, limits.gradient_factor, 0, -1)
    if found:
        earlier, later, factor = found
        yield Remark(
            "exploding",
            f"Layer {later}'s activations are {times(factor)} times larger than layer {earlier}'s: "
            "they explode.",
            _how("A", sizes, earlier, later, limits.gradient_factor),
            "Draw smaller first weights (He's, Xavier's), or use batch norm.",
            "B10",
            87,
            later,
        )


def _fading(moment: Moment) -> Iterator[Remark]:
    # The last layer's may well be small: they follow Y.
    limits, sizes = moment.thresholds, _sizes(moment)[: len(moment.network.layers) - 1]
    found = _pair(sizes, sizes, limits.gradient_factor, 0, 1)
    if found and moment.unlearnt():
        earlier, later, factor = found
        yield Remark(
            "vanishing",
            f"Layer {later}'s activations are {times(factor)} times smaller than layer "
            f"{earlier}'s: they vanish.",
            _how("A", sizes, earlier, later, limits.gradient_factor),
            "Draw larger first weights (He's, Xavier's), or use batch norm.",
            "B10",
            85,
            later,
        )


def _sizes(moment: Moment) -> list[float]:
    """Return the root mean square of A of each layer; not of a last one that is squashed."""
    sizes = [float(np.hypot(layer.a_mean, layer.a_std)) for layer in moment.snapshot.layers]
    return sizes if moment.network.layers[-1].activation == "identity" else sizes[:-1]


def _growing(moment: Moment) -> Iterator[Remark]:
    first, (_, costs) = moment.first("weight_norm"), moment.curve()
    # Weights that began small and learn may grow far; those that learn nothing should not.
    if first is None or len(costs) < 2 or not costs[-1] > costs[0]:
        return
    now = np.array([layer.weight_norm for layer in moment.snapshot.layers])
    usable = np.isfinite(first) & (first > 0) & np.isfinite(now)
    factors = np.where(usable, now / np.where(usable, first, 1.0), 0.0)
    layer = int(np.argmax(factors)) + 1
    if factors[layer - 1] < moment.thresholds.weight_growth:
        return
    yield Remark(
        "exploding",
        f"Layer {layer}'s weights are {times(factors[layer - 1])} times as long as at the start.",
        f"||W{layer}|| was {figure(first[layer - 1])} and is {figure(now[layer - 1])}, and J is "
        f"higher; said from a factor of {figure(moment.thresholds.weight_growth)} on.",
        "Lower alpha, clip the gradient, or add L2.",
        "B10",
        72,
        layer,
    )


def _equal_rows(array: np.ndarray | None) -> bool:
    return array is None or bool((array == array[:1]).all())


def _symmetric(moment: Moment) -> Iterator[Remark]:
    arrays, layers = moment.snapshot.arrays, moment.network.layers
    for number, layer in enumerate(layers[:-1], start=1):
        W, after = arrays.get(f"W{number}"), arrays.get(f"W{number + 1}")
        if layer.units < 2 or W is None or after is None:
            continue
        names = [f"{name}{number}" for name in ("W", "b", "gamma", "beta", "dW")]
        if all(_equal_rows(arrays.get(name)) for name in names) and _equal_rows(after.T):
            yield Remark(
                "symmetric",
                f"All {layer.units} units of layer {number} are the same, and learn the same: "
                "they count as one.",
                f"The rows of W{number} are equal to the last bit, and so are the columns of "
                f"W{number + 1}.",
                "Draw the first weights at random; b may be 0.",
                "A8",
                89,
                number,
            )
            return


def _dead(moment: Moment) -> Iterator[Remark]:
    limits = moment.thresholds
    shares = {
        number: layer.dead_share
        for number, layer in enumerate(moment.snapshot.layers, start=1)
        if moment.network.layers[number - 1].activation == "relu"
    }
    layer = max(shares, key=lambda number: shares[number], default=0)
    if not layer or not shares[layer] >= limits.dead:
        return
    yield Remark(
        "dead units",
        f"{percent(shares[layer])} of layer {layer}'s ReLU units are dead: 0 for every example.",
        f"Where ReLU is 0 its slope is 0: the unit does not learn. In this batch: "
        f"{_listed(shares)}; said from {percent(limits.dead)} on.",
        "Lower alpha, draw He's weights, or use leaky ReLU.",
        "A6",
        86 if shares[layer] >= limits.most_of else 66,
        layer,
    )


def _saturated(moment: Moment) -> Iterator[Remark]:
    limits = moment.thresholds
    # The last layer's sigmoid is meant to come near 0 and 1.
    shares = {
        number: layer.saturated_share
        for number, layer in enumerate(moment.snapshot.layers[:-1], start=1)
        if moment.network.layers[number - 1].activation in BOUNDED
    }
    layer = max(shares, key=lambda number: shares[number], default=0)
    if not layer or not shares[layer] >= limits.saturated or not moment.unlearnt():
        return
    yield Remark(
        "saturated units",
        f"{percent(shares[layer])} of layer {layer}'s "
        f"{moment.network.layers[layer - 1].activation} values are saturated: "
        "almost no slope is left.",
        f"Slope below 1 % of its largest: {_listed(shares)}; said from "
        f"{percent(limits.saturated)} on while much is left to learn.",
        "Draw smaller first weights (Xavier's), normalise the inputs, or use batch norm.",
        "A6",
        82 if shares[layer] >= limits.most_of else 64,
        layer,
    )


def _listed(shares: dict[int, float]) -> str:
    return ", ".join(f"layer {number} {percent(share)}" for number, share in shares.items())


def _too_large(moment: Moment) -> Iterator[Remark]:
    limits, (ratio, layer), (_, costs) = moment.thresholds, moment.stride(), moment.curve()
    # Small weights may change by much and learn; it is too much where J does not fall by it.
    if not ratio > limits.update_large or len(costs) < 2 or costs[-1] < costs[-2]:
        return
    yield Remark(
        "update too large",
        f"One step moves layer {layer}'s weights {change(ratio)}, and J does not fall.",
        f"||update|| / ||W{layer}|| is {figure(ratio)}; about 1e-3 is usual, said above "
        f"{figure(limits.update_large)} where J did not fall at the last evaluation.",
        "Lower alpha, or warm it up over the first steps.",
        "A3",
        55,
        layer,
    )


def _tiny(moment: Moment) -> Iterator[Remark]:
    limits = moment.thresholds
    ratios = {
        number: layer.update_ratio
        for number, layer in enumerate(moment.snapshot.layers, start=1)
        if layer.weight_norm > 0 and not np.isnan(layer.update_ratio)
    }
    layer = min(ratios, key=lambda number: ratios[number], default=0)
    if not layer or not ratios[layer] < limits.update_tiny or not moment.unlearnt():
        return
    still = ratios[layer] == 0
    yield Remark(
        "update tiny",
        f"One step leaves layer {layer}'s weights as they are: its update is 0."
        if still
        else f"Layer {layer} stands still: a step moves W{layer} by {figure(ratios[layer])} of its "
        "length.",
        f"||update|| / ||W{layer}||; about 1e-3 is usual, said below "
        f"{figure(limits.update_tiny)} while much is left to learn.",
        f"Look at dW{layer}: where it is 0 no alpha helps; where it is not, raise alpha."
        if still
        else "Raise alpha by factors of 3 to 10, if no gradient vanishes.",
        "A3",
        50,
        layer,
    )
