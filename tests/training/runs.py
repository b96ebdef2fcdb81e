"""Whole training runs, compiled and by the NumPy twin, side by side."""

import numpy as np

from tests.reference import network as twin

PARAMETERS = ("W", "b", "gamma", "beta")


def first_parameters(run):
    """Return the parameters of a run at step 0, by name."""
    arrays = run.snapshot().arrays
    return {
        name: array for name, array in arrays.items() if name.rstrip("0123456789") in PARAMETERS
    }


def assert_agrees(run, steps, *, seed=3, rtol=1e-12, atol=1e-13):
    """Compare every array and figure of every step of a fresh run with those of the twin."""
    expected = twin.train(
        run.network,
        run.training,
        first_parameters(run),
        run.data.train.X,
        run.data.train.Y,
        seed=seed,
        steps=steps,
    )
    for step, row in enumerate(expected):
        run.advance()
        shown = run.snapshot()
        for name in ("cost", "data_loss", "penalty", "learning_rate"):
            np.testing.assert_allclose(
                getattr(shown, name), row[name], rtol=rtol, atol=atol, err_msg=f"{name}, {step}"
            )
        assert shown.arrays.keys() <= row["arrays"].keys()
        for name, array in shown.arrays.items():
            np.testing.assert_allclose(
                array, row["arrays"][name], rtol=rtol, atol=atol, err_msg=f"{name}, step {step}"
            )
