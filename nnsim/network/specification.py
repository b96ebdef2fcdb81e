"""A network described: what a scenario or a Python user writes down. No arrays, no Numba."""

from __future__ import annotations

from dataclasses import dataclass

from nnsim.kernels.codes import Activation, Initializer, Loss, code_of

Numbers = tuple[tuple[float, ...], ...]

SMOOTHED_LOSSES = ("binary_cross_entropy", "softmax_cross_entropy")
"""Losses whose labels are probabilities, so that label smoothing means something."""


@dataclass(frozen=True)
class BatchNorm:
    """Batch norm between Z and g: gamma Z_norm + beta, Z_norm = (Z - mu) / sqrt(var + epsilon)."""

    epsilon: float = 1e-5
    momentum: float = 0.9
    """Weight of the past in the running mean and variance: r = momentum r + (1 - momentum) new."""
    gamma: tuple[float, ...] | None = None
    beta: tuple[float, ...] | None = None


@dataclass(frozen=True)
class LayerNorm:
    """Layer norm between Z and g, of each example on its own: mu and var over the units."""

    epsilon: float = 1e-5
    gamma: tuple[float, ...] | None = None
    beta: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Layer:
    """One dense layer: A = dropout(g(norm(W A_prev + b))), plus A_prev if it is residual."""

    units: int
    activation: str = "relu"
    slope: float = 0.01
    """Leaky ReLU's slope below 0; ELU's height."""
    bias: bool = True
    batch_norm: BatchNorm | None = None
    layer_norm: LayerNorm | None = None
    """Instead of batch norm, not beside it; needs at least 2 units."""
    keep_prob: float = 1.0
    residual: bool = False
    """Add A_prev after g and dropout; needs as many units as the layer before it."""
    initializer: str = "he"
    scale: float = 1.0
    """Factor on the initializer: `normal` with 0.01, `identity` with 1.5, `constant` itself."""
    weights: Numbers | None = None
    """Initial W (n[l], n[l-1]) given number by number instead of drawn."""
    biases: tuple[float, ...] | None = None
    """Initial b (n[l]) given number by number instead of zeros."""

    @property
    def norm(self) -> BatchNorm | LayerNorm | None:
        """Whichever lies between Z and g."""
        return self.batch_norm or self.layer_norm


@dataclass(frozen=True)
class Network:
    """Layers 1..L in order and the loss; the input (layer 0) has `inputs` units."""

    inputs: int
    layers: tuple[Layer, ...]
    loss: str
    huber_delta: float = 1.0
    l1: float = 0.0
    """lambd of lambd/m sum |W|; the other form of the notes, lambd/(2m), is `l1_halved`."""
    l1_halved: bool = False
    l2: float = 0.0
    """lambd of lambd/(2m) sum W^2."""
    label_smoothing: float = 0.0
    """s of the targets (1 - s) Y + s / classes that training sees; cross-entropies only."""

    def __post_init__(self):
        if self.inputs < 1 or not self.layers:
            raise ValueError("Network: needs at least one input and one layer")
        for number, layer in enumerate(self.layers, start=1):
            if layer.units < 1:
                raise ValueError(f"Network: layer {number} has {layer.units} units; expected >= 1")
            code_of(Activation, layer.activation)
            code_of(Initializer, layer.initializer)
            self._check_extras(number, layer)
        code_of(Loss, self.loss)
        if self.layers[-1].keep_prob < 1:
            raise ValueError(
                "Network: the last layer's keep_prob must be 1; its units are the answer"
            )
        if self.layers[-1].residual:
            raise ValueError("Network: the last layer cannot be residual; its units are the answer")
        if not 0 <= self.label_smoothing < 1:
            raise ValueError(
                f"Network: label_smoothing is {self.label_smoothing}; expected 0 <= s < 1"
            )
        if self.label_smoothing and self.loss not in SMOOTHED_LOSSES:
            raise ValueError(
                f"Network: label_smoothing has no place in the loss {self.loss}; expected one of "
                f"{', '.join(SMOOTHED_LOSSES)}"
            )
        needed = {
            "binary_cross_entropy": "sigmoid",
            "softmax_cross_entropy": "softmax",
            "hinge": "identity",
        }
        wanted = needed.get(self.loss)
        if wanted and self.layers[-1].activation != wanted:
            raise ValueError(
                f"Network: loss {self.loss} is computed from logits and needs the last layer's "
                f"activation to be {wanted}, not {self.layers[-1].activation}"
            )

    def _check_extras(self, number: int, layer: Layer) -> None:
        if layer.batch_norm and layer.layer_norm:
            raise ValueError(
                f"Network: layer {number} has batch norm and layer norm; expected one of them"
            )
        if layer.layer_norm and layer.units < 2:
            raise ValueError(
                f"Network: layer {number} has layer norm over 1 unit, which leaves nothing of its "
                "Z; expected at least 2 units"
            )
        if layer.residual and self.sizes[number - 1] != layer.units:
            raise ValueError(
                f"Network: layer {number} is residual, but has {layer.units} units after "
                f"{self.sizes[number - 1]}; expected as many as before it"
            )

    @property
    def sizes(self) -> tuple[int, ...]:
        """n[0], n[1], ..., n[L]."""
        return (self.inputs, *(layer.units for layer in self.layers))
