"""Training as something that can be stepped through, forwards and back, and forked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nnsim.data.dataset import DataSet
from nnsim.network.specification import Network
from nnsim.simulations.fork import Edit
from nnsim.simulations.looking import Evaluation, Looking, NonFinite
from nnsim.simulations.run import Run
from nnsim.training.progress import Progress
from nnsim.training.specification import Training

__all__ = ["Edit", "Evaluation", "NonFinite", "TrainingSimulation"]


class TrainingSimulation(Looking):
    """A training run of a network on a data set.

    Parameters
    ----------
    network, training : Network, Training
    data : DataSet
    seed : int
        Seeds initial weights, shuffles and dropout masks.
    dtype : str
        "float64" or "float32".

    Raises
    ------
    ValueError
        The network and the data disagree, or given weights have a wrong shape.
    SizeError
        The arrays would not fit in memory.
    """

    def __init__(
        self,
        network: Network,
        training: Training,
        data: DataSet,
        *,
        seed: int = 1,
        dtype: str = "float64",
    ) -> None:
        self._run = Run(network, training, data, seed=seed, dtype=dtype)

    # Moving in time

    @property
    def chunk_seconds(self) -> float:
        """Aim of the time between two calls of `on_progress`; 0.1 at first, forks inherit it."""
        return self._run.chunk_seconds

    @chunk_seconds.setter
    def chunk_seconds(self, seconds: float) -> None:
        if not seconds > 0:
            raise ValueError(f"chunk_seconds is {seconds}, expected a number above 0")
        self._run.chunk_seconds = seconds

    def advance(self, steps: int = 1, on_progress: Progress | None = None) -> int:
        """Run whole steps in the run gear (the rest of a begun step counts as one).

        `on_progress(step, target)` is called between chunks; what it raises ends the run there, in
        a state that is exact and may be gone on from. Returns how many steps were done: fewer if
        the run stopped early or met NaN or infinity.
        """
        if steps < 0:
            raise ValueError(f"advance: steps is {steps}, expected >= 0; seek() goes back")
        begin = self.position.step
        self._run.run_to(begin + steps, on_progress)
        return self.position.step - begin

    def run(self, on_progress: Progress | None = None) -> None:
        """Run to the end; `on_progress(step, steps)` is called about ten times a second."""
        self._run.run_to(self.training.steps, on_progress)
        if self.training.early_stopping and self._run.running:
            self._run.phase()
        self._close_history()

    def next_phase(self) -> str:
        """Run the next phase; return its name."""
        state = self._machine.state[0]
        name = self.phases[int(state.phase)]
        self._run.phase()
        return name

    def previous_phase(self) -> None:
        """Go back by one phase; at the very beginning, do nothing."""
        step, phase = self.position.step, self.position.phase
        if phase:
            self.seek(step, phase - 1)
        elif step:
            self.seek(step - 1, len(self.phases) - 1)

    def seek(self, step: int, phase: int = 0, on_progress: Progress | None = None) -> None:
        """Go to a position, forwards or backwards, exactly: everything is as it was (or will be).

        `on_progress(step, target)` is called between chunks; what it raises ends the way at the
        step reached, between steps. Raises ValueError for a position that cannot be; a run that
        stops before stays there.
        """
        self._run.seek(step, phase, on_progress)

    def _close_history(self) -> None:
        """Let the history end with the figures of the last parameters."""
        if self.status != "non-finite":
            self.history.end_with(self.figures())

    # Forking

    def fork(self, edits: Sequence[Edit] = (), **changes: Any) -> TrainingSimulation:
        """Return another simulation with the same past and another future.

        Parameters
        ----------
        edits : sequence of Edit
            Single parameters to set by hand where the fork begins: Edit("W1", 2, 3, 0.5). What the
            step before computed is then not shown: it no longer belongs to the parameters.
        **changes
            Fields of `Training` (learning_rate=0.1, optimizer="adam" ...), of `Network` (l2=0.5
            ...), of every hidden layer (activation, slope, keep_prob, residual), `seed`, or a whole
            `network=` or `training=`.

        A fork begins between steps: inside a step it begins where the step did. Raises ValueError
        for an unknown name, an edit that cannot be, or if theta would change its shape.
        """
        other = object.__new__(TrainingSimulation)
        other._run = self._run.fork(changes, tuple(edits))
        return other
