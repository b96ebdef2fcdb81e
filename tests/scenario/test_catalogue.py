"""The list of scenarios, and looking one up."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario import catalogue, find, load
from nnsim.scenario.catalogue import scenarios_folder
from tests.scenario.texts import GOOD

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Put three scenarios and a broken one where the shipped ones are."""
    package = tmp_path / "nnsim"
    folder = package / "scenarios"
    for topic, name in (("D10", "softmax"), ("A2", "logistic"), ("A2", "another"), ("", "own")):
        path = folder / "some" / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(GOOD.replace("[data]", f"topic = '{topic}'\n[data]" if topic else "[data]"))
    (folder / "broken.toml").write_text("[scenario\n")
    (folder / "untitled.toml").write_text("[scenario]\n")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.toml").write_text(GOOD)
    # The package's attribute of that name is the function.
    monkeypatch.setattr(import_module("nnsim.scenario.catalogue"), "_PACKAGE", package)
    return folder


def test_entries_stand_in_the_course_s_order_and_broken_ones_say_why(shipped):
    entries = catalogue()
    assert [entry.name for entry in entries] == [
        "another",
        "logistic",
        "softmax",
        "broken",
        "own",
        "untitled",
    ]
    errors = {entry.name: entry.error for entry in entries if entry.error}
    assert set(errors) == {"broken", "untitled"}
    assert "broken.toml:1: is not valid TOML" in errors["broken"]
    assert entries[0].title == "A scenario"
    assert entries[0].topics == ("A2",)


def test_a_folder_can_be_listed():
    assert [entry.name for entry in catalogue(FIXTURES)] == ["shared-weight", "two-optimizers"]


def test_names_paths_folders_and_texts_are_found(shipped):
    path = shipped / "some" / "softmax.toml"
    assert find("softmax") == (path,)
    assert find(path) == find(str(path)) == (path,)
    assert len(find(shipped / "some")) == 4
    assert load("softmax").name == "softmax"
    assert load(path).path == path
    assert load(GOOD).path is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("softmx", "did you mean 'softmax'"),
        ("zzz", "there is no scenario 'zzz'"),
        ("some/softmx.toml", "there is no such file"),
        ("softmax.toml", "there is no such file"),
        ("", "is no scenario ''"),
        ("a\0b", "there is no scenario"),
        ("x" * 5000, "there is no scenario"),
    ],
)
def test_a_miss_names_the_nearest(shipped, monkeypatch, tmp_path, name, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError, match=words):
        load(name)


def test_a_mistyped_path_names_the_file_beside_it(shipped):
    with pytest.raises(ScenarioError, match=r"did you mean '.*softmax\.toml'"):
        load(shipped / "some" / "softmx.toml")


def test_two_files_of_one_name_need_a_path(shipped):
    (shipped / "softmax.toml").write_text(GOOD)
    with pytest.raises(ScenarioError, match="stands for several"):
        find("softmax")


def test_a_folder_is_no_single_scenario(shipped, tmp_path):
    with pytest.raises(ScenarioError, match="is a folder of"):
        load(shipped)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ScenarioError, match="has no scenarios"):
        find(tmp_path / "empty")


def test_a_folder_in_the_way_does_not_hide_a_name(shipped, monkeypatch, tmp_path):
    (tmp_path / "here" / "softmax").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    assert find("softmax") == (shipped / "some" / "softmax.toml",)


def test_the_shipped_folder_is_found_in_the_checkout():
    folder = scenarios_folder()
    assert folder is not None
    assert folder.name == "scenarios"


def imported_by(code):
    done = subprocess.run(
        [sys.executable, "-c", code + "; import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_a_list_needs_neither_pydantic_nor_numba():
    loaded = imported_by("from nnsim.scenario import catalogue; catalogue()")
    assert "nnsim.scenario.catalogue" in loaded
    assert not loaded & {"pydantic", "numba", "numpy"}


def test_loading_needs_no_numba():
    path = FIXTURES / "two-optimizers.toml"
    loaded = imported_by(f"from nnsim.scenario import load; load({str(path)!r})")
    assert "pydantic" in loaded
    assert not loaded & {"numba", "sklearn", "scipy"}
