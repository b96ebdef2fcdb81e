"""The command line: `python -m benchmarks [steps] [compile] [commands] [memory] [terminal]`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from benchmarks import memory, startup, steps, tables, terminal
from benchmarks.cases import CASES
from benchmarks.peers import PEERS
from benchmarks.threads import limit_threads

PARTS = ("steps", "compile", "commands", "memory", "terminal")


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option("--case", "cases", multiple=True, type=click.Choice(list(CASES)), help="Repeatable.")
@click.option("--peer", "peers", multiple=True, type=click.Choice(list(PEERS)), help="Repeatable.")
@click.option("--dtype", "dtypes", multiple=True, type=click.Choice(["float64", "float32"]))
@click.option("--rounds", default=21, show_default=True, type=click.IntRange(1))
@click.option(
    "--burst", default=20.0, show_default=True, help="Milliseconds a peer and a round, about."
)
@click.option(
    "--threads", default=1, show_default=True, type=click.IntRange(1), help="For every library."
)
@click.option("--cold-runs", default=1, show_default=True, type=click.IntRange(1))
@click.option("--memory-steps", default=1_000_000, show_default=True, type=click.IntRange(200))
@click.option("--json", "json_file", type=click.Path(allow_dash=True), help="A file, or - alone.")
def main(
    parts, cases, peers, dtypes, rounds, burst, threads, cold_runs, memory_steps, json_file
) -> None:
    """Compare nnsim with other libraries: all PARTS, or those named."""
    limit_threads(threads)
    # The subprocesses find this folder's nnsim and benchmarks, installed or not.
    root = str(Path(__file__).resolve().parents[1])
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))

    parts = parts or PARTS
    cases, dtypes = list(cases or CASES), list(dtypes or ["float64", "float32"])
    peers = [peer for peer in PEERS if not peers or peer in peers or peer == "nnsim"]
    text = json_file != "-"

    def tell(line: str) -> None:
        click.echo(line, err=True)

    def show(table: str) -> None:
        if text:
            click.echo(table + "\n")

    rows, starts, growth, readings = [], [], None, []
    if "steps" in parts:
        rows = steps.compare(cases, dtypes, peers, rounds=rounds, burst=burst / 1000, tell=tell)
        show(tables.steps_table(rows))
    if "compile" in parts:
        starts += startup.compilation(cold_runs, max(1, rounds // 3), tell)
        show(tables.start_table(starts))
    if "commands" in parts:
        quick = startup.commands(rounds, tell)
        show(tables.start_table(quick))
        starts += quick
    if "memory" in parts:
        tell(f"memory of {memory_steps} recorded steps")
        growth = memory.of_steps(memory_steps)
        show(tables.memory_line(growth))
    if "terminal" in parts:
        readings = terminal.measure(rounds, tell)
        show(tables.terminal_table(readings))
    if json_file:
        settings = {"rounds": rounds, "burst_ms": burst, "threads": threads}
        data = json.dumps(tables.as_data(settings, rows, starts, growth, readings), indent=2)
        click.echo(data) if not text else Path(json_file).write_text(data + "\n", "utf-8")
    if any(row.note == "COSTS DISAGREE" for row in rows):
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
