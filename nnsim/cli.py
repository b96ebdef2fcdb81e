"""The command line. Imports click only: each command imports what it needs when it runs."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

import nnsim
from nnsim.errors import ExitCode, NnsimError

FILE = click.Path(path_type=Path, dir_okay=True)
SIGPIPE = 128 + 13
"""What a shell reports of a program whose reader went away."""


class Application(click.Group):
    """Turns what a command returns or raises into an exit code; expected errors get one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which one meets them, not by the alphabet."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and leave with its exit code."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except NnsimError as error:
            _complain(str(error))
            code = error.exit_code
        except KeyboardInterrupt:
            _complain("interrupted")
            code = ExitCode.INTERRUPTED
        except MemoryError:
            _complain("out of memory; choose a smaller network, batch or data set")
            code = ExitCode.BAD_INPUT
        except ModuleNotFoundError as error:
            package = (error.name or "nnsim").partition(".")[0]
            if package == "nnsim":
                raise
            _complain(f"the package {package!r} is not installed; try: pip install {package}")
            code = ExitCode.MISSING
        except BrokenPipeError:
            # The reader (`head`, a pager) has seen enough; nothing may be flushed to it at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = SIGPIPE
        ctx.exit(int(code or ExitCode.OK))


def _complain(text: str) -> None:
    """Write each line to stderr; what a file brought in must not steer the terminal."""
    for line in text.split("\n"):
        shown = "".join(sign if sign.isprintable() else " " for sign in line)
        click.echo(f"nnsim: {shown}", err=True)


