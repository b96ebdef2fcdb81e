"""The parameters that a run has walked through, evenly over its past."""

from __future__ import annotations

import numpy as np

from nnsim.simulations.run import Run
from nnsim.training.progress import Progress

MOST_BYTES = 32 * 2**20
ENOUGH = 24
"""With so many checkpoints, a past that takes longer than MOST_SECONDS is not run again."""
MOST_SECONDS = 1.0


def path_of(
    run: Run, most: int = 200, on_progress: Progress | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the steps (k,) and the parameters (k, parameters) of the past, the present last.

    Parameters
    ----------
    run : Run
        Not changed.
    most : int
        Points at most; fewer where a large network's would take more than 32 MiB.
    on_progress : callable, optional
        Called with (step, present step) between pieces; what it raises ends the work.

    Notes
    -----
    Checkpoints are taken as they are where there are enough. A run whose steps are quick, or that
    is short, has few: its past is run again on a copy.
    """
    if most < 1:
        raise ValueError(f"path: most is {most}, expected at least 1 point")
    here = run.position.step
    present = run.machine.theta.astype(np.float64)
    most = min(most, max(3, MOST_BYTES // present.nbytes))
    kept = [step for step in run.timeline.steps if step < here]
    slow = len(kept) >= ENOUGH and here > run.steps_per_second * MOST_SECONDS
    if slow or len(kept) >= most - 1:
        chosen = np.linspace(0, len(kept) - 1, min(most - 1, len(kept))).round().astype(int)
        steps = [kept[number] for number in np.unique(chosen)]
        thetas = [run.timeline.at_or_before(step).arrays["theta"] for step in steps]
    else:
        steps = np.unique(np.linspace(0, here, most).astype(int)[:-1]).tolist()
        steps = [step for step in steps if step < here]
        copy, thetas = run.copy(), []
        for step in steps:
            copy.seek(step)
            thetas.append(copy.machine.theta.copy())
            if on_progress:
                on_progress(step, here)
    return np.array([*steps, here]), np.stack([*thetas, present])
