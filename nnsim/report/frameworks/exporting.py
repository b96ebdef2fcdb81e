"""`nnsim export`: a scenario written as a script for another framework."""

from __future__ import annotations

import io
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nnsim.errors import ExitCode, Problem, ScenarioError
from nnsim.report.files import check_writable, write_bytes, write_text
from nnsim.report.frameworks.plan import ExportError, plan_of

if TYPE_CHECKING:
    from nnsim.scenario import Scenario

FRAMEWORKS = ("pytorch", "jax", "keras")


def export_scenario(
    name: str,
    framework: str,
    *,
    variant: str | None,
    overrides: list[str],
    seed: int | None,
    steps: int | None,
    output: Path | None,
) -> ExitCode:
    """Write a script, and beside it the arrays that it starts from; say where they are."""
    from nnsim.scenario import load, parse_settings

    scenario = load(name)
    path = output or Path(f"{scenario.name.replace('-', '_')}_{framework}.py")
    if path.suffix != ".py":
        problem = Problem(f"found {path}", "--output", expected="a name that ends in .py")
        raise ScenarioError([problem])
    check_writable(path)
    settings = {"seed": seed, "steps": steps, "set": parse_settings(overrides)}
    chosen = variant or scenario.variants[0].name
    text, arrays = written(scenario, chosen, framework, settings, _command(name, framework, chosen))
    write_text(path, text)
    sys.stdout.write(f"{path}\n")
    if arrays:
        content = io.BytesIO()
        np.savez(content, **arrays)  # type: ignore[arg-type]
        write_bytes(path.with_suffix(".npz"), content.getvalue())
        sys.stdout.write(f"{path.with_suffix('.npz')}\n")
    return ExitCode.OK


def written(
    scenario: Scenario, variant: str, framework: str, settings: dict[str, Any], command: str
) -> tuple[str, dict[str, np.ndarray]]:
    """Return the text of a script and the arrays that it reads.

    Raises
    ------
    ExportError
        Something in the run has no counterpart; all of it is said.
    ScenarioError
        No such variant, a wrong setting.
    """
    title = scenario.title if len(scenario.variants) == 1 else f"{scenario.title} / {variant}"
    if scenario.kind == "descent":
        from nnsim.report.frameworks import descent

        run = scenario.specification(variant, **settings)
        simulation = scenario.simulation(variant, **settings)
        return descent.script(run, simulation, framework, title, command), {}
    if scenario.kind != "training":
        reason = f"its kind is {scenario.kind}; runs that train and descents are written"
        raise ExportError(title, framework, [reason])
    writer = import_module(f"nnsim.report.frameworks.{framework}")
    specification = scenario.specification(variant, **settings)
    plan = plan_of(scenario.simulation(variant, **settings), title, command, specification.seed)
    reasons = writer.reasons(plan)
    if reasons:
        raise ExportError(title, writer.NAME, reasons)
    return writer.script(plan), plan.arrays


def _command(name: str, framework: str, variant: str) -> str:
    quoted = f"'{variant}'" if " " in variant else variant
    chosen = "" if variant == "base" else f" --variant {quoted}"
    return f"nnsim export {name} --to {framework}{chosen}"
