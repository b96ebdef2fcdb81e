"""Training runs as JAX scripts: the course's own layout, the gradient by `jax.grad`."""

from __future__ import annotations

from nnsim.report.frameworks.plan import Plan, reasons_against
from nnsim.report.frameworks.text import (
    alpha_of,
    alphas_of,
    batch_lines,
    comparison,
    heading,
    number,
)

NAME = "JAX"
NEEDS = "numpy, jax and optax"
_ACTIVATIONS = {
    "identity": "Z",
    "sigmoid": "jax.nn.sigmoid(Z)",
    "tanh": "jnp.tanh(Z)",
    "relu": "jax.nn.relu(Z)",
    "leaky_relu": "jax.nn.leaky_relu(Z, {slope})",
    "elu": "jax.nn.elu(Z, {slope})",
    "selu": "jax.nn.selu(Z)",
    "gelu": "jax.nn.gelu(Z, approximate=False)",
    "silu": "jax.nn.silu(Z)",
    "softplus": "jax.nn.softplus(Z)",
}
_LOSSES = {
    "binary_cross_entropy": "optax.sigmoid_binary_cross_entropy(out, Y).sum(axis=0).mean()",
    "softmax_cross_entropy": "optax.softmax_cross_entropy(out, Y, axis=0).mean()",
    "mean_squared_error": "((out - Y) ** 2).sum(axis=0).mean()",
    "huber": "optax.huber_loss(out, Y, delta={delta}).sum(axis=0).mean()",
}
RULES = {
    "sgd": "optax.sgd({alpha})",
    # v = beta1 v + (1 - beta1) dW is optax's trace times 1 - beta1: alpha takes the factor.
    "momentum": "optax.sgd({alpha}, momentum={beta1})",
    "momentum_sum": "optax.sgd({alpha}, momentum={beta1})",
    "rmsprop": "optax.rmsprop({alpha}, decay={beta2}, eps={epsilon}, eps_in_sqrt={inside})",
    "adam": "optax.adam({alpha}, b1={beta1}, b2={beta2}, eps={epsilon})",
    "adamw": (
        "optax.adamw({alpha}, b1={beta1}, b2={beta2}, eps={epsilon}, "
        "weight_decay={decay}, mask=W_only)"
    ),
    "lion": "optax.lion({alpha}, b1={beta1}, b2={beta2}, weight_decay={decay}, mask=W_only)",
}


def reasons(plan: Plan) -> list[str]:
    """Return what of a run has no counterpart."""
    found = reasons_against(plan, set(_ACTIVATIONS), set(_LOSSES), set(RULES))
    if any(layer.batch_norm is not None for layer in plan.network.layers):
        found.append("batch norm: JAX has no layer for it; PyTorch's script does")
    return found


def script(plan: Plan) -> str:
    """Return the script's text."""
    lines = heading(plan, NAME, NEEDS)
    precision = ['jax.config.update("jax_enable_x64", True)'] if plan.dtype == "float64" else []
    lines += [
        "import sys",
        "from pathlib import Path",
        "",
        "import jax",
        "import jax.numpy as jnp",
        "import numpy as np",
        "import optax",
        "",
        *precision,
        'data = np.load(Path(__file__).with_suffix(".npz"), allow_pickle=False)',
        'X, Y = jnp.array(data["X"]), jnp.array(data["Y"])',
        f"L = {len(plan.network.layers)}",
        'names = [f"{kind}{l}" for l in range(1, L + 1) for kind in "Wb" if f"{kind}{l}" in data]',
        "theta = {name: jnp.array(data[name]) for name in names}",
        'W_only = {name: name[0] == "W" for name in names}',
        "",
        "",
        "def forward(theta, A):",
        *_layers(plan),
        f"    return {'Z' if plan.network.loss.endswith('cross_entropy') else 'A'}",
        "",
        "",
        "def cost(theta, X, Y):",
        "    out = forward(theta, X)",
        f"    J = {_LOSSES[plan.network.loss].format(delta=number(plan.network.huber_delta))}",
        *_penalties(plan),
        "    return J",
        "",
        "",
        *([f"alphas = {alphas_of(plan, 'jnp.array(data[{}])')}"] if plan.scheduled else []),
        f"rule = {_rule(plan)}",
        "slots = rule.init(theta)",
        "",
        "",
        "@jax.jit",
        "def update(theta, slots, X, Y):",
        "    J, gradient = jax.value_and_grad(cost)(theta, X, Y)",
        "    steps, slots = rule.update(gradient, slots, theta)",
        "    return J, optax.apply_updates(theta, steps), slots",
        "",
        "",
        "costs = []",
        f"for step in range({plan.steps}):",
        *batch_lines(plan, "{X}[:, {columns}]"),
    ]
    batch = "X_t, Y_t" if "order" in plan.arrays else "X, Y"
    lines += [
        f"    J, theta, slots = update(theta, slots, {batch})",
        "    costs.append(float(J))",
        "",
        *comparison(plan),
    ]
    return "\n".join(lines) + "\n"


def _layers(plan: Plan) -> list[str]:
    lines = []
    for place, layer in enumerate(plan.network.layers, start=1):
        bias = f' + theta["b{place}"]' if layer.bias else ""
        lines.append(f'    Z = theta["W{place}"] @ A{bias}')
        last = place == len(plan.network.layers)
        if not (last and plan.network.loss.endswith("cross_entropy")):
            lines.append(
                f"    A = {_ACTIVATIONS[layer.activation].format(slope=number(layer.slope))}"
            )
    return lines


def _penalties(plan: Plan) -> list[str]:
    network = plan.network
    lines = []
    weights = 'for name in names if name[0] == "W"'
    if network.l2:
        factor = f"{number(network.l2)} / (2 * X.shape[1])"
        lines.append(f"    J += {factor} * sum((theta[name] ** 2).sum() {weights})")
    if network.l1:
        m = "(2 * X.shape[1])" if network.l1_halved else "X.shape[1]"
        lines.append(
            f"    J += {number(network.l1)} / {m} * sum(jnp.abs(theta[name]).sum() {weights})"
        )
    return lines


def _rule(plan: Plan) -> str:
    training = plan.training
    text = RULES[training.optimizer].format(
        alpha="lambda step: alphas[step]" if plan.scheduled else alpha_of(plan),
        beta1=number(training.beta1),
        beta2=number(training.beta2),
        epsilon=number(training.epsilon),
        decay=number(training.weight_decay),
        inside=training.epsilon_inside,
    )
    clips = []
    if training.clip_value:
        clips.append(f"optax.clip({number(training.clip_value)})")
    if training.clip_norm:
        clips.append(f"optax.clip_by_global_norm({number(training.clip_norm)})")
    return f"optax.chain({', '.join([*clips, text])})" if clips else text
