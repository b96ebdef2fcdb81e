"""Training as something that can be stepped through, forwards and back, and forked."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from nnsim.data.dataset import DataSet
from nnsim.network.specification import Network
from nnsim.simulations.position import Position
from nnsim.simulations.run import Progress, Run
from nnsim.simulations.snapshot import Snapshot, figures_of, take_arrays
from nnsim.training.curvature import Curvature, curvature_of
from nnsim.training.gradient_check import GradientCheck, check_gradients
from nnsim.training.history import History
from nnsim.training.machine import Machine
from nnsim.training.specification import Training
from nnsim.training.tables import NON_FINITE, RUNNING, STOPPED_EARLY


@dataclass(frozen=True)
class NonFinite:
    """Where NaN or infinity appeared first."""

    step: int
    phase: str


@dataclass(frozen=True)
class Evaluation:
    """Figures of a whole set in inference mode; accuracy and error are NaN for regression."""

    cost: float
    data_loss: float
    accuracy: float
    error: float
    m: int


class TrainingSimulation:
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

    @property
    def _machine(self) -> Machine:
        return self._run.machine

    @property
    def network(self) -> Network:
        """The network as described."""
        return self._run.segments[-1].network

    @property
    def training(self) -> Training:
        """The training as described."""
        return self._run.segments[-1].training

    @property
    def data(self) -> DataSet:
        """The examples."""
        return self._machine.data

    @property
    def history(self) -> History:
        """Figures over steps."""
        return self._machine.history

    @property
    def phases(self) -> tuple[str, ...]:
        """Names of a step's phases, in order."""
        return self._machine.phases

    @property
    def position(self) -> Position:
        """Where the run stands."""
        return self._run.position

    @property
    def status(self) -> str:
        """One of "ready", "finished", "stopped early", "non-finite"."""
        state = self._machine.state[0]
        if state.status == RUNNING:
            return "finished" if state.step >= self.training.steps else "ready"
        return {NON_FINITE: "non-finite", STOPPED_EARLY: "stopped early"}[int(state.status)]

    @property
    def non_finite(self) -> NonFinite | None:
        """Where NaN or infinity stopped the run, if it did."""
        state = self._machine.state[0]
        if state.status != NON_FINITE:
            return None
        return NonFinite(int(state.step), self.phases[int(state.phase)])

    @property
    def best_step(self) -> int | None:
        """With early stopping: the step of the best dev loss so far."""
        step = int(self._machine.state[0].best_step)
        return step if step >= 0 else None

    # Moving in time

    def advance(self, steps: int = 1) -> int:
        """Run whole steps in the run gear (the rest of a begun step counts as one).

        Returns how many were done: fewer if the run stopped early or met NaN or infinity.
        """
        if steps < 0:
            raise ValueError(f"advance: steps is {steps}, expected >= 0; seek() goes back")
        begin = self.position.step
        self._run.run_to(begin + steps)
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

    def seek(self, step: int, phase: int = 0) -> None:
        """Go to a position, forwards or backwards, exactly: everything is as it was (or will be).

        Raises ValueError for a position that cannot be; a run that stops before stays there.
        """
        self._run.seek(step, phase)

    def _close_history(self) -> None:
        """Let the history end with the figures of the last parameters."""
        if self.status != "non-finite":
            self.history.end_with(self.figures())

    # Looking

    def snapshot(self) -> Snapshot:
        """Return frozen copies of everything at the present position."""
        machine, phase = self._machine, self.position.phase
        state = machine.state[0]
        return Snapshot(
            step=int(state.step),
            phase=self.phases[phase],
            epoch=int(state.epoch),
            batch=int(state.batch),
            status=self.status,
            learning_rate=float(state.learning_rate),
            cost=float(state.cost),
            data_loss=float(state.data_loss),
            penalty=float(state.penalty),
            arrays=take_arrays(machine, phase),
            layers=figures_of(machine) if phase == 0 else (),
        )

    def probe(self) -> Snapshot:
        """Return what the next step will see and do, without doing it.

        Parameters, activations, gradients, cost and figures all belong to the present step, and
        `update_*` is the update it would make; `arrays` has the parameters before it.
        """
        twin = self._twin()
        here = self.position
        twin.execute(len(self.phases) - int(here.phase), record=False)
        done = twin.state[0]
        figures, reached = figures_of(twin), int(done.phase)
        arrays = take_arrays(twin, reached)
        present = take_arrays(self._machine, int(here.phase))
        kept = {block.name for block in self._machine.layout.blocks}
        arrays |= {
            name: array
            for name, array in present.items()
            if name in kept or name.startswith(("v_", "s_", "s_max_", "running_"))
        }
        state = self._machine.state[0]
        return Snapshot(
            step=here.step,
            phase=self.phases[here.phase],
            epoch=int(state.epoch),
            batch=int(state.batch),
            status=self.status,
            learning_rate=float(done.learning_rate),
            cost=float(done.cost),
            data_loss=float(done.data_loss),
            penalty=float(done.penalty),
            arrays=arrays,
            layers=figures,
        )

    def figures(self) -> np.ndarray:
        """Return the present step's row of `history.records`."""
        state, probe, evaluations = self._machine.state[0], self.probe(), self.evaluate()
        row = [float(state.step), float(state.epoch)]
        for name in ("train", "dev", "test"):
            found = evaluations.get(name)
            row += [found.cost, found.data_loss, found.accuracy] if found else [np.nan] * 3
        for layer in probe.layers:
            row += astuple(layer)
        return np.array(row)

    def _twin(self) -> Machine:
        """Return a copy of the machine that may be run on without a trace."""
        machine = self._machine
        twin = machine.copy()
        twin.state[0].status = RUNNING
        twin.settings[0].patience = 0
        return twin

    def evaluate(self) -> dict[str, Evaluation]:
        """Return the figures of train, dev and test at the present parameters; no empty sets."""
        evaluations = {}
        for name, (X, Y) in self._machine.sets.items():
            if X.shape[1]:
                cost, data_loss, accuracy = map(float, self._machine.evaluate(X, Y))
                evaluations[name] = Evaluation(cost, data_loss, accuracy, 1 - accuracy, X.shape[1])
        return evaluations

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return A[L] of every column of X, in inference mode."""
        return self._machine.predict(X)

    def check_gradients(self, epsilon: float = 1e-7, masks: str = "frozen") -> GradientCheck:
        """Compare the gradient of the present step with two-sided differences (topic B13)."""
        return check_gradients(self._machine, epsilon=epsilon, masks=masks)

    def curvature(self) -> Curvature:
        """Return the eigenvalues of the Hessian of the training cost at the present parameters."""
        return curvature_of(self._machine)

    # Forking

    def fork(self, **changes) -> TrainingSimulation:
        """Return another simulation with the same past and another future.

        Parameters
        ----------
        **changes
            Fields of `Training` (learning_rate=0.1, optimizer="adam" ...), of `Network` (l2=0.5
            ...), of every hidden layer (activation, slope, keep_prob), `seed`, or a whole
            `network=` or `training=`.

        A fork begins between steps: inside a step it begins where the step did. Raises ValueError
        for an unknown name, or if theta would change its shape.
        """
        other = object.__new__(TrainingSimulation)
        other._run = self._run.fork(changes)
        return other
