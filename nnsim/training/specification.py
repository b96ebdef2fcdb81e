"""A training run described: what a scenario or a Python user writes down. No arrays, no Numba."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class LearningRateSchedule:
    """How alpha follows the step t and the epoch (course topic C7); see kernels.cpu.schedules."""

    kind: str = "constant"
    rate: float = 1.0
    """inverse_time: alpha0 / (1 + rate epoch); exponential: rate^epoch alpha0 (0.95);
    sqrt_epoch: rate / sqrt(epoch) alpha0; sqrt_step: rate / sqrt(t) alpha0;
    staircase: factor a stair (0.5)."""
    every: int = 1
    """staircase: epochs a stair."""
    steps: int = 0
    """cosine, one_cycle: length in steps; 0 means the whole run."""
    minimum: float = 0.0
    """cosine, one_cycle: the last learning rate."""
    warm_up: int = 0
    """Steps of linear warm-up before any kind; one_cycle: steps up to the top, 0 for
    3/10 of its length."""
    values: tuple[tuple[int, float], ...] = ()
    """manual: (first epoch, alpha) pairs, rising epochs."""


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the dev loss has not improved for `patience` evaluations; restore the best."""

    patience: int = 10
    minimum_improvement: float = 0.0


@dataclass(frozen=True)
class PlantedFault:
    """A bug to plant: a name from `Fault`, and the layer it sits in (0: every layer it can)."""

    kind: str
    layer: int = 0


@dataclass(frozen=True)
class Training:
    """Optimiser, batches, length, and what is recorded."""

    steps: int
    optimizer: str = "sgd"
    learning_rate: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    epsilon_inside: bool = False
    """Epsilon inside the square root instead of beside it (RMSprop, Adam's kind, AdaGrad)."""
    weight_decay: float = 0.0
    """AdamW and Lion: decoupled decay, theta -= alpha weight_decay theta."""
    batch_size: int = 0
    """Examples a step; 0 means all of them."""
    shuffle: bool = True
    """Reshuffle at the start of each epoch (mini-batches only)."""
    clip_value: float = 0.0
    """Clip each gradient entry to [-clip_value, clip_value]; 0: off."""
    clip_norm: float = 0.0
    """Scale the whole gradient so that its norm is at most clip_norm; 0: off."""
    schedule: LearningRateSchedule = field(default_factory=LearningRateSchedule)
    early_stopping: EarlyStopping | None = None
    evaluate_every: int = 0
    """Steps between evaluations on train, dev and test; 0: about 100 over the run."""
    fault: PlantedFault | None = None
