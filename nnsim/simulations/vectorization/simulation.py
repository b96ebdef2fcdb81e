"""Loop against matrix form of one gradient of logistic regression (topic A4)."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np

from nnsim.simulations.remark import Remark
from nnsim.simulations.stepped import Figure, Stepped
from nnsim.simulations.vectorization.forms import FORMS
from nnsim.simulations.vectorization.listing import (
    multiplications,
    multiplications_an_example,
    operations,
    operations_an_example,
)
from nnsim.simulations.vectorization.remarks import remarks_on
from nnsim.simulations.vectorization.snapshot import (
    LOOP_PHASES,
    MATRIX_PHASES,
    MOST_NUMBERS,
    SHOWN_FEATURES,
    Times,
    VectorizationSnapshot,
    figure_names,
)
from nnsim.simulations.vectorization.times import measured


@dataclass(frozen=True)
class VectorizationState:
    """How many examples the loop has done, and whether both forms are finished."""

    examples: int
    finished: bool = False


class VectorizationSimulation(Stepped[VectorizationState]):
    """The loop goes example by example; the last step divides by m and does the matrix form.

    Parameters
    ----------
    X, Y : array (n_x, m), (1, m)
        Y is 0 or 1.
    w, b : array (n_x, 1), float
    form : str
        The matrix form: a key of `FORMS`, "right" or a bug.

    Raises
    ------
    ValueError
        The shapes do not belong together, or X has more than a million numbers.
    """

    KIND = "vectorization"

    def __init__(
        self, X: np.ndarray, Y: np.ndarray, w: np.ndarray, b: float, form: str = "right"
    ) -> None:
        self.form = form
        self.X, self.Y, self.w = (np.require(part, np.float64, "C") for part in (X, Y, w))
        self.b = float(b)
        if self.X.ndim != 2 or not self.X.size or self.X.size > MOST_NUMBERS:
            raise ValueError(
                f"vectorization: X has shape {self.X.shape}, expected (n_x, m) with at most "
                f"{MOST_NUMBERS} numbers"
            )
        self.n_x, self.m = self.X.shape
        for name, part, shape in (("Y", self.Y, (1, self.m)), ("w", self.w, (self.n_x, 1))):
            if part.shape != shape:
                raise ValueError(f"vectorization: {name} has shape {part.shape}, expected {shape}")
        # The loop's own numbers: Python's, as a learner's first program has them.
        self._inputs, self._labels = self.X.tolist(), self.Y[0].tolist()
        self._weights = self.w[:, 0].tolist()
        # Append-only: row i is what the loop has after i examples.
        self._z, self._a, self._dz = (np.full(self.m, np.nan) for _ in range(3))
        self._loss = np.full(self.m, np.nan)
        self._J, self._db = np.zeros(self.m + 2), np.zeros(self.m + 2)
        self._dw = np.zeros((self.m + 2, self.n_x))
        self._arrays: dict[str, np.ndarray] = {}
        self._matrix: tuple[float, np.ndarray, float] = (np.nan, np.empty((self.n_x, 1)), np.nan)
        self._times: Times | None = None
        super().__init__(self.m + 1)

    @property
    def phases(self) -> tuple[str, ...]:  # type: ignore[override]
        """Those of an example, or of the last step: dividing, and the matrix form."""
        return LOOP_PHASES if self._step < self.m else MATRIX_PHASES

    # What a kind gives

    def begin(self) -> VectorizationState:
        """Return the state before the first example."""
        return VectorizationState(0)

    def after(self, state: VectorizationState, step: int) -> VectorizationState:
        """Return the state with one more example, or with both forms finished."""
        if state.examples < self.m:
            self._example(state.examples)
            return VectorizationState(state.examples + 1)
        self._finish()
        return VectorizationState(self.m, True)

    def figures_of(self, state: VectorizationState, step: int) -> dict[str, Figure]:
        """Return the loop's sums, and at the end both results and how they differ."""
        i, last = step, state.examples - 1
        begun = last >= 0 and not state.finished
        figures = dict.fromkeys(figure_names(self.n_x), np.nan)
        figures |= {
            "J": self._J[i],
            "db": self._db[i],
            "examples": state.examples,
            "z": self._z[last] if begun else np.nan,
            "a": self._a[last] if begun else np.nan,
            "dz": self._dz[last] if begun else np.nan,
            "loop.operations": operations_an_example(self.n_x) * state.examples,
            "loop.multiplications": multiplications_an_example(self.n_x) * state.examples,
        }
        for j in range(min(self.n_x, SHOWN_FEATURES)):
            figures[f"dw{j + 1}"] = self._dw[i, j]
        if state.finished:
            figures |= self._compared()
        return {name: float(value) for name, value in figures.items()}

    def _compared(self) -> dict[str, float]:
        """Return the figures that there are only once both forms are finished."""
        J, dw, db = self._matrix
        sizes = self.m, self.n_x
        shown = range(min(self.n_x, SHOWN_FEATURES))
        return {
            "matrix.J": J,
            "matrix.db": db,
            "matrix.columns": dw.shape[1],
            **{f"matrix.dw{j + 1}": dw[j, 0] for j in shown},
            **self._apart(),
            "loop.operations": operations("loop", *sizes),
            "matrix.operations": operations(self.form, *sizes),
            "matrix.multiplications": multiplications(self.form, *sizes),
        }

    def snapshot(self) -> VectorizationSnapshot:
        """Return what is shown of the example in hand and of the sums."""
        step, phase = self.position.step, self.position.phase
        finished = self.state.finished
        matrix_begun = finished or (step == self.m and phase > 0)
        done = min(step, self.m)
        index = -1 if matrix_begun else (step if phase else step - 1)
        known = phase or (len(LOOP_PHASES) if step else 0)
        # The third phase adds to J, the fifth, which ends the step, to dw and db.
        row = self.m + 1 if matrix_begun else step
        J_row = row + (phase >= 3 and not matrix_begun)
        J, dw, db = self._matrix
        nan = np.full(self.n_x, np.nan)
        matrix_known = known if matrix_begun else 0
        return VectorizationSnapshot(
            step=step,
            phase=phase,
            m=self.m,
            n_x=self.n_x,
            examples=done,
            index=index,
            known=known,
            matrix_begun=matrix_begun,
            finished=finished,
            form=self.form,
            x=_frozen(self.X[:, index]) if index >= 0 else nan,
            y=float(self.Y[0, index]) if index >= 0 else np.nan,
            z=self._number(self._z, index),
            a=self._number(self._a, index),
            loss=self._number(self._loss, index),
            dz=self._number(self._dz, index),
            w=_frozen(self.w[:, 0]),
            b=self.b,
            J=float(self._J[J_row]),
            J_before=float(self._J[max(J_row - 1, 0)]),
            dw=_frozen(self._dw[row]),
            dw_before=_frozen(self._dw[max(row - 1, 0)]),
            db=float(self._db[row]),
            db_before=float(self._db[max(row - 1, 0)]),
            all_z=_frozen(self._z[:done]),
            all_a=_frozen(self._a[:done]),
            Y=_frozen(self.Y[0]),
            Z=self._arrays["Z"] if matrix_known >= 2 else np.empty(0),
            A=self._arrays["A"] if matrix_known >= 3 else np.empty(0),
            dZ=self._arrays["dZ"] if matrix_known >= 4 else np.empty((1, 0)),
            matrix_J=J if matrix_known >= 3 else np.nan,
            matrix_dw=_frozen(dw[:, 0]) if matrix_known >= 5 else nan,
            matrix_db=db if matrix_known >= 5 else np.nan,
            apart=self._apart() if finished else {},
            loop_operations=operations("loop", self.m, self.n_x),
            matrix_operations=operations(self.form, self.m, self.n_x),
            operations_done=(
                operations("loop", self.m, self.n_x)
                if matrix_begun
                else operations_an_example(self.n_x) * done
            ),
            multiplications=multiplications("loop", self.m, self.n_x),
            matrix_multiplications=multiplications(self.form, self.m, self.n_x),
            times=self.times() if finished else None,
        )

    def remarks(self) -> tuple[Remark, ...]:
        """Return what can be said of the two forms."""
        return remarks_on(self.snapshot())

    # Both forms

    def _example(self, i: int) -> None:
        """Do what one turn of the loop does; the numbers are those of `loop`, to the bit."""
        rows, w = self._inputs, self._weights
        y = self._labels[i]
        z = self.b
        for j in range(self.n_x):
            z += w[j] * rows[j][i]
        a = 1 / (1 + exp(-z))
        loss = y * log(a) + (1 - y) * log(1 - a)
        dz = a - y
        for j in range(self.n_x):
            self._dw[i + 1, j] = self._dw[i, j] + rows[j][i] * dz
        self._z[i], self._a[i], self._loss[i], self._dz[i] = z, a, -loss, dz
        self._J[i + 1], self._db[i + 1] = self._J[i] - loss, self._db[i] + dz

    def _finish(self) -> None:
        from nnsim.training.blas import one_blas_thread

        m = self.m
        self._J[m + 1], self._db[m + 1] = self._J[m] / m, self._db[m] / m
        self._dw[m + 1] = self._dw[m] / m
        with one_blas_thread():
            J, dw, db = FORMS[self.form](self.X, self.Y, self.w, self.b)
            Z = self.w.T @ self.X + self.b
        A = 1 / (1 + np.exp(-Z))
        Y = self.Y.T if self.form == "labels_as_column" else self.Y
        self._arrays = {"Z": _frozen(Z[0]), "A": _frozen(A[0]), "dZ": _frozen(A - Y)}
        self._matrix = float(J), dw, float(db)

    def _apart(self) -> dict[str, float]:
        """Return how far the two results lie apart: in units of the last place, and plainly.

        A unit is that of the largest number of its kind, and at least that of the terms that were
        added up: a sum that cancels to almost nothing keeps the rounding of its terms.
        """
        m = self.m
        J, dw, db = self._matrix
        units = {
            "J": np.spacing(abs(J)),
            "dw": np.spacing(np.max(np.abs(self.X) @ np.abs(self._dz)) / m),
            "db": np.spacing(np.sum(np.abs(self._dz)) / m),
        }
        differences = {
            "J": abs(self._J[m + 1] - J),
            "dw": float(np.max(np.abs(self._dw[m + 1][:, np.newaxis] - dw))),
            "db": abs(self._db[m + 1] - db),
        }
        found = {f"{name}.ulp": float(differences[name] / units[name]) for name in units}
        return found | {"difference": float(max(differences.values()))}

    # Time

    def times(self) -> Times:
        """Return how long each form takes on this machine, measured once, when first asked for."""
        if self._times is None:
            self._times = measured(self.form, self.X, self.Y, self.w, self.b)
        return self._times

    def _number(self, values: np.ndarray, index: int) -> float:
        return float(values[index]) if index >= 0 else np.nan


def _frozen(array: np.ndarray) -> np.ndarray:
    view = array.view()
    view.flags.writeable = False
    return view
