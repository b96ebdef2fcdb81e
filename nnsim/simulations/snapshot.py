"""A frozen look at a training run: what panels, reports and tests read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnsim.network.layout import Layout
from nnsim.training.machine import Machine
from nnsim.training.recording import FIGURES_A_LAYER, layer_figures_into
from nnsim.training.tables import STOPPED_EARLY


@dataclass(frozen=True)
class LayerFigures:
    """Figures of one layer at one step; norms are Frobenius norms of W and dW."""

    weight_norm: float
    gradient_norm: float
    update_ratio: float
    z_mean: float
    z_std: float
    a_mean: float
    a_std: float
    dead_share: float
    saturated_share: float


@dataclass(frozen=True)
class Snapshot:
    """Read-only copies of everything at one position.

    `arrays` holds by name: W1 b1 gamma1 beta1 (parameters), A0 Y Z1 Z_norm1 Z_tilde1 G1 D1 A1
    (forward), dA1 dG1 dZ_tilde1 dZ1 dW1 db1 dgamma1 dbeta1 (backward), mean1 variance1 (of the
    batch, a number a unit; of layer norm a number an example, in one row),
    running_mean1 running_variance1, v_W1 s_W1 ... (optimiser), update_W1 ... (last update).
    Inside a step only what that step has computed so far is there; between steps, what the step
    before computed.
    """

    step: int
    phase: str
    epoch: int
    batch: int
    status: str
    learning_rate: float
    cost: float
    data_loss: float
    penalty: float
    arrays: dict[str, np.ndarray]
    layers: tuple[LayerFigures, ...]
    updates: int = 0
    """Updates done since the optimiser's averages were empty: t of the bias correction."""


def step_is_shown(machine: Machine) -> bool:
    """Tell whether the arrays of the step before are there and led to the present parameters.

    After early stopping they did not: the parameters are the best ones, of an earlier step.
    """
    state = machine.state[0]
    before = int(machine.scratch[0].before_step)
    return bool(state.step > 0 and before == state.step - 1 and state.status != STOPPED_EARLY)


def take_arrays(machine: Machine, phase: int) -> dict[str, np.ndarray]:
    """Return read-only copies of the arrays that are valid before phase number `phase`."""
    layout, state = machine.layout, machine.state[0]
    depth, m = len(layout.layers) - 1, int(state.m)
    complete = phase == 0 and step_is_shown(machine)
    arrays = _blocks(layout, machine.theta, "")
    for number in range(1, depth + 1):
        row = layout.layers[number]
        if row.batch_norm:
            middle = row.running + row.units
            arrays[f"running_mean{number}"] = machine.running[row.running : middle, None]
            arrays[f"running_variance{number}"] = machine.running[middle : middle + row.units, None]
    for slot in ("v", "s", "s_max"):
        if getattr(machine, slot).size:
            arrays |= _blocks(layout, getattr(machine, slot), f"{slot}_")
    if phase > 0 or complete:
        inputs, outputs = int(layout.layers[0].units), int(layout.layers[depth].units)
        arrays["A0"] = _matrix(machine, int(layout.layers[0].A), inputs, m)
        arrays["Y"] = _matrix(machine, layout.labels, outputs, m)
        for number in range(1, depth + 1):
            if complete or phase > number:
                arrays |= _forward_arrays(machine, number, m)
            if complete or phase > 2 * depth + 2 - number:
                arrays |= _backward_arrays(machine, number, m)
        if complete:
            arrays |= _blocks(layout, machine.theta - machine.before, "update_")
    frozen = {name: array.copy() for name, array in arrays.items()}
    for array in frozen.values():
        array.flags.writeable = False
    return frozen


def _matrix(machine: Machine, start: int, rows: int, columns: int) -> np.ndarray:
    return machine.work[start : start + rows * columns].reshape(rows, columns)


def _blocks(layout: Layout, flat: np.ndarray, prefix: str) -> dict[str, np.ndarray]:
    return {prefix + block.name: block.of(flat) for block in layout.blocks}


def _forward_arrays(machine: Machine, number: int, m: int) -> dict[str, np.ndarray]:
    row = machine.layout.layers[number]
    names = ["Z", "G", "A"]
    names += ["Z_norm", "Z_tilde"] if row.batch_norm or row.layer_norm else []
    names += ["D"] if row.dropout else []
    n = int(row.units)
    found = {f"{name}{number}": _matrix(machine, int(row[name]), n, m) for name in names}
    if row.batch_norm or row.layer_norm:
        shape = (n, 1) if row.batch_norm else (1, m)
        for name in ("mean", "variance"):
            found[f"{name}{number}"] = _matrix(machine, int(row[name]), *shape)
    return found


def _backward_arrays(machine: Machine, number: int, m: int) -> dict[str, np.ndarray]:
    row = machine.layout.layers[number]
    names = ["dZ"]
    if number < len(machine.layout.layers) - 1:
        names.append("dA")
    if row.dG != row.dA:
        names.append("dG")
    if row.batch_norm or row.layer_norm:
        names.append("dZ_tilde")
    found = {
        f"{name}{number}": _matrix(machine, int(row[name]), int(row.units), m) for name in names
    }
    for block in machine.layout.blocks:
        if block.layer == number:
            found[f"d{block.name}"] = block.of(machine.grad)
    return found


def figures_of(machine: Machine) -> tuple[LayerFigures, ...]:
    """Return each layer's figures of the step just done, or nothing where none was done."""
    state = machine.state[0]
    if not step_is_shown(machine):
        return ()
    depth = len(machine.layout.layers) - 1
    figures = np.empty(depth * FIGURES_A_LAYER)
    layer_figures_into(
        machine.layout.layers,
        machine.theta,
        machine.before,
        machine.grad,
        machine.work,
        int(state.m),
        figures,
    )
    return tuple(LayerFigures(*map(float, part)) for part in figures.reshape(depth, -1))
