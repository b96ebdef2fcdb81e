"""The guide to one's own data: its files, its commands one after another, and what they print."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from nnsim.cli import main

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "your-data.md"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
FILES = [text for kind, text in BLOCKS if kind in ("text", "toml")]
HOUSES, SCENARIO, LESSON = FILES[0], FILES[1], FILES[3]
CONSOLES = [text for kind, text in BLOCKS if kind == "console"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the guide's files lie, as they are before the first command."""
    monkeypatch.chdir(tmp_path)
    Path("houses.csv").write_text(HOUSES)
    Path("houses.toml").write_text(SCENARIO)
    return tmp_path


def mended(file, *changes):
    text = Path(file).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    Path(file).write_text(text)


def told(*arguments):
    return CliRunner().invoke(main, list(arguments), prog_name="nnsim").output


def test_every_command_prints_what_the_guide_shows(folder):
    before = {
        1: [("houses.toml", ("normalise", "normalize"))],
        2: [("houses.toml", ('"Price"', '"price"'))],
        3: [
            ("houses.csv", ("n/a", "300")),
            ("houses.csv", ("70,3,Bern,\n", "70,3,Bern,415\n")),
            ("houses.csv", (",town,", ",in_bern,")),
            ("houses.csv", (",Thun,", ",0,")),
            ("houses.csv", (",Bern,", ",1,")),
        ],
    }
    assert len(CONSOLES) == 7
    for number, console in enumerate(CONSOLES):
        for file, change in before.get(number, []):
            mended(file, change)
        if number == 6:
            Path("houses.toml").write_text(Path("houses.toml").read_text() + LESSON)
        command, _, expected = console.partition("\n")
        arguments = [word.strip("'") for word in command.removeprefix("$ nnsim ").split()]
        assert told(*arguments).strip() == expected.strip(), command
    # The seeds that the guide tries.
    for seed in ("2", "3"):
        assert "1 expectation: 1 kept" in told("run", "houses.toml", "--seed", seed)


@pytest.mark.parametrize(
    "row", re.findall(r"^\| (?!the file|---)(.+?) \| `(.+?)` \|$", GUIDE.read_text(), re.MULTILINE)
)
def test_every_message_is_the_one_that_comes(folder, row):
    good = "size,rooms,in_bern,price\n" + "".join(f"{50 + n},3,1,{200 + 3 * n}\n" for n in range(9))
    Path("houses.csv").write_text(good)
    Path("semi.csv").write_text(good.replace(",", ";"))
    Path("h.csv").write_text(good.partition("\n")[2])
    Path("s.csv").write_text("size,rooms,in_bern,price\n120,4,1\n60,2,1,330\n")
    mended("houses.toml", ("normalise", "normalize"), ("Price", "price"))
    file = re.search(r"[./]*\w+\.csv", row[1]).group()
    assert row[1] in " ".join(told("run", "houses.toml", "--set", f"data.file={file}").split())
