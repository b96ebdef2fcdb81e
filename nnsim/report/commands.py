"""What the commands do: read scenarios, run them, hand the results to the writers.

Data goes to stdout; progress, mistakes and remarks to stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from nnsim.errors import ExitCode, Problem, ScenarioError
from nnsim.report.figures import counted
from nnsim.report.files import OutputError, check_writable, write_text
from nnsim.report.outcomes import Outcome, exit_code_of
from nnsim.report.style import Style

if TYPE_CHECKING:
    from nnsim.report.running import RunSettings
    from nnsim.scenario import Scenario


def list_scenarios(*, as_json: bool) -> ExitCode:
    """Print the catalogue."""
    from nnsim.report.listing import list_json, list_lines
    from nnsim.report.result_json import dumped
    from nnsim.scenario import catalogue

    entries = catalogue()
    if as_json:
        _write(sys.stdout, dumped(list_json(entries)))
    else:
        _print(list_lines(entries, Style.of(sys.stdout)))
    return ExitCode.OK


def show_scenario(name: str) -> ExitCode:
    """Print what a scenario is."""
    from nnsim.report.showing import scenario_lines
    from nnsim.scenario import load

    _print(scenario_lines(load(name), Style.of(sys.stdout)))
    return ExitCode.OK


def validate_scenarios(arguments: Sequence[str]) -> ExitCode:
    """Print every mistake of every scenario, or that there is none."""
    scenarios, problems, count = load_all(arguments)
    style = Style.of(sys.stdout)
    lines = [style.plain(str(problem)) for problem in problems]
    if problems:
        lines.append(
            f"{counted(len(problems), 'mistake')} in {count - len(scenarios)} of "
            f"{counted(count, 'scenario')}"
        )
    else:
        lines.append(f"{counted(count, 'scenario')}, no mistakes")
    _print(lines)
    return ExitCode.BAD_INPUT if problems else ExitCode.OK


def run_scenarios(
    arguments: Sequence[str],
    *,
    variants: Sequence[str],
    overrides: Sequence[str],
    seed: int | None,
    steps: int | None,
    as_json: bool,
    junit: Path | None,
    csv: Path | None,
    jobs: int,
) -> ExitCode:
    """Run scenarios; print and write what came out, even when interrupted."""
    from nnsim.report.interruption import Interruption
    from nnsim.report.progress import Progress
    from nnsim.report.running import RunSettings, run_all
    from nnsim.scenario import parse_settings

    for path in (junit, csv):
        if path is not None:
            check_writable(path)
    settings = RunSettings(tuple(variants), seed, steps, parse_settings(overrides))
    scenarios, problems, _ = load_all(arguments)
    for scenario in scenarios:
        problems += settings_problems(scenario, settings)
    if problems:
        raise ScenarioError(problems)
    style = Style.of(sys.stdout)
    outcomes: list[Outcome] = []
    with Interruption(sys.stderr) as interruption, Progress(sys.stderr, len(scenarios)) as progress:
        for outcome in run_all(
            scenarios, settings, jobs=jobs, progress=progress, interruption=interruption
        ):
            outcomes.append(outcome)
            if not as_json:
                progress.clear()
                _print([*_outcome_lines(outcome, style), ""])
        progress.clear()
        _write_all(outcomes, style, as_json=as_json, junit=junit, csv=csv)
    return ExitCode.INTERRUPTED if interruption.asked else exit_code_of(outcomes)


def check_scenario(
    name: str,
    *,
    variants: Sequence[str],
    overrides: Sequence[str],
    seed: int | None,
    epsilon: float,
    masks: str,
    at_step: int,
) -> ExitCode:
    """Check the gradients of a scenario's variants."""
    from nnsim.report.check_text import check_lines
    from nnsim.scenario import load, parse_settings

    scenario, settings = load(name), parse_settings(overrides)
    if scenario.kind != "training":
        message = f"is a {scenario.kind} scenario: `nnsim run {scenario.name}` steps through it"
        raise ScenarioError([Problem(message, name, expected="a scenario that trains a network")])
    style = Style.of(sys.stdout)
    code = ExitCode.OK
    _print([style.paint(style.plain(scenario.title), "bold"), ""])
    for variant in variants or [each.name for each in scenario.variants]:
        simulation = scenario.simulation(variant=variant, seed=seed, set=settings)
        steps = simulation.training.steps
        if at_step > steps:
            expected = f"at most {steps}, the steps of the run"
            raise ScenarioError([Problem(f"found {at_step}", "--at-step", expected=expected)])
        simulation.seek(at_step)
        check = simulation.check_gradients(epsilon=epsilon, masks=masks)
        _print([*check_lines(check, variant, style), ""])
        if check.verdict == "wrong":
            code = ExitCode.EXPECTATION_MISSED
    return code


def print_schema() -> ExitCode:
    """Print the JSON Schema of scenario files."""
    from nnsim.report.result_json import dumped
    from nnsim.scenario import schema

    _write(sys.stdout, dumped(schema()))
    return ExitCode.OK


def load_all(arguments: Sequence[str]) -> tuple[list[Scenario], list[Problem], int]:
    """Return the scenarios that are right, the mistakes in all others, and how many were read.

    Names, files and folders; none stands for all shipped scenarios. A file that is meant twice is
    read once.
    """
    from nnsim.scenario import catalogue, find, load

    problems: list[Problem] = []
    paths = [entry.path for entry in catalogue()] if not arguments else []
    if not arguments and not paths:
        expected = "names of files or folders: this installation has no scenarios of its own"
        problems.append(Problem("there is nothing to read", expected=expected))
    unknown = 0
    for argument in arguments:
        try:
            paths += find(argument)
        except ScenarioError as error:
            problems += error.problems
            unknown += 1
    paths = list({path.resolve(): path for path in paths}.values())
    scenarios: list[Scenario] = []
    for path in paths:
        try:
            scenarios.append(load(path))
        except ScenarioError as error:
            problems += error.problems
    return scenarios, problems, len(paths) + unknown


def settings_problems(scenario: Scenario, settings: RunSettings) -> list[Problem]:
    """Return what is wrong with variants, seed, steps and settings for this scenario."""
    problems: list[Problem] = []
    for name in settings.variants or [each.name for each in scenario.variants]:
        try:
            scenario.specification(
                name, seed=settings.seed, steps=settings.steps, set=settings.overrides
            )
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    return problems


def _outcome_lines(outcome: Outcome, style: Style) -> list[str]:
    from nnsim.report.result_text import outcome_lines

    return outcome_lines(outcome, style)


def _write_all(
    outcomes: Sequence[Outcome],
    style: Style,
    *,
    as_json: bool,
    junit: Path | None,
    csv: Path | None,
) -> None:
    from nnsim.report.history_csv import history_csv
    from nnsim.report.junit import junit_xml
    from nnsim.report.result_json import run_json
    from nnsim.report.result_text import summary_line

    if as_json:
        _write(sys.stdout, run_json(outcomes))
    else:
        _print([summary_line(outcomes, style)])
    failures = []
    for path, written in ((junit, junit_xml), (csv, history_csv)):
        if path is not None:
            try:
                write_text(path, written(outcomes))
            except OutputError as error:  # the other file is still worth writing
                failures.append(str(error))
    if failures:
        raise OutputError("\n".join(failures))


def _print(lines: Iterable[str]) -> None:
    _write(sys.stdout, "\n".join(lines) + "\n")


def _write(stream: TextIO, text: str) -> None:
    """Write text; signs that the stream cannot encode are replaced, never a crash."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding))
    stream.flush()
