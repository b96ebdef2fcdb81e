"""Pieces of text that the scripts of all frameworks share."""

from __future__ import annotations

from nnsim.report.frameworks.plan import Plan


def heading(plan: Plan, framework: str, needs: str) -> list[str]:
    """Return the docstring of a script."""
    return [
        f'"""{plan.title}: the same run in {framework}.',
        "",
        f"Written by `{plan.command}`. Needs {needs}.",
        "It starts from nnsim's first weights, takes the same examples in the same order, and",
        "compares the cost of every step with nnsim's.",
        '"""',
        "",
    ]


def batch_lines(plan: Plan, take: str) -> list[str]:
    """Return the lines of a loop that choose X and Y of a step; `take` has {X} and {columns}."""
    if "order" not in plan.arrays:
        return []
    size, batches = plan.training.batch_size, plan.batches
    return [
        f"    epoch, t = divmod(step, {batches})",
        f'    columns = data["order"][epoch, {size} * t : {size} * (t + 1)]',
        *(f"    {name}_t = {take.format(X=name, columns='columns')}" for name in ("X", "Y")),
    ]


def comparison(plan: Plan, tolerance: float = 0.0) -> list[str]:
    """Return the end of a script: costs side by side, and whether they agree."""
    tolerance = max(tolerance, plan.tolerance)
    return [
        'ours = data["cost"]',
        'print("step  J here               J of nnsim")',
        "for step in sorted({*range(0, len(ours), max(1, len(ours) // 10)), len(ours) - 1}):",
        '    print(f"{step:4d}  {costs[step]:<18.15g} {ours[step]:.15g}")',
        "apart = max(abs(a - b) / max(abs(b), 1e-12) for a, b in zip(costs, ours))",
        'print(f"largest relative difference: {apart:.1e}")',
        f"sys.exit(0 if apart <= {tolerance:g} else 1)",
    ]


def number(value: float) -> str:
    """Return a setting as Python writes it."""
    return repr(float(value))


def _factor(plan: Plan) -> str:
    """Return the factor on alpha where other frameworks add up what the course averages.

    v = beta1 v + (1 - beta1) dW is 1 - beta1 times v = beta1 v + dW, at every step (topic C4).
    """
    averaged = plan.training.optimizer in ("momentum", "nesterov")
    return f" * (1 - {number(plan.training.beta1)})" if averaged else ""


def alpha_of(plan: Plan) -> str:
    """Return the learning rate as an expression."""
    return number(plan.training.learning_rate) + _factor(plan)


def alphas_of(plan: Plan, array: str = "data[{}]") -> str:
    """Return the learning rates of all steps as an expression."""
    return array.format('"alpha"') + _factor(plan)
