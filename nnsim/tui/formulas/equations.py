"""The general equation of every array, in the course's notation."""

from __future__ import annotations

from nnsim.network.specification import Network
from nnsim.training.specification import Training
from nnsim.tui.formulas.activations import COLUMNWISE, slope_equation, value_equation
from nnsim.tui.formulas.cells import PARAMETERS, ArrayName
from nnsim.tui.formulas.numbers import setting

LOGIT_LOSSES = ("binary_cross_entropy", "softmax_cross_entropy")
"""Losses joined with the last activation: their way back begins with dZ[L] = A[L] - Y."""


def linear_part(network: Network, layer: int) -> str:
    """Return what g is applied to: Z, or Z_tilde after batch norm or layer norm."""
    return f"Z_tilde[{layer}]" if network.layers[layer - 1].norm else f"Z[{layer}]"


def activated_part(network: Network, layer: int) -> str:
    """Return what g gives: A, or G where dropout or a residual connection comes after it."""
    described = network.layers[layer - 1]
    return f"G[{layer}]" if described.keep_prob < 1 or described.residual else f"A[{layer}]"


def copies_gradient(network: Network, layer: int) -> bool:
    """Tell whether a layer has dG: its dropout thins a copy of dA, which goes past it whole."""
    described = network.layers[layer - 1]
    return described.residual and described.keep_prob < 1


def lambds(network: Network) -> tuple[str, str]:
    """Return the symbols of the L2 and the L1 strength: both lambd where only one is there."""
    return ("lambd_2", "lambd_1") if network.l1 > 0 and network.l2 > 0 else ("lambd", "lambd")


def loss_equation(network: Network) -> str:
    """Return the loss of one example."""
    depth = len(network.layers)
    A, Z = f"A[{depth}]", linear_part(network, depth)
    return {
        "binary_cross_entropy": f"L = -(Y log {A} + (1 - Y) log(1 - {A}))",
        "softmax_cross_entropy": f"L = -Σ Y log {A}",
        "mean_squared_error": f"L = Σ ({A} - Y)^2",
        "hinge": f"L = max(0, 1 - (2 Y - 1) {Z})",
        "huber": f"L = d^2 / 2 where |d| <= {setting(network.huber_delta)}, "
        f"else {setting(network.huber_delta)} (|d| - {setting(network.huber_delta)} / 2), "
        f"d = {A} - Y",
    }[network.loss]


def cost_equation(network: Network) -> str:
    """Return J: the mean loss and the penalties."""
    text = "J = 1/m Σ L"
    l2, l1 = lambds(network)
    if network.l2 > 0:
        text += f" + {l2}/(2m) Σ W^2"
    if network.l1 > 0:
        text += f" + {l1}/{'(2m)' if network.l1_halved else 'm'} Σ |W|"
    return f"{text},  {loss_equation(network)}"


def loss_slope_equation(network: Network) -> str:
    """Return dA[L], the slope of the loss of one example, of the losses that have their own."""
    depth = len(network.layers)
    A, delta = f"A[{depth}]", setting(network.huber_delta)
    return {
        "mean_squared_error": f"2 ({A} - Y)",
        "hinge": f"-(2 Y - 1) where (2 Y - 1) {A} < 1, else 0",
        "huber": f"{A} - Y, cut off at -{delta} and {delta}",
    }[network.loss]


def activation_gradient_equation(network: Network, layer: int) -> str:
    """Return the gradient at g's input: dZ, or dZ_tilde where a norm lies before g."""
    depth, described = len(network.layers), network.layers[layer - 1]
    Z, A = linear_part(network, layer), activated_part(network, layer)
    if layer == depth and network.loss in LOGIT_LOSSES:
        return f"d{Z} = A[{layer}] - Y"
    dA = f"{'dG' if copies_gradient(network, layer) else 'dA'}[{layer}]"
    if described.activation == "softmax":
        text = f"d{Z} = {A} * ({dA} - Σ {dA} * {A})"
    elif described.activation in COLUMNWISE:
        text = f"d{Z} = 0"
    elif described.activation == "identity":
        text = f"d{Z} = {dA}"
    else:
        text = f"d{Z} = {dA} * g'({Z}),  g' = {slope_equation(described, Z, A)}"
    return f"{text},  {dA} = {loss_slope_equation(network)}" if layer == depth else text


def gradient_equation(name: ArrayName, network: Network, training: Training, clipped: bool) -> str:
    """Return dW, db, dgamma or dbeta, with the penalties' part and what clipping does."""
    l = name.layer  # noqa: E741 - the course's letter
    text = {
        "W": f"1/m dZ[{l}] A[{l - 1}]^T",
        "b": f"1/m Σ dZ[{l}]",
        "gamma": f"1/m Σ dZ_tilde[{l}] * Z_norm[{l}]",
        "beta": f"1/m Σ dZ_tilde[{l}]",
    }[name.kind]
    if name.kind == "W":
        l2, l1 = lambds(network)
        if network.l2 > 0:
            text += f" + {l2}/m W[{l}]"
        if network.l1 > 0:
            text += f" + {l1}/{'(2m)' if network.l1_halved else 'm'} sign(W[{l}])"
    if clipped and training.clip_value > 0:
        limit = setting(training.clip_value)
        text += f",  clipped to -{limit} ... {limit}"
    if clipped and training.clip_norm > 0:
        text += f",  scaled by {setting(training.clip_norm)} / ||grad|| where that is < 1"
    return f"{name.symbol} = {text}"


