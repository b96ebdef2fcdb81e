import subprocess
import sys

import pytest

from nnsim.network.specification import BatchNorm, Layer
from nnsim.tui.formulas import (
    Cell,
    arrays_of_phase,
    cell_of_phase,
    equations_of_phase,
    explain,
    strip_label,
)
from tests.simulations.made import network, rich_network, simulation
from tests.tui.formulas.made import SGD, two_layers

RICH = network(
    Layer(4, "tanh", batch_norm=BatchNorm(), keep_prob=0.8), Layer(3, "relu", bias=False)
)


@pytest.mark.parametrize(
    ("phase", "label"),
    [
        ("batch", "batch"),
        ("forward 1", "Z1 BN D1 A1"),
        ("forward 2", "Z2 A2"),
        ("cost", "J"),
        ("backward 3", "dZ3 dW3 db3"),
        ("backward 2", "dZ2 dW2"),
        ("backward 1", "BN dZ1 dW1 db1"),
        ("check", "check"),
        ("update", "update"),
    ],
)
def test_strip_labels(phase, label):
    assert strip_label(phase, RICH) == label


@pytest.mark.parametrize(
    ("phase", "arrays"),
    [
        ("batch", "A0 Y"),
        (
            "forward 1",
            "Z1 mean1 variance1 Z_norm1 Z_tilde1 G1 D1 A1 running_mean1 running_variance1",
        ),
        ("forward 2", "Z2 A2"),
        ("cost", "A3 Y"),
        ("backward 3", "dZ3 dW3 db3"),
        ("backward 2", "dA2 dZ2 dW2"),
        ("backward 1", "dA1 dZ_tilde1 dgamma1 dbeta1 dZ1 dW1 db1"),
        ("check", "dW1 db1 dgamma1 dbeta1 dW2 dW3 db3"),
        ("update", "W1 b1 gamma1 beta1 W2 W3 b3"),
        ("forward 9", ""),
        ("nonsense", ""),
    ],
)
def test_arrays_of_phases(phase, arrays):
    assert arrays_of_phase(phase, None, RICH) == tuple(arrays.split())


def test_arrays_are_those_that_the_snapshot_holds():
    run = simulation(rich_network())
    for _ in range(2):
        run.next_phase()
    shown = run.snapshot()
    assert arrays_of_phase("batch", shown, run.network) == ("A0", "Y")
    assert arrays_of_phase("forward 1", shown, run.network)[-3:] == (
        "A1",
        "running_mean1",
        "running_variance1",
    )
    assert arrays_of_phase("forward 2", shown, run.network) == ()
    run.advance()
    shown = run.snapshot()
    update = arrays_of_phase("update", shown, run.network)
    assert update[:8] == (
        *("W1", "update_W1", "v_W1", "s_W1"),
        *("b1", "update_b1", "v_b1", "s_b1"),
    )
    named = {name for phase in run.phases for name in arrays_of_phase(phase, shown, run.network)}
    assert set(shown.arrays) - named == {"G3"}


@pytest.mark.parametrize(
    ("phase", "layer", "cell"),
    [
        ("batch", None, Cell("A0", 0, 0)),
        ("forward 2", None, Cell("Z2", 0, 0)),
        ("cost", None, Cell("J", 0, 0)),
        ("backward 1", None, Cell("dZ1", 0, 0)),
        ("check", None, Cell("gradient_norm", 0, 0)),
        ("update", 2, Cell("W2", 0, 0)),
        ("update", None, Cell("W1", 0, 0)),
        ("nonsense", None, None),
    ],
)
def test_the_main_cell_of_a_phase(phase, layer, cell):
    run = simulation(network(3))
    run.advance(2)
    assert cell_of_phase(phase, run.snapshot(), layer) == cell


UNCHECKED = [("check", "check")]


def test_a_phase_that_has_not_run_has_no_main_cell():
    run = simulation(network(3))
    run.advance(2)
    for done, phase in enumerate(run.phases):
        shown = run.snapshot()
        for later in run.phases[done:]:
            found = cell_of_phase(later, shown, 1)
            # Between steps the step before is shown; W is there from the beginning, and the
            # gradient has a norm before it is checked.
            there = done == 0 or later == "update" or (phase, later) in UNCHECKED
            assert (found is not None) == there, (phase, later)
            if found:
                assert explain(found, shown, run.network, run.training).agrees
        run.next_phase()


@pytest.mark.parametrize(
    ("phase", "equations"),
    [
        ("batch", ("A[0] = X", "Y = the labels of the batch")),
        ("forward 1", ("Z[1] = W[1] A[0] + b[1]", "A[1] = tanh(Z[1])")),
        ("cost", ("J = 1/m Σ L,  L = -(Y log A[2] + (1 - Y) log(1 - A[2]))",)),
        (
            "backward 2",
            ("dZ[2] = A[2] - Y", "dW[2] = 1/m dZ[2] A[1]^T", "db[2] = 1/m Σ dZ[2]"),
        ),
        (
            "backward 1",
            (
                "dA[1] = W[2]^T dZ[2]",
                "dZ[1] = dA[1] * g'(Z[1]),  g' = 1 - A[1]^2",
                "dW[1] = 1/m dZ[1] A[0]^T",
                "db[1] = 1/m Σ dZ[1]",
            ),
        ),
        ("check", ("||grad|| = sqrt(Σ g^2), g all of dW, db",)),
        ("update", ("W = W - alpha dW",)),
    ],
)
def test_equations_of_phases(phase, equations):
    assert equations_of_phase(phase, two_layers(), SGD) == equations
    plain = tuple(text.replace("Σ", "sum") for text in equations)
    assert equations_of_phase(phase, two_layers(), SGD, ascii=True) == plain


def test_every_phase_of_a_rich_network_has_ascii_equations():
    run = simulation(rich_network(), optimizer="amsgrad", clip_norm=1.0, clip_value=0.1)
    for phase in run.phases:
        found = equations_of_phase(phase, run.network, run.training, ascii=True)
        assert found, phase
        assert all(text.isascii() and text for text in found), phase
    assert equations_of_phase("update", run.network, run.training) == (
        "v = beta1 v + (1 - beta1) dW",
        "s = beta2 s + (1 - beta2) dW^2",
        "s_max = max(s_max, s)",
        "W = W - alpha v/(1 - beta1^t) / (sqrt(s_max/(1 - beta2^t)) + epsilon)",
    )
    assert equations_of_phase("check", run.network, run.training)[1:] == (
        "g = max(-0.1, min(0.1, g))",
        "g = g × min(1, 1 / ||grad||)",
    )


def test_importing_the_formulas_brings_in_neither_numba_nor_textual():
    code = (
        "import sys, nnsim.tui.formulas; "
        "print([name for name in ('numba', 'textual', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
