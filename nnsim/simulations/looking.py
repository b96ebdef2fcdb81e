"""What can be seen of a training run: looking leaves no trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from nnsim.data.dataset import DataSet
from nnsim.network.specification import Network
from nnsim.simulations.path import path_of
from nnsim.simulations.position import Position
from nnsim.simulations.remarks import THRESHOLDS, Remark, Thresholds, remarks
from nnsim.simulations.run import Run
from nnsim.simulations.snapshot import Snapshot, figures_of, take_arrays
from nnsim.training.curvature import Curvature, curvature_of
from nnsim.training.epsilon_scan import EpsilonScan, scan_epsilons
from nnsim.training.gradient_check import GradientCheck, check_gradients
from nnsim.training.history import History
from nnsim.training.machine import Machine
from nnsim.training.progress import Progress
from nnsim.training.specification import Training
from nnsim.training.surface import Surface, surface_of
from nnsim.training.tables import NON_FINITE, RUNNING


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


class Looking:
    """The half of a training simulation that only looks."""

    _run: Run

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
    def steps(self) -> int:
        """Steps planned."""
        return self.training.steps

    def settings_at(self, step: int) -> tuple[Network, Training]:
        """Return the network and the training in force at a step: forks have changed them."""
        return self._run.settings_at(step)

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
    def reached(self) -> int:
        """The furthest step that the run has been at; seeking back does not lower it."""
        return self._run.reached

    @property
    def status(self) -> str:
        """One of "ready", "finished", "stopped early", "non-finite"."""
        state = self._machine.state[0]
        if state.status == NON_FINITE:
            return "non-finite"
        if state.status == RUNNING:
            return "finished" if state.step >= self.training.steps else "ready"
        # At the last step the best parameters are restored too, with patience left.
        patience = self._machine.settings[0].patience
        return "stopped early" if state.waited >= patience else "finished"

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
            updates=int(state.t),
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
            updates=int(state.t),
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

    def check_gradients(
        self, epsilon: float = 1e-7, masks: str = "frozen", on_progress: Progress | None = None
    ) -> GradientCheck:
        """Compare the gradient of the present step with two-sided differences (topic B13).

        `on_progress(parameters_done, parameters)` may raise to end the check.
        """
        return check_gradients(self._machine, epsilon=epsilon, masks=masks, on_progress=on_progress)

    def scan_epsilons(
        self,
        epsilons: Sequence[float] | None = None,
        masks: str = "frozen",
        on_progress: Progress | None = None,
    ) -> EpsilonScan:
        """Return the check's ratio over epsilon, 1e-1 to 1e-12 if not given (topics B12, B13)."""
        return scan_epsilons(self._machine, epsilons, masks, on_progress)

    def curvature(self) -> Curvature:
        """Return the eigenvalues of the Hessian of the training cost at the present parameters."""
        return curvature_of(self._machine)

    def path(
        self, most: int = 200, on_progress: Progress | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return steps (k,) and parameters (k, parameters) evenly over the past, the present last.

        `on_progress(step, present step)` may raise to end it.
        """
        return path_of(self._run, most, on_progress)

    def surface(
        self,
        directions: str = "random",
        size: int = 41,
        span: float = 1.0,
        seed: int = 0,
        on_progress: Progress | None = None,
    ) -> Surface:
        """Return J on a plane through the present parameters, with the path walked so far.

        `directions` is "random", "principal" or "gradient"; `on_progress(done, of how many)` may
        raise to end it. See `nnsim.training.surface`.
        """
        steps, thetas = path_of(self._run, on_progress=on_progress)
        return surface_of(
            self._machine,
            steps,
            thetas,
            directions=directions,
            size=size,
            span=span,
            seed=seed,
            on_progress=on_progress,
        )

    def remarks(
        self, check: GradientCheck | None = None, thresholds: Thresholds = THRESHOLDS
    ) -> tuple[Remark, ...]:
        """Return what can be said for certain about the present, most important first.

        `check`, if there is one of the present step, is taken into account.
        """
        return remarks(
            self.probe() if self.non_finite is None else self.snapshot(),
            self.history.records,
            self.phases,
            self._machine.network,
            self._machine.training,
            self.evaluate(),
            self.non_finite,
            check=check,
            best_step=self.best_step,
            thresholds=thresholds,
        )
