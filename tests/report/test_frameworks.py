"""Scripts for other frameworks: what is written, and what is refused, without any of them."""

import ast

import numpy as np
import pytest

from nnsim.cli import main
from nnsim.errors import ScenarioError
from nnsim.report.frameworks import exporting
from nnsim.report.frameworks.plan import ExportError
from nnsim.scenario import load

TEXT = """
[scenario]
title = "Exported"
[data]
source = "xor"
examples = 12
[network]
loss = "binary_cross_entropy"
layers = [{ units = 3, activation = "tanh" }, { units = 1, activation = "sigmoid" }]
[training]
steps = 6
batch_size = 4
"""


def written(framework, *changes, **settings):
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return exporting.written(load(text), "base", framework, settings, "nnsim export exported")


@pytest.mark.parametrize("framework", exporting.FRAMEWORKS)
def test_scripts_are_python_that_says_where_it_comes_from(framework):
    text, arrays = written(framework)
    tree = ast.parse(text)
    assert "Written by `nnsim export exported`" in ast.get_docstring(tree)
    assert max(map(len, text.splitlines())) <= 100
    assert set(arrays) == {"X", "Y", "W1", "b1", "W2", "b2", "cost", "order"}
    assert all(f'data["{name}"]' in text or name[0] in "Wb" for name in arrays)


def test_the_arrays_are_those_that_the_run_began_with():
    scenario = load(TEXT)
    _, arrays = written("pytorch")
    simulation = scenario.simulation()
    np.testing.assert_array_equal(arrays["W1"], simulation.snapshot().arrays["W1"])
    for step, cost in enumerate(arrays["cost"]):
        epoch, t = divmod(step, 3)
        columns = arrays["order"][epoch, 4 * t : 4 * (t + 1)]
        np.testing.assert_array_equal(simulation.probe().arrays["A0"], arrays["X"][:, columns])
        assert cost == simulation.probe().cost
        simulation.advance()
    assert len(arrays["cost"]) == 6


def test_settings_and_schedules_go_over():
    text, arrays = written("jax", steps=4, set=["optimizer=momentum"])
    assert "range(4)" in text and "momentum=0.9" in text and "(1 - 0.9)" in text
    decay = ("batch_size = 4", 'schedule = { kind = "sqrt_step" }')
    text, arrays = written("pytorch", decay)
    np.testing.assert_allclose(arrays["alpha"], 0.01 / np.sqrt(np.arange(1, 7)))
    assert "alphas[step]" in text and "order" not in arrays


@pytest.mark.parametrize(
    ("framework", "change", "words"),
    [
        ("pytorch", ("batch_size = 4", 'optimizer = "nadam"'), "takes the steps of nadam"),
        ("pytorch", ("batch_size = 4", "fault.kind = 'dw_doubled'"), "planted fault dw_doubled"),
        ("jax", ('"tanh"', '"tanh", batch_norm = true'), "batch norm"),
        ("jax", ('"tanh"', '"tanh", keep_prob = 0.5'), "dropout"),
        ("pytorch", ('"tanh"', '"tanh", layer_norm = true'), "layer norm"),
        ("keras", ("[network]", "[network]\nlabel_smoothing = 0.1"), "label smoothing"),
        ("keras", ("batch_size = 4", "clip_norm = 1.0"), "clipping"),
        ("keras", ("steps = 6", "steps = 5000"), "5000 steps, and at most 4096"),
        ("keras", ("batch_size = 4", "batch_size = 5\n[network.x]"), None),
    ],
)
def test_what_has_no_counterpart_is_said(framework, change, words):
    if words is None:
        with pytest.raises(ScenarioError):
            written(framework, change)
        return
    with pytest.raises(ExportError, match=words) as caught:
        written(framework, change)
    assert len(caught.value.reasons) == 1


def test_all_reasons_are_said_at_once():
    changes = [('"tanh"', '"tanh", keep_prob = 0.5'), ("batch_size = 4", 'optimizer = "lion"')]
    with pytest.raises(ExportError) as caught:
        written("pytorch", *changes)
    assert len(caught.value.reasons) == 2


def test_a_run_that_meets_nan_is_refused():
    change = ("batch_size = 4", "learning_rate = 1e9")
    with pytest.raises(ExportError, match="NaN or infinity"):
        written(
            "pytorch",
            change,
            ("sigmoid", "identity"),
            ("binary_cross_entropy", "mean_squared_error"),
            ("tanh", "relu"),
        )


def test_the_command_writes_both_files_and_names_them(tmp_path, capsys):
    source, target = tmp_path / "mine.toml", tmp_path / "mine.py"
    source.write_text(TEXT)
    arguments = ["export", str(source), "-o", str(target)]
    assert main(arguments, standalone_mode=False) == 0
    assert capsys.readouterr().out.split() == [str(target), str(target.with_suffix(".npz"))]
    with np.load(target.with_suffix(".npz"), allow_pickle=False) as arrays:
        assert arrays["X"].shape == (2, 12)
    wrong = str(tmp_path / "mine.txt")
    assert main(["export", str(source), "-o", wrong], standalone_mode=False) == 2
    assert "ends in .py" in capsys.readouterr().err


DESCENT = """
kind = "descent"
[scenario]
title = "J as text"
[descent]
formula = "w**2 - 10*w + 25"
variables = ["w"]
steps = 10
"""


@pytest.mark.parametrize("framework", exporting.FRAMEWORKS)
def test_a_formula_is_written_as_it_stands(framework):
    text, _ = exporting.written(load(DESCENT), "base", framework, {}, "nnsim export j")
    ast.parse(text)
    assert "def J(w):\n    return w**2 - 10*w + 25\n" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("noise = 0.1", "noise"),
        ('optimizer = "nadam"', "takes the steps of nadam"),
        ('optimizer = "adam"\nbias_correction = "none"', "mistake in its correction"),
        ('schedule = { kind = "sqrt_step" }', "schedule"),
    ],
)
def test_descents_that_no_framework_walks_are_refused(change, words):
    with pytest.raises(ExportError, match=words):
        exporting.written(load(DESCENT + change), "base", "pytorch", {}, "")


def test_other_kinds_are_refused():
    text = 'kind = "averages"\n[scenario]\ntitle = "A"\n[averages]\nvalues = [1.0, 2.0]\n'
    text += '[[averages.curves]]\nname = "a"\nbeta = 0.5\n'
    with pytest.raises(ExportError, match="its kind is averages"):
        exporting.written(load(text), "base", "pytorch", {}, "")
