"""History: right figures, the same on every path, and never larger than its tables."""

import numpy as np
import pytest

from nnsim.network.specification import Layer
from nnsim.simulations.timeline import MOST_CHECKPOINTS
from nnsim.training import history as history_module
from nnsim.training.specification import EarlyStopping
from tests.simulations.made import data_set, equal, network, same_tables, simulation


def test_nothing_is_recorded_before_the_first_step():
    run = simulation()
    assert all(len(column) == 0 for column in run.history.curve.values())
    assert run.history.records["step"].shape == (0,)
    assert run.history.records["gradient_norm"].shape == (0, 3)


def test_rows_hold_what_the_steps_showed():
    run, watched = simulation(evaluate_every=4), simulation(evaluate_every=4)
    run.advance(11)
    curve, records = run.history.curve, run.history.records
    assert curve["step"].tolist() == list(range(11))
    assert records["step"].tolist() == [0, 4, 8]
    for step in range(11):
        probed = watched.probe()
        for name in ("cost", "data_loss", "penalty", "learning_rate"):
            assert curve[name][step] == getattr(probed, name)
        if step % 4 == 0:
            row, evaluated = step // 4, watched.evaluate()
            assert records["epoch"][row] == probed.epoch
            for part in ("train", "dev"):
                for figure in ("cost", "data_loss", "accuracy"):
                    assert records[f"{part}_{figure}"][row] == getattr(evaluated[part], figure)
            assert np.isnan(records["test_cost"][row])
            for number, figures in enumerate(probed.layers):
                for name, value in vars(figures).items():
                    assert equal(records[name][row, number], value)
        watched.advance()


def test_layer_figures_are_those_of_the_arrays():
    run = simulation(network(5, 3, l2=0.2))
    run.advance(6)
    shown, before = run.snapshot(), simulation(network(5, 3, l2=0.2))
    before.advance(5)
    for number, figures in enumerate(shown.layers, start=1):
        W = before.snapshot().arrays[f"W{number}"]
        Z, G = shown.arrays[f"Z{number}"], shown.arrays[f"G{number}"]
        expected = {
            "weight_norm": np.linalg.norm(W),
            "gradient_norm": np.linalg.norm(shown.arrays[f"dW{number}"]),
            "update_ratio": np.linalg.norm(shown.arrays[f"update_W{number}"]) / np.linalg.norm(W),
            "z_mean": Z.mean(),
            "z_std": Z.std(),
            "a_mean": G.mean(),
            "a_std": G.std(),
        }
        for name, value in expected.items():
            assert getattr(figures, name) == pytest.approx(value, rel=1e-12)


def test_dead_and_saturated_units_are_counted():
    dead = Layer(4, "relu", biases=(-100.0, 0.0, -100.0, -100.0))
    flat = Layer(2, "sigmoid", biases=(50.0, 0.0))
    run = simulation(network(dead, flat), learning_rate=1e-9)
    run.advance()
    first, second, _ = run.snapshot().layers
    alive = (run.snapshot().arrays["G1"] != 0).any(axis=1)
    assert first.dead_share == 1 - alive.mean() >= 0.75
    assert second.saturated_share == 0.5 and second.dead_share == 0


@pytest.fixture
def small_tables(monkeypatch):
    monkeypatch.setattr(history_module, "CURVE_ROWS", 32)
    monkeypatch.setattr(history_module, "RECORD_ROWS", 16)


@pytest.mark.parametrize("steps", [31, 32, 33, 64, 65, 200, 1000])
def test_full_tables_thin_themselves_evenly(small_tables, steps):
    run = simulation(network(2), evaluate_every=3)
    run.advance(steps)
    curve, records = run.history.curve["step"], run.history.records["step"]
    assert 16 <= len(curve) <= 32 and len(records) <= 16
    for rows, last in ((curve, steps - 1), (records, (steps - 1) // 3 * 3)):
        stride = rows[1] - rows[0]
        assert rows[0] == 0 and (np.diff(rows) == stride).all()
        assert last - stride < rows[-1] <= last


def test_thinned_rows_are_the_rows_of_a_run_that_kept_all(monkeypatch):
    whole = simulation(network(2))
    whole.advance(200)
    monkeypatch.setattr(history_module, "CURVE_ROWS", 32)
    thinned = simulation(network(2))
    thinned.advance(200)
    kept = thinned.history.curve["step"].astype(int)
    for name, column in whole.history.curve.items():
        assert equal(column[kept], thinned.history.curve[name])


@pytest.mark.parametrize("path", [[5, 90, 30, 120], [200, 0, 1], [17, 16, 15, 64, 63]])
def test_thinned_tables_do_not_depend_on_the_path(small_tables, path):
    straight, wandering = simulation(evaluate_every=2), simulation(evaluate_every=2)
    straight.advance(210)
    for target in path:
        wandering.seek(target, target % 7)
    wandering.seek(210)
    assert same_tables(straight.history, wandering.history)


def test_the_end_is_in_the_records_whatever_the_stride():
    run = simulation(evaluate_every=7, steps=20)
    run.run()
    records, evaluated = run.history.records, run.evaluate()
    assert records["step"].tolist() == [0, 7, 14, 20]
    assert records["train_cost"][-1] == evaluated["train"].cost
    assert records["weight_norm"][-1, 0] == np.linalg.norm(run.snapshot().arrays["W1"])


def test_rows_after_the_end_of_a_run_are_shown_too():
    run = simulation(evaluate_every=7, steps=20)
    run.run()
    run.advance(20)
    assert run.history.records["step"].tolist() == [0, 7, 14, 20, 21, 28, 35]


def test_the_end_of_an_early_stopped_run_shows_the_restored_parameters():
    run = simulation(
        network(6),
        steps=300,
        evaluate_every=3,
        learning_rate=0.1,
        early_stopping=EarlyStopping(patience=2),
    )
    run.run()
    records = run.history.records
    assert run.status == "stopped early" and records["step"][-1] == run.position.step
    best = np.flatnonzero(records["step"] == run.best_step)[0]
    assert records["dev_data_loss"][-1] == records["dev_data_loss"][best]
    assert np.isfinite(records["weight_norm"]).all()


def test_three_hundred_thousand_steps_take_no_more_memory():
    run = simulation(network(1), data=data_set(m=4, dev=2), batch_size=0, steps=300_000)
    before = run.history.nbytes
    checkpoint = run._run.timeline.nbytes
    run.run()
    assert run.position.step == 300_000
    assert run.history.nbytes == before < 2**19
    assert 2048 <= len(run.history.curve["step"]) <= 4096
    assert 2 <= len(run._run.timeline.steps) <= MOST_CHECKPOINTS + 1
    assert run._run.timeline.nbytes == len(run._run.timeline.steps) * checkpoint
