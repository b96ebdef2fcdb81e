"""Activations and their slopes: value, equation, and the same with the number put in."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nnsim.network.specification import Layer
from nnsim.tui.formulas.numbers import minus, negative, number, setting, size
from nnsim.tui.formulas.terms import TIMES

SELU_SCALE, SELU_HEIGHT = 1.0507009873554805, 1.6732632423543772
COLUMNWISE = ("softmax", "hardmax")
"""Activations that look at a whole column of Z."""

_VALUES = {
    "identity": "{Z}",
    "sigmoid": "1 / (1 + e^-{Z})",
    "tanh": "tanh({Z})",
    "relu": "max(0, {Z})",
    "leaky_relu": "{Z} where {Z} > 0, else {slope} {Z}",
    "elu": "{Z} where {Z} > 0, else {slope} (e^{Z} - 1)",
    "selu": "1.05 ({Z} where {Z} > 0, else 1.67 (e^{Z} - 1))",
    "gelu": "{Z} * Phi({Z}), Phi the normal distribution function",
    "silu": "{Z} * sigmoid({Z})",
    "softplus": "log(1 + e^{Z})",
    "softmax": "e^{Z} / Σ e^{Z}, summed over each column",
    "hardmax": "1 where {Z} is the largest of its column, else 0",
}
_SLOPES = {
    "identity": "1",
    "sigmoid": "{A} * (1 - {A})",
    "tanh": "1 - {A}^2",
    "relu": "1 where {Z} > 0, else 0",
    "leaky_relu": "1 where {Z} > 0, else {slope}",
    "elu": "1 where {Z} > 0, else {slope} e^{Z}",
    "selu": "1.05 where {Z} > 0, else 1.76 e^{Z}",
    "gelu": "Phi({Z}) + {Z} * phi({Z}), phi the normal density",
    "silu": "s + {A} * (1 - s), s = sigmoid({Z})",
    "softplus": "sigmoid({Z})",
}


@dataclass(frozen=True)
class Worked:
    """A number worked out, and how it is written with its operand."""

    value: float
    text: str


def value_equation(layer: Layer, Z: str) -> str:
    """Return g(Z) in symbols."""
    return _VALUES[layer.activation].format(Z=Z, slope=setting(layer.slope))


def slope_equation(layer: Layer, Z: str, A: str) -> str:
    """Return g'(Z) in symbols, of an activation that works entry by entry."""
    return _SLOPES[layer.activation].format(Z=Z, A=A, slope=setting(layer.slope))


def value_of(layer: Layer, z: float) -> Worked:
    """Return g(z) of an activation that works entry by entry."""
    name, above, text = layer.activation, z > 0, number(z)
    if name == "sigmoid":
        return Worked(_sigmoid(z), f"1 / (1 + {_power(-z)})")
    if name == "tanh":
        return Worked(math.tanh(z), f"tanh({text})")
    if name == "relu":
        return Worked(z if not z <= 0 else 0.0, f"max(0, {text})")
    if name == "leaky_relu" and not above:
        return Worked(layer.slope * z, f"{setting(layer.slope)} {TIMES} {text}")
    if name == "elu" and not above:
        value = layer.slope * math.expm1(z)
        return Worked(value, f"{setting(layer.slope)} ({_power(z)} - 1)")
    if name == "selu":
        if above:
            return Worked(SELU_SCALE * z, f"{number(SELU_SCALE)} {TIMES} {text}")
        factors = f"{number(SELU_SCALE)} {TIMES} {number(SELU_HEIGHT)}"
        return Worked(SELU_SCALE * SELU_HEIGHT * math.expm1(z), f"{factors} ({_power(z)} - 1)")
    if name == "gelu":
        return Worked(z * _normal_share(z), f"{text} {TIMES} {number(_normal_share(z))}")
    if name == "silu":
        return Worked(z * _sigmoid(z), f"{text} {TIMES} {number(_sigmoid(z))}")
    if name == "softplus":
        return Worked(max(z, 0.0) + math.log1p(math.exp(-abs(z))), f"log(1 + {_power(z)})")
    return Worked(z, text)


def slope_of(layer: Layer, z: float, a: float) -> Worked:
    """Return g'(z), a = g(z), of an activation that works entry by entry."""
    name, above = layer.activation, z > 0
    if name == "sigmoid":
        return Worked(a * (1 - a), f"{number(a)} (1 - {number(a)})")
    if name == "tanh":
        return Worked((1 - a) * (1 + a), f"(1 - {size(a)}^2)")
    if name == "relu":
        return _number(1.0 if above else 0.0)
    if name == "leaky_relu":
        return _number(1.0 if above else layer.slope)
    if name in ("elu", "selu"):
        scale = SELU_SCALE if name == "selu" else 1.0
        height = SELU_SCALE * SELU_HEIGHT if name == "selu" else layer.slope
        if above:
            return _number(scale)
        return Worked(height * math.exp(z), f"{number(height)} {_power(z)}")
    if name == "gelu":
        density = math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        value = _normal_share(z) + z * density
        sign = "-" if negative(z) else "+"
        text = f"({number(_normal_share(z))} {sign} {size(z)} {TIMES} {number(density)})"
        return Worked(value, text)
    if name == "silu":
        s = _sigmoid(z)
        part = f"{number(s)} {minus(-a)} {TIMES} (1 - {number(s)})"
        return Worked(s + a * (1 - s), f"({part})")
    if name == "softplus":
        return Worked(_sigmoid(z), f"1 / (1 + {_power(-z)})")
    return _number(1.0)


def _number(value: float) -> Worked:
    return Worked(value, number(value))


def _power(exponent: float) -> str:
    return f"e^{number(exponent)}"


def _sigmoid(z: float) -> float:
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    small = math.exp(z)
    return small / (1 + small)


def _normal_share(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))
