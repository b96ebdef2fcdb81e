"""The arrays of one training run, and the calls into the compiled program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nnsim.data.dataset import DataSet
from nnsim.kernels.cpu.label_smoothing import smooth_labels
from nnsim.kernels.cpu.optimizers import slots_of
from nnsim.memory import refuse_if_too_large, zeros_on_lines
from nnsim.network.layout import lay_out
from nnsim.network.parameters import first_parameters
from nnsim.network.specification import Network
from nnsim.training.blas import one_blas_thread
from nnsim.training.evaluation import evaluate_into, examples_at_once, predict_into
from nnsim.training.history import History
from nnsim.training.program import execute, phase_names
from nnsim.training.specification import Training
from nnsim.training.stages import stages_of
from nnsim.training.tables import (
    fault_of,
    new_scratch,
    new_state,
    schedule_values,
    settings_of,
)

SAVED = ("theta", "v", "s", "s_max", "running", "best_theta", "best_running", "state")
"""The arrays that, with the settings, determine the whole future of a run."""
RECORDS = ("state", "scratch", "settings")
ARRAYS = (*(name for name in SAVED if name not in RECORDS), "grad", "before", "work", "order")
"""With RECORDS, what a copy of a machine has of its own."""
FLOATS = (*(name for name in ARRAYS if name != "order"), "evaluation_work")
"""What is in the machine's dtype."""


@dataclass(frozen=True)
class Checkpoint:
    """Copies of the arrays in SAVED at the beginning of a step."""

    step: int
    arrays: dict[str, np.ndarray]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(array.nbytes for array in self.arrays.values())


def copied(records: np.ndarray) -> np.ndarray:
    """Return a copy of a table, as whole numbers: NumPy copies records field by field."""
    return records.view(np.int64).copy().view(records.dtype)


