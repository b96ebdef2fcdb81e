"""Where to write the runs."""

from pathlib import Path

import pytest

from nnsim.tui.screens.export import KNOWN, ExportScreen
from nnsim.tui.worker.commands import Export
from tests.tui import made
from tests.tui.odd import forked
from tests.tui.screens.asking import OPEN, ask


def asked_for(steps, frame=None, **options):
    return ask(ExportScreen(frame or made.frame()), steps, **options)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_it_begins_with_a_name_that_will_do():
    async def steps(asked):
        assert "A file for the run:" in asked.text
        assert "vanishing-gradients.json" in asked.text
        assert asked.outcome == KNOWN[".json"]
        await asked.press("enter")

    assert asked_for(steps) == Export(Path("vanishing-gradients.json"))


def test_several_runs_are_counted():
    async def steps(asked):
        assert "A file for all 3 runs:" in asked.text

    assert asked_for(steps, forked()) == OPEN


@pytest.mark.parametrize("suffix", KNOWN)
def test_the_suffix_says_how(suffix):
    async def steps(asked):
        await asked.write(f" runs/mine{suffix.upper()} ")
        assert asked.outcome == KNOWN[suffix] and not asked.wrong
        await asked.click_hint("write")

    assert asked_for(steps) == Export(Path(f"runs/mine{suffix.upper()}"))


@pytest.mark.parametrize("text", ["mine", "mine.toml", "mine.", ".json/", "a.json.zip"])
def test_another_suffix_is_refused(text):
    async def steps(asked):
        await asked.write(text)
        assert asked.wrong and ".json, .csv" in asked.outcome
        await asked.press("enter")

    assert asked_for(steps) == OPEN


def test_nothing_is_refused_quietly():
    async def steps(asked):
        await asked.write("  ")
        assert not asked.wrong and ".json" in asked.outcome
        await asked.press("enter")

    assert asked_for(steps) == OPEN


def test_a_file_that_is_there_is_named(tmp_path):
    (tmp_path / "mine.csv").write_text("")

    async def steps(asked):
        await asked.write("mine.csv")
        assert "Replaces the file that is there." in asked.outcome
        await asked.write("other.csv")
        assert "Replaces" not in asked.outcome

    asked_for(steps)


def test_the_home_folder_can_be_named():
    async def steps(asked):
        await asked.write("~/mine.json")
        await asked.press("enter")

    assert asked_for(steps) == Export(Path.home() / "mine.json")


@pytest.mark.parametrize("by_mouse", [True, False])
def test_leaving(by_mouse):
    async def steps(asked):
        await (asked.click_hint("leave") if by_mouse else asked.press("escape"))

    assert asked_for(steps) is None


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
@pytest.mark.parametrize("ascii", [True, False])
def test_it_fits(size, ascii):
    async def steps(asked):
        assert "Esc leave" in asked.text and "Enter write" in asked.text
        assert not ascii or asked.text.isascii()

    asked_for(steps, size=size, ascii=ascii)
