"""The dials: every setting that can be turned while a run stands still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnsim.kernels.codes import Activation, Initializer, Optimizer, Schedule, names_of
from nnsim.tui.worker.dial_values import BETAS, ONE_TWO_FIVE, ONES, POWERS_OF_TWO, TENTHS

OPTIMISER, NETWORK, REGULARISATION, RUN = "Optimiser", "Network", "Regularisation", "Run"
GROUPS = (OPTIMISER, REGULARISATION, NETWORK, RUN)


@dataclass(frozen=True)
class Dial:
    """A setting that a learner can turn."""

    name: str
    """As scenario files and Python have it."""
    title: str
    kind: str
    """number, whole, choice, switch or sizes."""
    group: str
    note: str
    """What it is, in one line."""
    low: float = 0.0
    high: float = 1e9
    open: bool = False
    """The ends of the range do not belong to it."""
    off: float | None = None
    """The number that means none, and the word for it below."""
    off_word: str = "off"
    first: float = 1e-4
    """The smallest number that + comes to from 0."""
    choices: tuple[str, ...] = ()
    steps: str = ONE_TWO_FIVE
    """How + and - change it; see `dial_values`."""
    restarts: bool = False
    """It changes theta's shape or its first values: a new run from step 0."""
    topic: str = ""


def _without(names: Sequence[str], *left_out: str) -> tuple[str, ...]:
    return tuple(name for name in names if name not in left_out)


_HIDDEN_ACTIVATIONS = _without(names_of(Activation), "softmax", "hardmax")

DIALS: tuple[Dial, ...] = (
    Dial("learning_rate", "Learning rate", "number", OPTIMISER, "alpha, the size of a step",
         topic="A3"),
    Dial("optimizer", "Optimiser", "choice", OPTIMISER, "the update rule; a new one starts with "
         "empty averages", choices=names_of(Optimizer), topic="C4"),
    Dial("beta1", "beta1", "number", OPTIMISER, "weight of the past in the average of gradients",
         high=1, open=True, steps=BETAS, topic="C4"),
    Dial("beta2", "beta2", "number", OPTIMISER, "weight of the past in the average of squares",
         high=1, open=True, steps=BETAS, topic="C5"),
    Dial("epsilon", "epsilon", "number", OPTIMISER, "keeps the division by sqrt(s) finite",
         first=1e-8, off=0, off_word="0", topic="C5"),
    Dial("epsilon_inside", "epsilon in the root", "switch", OPTIMISER,
         "epsilon under the square root instead of beside it", topic="C5"),
    Dial("weight_decay", "Weight decay", "number", OPTIMISER,
         "every step shrinks W by alpha times this, apart from the gradient", off=0,
         topic="E1"),
    Dial("clip_norm", "Clip the norm at", "number", OPTIMISER,
         "the whole gradient is scaled down to at most this norm", first=0.1, off=0,
         topic="E2"),
    Dial("schedule", "Decay", "choice", OPTIMISER, "how alpha follows the step and the epoch",
         choices=_without(names_of(Schedule), "manual"), topic="C7"),
    Dial("schedule_rate", "Decay rate", "number", OPTIMISER,
         "the rate, base or factor of the decay's formula", open=True, topic="C7"),
    Dial("l2", "L2", "number", REGULARISATION, "lambda of lambda/(2m) sum W^2", first=0.01,
         off=0, topic="B4"),
    Dial("l1", "L1", "number", REGULARISATION, "lambda of lambda/m sum |W|", first=0.01,
         off=0, topic="B4"),
    Dial("label_smoothing", "Label smoothing", "number", REGULARISATION,
         "targets (1 - s) Y + s/classes instead of 0 and 1", high=1, open=True, first=0.01, off=0,
         topic="E6"),
    Dial("keep_prob", "keep_prob", "number", REGULARISATION,
         "dropout: the chance of each hidden unit to stay", high=1, open=True, steps=TENTHS,
         off=1, off_word="1", topic="B6"),
    Dial("hidden", "Hidden layers", "sizes", NETWORK,
         "units of each; + adds a layer, - takes the last away", low=1, high=10_000,
         restarts=True, topic="A5"),
    Dial("activation", "Activation", "choice", NETWORK, "g of the hidden layers",
         choices=_HIDDEN_ACTIVATIONS, topic="A6"),
    Dial("slope", "Slope", "number", NETWORK, "leaky ReLU's slope below 0; ELU's height",
         high=1000, off=0, off_word="0", topic="A6"),
    Dial("batch_norm", "Batch norm", "switch", NETWORK, "between Z and g of the hidden layers",
         restarts=True, topic="D6"),
    Dial("layer_norm", "Layer norm", "switch", NETWORK, "the same over the units of each example",
         restarts=True, topic="E7"),
    Dial("residual", "Residual", "switch", NETWORK,
         "hidden layers as wide as the one before add what comes into them", topic="E8"),
    Dial("initializer", "First weights", "choice", NETWORK, "distribution of the first W",
         choices=names_of(Initializer), restarts=True, topic="B11"),
    Dial("scale", "Scale", "number", NETWORK, "factor on the first W; `constant`: the number",
         low=-1e9, off=0, off_word="0", restarts=True, topic="B11"),
    Dial("batch_size", "Batch size", "whole", RUN, "examples a step", off=0, off_word="all",
         steps=POWERS_OF_TWO, topic="C1"),
    Dial("steps", "Length in steps", "whole", RUN, "where the run ends", low=1, first=1),
    Dial("evaluate_every", "Evaluate every", "whole", RUN,
         "steps between evaluations of train, dev and test", first=1, off=0, off_word="auto"),
    Dial("seed", "Seed", "whole", RUN, "all random numbers follow from it", high=2.0**62,
         steps=ONES, restarts=True),
)  # fmt: skip

BY_NAME: dict[str, Dial] = {dial.name: dial for dial in DIALS}