@click.group(
    cls=Application,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 all well; 1 an expectation missed, or a wrong gradient; 2 a mistake in a "
    "scenario, a data file or the command; 3 NaN or infinity where none was expected; 4 a "
    "backend or an optional package is missing; 130 interrupted.",
)
@click.version_option(nnsim.__version__, prog_name="nnsim", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> int:
    """Train small neural networks step by step, look inside, check, assert the lesson."""
    if context.invoked_subcommand is not None:
        return ExitCode.OK
    if sys.stdin.isatty() and sys.stdout.isatty():
        return context.invoke(tui, scenario=None)
    return context.invoke(list_, as_json=False)


def _settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that change a scenario."""
    options = (
        click.option(
            "--variant",
            "variants",
            multiple=True,
            metavar="NAME",
            help="Only this one; repeatable.",
        ),
        click.option(
            "--set",
            "overrides",
            multiple=True,
            metavar="KEY=VALUE",
            help="Change a setting, as in training.learning_rate=0.5; repeatable.",
        ),
        click.option("--seed", type=click.IntRange(min=0), help="Another seed."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _finite(context: click.Context, option: click.Parameter, value: float) -> float:
    """Refuse nan, which lies within every range that one can write."""
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number", context, option)
    return value


_SCENARIOS = click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


_THEME = click.option(
    "--theme", metavar="NAME", help="Another theme: nnsim-light, nnsim-contrast ..."
)
_ASCII = click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII signs only.")
_LOW_BANDWIDTH = click.option(
    "--low-bandwidth", is_flag=True, help="Send less: fewer colours and frames, no animation."
)


@main.command()
@click.argument("scenario", required=False, metavar="[SCENARIO|FOLDER]")
@click.option("--variant", metavar="NAME", help="Begin with this one.")
@_THEME
@_ASCII
@_LOW_BANDWIDTH
def tui(scenario: str | None, **options: Any) -> int:
    """Open the terminal UI: choose a scenario, step through it, look inside.

    SCENARIO (a name or a TOML file) opens at once; a FOLDER's scenarios are listed. `nnsim` alone
    does the same on a terminal.
    """
    from nnsim.tui.starting import open_app

    return open_app(scenario, **options)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Its port."
)
@click.option("--url", metavar="URL", help="Where browsers find it, behind a proxy.")
@_THEME
@_LOW_BANDWIDTH
def serve(**options: Any) -> ExitCode:
    """Run the terminal UI in the browser.

    Whoever reaches the address works with your files, as you: keep it on this machine, or behind a
    proxy that asks who it is.
    """
    from nnsim.tui.serving import serve_app

    return serve_app(**options)


@main.command("list")
@_JSON
def list_(as_json: bool) -> ExitCode:
    """Print every shipped scenario, in course order."""
    from nnsim.report.commands import list_scenarios

    return list_scenarios(as_json=as_json)


@main.command()
@click.argument("scenario")
def show(scenario: str) -> ExitCode:
    """Print what a SCENARIO is: network, variants, lessons, expectations."""
    from nnsim.report.commands import show_scenario

    return show_scenario(scenario)


@main.command()
@_SCENARIOS
@_settings
@click.option("--steps", type=click.IntRange(min=1), help="Another length, in steps.")
@_JSON
@click.option("--junit", type=FILE, metavar="FILE", help="Also write JUnit XML, for CI.")
@click.option("--csv", type=FILE, metavar="FILE", help="Also write every recorded figure as CSV.")
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes at once."
)
def run(scenarios: tuple[str, ...], **options: Any) -> ExitCode:
    """Train scenarios and hold their expectations.

    SCENARIO is a name (see `nnsim list`), a TOML file or a folder of them; none: all shipped ones.
    """
    from nnsim.report.commands import run_scenarios

    return run_scenarios(scenarios, **options)


@main.command()
@click.argument("scenario")
@_settings
@click.option(
    "--epsilon",
    type=click.FloatRange(0, 1, min_open=True),
    callback=_finite,
    default=1e-7,
    show_default=True,
    help="Half the distance of the two-sided difference.",
)
@click.option(
    "--masks",
    type=click.Choice(["frozen", "fresh"]),
    default="frozen",
    show_default=True,
    help="Dropout masks: the step's own, or new ones at every evaluation (the mistake).",
)
@click.option(
    "--at-step",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Train so far first.",
)
def check(scenario: str, **options: Any) -> ExitCode:
    """Compare the gradients of a SCENARIO with numerical ones.

    SCENARIO is a name (see `nnsim list`) or a TOML file. The exit code is 1 if a gradient is wrong.
    """
    from nnsim.report.commands import check_scenario

    return check_scenario(scenario, **options)


@main.command()
@click.argument("scenario")
@click.option(
    "--to",
    "framework",
    type=click.Choice(["pytorch", "jax", "keras"]),
    default="pytorch",
    show_default=True,
    help="For which framework.",
)
@click.option("--variant", metavar="NAME", help="Which one; the first where it is left out.")
@click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting; repeatable."
)
@click.option("--seed", type=click.IntRange(min=0), help="Another seed.")
@click.option("--steps", type=click.IntRange(min=1), help="Another length, in steps.")
@click.option("-o", "--output", type=FILE, metavar="FILE", help="The script; a name in .py.")
def export(scenario: str, framework: str, **options: Any) -> ExitCode:
    """Write a SCENARIO as a script for PyTorch, JAX or Keras.

    The script starts from nnsim's first weights, walks through the same batches, and compares its
    costs with nnsim's; it exits with 1 where they are apart.
    """
    from nnsim.report.frameworks.exporting import export_scenario

    return export_scenario(scenario, framework, **options)


@main.command()
@_SCENARIOS
def validate(scenarios: tuple[str, ...]) -> ExitCode:
    """Print every mistake in scenarios, with file and line.

    SCENARIO is a name (see `nnsim list`), a TOML file or a folder of them; none: all shipped ones.
    """
    from nnsim.report.commands import validate_scenarios

    return validate_scenarios(scenarios)


@main.command()
def schema() -> ExitCode:
    """Print the JSON Schema of scenario files, for editors."""
    from nnsim.report.commands import print_schema

    return print_schema()