class Machine:
    """Theta, gradient, slots, workspace and tables of one run, in one dtype."""

    def __init__(
        self, network: Network, training: Training, data: DataSet, *, seed: int, dtype: str
    ) -> None:
        self.network, self.training, self.data = network, training, data
        self.seed, self.dtype = seed, np.dtype(dtype)
        m, labels = data.train.m, data.train.Y.shape[0]
        self._agree(network, training, data)
        capacity = min(training.batch_size or m, m)
        largest = max(data.train.m, data.dev.m, data.test.m)
        self.layout = lay_out(network, capacity, labels)
        at_once = min(examples_at_once(network), largest)
        self.evaluation_layout = lay_out(network, at_once, labels, inference=True)
        self._refuse_if_too_large()
        fault = fault_of(training)
        self.settings = settings_of(network, training, task=data.task, examples=m, seed=seed)
        self.schedule_values = schedule_values(training)
        self.state, self.scratch = new_state(), new_scratch()
        self.theta = first_parameters(
            network,
            self.layout,
            seed=seed,
            dtype=self.dtype,
            fault=fault,
            fault_layer=training.fault.layer if training.fault else 0,
        )
        size = self.layout.parameters
        used = slots_of(int(self.settings[0].optimizer))
        self.v, self.s, self.s_max = (
            zeros_on_lines(size if name in used else 0, self.dtype) for name in ("v", "s", "s_max")
        )
        self.grad, self.before = zeros_on_lines(size, self.dtype), zeros_on_lines(size, self.dtype)
        self.running = self._first_running()
        stopping = training.early_stopping is not None
        self.best_theta = zeros_on_lines(size if stopping else 0, self.dtype)
        self.best_running = zeros_on_lines(self.running.size if stopping else 0, self.dtype)
        self.work = zeros_on_lines(self.layout.workspace, self.dtype)
        self.evaluation_work = zeros_on_lines(self.evaluation_layout.workspace, self.dtype)
        self.order = np.zeros(m, np.int64)
        self.sets = self._sets()
        self.history = History(len(network.layers))

    def _sets(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Return X and Y of train, dev and test in the machine's dtype."""
        data = self.data
        return {
            # Writable, since read-only arrays are another type to Numba and would compile anew.
            name: (
                np.require(examples.X, self.dtype, ["C", "W"]),
                np.require(examples.Y, self.dtype, ["C", "W"]),
            )
            for name, examples in (("train", data.train), ("dev", data.dev), ("test", data.test))
        }

    @cached_property
    def stages(self):
        """The table of compiled stages for this dtype; compiled when first asked for."""
        return stages_of(self)

    @staticmethod
    def _agree(network: Network, training: Training, data: DataSet) -> None:
        if data.train.m == 0:
            raise ValueError("the training set is empty; expected at least one example")
        if training.early_stopping and data.dev.m == 0:
            raise ValueError("early stopping watches the dev set, and it is empty; split some off")
        for what, wanted, found in (
            ("features", network.inputs, data.train.X.shape[0]),
            ("rows of labels", network.layers[-1].units, data.train.Y.shape[0]),
        ):
            if wanted != found:
                raise ValueError(
                    f"the data have {found} {what}, but the network has {wanted}: "
                    f"sizes {network.sizes}"
                )

    def _refuse_if_too_large(self) -> None:
        numbers = 7 * self.layout.parameters + self.layout.workspace
        numbers += self.evaluation_layout.workspace
        sizes = "-".join(str(n) for n in self.network.sizes)
        refuse_if_too_large(
            numbers * self.dtype.itemsize,
            f"the network {sizes} with batches of {self.layout.capacity} examples",
        )

    def _first_running(self) -> np.ndarray:
        running = np.zeros(self.layout.running, self.dtype)
        for row in self.layout.layers[1:]:
            if row.batch_norm:
                running[row.running + row.units : row.running + 2 * row.units] = 1
        return running

    @property
    def phases(self) -> tuple[str, ...]:
        """Names of a step's phases."""
        return phase_names(len(self.network.layers))

    @cached_property
    def block_edges(self) -> np.ndarray:
        """Where W1, b1 ... begin in theta, and where the last of them ends."""
        return np.array([0, *(block.stop for block in self.layout.blocks)])

    def execute(self, phases: int, *, record: bool) -> int:
        """Run phases; return how many were done before the status changed."""
        self.scratch["record"] = record
        with one_blas_thread():
            return execute(*self.arguments(phases, self.stages))

    def arguments(self, phases: int, stages) -> tuple:
        """Return what `program.execute` takes, in its order."""
        evaluation = self.evaluation_layout
        return (
            phases,
            stages,
            self.layout.layers,
            self.layout.labels,
            self.settings,
            self.state,
            self.scratch,
            self.schedule_values,
            self.theta,
            self.grad,
            self.v,
            self.s,
            self.s_max,
            self.before,
            self.running,
            self.best_theta,
            self.best_running,
            self.work,
            self.order,
            *self.sets["train"],
            evaluation.layers,
            evaluation.labels,
            evaluation.capacity,
            self.evaluation_work,
            *self.sets["dev"],
            *self.sets["test"],
            self.history.curve_table,
            self.history.record_table,
        )

    def evaluate(self, X: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """Return (cost J, data loss, accuracy) of a set at the present parameters."""
        result = np.empty(3)
        evaluation = self.evaluation_layout
        with one_blas_thread():
            evaluate_into(
                self.stages,
                evaluation.layers,
                evaluation.labels,
                evaluation.capacity,
                self.settings[0],
                copied(self.state)[0],
                self.theta,
                self.running,
                self.evaluation_work,
                X,
                Y,
                result,
            )
        return result

    def targets(self, Y: np.ndarray) -> np.ndarray:
        """Return what training sees of labels Y (n_y, m): smoothed ones with label smoothing."""
        smoothing = self.network.label_smoothing
        if not smoothing:
            return Y
        softmax = self.network.loss == "softmax_cross_entropy"
        return smooth_labels(Y, smoothing, Y.shape[0] if softmax else 2)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return A[L] (n_y, m) of the columns of X, in inference mode."""
        X = np.require(X, self.dtype, ["C", "W"])
        if X.ndim != 2 or X.shape[0] != self.network.inputs:
            raise ValueError(
                f"predict: X has shape {X.shape}, expected ({self.network.inputs}, m), "
                "one example a column"
            )
        result = np.empty((self.network.layers[-1].units, X.shape[1]), self.dtype)
        evaluation = self.evaluation_layout
        with one_blas_thread():
            predict_into(
                self.stages,
                evaluation.layers,
                evaluation.capacity,
                self.settings,
                self.theta,
                self.running,
                self.evaluation_work,
                X,
                result,
            )
        return result

    def capture(self) -> Checkpoint:
        """Return a checkpoint; only between steps."""
        arrays = {name: getattr(self, name).copy() for name in SAVED}
        return Checkpoint(int(self.state[0].step), arrays)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back (or forward) to a checkpoint; what a later step will write stays stale."""
        for name, saved in checkpoint.arrays.items():
            own = getattr(self, name)
            if own.shape != saved.shape:
                raise ValueError(
                    f"checkpoint: {name} has {saved.shape[0]} numbers, expected {own.shape[0]}"
                )
            own[:] = saved
        self.scratch[0].open_row = self.scratch[0].before_step = -1

    def adopt_history(self, history: History, scratch: np.ndarray) -> None:
        """Go on with another machine's history."""
        self.history = history
        for name in ("curve_rows", "curve_stride", "record_rows", "record_stride"):
            self.scratch[0][name] = scratch[0][name]
        history.follow(self.scratch)

    def copy(self) -> Machine:
        """Return a machine with arrays of its own that shares the examples and no history."""
        twin = object.__new__(Machine)
        twin.__dict__.update(self.__dict__)
        for name in ARRAYS:
            twin.__dict__[name] = self.__dict__[name].copy()
        for name in RECORDS:
            twin.__dict__[name] = copied(self.__dict__[name])
        twin.scratch["open_row"] = -1
        return twin

    def for_one_gradient(self) -> Machine:
        """Return a machine, in float64, on which the present step's gradient may be computed.

        What a step writes up to its update is its own: theta and the running statistics as they
        are, gradient and workspace 0. What only an update writes may be shared.
        """
        twin = object.__new__(Machine)
        own = twin.__dict__
        own.update(self.__dict__)
        if self.dtype != np.float64:
            own["dtype"] = np.dtype(np.float64)
            own.pop("stages", None)
            for name in FLOATS:
                own[name] = own[name].astype(np.float64)
            own["sets"] = twin._sets()
        own["theta"], own["running"] = twin.theta.copy(), twin.running.copy()
        own["grad"], own["work"] = np.zeros(self.grad.size), np.zeros(self.work.size)
        own["state"], own["scratch"] = copied(self.state), copied(self.scratch)
        own["order"] = self.order.copy()
        return twin
