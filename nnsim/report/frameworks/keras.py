"""Training runs as Keras scripts, on whichever backend is there."""

from __future__ import annotations

from nnsim.network.specification import Layer
from nnsim.report.frameworks.plan import Plan, reasons_against
from nnsim.report.frameworks.text import (
    alpha_of,
    alphas_of,
    batch_lines,
    comparison,
    heading,
    number,
)

NAME = "Keras"
NEEDS = "numpy, keras 3 and torch (see KERAS_BACKEND)"
_ACTIVATIONS = {
    "identity": '"linear"',
    "sigmoid": '"sigmoid"',
    "tanh": '"tanh"',
    "relu": '"relu"',
    "leaky_relu": "lambda z: keras.ops.leaky_relu(z, {slope})",
    "elu": "lambda z: keras.ops.elu(z, {slope})",
    "selu": '"selu"',
    "gelu": '"gelu"',
    "silu": '"silu"',
    "softplus": '"softplus"',
}
_LOSSES = {
    "binary_cross_entropy": "keras.losses.BinaryCrossentropy(from_logits=True)",
    "softmax_cross_entropy": "keras.losses.CategoricalCrossentropy(from_logits=True)",
    "mean_squared_error": "keras.losses.MeanSquaredError()",
    "huber": "keras.losses.Huber(delta={delta})",
}
RULES = {
    "sgd": "SGD({alpha})",
    "momentum": "SGD({alpha}, momentum={beta1})",
    "momentum_sum": "SGD({alpha}, momentum={beta1})",
    "adam": "Adam({alpha}, beta_1={beta1}, beta_2={beta2}, epsilon={epsilon})",
}
_TOLERANCE = 1e-6
"""Keras keeps the cost that it returns in float32."""
_ADAMS_TOLERANCE = 1e-4
"""Keras adds epsilon before it corrects the bias: its epsilon is larger in the first steps."""


def reasons(plan: Plan) -> list[str]:
    """Return what of a run has no counterpart."""
    found = reasons_against(plan, set(_ACTIVATIONS), set(_LOSSES), set(RULES))
    network, training = plan.network, plan.training
    if training.optimizer.startswith("momentum") and plan.scheduled:
        found.append("momentum with a schedule: Keras averages alpha dW, nnsim dW")
    m = plan.arrays["X"].shape[1]
    if (network.l1 or network.l2) and training.batch_size and m % training.batch_size:
        found.append("the penalty is divided by the batch's m, and the last batch is smaller")
    if network.layers[-1].units > 1 and network.loss != "softmax_cross_entropy":
        found.append("several outputs: Keras takes the mean of their losses, nnsim the sum")
    if training.clip_value or training.clip_norm:
        found.append("clipping: Keras clips each W and b by itself")
    return found


def script(plan: Plan) -> str:
    """Return the script's text."""
    training, network = plan.training, plan.network
    loss = _LOSSES[network.loss].format(delta=number(network.huber_delta))
    batch = "X_t, Y_t" if "order" in plan.arrays else "X, Y"
    lines = heading(plan, NAME, NEEDS)
    lines += [
        "import os",
        "import sys",
        "from pathlib import Path",
        "",
        "import numpy as np",
        "",
        'os.environ.setdefault("KERAS_BACKEND", "torch")',
        "import keras",
        "",
        f'keras.config.set_floatx("{plan.dtype}")',
        'data = np.load(Path(__file__).with_suffix(".npz"), allow_pickle=False)',
        "# Keras has one example a row, the course one a column.",
        'X, Y = data["X"].T.copy(), data["Y"].T.copy()',
        "",
        "model = keras.Sequential([",
        f"    keras.Input(({network.sizes[0]},)),",
        *(f"    {line}," for line in _layers(plan)),
        "])",
        *_first_weights(plan),
        *([f"alphas = {alphas_of(plan)}"] if plan.scheduled else []),
        f"optimizer = keras.optimizers.{_rule(plan)}",
        f"model.compile(optimizer, {loss})",
        "",
        "costs = []",
        f"for step in range({plan.steps}):",
        *batch_lines(plan, "{X}[{columns}]"),
    ]
    if plan.scheduled:
        lines.append("    optimizer.learning_rate = alphas[step]")
    lines += [
        "    model.reset_metrics()  # else it would be the mean of all costs so far",
        f"    costs.append(float(model.train_on_batch({batch})))",
        "",
        *comparison(plan, _ADAMS_TOLERANCE if training.optimizer == "adam" else _TOLERANCE),
    ]
    return "\n".join(lines) + "\n"


def _layers(plan: Plan) -> list[str]:
    lines = []
    network = plan.network
    m = plan.training.batch_size or plan.arrays["X"].shape[1]
    penalty = ""
    if network.l1 or network.l2:
        l1 = network.l1 / (2 * m if network.l1_halved else m)
        l2 = network.l2 / (2 * m)
        penalty = f", kernel_regularizer=keras.regularizers.L1L2({number(l1)}, {number(l2)})"
    for place, layer in enumerate(network.layers, start=1):
        logits = place == len(network.layers) and network.loss.endswith("cross_entropy")
        activation = '"linear"' if logits else _activation(layer)
        bias = "" if layer.bias else ", use_bias=False"
        if layer.batch_norm is None:
            lines.append(f"keras.layers.Dense({layer.units}, {activation}{bias}{penalty})")
            continue
        norm = layer.batch_norm
        lines += [
            f"keras.layers.Dense({layer.units}{bias}{penalty})",
            f"keras.layers.BatchNormalization(epsilon={norm.epsilon!r}, "
            f"momentum={norm.momentum!r})",
            f"keras.layers.Activation({activation})",
        ]
    return lines


def _activation(layer: Layer) -> str:
    return _ACTIVATIONS[layer.activation].format(slope=number(layer.slope))


def _first_weights(plan: Plan) -> list[str]:
    lines = [
        "dense = [part for part in model.layers if isinstance(part, keras.layers.Dense)]",
        "for l, part in enumerate(dense, start=1):",
        '    bias = [data[f"b{l}"][:, 0]] if part.use_bias else []',
        '    part.set_weights([data[f"W{l}"].T, *bias])',
    ]
    normed = [n for n, layer in enumerate(plan.network.layers, 1) if layer.batch_norm is not None]
    if normed:
        lines += [
            "norms = [p for p in model.layers if isinstance(p, keras.layers.BatchNormalization)]",
            f"for l, part in zip({normed}, norms):",
            "    mean, variance = part.get_weights()[2:]",
            '    gamma, beta = data[f"gamma{l}"][:, 0], data[f"beta{l}"][:, 0]',
            "    part.set_weights([gamma, beta, mean, variance])",
        ]
    return lines


def _rule(plan: Plan) -> str:
    training = plan.training
    return RULES[training.optimizer].format(
        alpha=alpha_of(plan),
        beta1=number(training.beta1),
        beta2=number(training.beta2),
        epsilon=number(training.epsilon),
    )
