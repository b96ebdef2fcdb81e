"""The command line: `python -m benchmarks [PARTS]`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click

from benchmarks import (
    growth,
    memory,
    pictures,
    record,
    regressions,
    startup,
    steps,
    tables,
    terminal,
)
from benchmarks.cases import CASES
from benchmarks.contest import DISAGREES, Contest
from benchmarks.peers import PEERS
from benchmarks.threads import limit_threads

DTYPES = ("float64", "float32")


@dataclass
class Session:
    """What was asked for, and what has been found so far."""

    cases: list[str]
    peers: list[str]
    dtypes: list[str]
    threads: tuple[int, ...]
    rounds: int
    burst: float
    cold_runs: int
    memory_steps: int
    show: Callable[[str], None]
    found: dict[str, object] = field(default_factory=dict)
    tables: list[tables.Table] = field(default_factory=list)
    failed: bool = False

    def tell(self, line: str) -> None:
        """Say on stderr what is going on."""
        click.echo(line, err=True)

    def add(self, table: tables.Table) -> None:
        """Print a table and keep it."""
        self.tables.append(table)
        self.show(table.text() + "\n")

    def steps(self) -> None:
        """A training step of every case; large ones on all cores too, unless threads are given."""
        rows = []
        cores = os.cpu_count() or 1
        turns = [(threads, self.cases) for threads in self.threads or (1,)]
        if not self.threads and cores > 1:
            turns.append((cores, [case for case in self.cases if CASES[case].large]))
        for threads, cases in turns:
            if cases:
                rows += steps.compare(
                    cases,
                    self.dtypes,
                    self.peers,
                    threads=threads,
                    rounds=self.rounds,
                    burst=self.burst,
                    tell=self.tell,
                )
        self._contest("steps", rows)

    def checks(self) -> None:
        """A gradient check."""
        self._contest(
            "checks",
            pictures.checks(self.peers, rounds=self.rounds, burst=self.burst, tell=self.tell),
        )

    def pictures(self) -> None:
        """The loss surface and the decision boundary."""
        rounds = max(1, self.rounds // 2)  # A surface takes long.
        self._contest(
            "pictures",
            pictures.pictures(self.peers, rounds=rounds, burst=self.burst, tell=self.tell),
        )

    def _contest(self, part: str, rows: list) -> None:
        self.found[part] = rows
        self.failed |= any(row.note == DISAGREES for row in rows)
        self.add(tables.contest_table(part, rows))

    def limits(self) -> None:
        """The machine's own paces."""
        limit_threads(1)
        with Contest(1, 0.0, self.tell) as contest:
            self.tell("limits")
            worker = contest.worker("limit")
            self.found["limits"] = worker.ask(
                "call", "benchmarks.peers.machine:paces", self.dtypes, self.rounds
            )
        self.add(tables.limits_table(self.found["limits"]))

    def growth(self) -> None:
        """Time over work, memory over steps."""
        limit_threads(1)
        points, trends = growth.measure(self.tell)
        self.found["growth"] = {"points": points, "trends": trends}
        self.add(tables.growth_table(points))
        self.add(tables.trends_table(trends))

    def compile(self) -> None:
        """Start-up from an empty cache, and from a filled one."""
        starts = startup.compilation(self.cold_runs, max(1, self.rounds // 3), self.tell)
        self.found["compile"] = starts
        self.add(tables.start_table("compile", starts))

    def commands(self) -> None:
        """Commands that compile nothing."""
        self.found["commands"] = startup.commands(self.rounds, self.tell)
        self.add(tables.start_table("commands", self.found["commands"]))

    def memory(self) -> None:
        """The resident set over a long run."""
        self.tell(f"memory of {self.memory_steps} recorded steps")
        self.found["memory"] = memory.of_steps(self.memory_steps)
        self.add(tables.memory_table(self.found["memory"]))

    def terminal(self) -> None:
        """The terminal UI."""
        self.found["terminal"] = terminal.measure(self.rounds, self.tell)
        self.add(tables.terminal_table(self.found["terminal"]))

    def regressions(self) -> None:
        """The smallest cases against NumPy, for continuous integration."""
        self.found["regressions"] = regressions.guard(self.tell)
        self.failed |= not all(guard.kept for guard in self.found["regressions"])
        self.add(tables.regressions_table(self.found["regressions"]))


PARTS = (
    "steps",
    "checks",
    "pictures",
    "limits",
    "growth",
    "compile",
    "commands",
    "memory",
    "terminal",
)


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("parts", nargs=-1, type=click.Choice([*PARTS, "regressions"]))
@click.option("--case", "cases", multiple=True, type=click.Choice(list(CASES)), help="Repeatable.")
@click.option("--peer", "peers", multiple=True, type=click.Choice(list(PEERS)), help="Repeatable.")
@click.option("--dtype", "dtypes", multiple=True, type=click.Choice(DTYPES))
@click.option("--rounds", default=21, show_default=True, type=click.IntRange(1))
@click.option(
    "--burst", default=20.0, show_default=True, help="Milliseconds a peer and a round, about."
)
@click.option(
    "--threads",
    multiple=True,
    type=click.IntRange(1),
    help="For every library. Repeatable; 1 unless given, and all cores too for large networks.",
)
@click.option("--cold-runs", default=1, show_default=True, type=click.IntRange(1))
@click.option("--memory-steps", default=1_000_000, show_default=True, type=click.IntRange(200))
@click.option("--json", "json_file", type=click.Path(allow_dash=True), help="A file, or - alone.")
@click.option(
    "--markdown",
    "markdown_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A page whose section of this release is written or replaced.",
)
@click.option("--date", "day", default=None, help="Of the section; today unless given.")
def main(
    parts,
    cases,
    peers,
    dtypes,
    rounds,
    burst,
    threads,
    cold_runs,
    memory_steps,
    json_file,
    markdown_file,
    day,
) -> None:
    """Compare nnsim with other libraries: all PARTS but `regressions`, or those named."""
    limit_threads(1)
    # The subprocesses find this folder's nnsim and benchmarks, installed or not.
    root = str(Path(__file__).resolve().parents[1])
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    text = json_file != "-"
    session = Session(
        cases=list(cases or CASES),
        peers=[peer for peer in PEERS if not peers or peer in peers or peer == "nnsim"],
        dtypes=list(dtypes or DTYPES),
        threads=threads,
        rounds=rounds,
        burst=burst / 1000,
        cold_runs=cold_runs,
        memory_steps=memory_steps,
        show=click.echo if text else lambda table: None,
    )
    for part in parts or PARTS:
        getattr(session, part)()
    settings = {"rounds": rounds, "burst_ms": burst, "threads": list(threads)}
    if json_file:
        data = json.dumps(tables.as_data(settings, session.found), indent=2)
        click.echo(data) if not text else Path(json_file).write_text(data + "\n", "utf-8")
    if markdown_file:
        day = day or date.today().isoformat()
        record.put(markdown_file, record.section(session.tables, settings, day))
    if session.failed:
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