def _forward_equations(name: ArrayName, network: Network) -> str:
    l = name.layer  # noqa: E741 - the course's letter
    described = network.layers[l - 1]
    Z = linear_part(network, l)
    norm = described.norm
    over = "1/m" if described.batch_norm else "1/n"
    epsilon = setting(norm.epsilon) if norm else ""
    bias = f" + b[{l}]" if described.bias else ""
    activation = value_equation(described, Z)
    return {
        "Z": f"W[{l}] A[{l - 1}]{bias}",
        "mean": f"{over} Σ Z[{l}]",
        "variance": f"{over} Σ (Z[{l}] - mean[{l}])^2",
        "Z_norm": f"(Z[{l}] - mean[{l}]) / sqrt(variance[{l}] + {epsilon})",
        "Z_tilde": f"gamma[{l}] * Z_norm[{l}] + beta[{l}]",
        "G": activation,
        "D": "1 where rand < keep_prob, else 0",
        "A": _passed_on(network, l, activation),
    }[name.kind]


def _passed_on(network: Network, layer: int, activation: str) -> str:
    """Return A: what g gives, through dropout, and what goes past the layer on top."""
    described = network.layers[layer - 1]
    text = f"G[{layer}]" if described.residual else activation
    if described.keep_prob < 1:
        text = f"G[{layer}] * D[{layer}] / keep_prob"
    return f"{text} + A[{layer - 1}]" if described.residual else text


def returned_equation(network: Network, layer: int) -> str:
    """Return dA of a hidden layer, as the layers behind it report it."""
    text = f"W[{layer + 1}]^T dZ[{layer + 1}]"
    past = network.layers[layer].residual
    text += f" + dA[{layer + 1}]" if past else ""
    if network.layers[layer - 1].keep_prob < 1 and not copies_gradient(network, layer):
        text = f"({text})" if past else text
        text += f" * D[{layer}] / keep_prob"
    return text


def _norm_gradient_equation(network: Network, l: int) -> str:  # noqa: E741 - the course's letter
    described = network.layers[l - 1]
    epsilon = setting(described.norm.epsilon) if described.norm else ""
    root = f"sqrt(variance[{l}] + {epsilon})"
    if described.batch_norm:
        part = f"1/m Σ dZ_tilde[{l}] - Z_norm[{l}] * 1/m Σ dZ_tilde[{l}] * Z_norm[{l}]"
        return f"dZ[{l}] = gamma[{l}] / {root} * (dZ_tilde[{l}] - {part})"
    part = f"1/n Σ dZ_norm - Z_norm[{l}] * 1/n Σ dZ_norm * Z_norm[{l}]"
    return f"dZ[{l}] = (dZ_norm - {part}) / {root},  dZ_norm = gamma[{l}] * dZ_tilde[{l}]"


def equation_of(
    name: ArrayName, network: Network, training: Training, *, clipped: bool = False
) -> str:
    """Return the equation of an array of a step: batch, forward or backward."""
    l = name.layer  # noqa: E741 - the course's letter
    if name.prefix == "d":
        if name.kind in PARAMETERS:
            return gradient_equation(name, network, training, clipped)
        if name.kind == "A":
            return f"dA[{l}] = {returned_equation(network, l)}"
        if name.kind == "G":
            return f"dG[{l}] = dA[{l}] * D[{l}] / keep_prob"
        if name.kind == "Z" and network.layers[l - 1].norm:
            return _norm_gradient_equation(network, l)
        return activation_gradient_equation(network, l)
    if name.prefix == "running_":
        norm = network.layers[l - 1].batch_norm
        keep = setting(norm.momentum) if norm else ""
        add = setting(1 - norm.momentum) if norm else ""
        return f"{name.symbol} = {keep} {name.symbol} + {add} {name.kind}[{l}]"
    if name.kind == "Y":
        return f"Y = {_labels(network)}"
    if name.kind == "A" and l == 0:
        return "A[0] = X^{t}, mini-batch t" if training.batch_size else "A[0] = X"
    return f"{name.symbol} = {_forward_equations(name, network)}"


def _labels(network: Network) -> str:
    """Return what Y is: the labels, or with label smoothing what training sees of them."""
    smoothing = network.label_smoothing
    if not smoothing:
        return "the labels of the batch"
    return f"(1 - {setting(smoothing)}) labels + {setting(smoothing)} / {classes_of(network)}"


def classes_of(network: Network) -> int:
    """Return the classes that a label chooses from: the outputs of softmax, else yes and no."""
    softmax = network.loss == "softmax_cross_entropy"
    return network.layers[-1].units if softmax else 2


def norm_equation(network: Network) -> str:
    """Return the norm of the whole gradient."""
    names = "dW, db" if any(layer.bias for layer in network.layers) else "dW"
    if any(layer.norm for layer in network.layers):
        names += ", dgamma, dbeta"
    return f"||grad|| = sqrt(Σ g^2), g all of {names}"


def clipping_equations(training: Training) -> tuple[str, ...]:
    """Return what the phase `check` does to the gradient; nothing where clipping is off."""
    found = []
    if training.clip_value > 0:
        limit = setting(training.clip_value)
        found.append(f"g = max(-{limit}, min({limit}, g))")
    if training.clip_norm > 0:
        found.append(f"g = g × min(1, {setting(training.clip_norm)} / ||grad||)")
    return tuple(found)
