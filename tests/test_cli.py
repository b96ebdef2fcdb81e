"""The command line as a user meets it: output, files, exit codes."""

import csv
import json
import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

import nnsim
from nnsim.cli import main
from nnsim.errors import MissingExtraError, SizeError
from nnsim.report.progress import Progress
from nnsim.scenario import Scenario

REPOSITORY = Path(__file__).parent.parent

XOR = """
[scenario]
title = "XOR"
topic = "A5"
summary = "Four points that no line parts."
look_for = ["two borders"]

[data]
source = "xor"
examples = 40

[network]
loss = "binary_cross_entropy"
layers = [{ units = 4, activation = "tanh" }, { units = 1, activation = "sigmoid" }]

[training]
steps = 30
learning_rate = 0.5

[[variant]]
name = "right"

[[variant]]
name = "wrong"
training.fault = { kind = "dw_doubled", layer = 1 }

[[lesson]]
step = 10
text = "Look at W1."
predict = { question = "How many borders?", choices = ["one", "two"], answer = "two", reveal = "!" }

[[expect]]
variant = "right"
metric = "train.cost"
is = "<"
value = 10.0
because = "nothing diverges"

[[expect]]
variant = "right"
metric = "cost"
at = 20
is = "<"
than = { at = "start" }
because = "it goes downhill"
"""
DIVERGING = (
    XOR.replace("learning_rate = 0.5", "learning_rate = 1e8\nclip_value = 0.0")
    .replace('loss = "binary_cross_entropy"', 'loss = "mean_squared_error"')
    .replace('activation = "sigmoid"', 'activation = "identity"')
    .replace("tanh", "identity")
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    (tmp_path / "xor.toml").write_text(XOR)
    return tmp_path


def call(*arguments):
    result = CliRunner().invoke(main, [str(each) for each in arguments], prog_name="nnsim")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def words(text):
    return " ".join(text.split())


# Finding one's way


def test_help_names_every_command_and_exit_code():
    text = call("--help").stdout
    for word in ("list", "show", "run", "check", "validate", "schema", "130"):
        assert word in text
    assert call("-h").stdout == text


def test_version():
    assert call("--version").stdout == f"nnsim {nnsim.__version__}\n"


@pytest.mark.parametrize("arguments", [["rnu"], ["run", "--jobs", "0"], ["run", "--sted", "1"],
                                       ["check"], ["check", "x", "--epsilon", "nan"],
                                       ["check", "x", "--epsilon", "0"],
                                       ["check", "x", "--masks", "melted"],
                                       ["run", "--seed", "-1"],
                                       ["run", "--seed", "one"]])  # fmt: skip
def test_wrong_usage_is_exit_code_2(arguments):
    result = call(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr and "Usage:" in result.stderr


def test_list_and_bare_command_show_every_shipped_scenario():
    entries = json.loads(call("list", "--json").stdout)["scenarios"]
    text = call("list").stdout
    assert call().stdout == text
    for entry in entries:
        assert entry["name"] in text and entry["title"] in text
        assert entry["error"] is None
        assert Path(entry["path"]).is_file()
    if entries:
        assert f"nnsim run {entries[0]['name']}" in text


def test_list_shows_a_broken_scenario_at_its_place(folder, monkeypatch):
    (folder / "broken.toml").write_text("[scenario\n")
    module = import_module("nnsim.scenario.catalogue")
    monkeypatch.setattr(module, "scenarios_folder", lambda: folder)
    result = call("list")
    assert result.exit_code == 0
    assert "broken" in result.stdout and "XOR" in result.stdout
    assert "not valid TOML" in result.stdout


def test_show_says_what_it_is_and_gives_no_answer_away(folder):
    text = words(call("show", "xor.toml").stdout)
    for part in ("XOR", "A5", "Four points", "two borders", "n_x - 4 tanh - 1 sigmoid",
                 "sgd, learning rate 0.5", "30 steps", "planted fault dw_doubled", "Look at W1.",
                 "How many borders?", "right: train.cost at end < 10", "nothing diverges",
                 "nnsim run xor.toml"):  # fmt: skip
        assert part in text
    assert "!" not in text


def test_schema_is_json():
    schema = json.loads(call("schema").stdout)
    first, *others = schema["allOf"]
    assert {"scenario", "data", "network", "training"} <= set(first["then"]["properties"])
    assert "descent" in {each["if"]["properties"]["kind"]["const"] for each in others}


# Mistakes


def test_validate_finds_nothing_in_a_good_file(folder):
    result = call("validate", ".")
    assert (result.exit_code, result.stdout) == (0, "1 scenario, no mistakes\n")


def test_validate_prints_every_mistake_of_every_file_with_its_line(folder):
    bad = XOR.replace("units = 4", "unots = 4").replace('"xor"', '"xro"')
    (folder / "bad.toml").write_text(bad)
    (folder / "worse.toml").write_text("[scenario\n")
    result = call("validate", ".", "nowhere.toml")
    assert result.exit_code == 2
    lines = result.stdout.splitlines()
    assert any(line.startswith("bad.toml:9: ") and "'xor'" in line for line in lines)
    assert any(line.startswith("bad.toml:14: ") and "'units'" in line for line in lines)
    assert any(line.startswith("worse.toml:1: ") for line in lines)
    assert any("nowhere.toml" in line for line in lines)
    assert lines[-1].endswith("in 3 of 4 scenarios")


def test_a_mistake_anywhere_stops_the_run_before_it_begins(folder):
    (folder / "bad.toml").write_text("[scenario]\ntitle = 3\n")
    result = call("run", "xor.toml", "bad.toml", "--csv", "out.csv")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "bad.toml:2: " in result.stderr
    assert not (folder / "out.csv").exists()


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (["--set", "training.lerning_rate=1"], "learning_rate"),
        (["--set", "training.learning_rate=fast"], "training.learning_rate"),
        (["--set", "novalue"], "key=value"),
        (["--variant", "rigth"], "right"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_expected(folder, options, hint):
    for command in ("run", "check"):
        result = call(command, "xor.toml", *options)
        assert result.exit_code == 2
        assert hint in result.stderr
        assert result.stderr.startswith("nnsim: ")


@pytest.mark.parametrize("command", ["run", "show", "check"])
def test_unknown_scenario(folder, command):
    result = call(command, "nosuch")
    assert result.exit_code == 2
    assert "'nosuch'" in result.stderr


def test_escape_sequences_in_a_file_do_not_reach_the_terminal(folder):
    (folder / "evil.toml").write_text('"\\u001b[2J" = 1\n' + XOR)
    for command in ("run", "validate"):
        result = call(command, "evil.toml")
        assert result.exit_code == 2
        assert "\x1b" not in result.stdout + result.stderr


def test_folder_without_scenarios(folder):
    (folder / "empty").mkdir()
    result = call("run", "empty")
    assert result.exit_code == 2
    assert "empty" in result.stderr


@pytest.mark.parametrize("option", ["--csv", "--junit"])
def test_unwritable_file_is_found_out_before_the_run(folder, option):
    result = call("run", "xor.toml", option, "nowhere/out")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "nowhere" in result.stderr


def test_missing_data_file_stops_only_its_own_scenario(folder):
    text = XOR.replace(
        'source = "xor"\nexamples = 40', 'source = "csv"\nfile = "no.csv"\ntarget = "y"'
    )
    (folder / "mine.toml").write_text(text)
    result = call("run", "mine.toml", "xor.toml")
    assert result.exit_code == 2
    assert "no.csv" in result.stdout
    assert "2 scenarios, 2 expectations: 2 kept; 1 could not run" in result.stdout
    result = call("check", "mine.toml")
    assert result.exit_code == 2
    assert "no.csv" in result.stderr


# Running


def test_run_prints_figures_and_expectations(folder):
    result = call("run", "xor.toml")
    assert result.exit_code == 0
    assert result.stderr == ""
    text = words(result.stdout)
    assert "XOR A5 xor" in text
    assert "kept right: train.cost at end < 10" in text
    assert "kept right: cost at step 20 < " in text
    assert text.endswith("1 scenario, 2 expectations: 2 kept")


def test_the_same_run_prints_the_same_bytes(folder):
    assert call("run", "xor.toml", "--json").stdout == call("run", "xor.toml", "--json").stdout
    assert call("run", "xor.toml").stdout == call("run", "./xor.toml", "xor.toml").stdout


def test_missed_expectation_is_exit_code_1(folder):
    (folder / "hopeful.toml").write_text(XOR.replace("value = 10.0", "value = 1e-9"))
    result = call("run", "hopeful.toml")
    assert result.exit_code == 1
    assert "MISSED" in result.stdout
    assert "1 kept, 1 missed" in result.stdout


def test_unexpected_non_finite_numbers_are_exit_code_3(folder):
    (folder / "diverging.toml").write_text(DIVERGING)
    result = call("run", "diverging.toml", "--json")
    assert result.exit_code == 3
    document = json.loads(result.stdout)
    assert document["scenarios"][0]["status"] == "non-finite"
    assert document["scenarios"][0]["variants"][0]["non_finite"]["step"] > 0


def test_seed_steps_variant_and_settings_change_the_run(folder):
    def cost(*options):
        document = json.loads(call("run", "xor.toml", "--json", *options).stdout)
        variants = document["scenarios"][0]["variants"]
        return [(each["name"], each["step"], each["sets"]["train"]["cost"]) for each in variants]

    plain = cost()
    assert [each[0] for each in plain] == ["right", "wrong"]
    assert [each[0] for each in cost("--variant", "wrong")] == ["wrong"]
    assert [each[1] for each in cost("--steps", "25")] == [25, 25]
    assert cost("--seed", "2")[0][2] != plain[0][2]
    assert cost("--set", "learning_rate=0.0")[0][2] > plain[0][2]
    assert cost("--set", "training.optimizer=adam", "--set", "training.steps=21")[0][1] == 21


def test_json_csv_and_junit_of_one_run_agree(folder):
    result = call("run", "xor.toml", "--json", "--csv", "out.csv", "--junit", "out.xml")
    variants = json.loads(result.stdout)["scenarios"][0]["variants"]
    with open("out.csv", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for variant in variants:
        last = [
            float(row["value"])
            for row in rows
            if (row["variant"], row["metric"], row["step"])
            == (variant["name"], "train.cost", str(variant["step"]))
        ]
        assert last == [variant["sets"]["train"]["cost"]]
    metrics = {row["metric"] for row in rows}
    assert {"cost", "learning_rate", "layer1.weight_norm", "layer2.gradient_norm"} <= metrics
    root = ElementTree.parse("out.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "0", "0")


def test_processes_change_nothing(folder):
    (folder / "second.toml").write_text(XOR.replace('"XOR"', '"Second"'))
    (folder / "third.toml").write_text(XOR.replace("value = 10.0", "value = 1e-9"))
    arguments = ("run", "third.toml", "xor.toml", "second.toml")
    alone = call(*arguments)
    assert alone.exit_code == 1
    together = call(*arguments, "--jobs", "2")
    assert (together.exit_code, together.stdout) == (alone.exit_code, alone.stdout)


@pytest.fixture
def endless(folder, monkeypatch):
    """A run in which Ctrl-C is pressed at the first sign of progress."""
    pressed = []

    def press(*_):
        if not pressed:
            pressed.append(True)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Progress, "step", press)
    return ("run", "xor.toml", "--set", "training.steps=3_000_000", "--csv", "out.csv")


def test_interrupted_run_writes_what_it_has(endless, folder):
    before = signal.getsignal(signal.SIGINT)
    result = call(*endless, "--json", "--junit", "out.xml")
    assert result.exit_code == 130
    document = json.loads(result.stdout)
    assert document["scenarios"][0]["status"] == "interrupted"
    assert 0 < document["scenarios"][0]["variants"][0]["step"] < 3_000_000
    assert "Ctrl-C again" in result.stderr
    assert ",right,0,cost," in (folder / "out.csv").read_text()
    assert ElementTree.parse("out.xml").getroot().get("failures") == "0"
    assert signal.getsignal(signal.SIGINT) is before


def test_second_interruption_stops_at_once(endless, folder, monkeypatch):
    def press(*_):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Progress, "start", press)
    result = call(*endless)
    assert result.exit_code == 130
    assert not (folder / "out.csv").exists()


def test_interrupted_processes_stop_and_write(folder, monkeypatch):
    (folder / "second.toml").write_text(XOR)
    waits = []

    def press(*_):
        waits.append(True)
        if len(waits) == 3:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Progress, "start", press)
    result = call("run", ".", "--jobs", "2", "--set", "training.steps=3_000_000", "--json")
    assert result.exit_code == 130
    assert {each["status"] for each in json.loads(result.stdout)["scenarios"]} == {"interrupted"}


# Checking gradients


def test_check_tells_right_from_wrong(folder):
    right = call("check", "xor.toml", "--variant", "right")
    assert right.exit_code == 0
    assert "great" in right.stdout and "wrong" not in right.stdout
    wrong = call("check", "xor.toml", "--variant", "wrong", "--at-step", "5")
    assert wrong.exit_code == 1
    text = words(wrong.stdout)
    assert "step 5" in text and "wrong: the gradient is wrong" in text
    block = next(line for line in wrong.stdout.splitlines() if line.split()[:1] == ["dW1"])
    assert block.endswith("wrong")
    block = next(line for line in wrong.stdout.splitlines() if line.split()[:1] == ["dW2"])
    assert block.endswith("great")


def test_check_looks_at_every_variant(folder):
    result = call("check", "xor.toml", "--epsilon", "1e-6")
    assert result.exit_code == 1
    assert result.stdout.count("epsilon 1e-06") == 2


def test_check_goes_no_further_than_the_run(folder):
    result = call("check", "xor.toml", "--at-step", "31")
    assert result.exit_code == 2
    assert "--at-step" in result.stderr and "30" in result.stderr


# What the machine lacks


@pytest.mark.parametrize(
    ("error", "code", "hint"),
    [
        (MissingExtraError("sklearn", "datasets", "the digits"), 4, "nnsim[datasets]"),
        (SizeError("W1 needs 8 TB"), 2, "8 TB"),
        (MemoryError(), 2, "memory"),
        (ModuleNotFoundError("No module named 'numba'", name="numba.core"), 4, "'numba'"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_what_is_missing_is_said_in_a_line(folder, monkeypatch, error, code, hint):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(Scenario, "simulation", fail)
    result = call("check", "xor.toml")
    assert result.exit_code == code
    assert result.stderr.startswith("nnsim: ") and hint in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_missing_package_stops_only_its_own_scenario(folder, monkeypatch):
    def fail(self, *_, **__):
        raise MissingExtraError("sklearn", "datasets", "the digits")

    monkeypatch.setattr(Scenario, "run", fail)
    result = call("run", "xor.toml", "--junit", "out.xml")
    assert result.exit_code == 4
    assert "nnsim[datasets]" in result.stdout
    assert ElementTree.parse("out.xml").getroot().get("errors") == "1"


def test_reader_that_goes_away_is_no_error(folder):
    program = "from nnsim.cli import main; main(['schema'], prog_name='nnsim')"
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        done = subprocess.run([sys.executable, "-c", program], stdout=stream,
                              stderr=subprocess.PIPE, cwd=REPOSITORY)  # fmt: skip
    assert done.stderr == b""
    assert done.returncode == 141
