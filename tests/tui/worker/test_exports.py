"""Writing runs from inside the app: every format, clear refusals, and no bug given away."""

import csv
import json
import sys
from pathlib import Path

import pytest

from nnsim.errors import MissingExtraError
from nnsim.report.files import OutputError
from nnsim.scenario import load
from nnsim.tui.worker import exports
from nnsim.tui.worker.messages import Cancelled
from nnsim.tui.worker.opening import open_runs

STEPS = 12


def ignore(done, total):
    pass


@pytest.fixture(scope="module")
def runs():
    """A run, a fork of it, one with a bug to be found, and a fork of that."""
    made = open_runs(load("vanishing-gradients"), None)
    made.current.go(STEPS, 0, ignore)
    made.fork({"learning_rate": 0.5})
    made.current.go(STEPS + 3, 2, ignore)
    made.hide_fault(seed=3)
    made.current.go(STEPS, 0, ignore)
    made.fork({"learning_rate": 0.5})
    return made


def test_json_has_every_run_as_it_stands(runs, tmp_path):
    path = tmp_path / "runs.json"
    exports.write(runs, path, ignore)
    document = json.loads(path.read_text("utf-8"))
    assert document["scenario"]["name"] == "vanishing-gradients"
    assert document["scenario"]["path"] == str(runs.card.path)
    found = document["runs"]
    assert [run["number"] for run in found] == [0, 1, 2, 3]
    assert [run["parent"] for run in found] == [None, 0, 1, 2]
    assert [run["start"] for run in found] == [0, STEPS, 0, STEPS]
    assert [run["step"] for run in found] == [STEPS, STEPS + 3, STEPS, STEPS]
    assert found[1]["training"]["learning_rate"] == 0.5
    # A fork's history holds the past that it shares.
    assert found[1]["curve"]["cost"][:STEPS] == found[0]["curve"]["cost"][:STEPS]
    evaluated = runs.all[0].simulation.evaluate()["train"].cost
    assert found[0]["sets"]["train"]["cost"] == evaluated
    assert list(tmp_path.iterdir()) == [path]


def test_csv_has_every_run(runs, tmp_path):
    path = tmp_path / "runs.csv"
    exports.write(runs, path, ignore)
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(dict.fromkeys(row["run"] for row in rows)) == [run.name for run in runs.all]
    cost = runs.all[0].simulation.history.curve["cost"]
    name = runs.all[0].name
    found = [float(r["value"]) for r in rows if (r["run"], r["metric"]) == (name, "cost")]
    assert found == list(cost)


@pytest.mark.parametrize(
    ("name", "begin"), [("a.png", b"\x89PNG"), ("A.SVG", b"<?xml"), ("a.pdf", b"%PDF")]
)
def test_pictures(runs, tmp_path, name, begin):
    pytest.importorskip("matplotlib")
    exports.write(runs, tmp_path / name, ignore)
    assert (tmp_path / name).read_bytes().startswith(begin)


def test_looking_at_runs_moves_none(runs, tmp_path):
    before = [run.simulation.position for run in runs.all]
    exports.write(runs, tmp_path / "runs.csv", ignore)
    assert [run.simulation.position for run in runs.all] == before


@pytest.mark.parametrize("suffix", [".json", ".csv", ".svg"])
def test_a_bug_to_be_found_is_in_no_file_until_it_is_revealed(runs, tmp_path, suffix):
    if suffix == ".svg":
        pytest.importorskip("matplotlib")
    secret, child = runs.all[2:]
    fault = secret.simulation.training.fault
    path = tmp_path / f"runs{suffix}"
    exports.write(runs, path, ignore)
    assert fault.kind not in path.read_text("utf-8")
    recorded = exports.recorded(runs, ignore).runs
    assert [run.secret for run in recorded] == [False, False, True, True]
    assert [run.training.fault for run in recorded] == [None] * 4
    # Only the file keeps the secret; the runs have their bug.
    assert child.simulation.training.fault == fault


def test_a_revealed_bug_is_told(runs, tmp_path, monkeypatch):
    monkeypatch.setattr(runs.all[2], "secret", False)
    monkeypatch.setattr(runs.all[3], "secret", False)
    recorded = exports.recorded(runs, ignore).runs
    fault = runs.all[2].simulation.training.fault
    assert [run.training.fault for run in recorded] == [None, None, fault, fault]
    path = tmp_path / "runs.json"
    exports.write(runs, path, ignore)
    assert json.loads(path.read_text("utf-8"))["runs"][2]["training"]["fault"]["kind"] == fault.kind


@pytest.mark.parametrize("name", ["runs.txt", "runs", ".json", "runs.json.gz"])
def test_another_suffix_names_those_known(runs, tmp_path, name):
    with pytest.raises(ValueError, match=r"\.json, \.csv, \.png, \.svg or \.pdf"):
        exports.write(runs, tmp_path / name, ignore)
    assert not any(tmp_path.iterdir())


def test_a_missing_folder_is_named_before_anything_is_drawn(runs, tmp_path):
    calls = []
    with pytest.raises(OutputError, match="no folder"):
        exports.write(runs, tmp_path / "nowhere" / "a.png", lambda *at: calls.append(at))
    assert not calls


def test_a_missing_package_is_named_before_anything_is_written(runs, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'nnsim\[plot\]'"):
        exports.write(runs, tmp_path / "a.png", ignore)
    assert not any(tmp_path.iterdir())


def test_home_is_where_the_tilde_says(runs, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    exports.write(runs, Path("~/runs.csv"), ignore)
    assert (tmp_path / "runs.csv").is_file()


@pytest.mark.parametrize("after", [0, 2, 4])
def test_giving_up_leaves_the_old_file(runs, tmp_path, after):
    path = tmp_path / "runs.json"
    path.write_text("old")
    calls = []

    def give_up(done, total):
        calls.append((done, total))
        if len(calls) > after:
            raise Cancelled

    with pytest.raises(Cancelled):
        exports.write(runs, path, give_up)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
