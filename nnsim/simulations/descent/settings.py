"""What a path of a descent is set to. No NumPy, no Numba."""

from __future__ import annotations

from dataclasses import dataclass, field

from nnsim.training.specification import LearningRateSchedule

KEEPS_V = frozenset(
    ("momentum", "momentum_sum", "nesterov", "adam", "adamw", "amsgrad", "nadam", "lion")
)
KEEPS_S = frozenset(("adagrad", "rmsprop", "adam", "adamw", "amsgrad", "nadam"))
CORRECTS = frozenset(("adam", "adamw", "amsgrad", "nadam"))
"""Optimizers that make up for the zeros their averages begin with."""
DECAYS = frozenset(("adamw", "lion"))
"""Optimizers that weight_decay has an effect on."""


@dataclass(frozen=True)
class PathSettings:
    """One optimizer on its way down from a start."""

    name: str = ""
    """Before its figures, with a dot; "" where it is the only one."""
    start: tuple[float, ...] = ()
    """A number a variable; empty: the surface's own."""
    optimizer: str = "sgd"
    learning_rate: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    epsilon_inside: bool = False
    bias_correction: str = "divided"
    """Adam's kind: divided; the mistakes none, multiplied, stored."""
    weight_decay: float = 0.0
    noise: float = 0.0
    """Standard deviation of what is added to each entry of the gradient."""
    schedule: LearningRateSchedule = field(default_factory=LearningRateSchedule)

    def named(self, figure: str) -> str:
        """Return a figure's full name: adam.J, or J where there are no names."""
        return f"{self.name}.{figure}" if self.name else figure


def figure_names(variables: tuple[str, ...], path: PathSettings) -> dict[str, tuple[str, ...]]:
    """Return the figures of a path, the main one first, with the words that each can be."""
    names = [
        "J", *variables, "gradient_norm", "distance", "eigenvalue_smallest",
        "eigenvalue_largest", "condition", "learning_rate", "update_norm",
        *(f"d{each}" for each in variables), *(f"update_{each}" for each in variables),
    ]  # fmt: skip
    if path.optimizer in KEEPS_V:
        names += [f"v_{each}" for each in variables]
    if path.optimizer in KEEPS_S:
        names += [f"s_{each}" for each in variables]
    figures: dict[str, tuple[str, ...]] = {path.named(name): () for name in names}
    return figures | {path.named("place"): PLACES}


PLACES = ("slope", "minimum", "maximum", "saddle", "flat", "nowhere")
"""What a point can be, as `place_of` tells; nowhere: J is no longer a finite number."""
