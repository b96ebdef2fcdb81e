"""The first parameters: drawn by each layer's initializer or given number by number (B11)."""

from __future__ import annotations

import numpy as np

from nnsim.kernels.codes import Fault, Initializer, code_of
from nnsim.kernels.cpu.initializers import initialize_into
from nnsim.network.layout import Layout
from nnsim.network.specification import Layer, Network


def first_parameters(
    network: Network,
    layout: Layout,
    *,
    seed: int,
    dtype: np.dtype,
    fault: Fault = Fault.NONE,
    fault_layer: int = 0,
) -> np.ndarray:
    """Return theta before the first step.

    b and beta start at 0, gamma at 1. Layer l draws from its own stream, so that changing one
    layer leaves the others' draws alone. Raises ValueError for given weights of a wrong shape.
    """
    theta = np.zeros(layout.parameters, dtype)
    for block in layout.blocks:
        layer = network.layers[block.layer - 1]
        values = block.of(theta)
        kind = block.name.rstrip("0123456789")
        given = _given(layer, kind)
        if given is not None:
            values[:] = _shaped(given, block.shape, block.name)
        elif kind == "gamma":
            values[:] = 1
        elif kind == "W":
            code = int(code_of(Initializer, layer.initializer))
            n, n_prev = block.shape
            initialize_into(code, float(layer.scale), n_prev, n, seed, block.layer, values)
            if fault == Fault.SHARED_INITIAL_WEIGHT and fault_layer in (0, block.layer):
                values[:] = values[0, 0]
    return theta


def _given(layer: Layer, kind: str) -> tuple | None:
    norm = layer.norm
    return {
        "W": layer.weights,
        "b": layer.biases,
        "gamma": norm.gamma if norm else None,
        "beta": norm.beta if norm else None,
    }[kind]


def _shaped(given: tuple, shape: tuple[int, int], name: str) -> np.ndarray:
    try:
        values = np.array(given, np.float64)
        if values.ndim == 1:
            values = values.reshape(-1, 1)
    except ValueError:
        values = np.empty(0)
    if values.shape != shape:
        raise ValueError(
            f"{name}: given numbers have shape {values.shape}, expected {shape}, one row a unit"
        )
    return values
