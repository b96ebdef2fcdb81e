"""What the README says can be typed."""

import re
import shlex
from pathlib import Path

import pytest

from nnsim.cli import main
from nnsim.errors import ExitCode

TEXT = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
LINES = [
    line.partition(" > ")[0]
    for block in BLOCKS
    for line in block.splitlines()
    if line.startswith("nnsim ")
]


@pytest.mark.parametrize("line", LINES)
def test_every_command_line_parses(line):
    name, *arguments = shlex.split(line, comments=True)[1:]
    main.commands[name].make_context(name, arguments)


def test_every_command_is_shown():
    assert {shlex.split(line)[1] for line in LINES} == set(main.commands)


def test_every_exit_code_is_explained():
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)]
    assert codes == list(ExitCode)


@pytest.mark.parametrize("name", ["run", "test"])
def test_set_up_commands_are_where_ci_looks_for_them(name):
    found = re.findall(rf"<!-- ci: {name} -->\n```sh\n(.*?)\n```", TEXT)
    assert len(found) == 1
    assert found[0].startswith("python3 -m venv .venv && .venv/bin/pip install ")
