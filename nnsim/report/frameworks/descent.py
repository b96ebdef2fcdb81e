"""A formula said to a framework, which finds its gradient: descent as a script (topic C9)."""

from __future__ import annotations

import ast
from typing import Any

from nnsim.report.frameworks import jax, keras, pytorch
from nnsim.report.frameworks.plan import ExportError
from nnsim.report.frameworks.text import number
from nnsim.simulations.formula import FUNCTIONS

_MATHS = {"pytorch": "torch", "jax": "jax.numpy", "keras": "keras.ops"}
_NAMES = {"pytorch": pytorch.NAME, "jax": jax.NAME, "keras": keras.NAME}
_NEEDS = {"pytorch": pytorch.NEEDS, "jax": jax.NEEDS, "keras": keras.NEEDS}
_RULES = {"pytorch": pytorch.RULES, "jax": jax.RULES, "keras": keras.RULES}
_TOLERANCE = {"pytorch": 1e-9, "jax": 1e-9, "keras": 1e-5}


def script(run: Any, simulation: Any, framework: str, title: str, command: str) -> str:
    """Return the text of a script that walks all paths and compares where they end.

    Raises ExportError for paths that no framework walks: with noise, a schedule, a wrong
    correction, or a rule that has no counterpart.
    """
    reasons = [each for path in run.paths for each in _reasons(path, framework)]
    if reasons:
        raise ExportError(title, _NAMES[framework], list(dict.fromkeys(reasons)))
    simulation.run()
    figures = simulation.figures()
    ends = [
        [float(figures[path.named(name)]) for name in run.surface.variables] for path in run.paths
    ]
    lines = [
        f'"""{title}: the same in {_NAMES[framework]}.',
        "",
        f"Written by `{command}`. Needs {_NEEDS[framework]}.",
        "J is said as a formula; the framework finds its gradient.",
        '"""',
        "",
        *_imports(run, framework),
        "",
        *(f"{name} = {number(value)}" for name, value in run.surface.constants),
        "",
        "",
        f"def J({', '.join(run.surface.variables)}):",
        f"    return {run.surface.formula}",
        "",
        "",
        *_walk(framework),
        "apart = 0.0",
    ]
    for path, end in zip(run.paths, ends, strict=True):
        start = tuple(map(float, path.start or run.surface.start))
        lines += [
            "",
            f"# {path.name or 'the path'}",
            f"place = walk({list(start)}, {_rule(path, framework)}, {run.planned})",
            f"ours = {end}",
            f'print("{path.name or "J"}", "ends at", *place, " nnsim:", *ours)',
            "apart = max(apart, *(abs(a - b) / max(abs(b), 1.0) for a, b in zip(place, ours)))",
        ]
    lines += [
        "",
        'print(f"largest difference: {apart:.1e}")',
        f"sys.exit(0 if apart <= {_TOLERANCE[framework]:g} else 1)",
    ]
    return "\n".join(lines) + "\n"


def _reasons(path: Any, framework: str) -> list[str]:
    found = []
    who = f"{path.name}: " if path.name else ""
    if path.optimizer not in _RULES[framework] or path.optimizer in ("adamw", "lion"):
        found.append(f"{who}no optimiser there takes the steps of {path.optimizer}")
    if path.noise:
        found.append(f"{who}noise on the gradient")
    if path.schedule.kind != "constant" or path.schedule.warm_up:
        found.append(f"{who}a learning-rate schedule")
    if path.bias_correction != "divided":
        found.append(f"{who}Adam with a mistake in its correction")
    if path.epsilon_inside and not (framework == "jax" and path.optimizer == "rmsprop"):
        found.append(f"{who}epsilon inside the root")
    return found


def _imports(run: Any, framework: str) -> list[str]:
    formula = ast.parse(run.surface.formula, mode="eval")
    names = {node.id for node in ast.walk(formula) if isinstance(node, ast.Name)}
    called, numbers = names & set(FUNCTIONS), (names & {"pi", "e"}) - set(_symbols(run))
    maths = [f"from {_MATHS[framework]} import {', '.join(sorted(called))}"] if called else []
    maths += [f"from math import {', '.join(sorted(numbers))}"] if numbers else []
    return {
        "pytorch": ["import sys", "", "import torch", *maths, "", _DOUBLE],
        "jax": [
            *("import sys", "", "import jax", "import optax"),
            *(*maths, "", 'jax.config.update("jax_enable_x64", True)'),
        ],
        "keras": [
            *("import os", "import sys", "", "import numpy as np", ""),
            'os.environ.setdefault("KERAS_BACKEND", "torch")',
            *("import keras", *maths, "", 'keras.config.set_floatx("float64")'),
        ],
    }[framework]


_DOUBLE = "torch.set_default_dtype(torch.float64)"


def _symbols(run: Any) -> tuple[str, ...]:
    return (*run.surface.variables, *(name for name, _ in run.surface.constants))


def _rule(path: Any, framework: str) -> str:
    factor = f" * (1 - {number(path.beta1)})" if path.optimizer in ("momentum", "nesterov") else ""
    text = _RULES[framework][path.optimizer].format(
        parameters="theta",
        alpha=number(path.learning_rate) + factor,
        beta1=number(path.beta1),
        beta2=number(path.beta2),
        epsilon=number(path.epsilon),
        inside=path.epsilon_inside,
        decay="0.0",
    )
    if framework == "pytorch":
        return f"lambda theta: torch.optim.{text}"
    return text if framework == "jax" else f"keras.optimizers.{text}"


def _walk(framework: str) -> list[str]:
    return {
        "pytorch": [
            "def walk(start, rule, steps):",
            "    w = [torch.tensor(each, requires_grad=True) for each in start]",
            "    optimizer = rule(w)",
            "    for _ in range(steps):",
            "        optimizer.zero_grad()",
            "        J(*w).backward()",
            "        optimizer.step()",
            "    return [each.item() for each in w]",
            "",
            "",
        ],
        "jax": [
            "def walk(start, rule, steps):",
            "    gradient = jax.jit(jax.grad(lambda w: J(*w)))",
            "    w = [jax.numpy.array(each) for each in start]",
            "    slots = rule.init(w)",
            "    for _ in range(steps):",
            "        change, slots = rule.update(gradient(w), slots, w)",
            "        w = optax.apply_updates(w, change)",
            "    return [float(each) for each in w]",
            "",
            "",
        ],
        "keras": [
            "class Point(keras.layers.Layer):",
            '    """A place whose cost is J: Keras wants a model to find a gradient."""',
            "",
            "    def __init__(self, start):",
            "        super().__init__()",
            "        self.w = [",
            "            self.add_weight(shape=(), initializer=keras.initializers.Constant(each))",
            "            for each in start",
            "        ]",
            "",
            "    def call(self, x):",
            "        self.add_loss(J(*(each + 0.0 for each in self.w)))",
            "        return x",
            "",
            "",
            "def walk(start, rule, steps):",
            "    point = Point(start)",
            "    model = keras.Sequential([keras.Input((1,)), point])",
            "    model.compile(rule)",
            "    for _ in range(steps):",
            "        model.train_on_batch(np.zeros((1, 1)))",
            "    return [float(keras.ops.convert_to_numpy(each)) for each in point.w]",
            "",
            "",
        ],
    }[framework]
