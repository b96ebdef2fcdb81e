"""Training runs as PyTorch scripts."""

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

NAME = "PyTorch"
NEEDS = "numpy and torch"
_ACTIVATIONS = {
    "identity": "",
    "sigmoid": "Sigmoid()",
    "tanh": "Tanh()",
    "relu": "ReLU()",
    "leaky_relu": "LeakyReLU({slope})",
    "elu": "ELU({slope})",
    "selu": "SELU()",
    "gelu": "GELU()",
    "silu": "SiLU()",
    "softplus": "Softplus()",
}
_LOSSES = {
    "binary_cross_entropy": "torch.nn.functional.binary_cross_entropy_with_logits(out, target)",
    "softmax_cross_entropy": "torch.nn.functional.cross_entropy(out, target)",
    "mean_squared_error": "torch.nn.functional.mse_loss(out, target)",
    "huber": "torch.nn.functional.huber_loss(out, target, delta={delta})",
}
RULES = {
    "sgd": "SGD({parameters}, lr={alpha})",
    "momentum": "SGD({parameters}, lr={alpha}, momentum={beta1})",
    "momentum_sum": "SGD({parameters}, lr={alpha}, momentum={beta1})",
    "nesterov": "SGD({parameters}, lr={alpha}, momentum={beta1}, nesterov=True)",
    "adagrad": "Adagrad({parameters}, lr={alpha}, eps={epsilon})",
    "rmsprop": "RMSprop({parameters}, lr={alpha}, alpha={beta2}, eps={epsilon})",
    "adam": "Adam({parameters}, lr={alpha}, betas=({beta1}, {beta2}), eps={epsilon})",
    "amsgrad": (
        "Adam({parameters}, lr={alpha}, betas=({beta1}, {beta2}), eps={epsilon}, amsgrad=True)"
    ),
    "adamw": "AdamW({parameters}, lr={alpha}, betas=({beta1}, {beta2}), eps={epsilon})",
}


def reasons(plan: Plan) -> list[str]:
    """Return what of a run has no counterpart."""
    found = reasons_against(plan, set(_ACTIVATIONS), set(_LOSSES), set(RULES))
    if plan.training.epsilon_inside and plan.training.optimizer == "rmsprop":
        found.append("epsilon stands inside the root (training.epsilon_inside)")
    return found


def script(plan: Plan) -> str:
    """Return the script's text."""
    training = plan.training
    lines = heading(plan, NAME, NEEDS)
    lines += [
        "import sys",
        "from pathlib import Path",
        "",
        "import numpy as np",
        "import torch",
        "",
        f"torch.set_default_dtype(torch.{plan.dtype})",
        'data = np.load(Path(__file__).with_suffix(".npz"), allow_pickle=False)',
        "# PyTorch has one example a row, the course one a column.",
        'X, Y = torch.from_numpy(data["X"].T.copy()), torch.from_numpy(data["Y"].T.copy())',
        "",
        "model = torch.nn.Sequential(",
        *(f"    torch.nn.{part}," for part in _modules(plan)),
        ")",
        "with torch.no_grad():",
        *_first_weights(plan),
        "",
        *_parameters(plan),
        *([f"alphas = {alphas_of(plan)}"] if plan.scheduled else []),
        f"optimizer = torch.optim.{_rule(plan)}",
        "",
        "costs = []",
        f"for step in range({plan.steps}):",
        *batch_lines(plan, "{X}[{columns}]"),
        *_cost(plan),
        "    costs.append(J.item())",
        "    optimizer.zero_grad()",
        "    J.backward()",
    ]
    if training.clip_value:
        clip = f"clip_grad_value_(model.parameters(), {number(training.clip_value)})"
        lines.append(f"    torch.nn.utils.{clip}")
    if training.clip_norm:
        lines += [
            "    # clip_grad_norm_ divides by the norm + 1e-6; the course by the norm.",
            "    norm = torch.nn.utils.get_total_norm([p.grad for p in model.parameters()])",
            f"    if norm > {number(training.clip_norm)}:",
            "        for p in model.parameters():",
            f"            p.grad *= {number(training.clip_norm)} / norm",
        ]
    if plan.scheduled:
        lines += [
            "    for group in optimizer.param_groups:",
            '        group["lr"] = alphas[step]',
        ]
    lines += ["    optimizer.step()", "", *comparison(plan)]
    return "\n".join(lines) + "\n"


