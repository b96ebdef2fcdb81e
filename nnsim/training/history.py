"""Figures over steps, as arrays; bounded in memory however long the run."""

from __future__ import annotations

import numpy as np

from nnsim.training.figures import CURVE, LAYER_FIGURES, RECORD
from nnsim.training.recording import FIRST_LAYER_COLUMN
from nnsim.training.tables import SCRATCH

CURVE_ROWS = 4096
RECORD_ROWS = 1024


class History:
    """Two tables that thin themselves: `curve` has a row a step, `records` a row an evaluation.

    A full table drops every second row and from then on takes every second one, so a million
    steps take the memory of 4096 (curve) and 1024 (records) rows at the most.
    """

    def __init__(self, depth: int) -> None:
        self.depth = depth
        columns = FIRST_LAYER_COLUMN + depth * len(LAYER_FIGURES)
        self.curve_table = np.zeros((CURVE_ROWS, len(CURVE)))
        self.record_table = np.zeros((RECORD_ROWS, columns))
        self._scratch = np.zeros(1, SCRATCH)[0]
        self.last_record: np.ndarray | None = None

    def follow(self, scratch: np.ndarray) -> None:
        """Read the row counts from this scratch record from now on."""
        self._scratch = scratch[0]

    @property
    def curve(self) -> dict[str, np.ndarray]:
        """Arrays `step`, `cost`, `data_loss`, `penalty`, `learning_rate`."""
        table = self.curve_table[: self._scratch.curve_rows]
        return {name: table[:, column].copy() for column, name in enumerate(CURVE)}

    @property
    def records(self) -> dict[str, np.ndarray]:
        """Arrays `step`, `epoch`, `train_cost` ...; layer figures are (rows, L) arrays by name."""
        table = self.record_table[: self._scratch.record_rows]
        if self.last_record is not None:
            end = self.last_record[0]
            earlier, later = table[table[:, 0] < end], table[table[:, 0] > end]
            table = np.vstack([earlier, self.last_record, later])
        columns = {name: table[:, column].copy() for column, name in enumerate(RECORD)}
        figures = table[:, FIRST_LAYER_COLUMN:].reshape(len(table), self.depth, len(LAYER_FIGURES))
        for column, name in enumerate(LAYER_FIGURES):
            columns[name] = figures[:, :, column].copy()
        return columns

    def end_with(self, figures: np.ndarray) -> None:
        """Add the row of the run's end, whatever the stride."""
        self.last_record = figures

    def copy_until(self, other: History, step: int, scratch: np.ndarray) -> None:
        """Take over the rows of another history up to a step, for a fork."""
        self.curve_table[:] = other.curve_table
        self.record_table[:] = other.record_table
        self.follow(scratch)
        own, theirs = self._scratch, other._scratch
        own.curve_stride, own.record_stride = theirs.curve_stride, theirs.record_stride
        own.curve_rows = np.searchsorted(self.curve_table[: theirs.curve_rows, 0], step)
        own.record_rows = np.searchsorted(self.record_table[: theirs.record_rows, 0], step)

    @property
    def nbytes(self) -> int:
        """Bytes held by the tables."""
        return self.curve_table.nbytes + self.record_table.nbytes
