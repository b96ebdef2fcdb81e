"""The program as plain Python: what Numba compiles is what the source says."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from numba import config

from nnsim.network.specification import BatchNorm, Layer
from tests.simulations.made import network, simulation

STEPS = 3


def trained():
    """Train a 2-3-1 network for a few steps; return its figures as plain lists."""
    # Without b: below batch norm its gradient is round-off, which Adam blows up to whole steps.
    layer = Layer(3, "tanh", bias=False, batch_norm=BatchNorm(), keep_prob=0.7)
    described = network(layer, l2=0.1)
    run = simulation(described, clip_norm=1.0)
    figures = {"costs": []}
    for _ in range(STEPS):
        run.advance()
        figures["costs"].append(run.snapshot().cost)
    shown = run.snapshot().arrays
    figures |= {name: shown[name].tolist() for name in ("W1", "gamma1", "W2", "b2", "D1", "s_W1")}
    figures["dev"] = run.evaluate()["dev"].data_loss
    figures["ratio"] = run.check_gradients().ratio
    return figures


@pytest.mark.skipif(config.DISABLE_JIT, reason="needs both ways, and Numba is switched off")
def test_training_without_numba_gives_the_same_numbers():
    code = "import json; from tests.simulations.test_without_jit import trained; "
    code += "print(json.dumps(trained()))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    plain, compiled = json.loads(done.stdout), trained()
    assert max(plain.pop("ratio"), compiled.pop("ratio")) < 1e-7
    assert plain.keys() == compiled.keys() and len(compiled["costs"]) == STEPS
    for name, values in compiled.items():
        np.testing.assert_allclose(plain[name], values, rtol=1e-12, err_msg=name)