def _modules(plan: Plan) -> list[str]:
    """Return the layers; the last activation is part of a loss that is computed from logits."""
    parts = []
    sizes = plan.network.sizes
    for number_, layer in enumerate(plan.network.layers, start=1):
        bias = "" if layer.bias else ", bias=False"
        parts.append(f"Linear({sizes[number_ - 1]}, {sizes[number_]}{bias})")
        if layer.batch_norm is not None:
            norm = layer.batch_norm
            parts.append(
                f"BatchNorm1d({layer.units}, eps={norm.epsilon!r}, momentum={1 - norm.momentum:g})"
            )
        last = number_ == len(plan.network.layers)
        if not (last and plan.network.loss.endswith("cross_entropy")):
            parts += _activation(layer)
    return parts


def _activation(layer: Layer) -> list[str]:
    part = _ACTIVATIONS[layer.activation].format(slope=number(layer.slope))
    return [part] if part else []


def _first_weights(plan: Plan) -> list[str]:
    lines = [
        "    linear = [part for part in model if isinstance(part, torch.nn.Linear)]",
        "    for l, part in enumerate(linear, start=1):",
        '        part.weight.copy_(torch.from_numpy(data[f"W{l}"]))',
    ]
    if any(layer.bias for layer in plan.network.layers):
        lines += [
            "        if part.bias is not None:",
            '            part.bias.copy_(torch.from_numpy(data[f"b{l}"][:, 0]))',
        ]
    normed = [n for n, layer in enumerate(plan.network.layers, 1) if layer.batch_norm is not None]
    if normed:
        lines += [
            "    norms = [part for part in model if isinstance(part, torch.nn.BatchNorm1d)]",
            f"    for l, part in zip({normed}, norms):",
            '        part.weight.copy_(torch.from_numpy(data[f"gamma{l}"][:, 0]))',
            '        part.bias.copy_(torch.from_numpy(data[f"beta{l}"][:, 0]))',
        ]
    return lines


def _parameters(plan: Plan) -> list[str]:
    if plan.training.optimizer != "adamw":
        return []
    decay = number(plan.training.weight_decay)
    return [
        "# nnsim's decay shrinks W only; PyTorch's shrinks all that it is given.",
        "W = [part.weight for part in linear]",
        "others = [p for p in model.parameters() if all(p is not w for w in W)]",
        "groups = [",
        f'    {{"params": W, "weight_decay": {decay}}},',
        '    {"params": others, "weight_decay": 0.0},',
        "]",
    ]


def _rule(plan: Plan) -> str:
    training = plan.training
    return RULES[training.optimizer].format(
        parameters="groups" if training.optimizer == "adamw" else "model.parameters()",
        alpha=alpha_of(plan),
        beta1=number(training.beta1),
        beta2=number(training.beta2),
        epsilon=number(training.epsilon),
    )


def _cost(plan: Plan) -> list[str]:
    network = plan.network
    X, Y = ("X_t", "Y_t") if "order" in plan.arrays else ("X", "Y")
    loss = _LOSSES[network.loss].format(delta=number(network.huber_delta))
    outputs = network.layers[-1].units
    if network.loss != "softmax_cross_entropy" and outputs > 1:
        loss = f"{outputs} * {loss}  # PyTorch's mean runs over the outputs, too"
    lines = [f"    out, target = model({X}), {Y}", f"    J = {loss}"]
    if network.l2:
        term = "sum(part.weight.square().sum() for part in linear)"
        lines.append(f"    J = J + {number(network.l2)} / (2 * len({X})) * {term}")
    if network.l1:
        term = "sum(part.weight.abs().sum() for part in linear)"
        m = f"(2 * len({X}))" if network.l1_halved else f"len({X})"
        lines.append(f"    J = J + {number(network.l1)} / {m} * {term}")
    return lines
