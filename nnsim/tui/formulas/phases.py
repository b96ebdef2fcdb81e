"""The phases of a step as the strip, the heat maps and the formula panel name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnsim.network.specification import Network
from nnsim.training.specification import Training
from nnsim.tui.formulas.cells import COST, GRADIENT_NORM, PARAMETERS, Cell, name_of
from nnsim.tui.formulas.equations import (
    clipping_equations,
    cost_equation,
    equation_of,
    norm_equation,
)
from nnsim.tui.formulas.operands import place_of
from nnsim.tui.formulas.rules import update_equations
from nnsim.tui.formulas.terms import spelled

if TYPE_CHECKING:
    from nnsim.simulations.snapshot import Snapshot


def cell_of_phase(phase: str, snapshot: Snapshot, layer: int | None) -> Cell | None:
    """Return the main cell of a phase, or None where the phase has not run.

    "batch" gives A0, "forward 2" Z2, "cost" J, "backward 2" dZ2, "check" the gradient's norm and
    "update" W of `layer` (of layer 1 if None).
    """
    word, _, number = phase.partition(" ")
    depth = _depth_of(snapshot)
    if word == "cost":
        return Cell(COST, 0, 0) if _cost_is_there(snapshot, depth) else None
    if word == "check":
        found = all(f"dW{n}" in snapshot.arrays for n in range(1, depth + 1))
        return Cell(GRADIENT_NORM, 0, 0) if found else None
    array = {
        "batch": "A0",
        "forward": f"Z{number}",
        "backward": f"dZ{number}",
        "update": f"W{layer or 1}",
    }.get(word)
    return Cell(array, 0, 0) if array in snapshot.arrays else None


def _depth_of(snapshot: Snapshot) -> int:
    return sum(1 for name in snapshot.arrays if name[0] == "W")


def _cost_is_there(snapshot: Snapshot, depth: int) -> bool:
    if snapshot.phase == "batch":
        return "A0" in snapshot.arrays
    return place_of(snapshot.phase, depth) > depth + 1


def arrays_of_phase(phase: str, snapshot: Snapshot | None, network: Network) -> tuple[str, ...]:
    """Return the arrays that a phase makes, in reading order; of a snapshot, those that it holds.

    J and the gradient's norm are no arrays: "cost" gives what J is made of, "check" the gradients.
    """
    names = _arrays(phase, network)
    if phase == "update" and snapshot is not None:
        prefixes = ("", "update_", "v_", "s_", "s_max_")
        names = tuple(f"{prefix}{name}" for name in names for prefix in prefixes)
    return tuple(name for name in names if snapshot is None or name in snapshot.arrays)


def _arrays(phase: str, network: Network) -> tuple[str, ...]:
    word, _, number = phase.partition(" ")
    depth = len(network.layers)
    if word == "batch":
        return ("A0", "Y")
    if word == "cost":
        return (f"A{depth}", "Y")
    if word in ("check", "update"):
        kinds = [f"{kind}{n}" for n in range(1, depth + 1) for kind in _parameters(network, n)]
        return tuple(f"d{kind}" if word == "check" else kind for kind in kinds)
    if place_of(phase, depth) < 0:
        return ()
    l = int(number)  # noqa: E741 - the course's letter
    layer = network.layers[l - 1]
    norm, dropout = layer.norm is not None, layer.keep_prob < 1
    if word == "forward":
        kinds = ["Z"]
        kinds += ["mean", "variance", "Z_norm", "Z_tilde"] if norm else []
        kinds += ["G"] if dropout or layer.residual else []
        kinds += ["D"] if dropout else []
        kinds += ["A"]
        kinds += ["running_mean", "running_variance"] if layer.batch_norm else []
    else:
        kinds = ["dA"] if l < depth else []
        kinds += ["dG"] if dropout and layer.residual else []
        kinds += ["dZ_tilde", "dgamma", "dbeta"] if norm else []
        kinds += ["dZ", "dW"]
        kinds += ["db"] if layer.bias else []
    return tuple(f"{kind}{l}" for kind in kinds)


def _parameters(network: Network, number: int) -> tuple[str, ...]:
    layer = network.layers[number - 1]
    there = {"b": layer.bias, "gamma": layer.norm, "beta": layer.norm}
    return tuple(kind for kind in PARAMETERS if there.get(kind, True))


def strip_label(phase: str, network: Network) -> str:
    """Return a phase as the strip shows it: "Z1 A1", "J", "dZ2 dW2 db2", "check"."""
    word, _, number = phase.partition(" ")
    if word == "cost":
        return "J"
    if place_of(phase, len(network.layers)) < 0 or not number:
        return phase
    layer = network.layers[int(number) - 1]
    norm = "BN " if layer.batch_norm else "LN " if layer.layer_norm else ""
    if word == "forward":
        mask = f"D{number} " if layer.keep_prob < 1 else ""
        past = f"+A{int(number) - 1} " if layer.residual else ""
        return f"Z{number} {norm}{mask}{past}A{number}"
    bias = f" db{number}" if layer.bias else ""
    return f"{norm}dZ{number} dW{number}{bias}"


def equations_of_phase(
    phase: str, network: Network, training: Training, *, ascii: bool = False
) -> tuple[str, ...]:
    """Return the general equations of a phase, in the order in which they are worked out."""
    return tuple(spelled(text, ascii) for text in _equations(phase, network, training))


def _equations(phase: str, network: Network, training: Training) -> tuple[str, ...]:
    if phase == "cost":
        return (cost_equation(network),)
    if phase == "check":
        return (norm_equation(network), *clipping_equations(training))
    if phase == "update":
        return update_equations(training)
    names = (name_of(array) for array in _arrays(phase, network))
    return tuple(equation_of(name, network, training) for name in names if name)
