"""The kind `gradient_check`: the check of a network's gradient, one parameter at a time (B13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from nnsim.kernels.codes import Fault, names_of
from nnsim.network.specification import Layer
from nnsim.scenario.agreement import disagreements as training_disagreements
from nnsim.scenario.dials import Dial
from nnsim.scenario.key_types import OneOf, Table
from nnsim.scenario.kinds.kind import Kind
from nnsim.scenario.kinds.training import PLACEHOLDERS
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake
from nnsim.scenario.models import (
    DataTable,
    DiagnosisTable,
    NetworkTable,
    ScenarioTable,
    TrainingTable,
)
from nnsim.scenario.preparing import Disagreement, Shelf, data_mistakes
from nnsim.scenario.specification import TrainingSpecification, TrainingTables
from nnsim.scenario.specification import specify as specify_training
from nnsim.scenario.stepped import SteppedSpecification

MOST_PARAMETERS = 10_000
"""Parameters at most: of each the figures are kept, and each needs two runs forward."""
MOST_BEFORE = 100_000
"""Training steps before the check at most."""
SEEN = tuple(
    name for name in names_of(Fault) if 0 < Fault[name.upper()] <= Fault.WEIGHTS_TRANSPOSED
)
"""Faults in the gradient itself: those that a check can see."""
VERDICTS = ("great", "look", "wrong", "round-off")

MasksName = Annotated[str, OneOf("kind of masks", ("frozen", "fresh"))]


class GradientCheckTable(Table):
    """How the gradient is checked: a step is a parameter theta_i."""

    epsilon: Annotated[float, Field(ge=1e-12, le=1.0)] = 1e-7
    """d_approx = (J(theta_i + epsilon) - J(theta_i - epsilon)) / (2 epsilon)."""
    after: Annotated[int, Field(ge=0, le=MOST_BEFORE)] = 0
    """Training steps before the check: 0 checks the first gradient."""
    masks: MasksName = "frozen"
    """frozen: dropout keeps the masks of the step; fresh: every cost draws its own (a mistake)."""


class GradientCheckTables(Table):
    """A scenario that checks the gradient of a network."""

    scenario: ScenarioTable
    """What the scenario is about, its seed and precision."""
    data: DataTable
    """The examples."""
    network: NetworkTable
    """The layers and the loss."""
    training: TrainingTable = TrainingTable()
    """Optimiser and batches of the steps before the check, and a planted bug."""
    gradient_check: GradientCheckTable = GradientCheckTable()
    """How the gradient is checked."""

    def trained(self) -> TrainingTables:
        """Return the tables of the training before the check."""
        steps = max(self.gradient_check.after, 1)
        return TrainingTables.model_construct(
            scenario=self.scenario,
            data=self.data,
            network=self.network,
            training=self.training.model_copy(update={"steps": steps, "epochs": None}),
            diagnosis=DiagnosisTable(),
        )


@dataclass(frozen=True)
class GradientCheckSpecification(SteppedSpecification):
    """Everything one run needs; how many parameters there are only the data tell."""

    trained: TrainingSpecification
    """The network, the data and the training before the check."""
    epsilon: float
    after: int
    masks: str

    def set_up(self) -> dict[str, str]:
        """Return what the run is set to, a line each, for `nnsim show`."""
        trained, planned = self.trained, self.trained.planned
        masks = any(layer.keep_prob < 1 for layer in trained.layers)
        before = f"{planned.optimizer}, learning rate {planned.learning_rate:g}, {self.after} steps"
        lines = {
            "data": trained.data.source,
            "network": " - ".join(["n_x", *map(_in_words, trained.layers)]),
            "loss": trained.loss,
            "penalty": ", ".join(
                f"{name} {lambd:g}"
                for name, lambd in (("L1", trained.l1), ("L2", trained.l2))
                if lambd
            ),
            "trained before": before if self.after else "",
            # Its name would be the answer.
            "planted fault": "one, to be found" if planned.fault else "",
            "epsilon": f"{self.epsilon:g}",
            "masks": self.masks if masks else "",
            "seed": f"{self.seed}, {self.dtype}",
        }
        return {key: text for key, text in lines.items() if text}

    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Return every figure's name, and the words that it can be."""
        blocks = block_names(self.trained.layers)
        names: dict[str, tuple[str, ...]] = {
            "ratio": (),
            "verdict": VERDICTS,
            "suspect": (*blocks, "none"),
        }
        names |= dict.fromkeys(("worst", "worst.parameter", "kinks", "J"), ())
        last = ("parameter", "theta", "J.plus", "J.minus", "d_approx", "d", "difference")
        names |= dict.fromkeys(last, ())
        for block in blocks:
            names |= {f"{block}.ratio": (), f"{block}.verdict": VERDICTS}
        return names


def _in_words(layer: Layer) -> str:
    """Return a layer in a few words: 4 tanh (batch norm, keep 0.8)."""
    extras = ["batch norm"] if layer.batch_norm else []
    extras += ["layer norm"] if layer.layer_norm else []
    extras += [f"keep {layer.keep_prob:g}"] if layer.keep_prob < 1 else []
    extras += ["residual"] if layer.residual else []
    return f"{layer.units} {layer.activation}" + (f" ({', '.join(extras)})" if extras else "")


def block_names(layers: Iterable[Layer]) -> tuple[str, ...]:
    """Return the blocks of the gradient in the order of theta: dW1, db1, dgamma1, dbeta1 ..."""
    names = []
    for number, layer in enumerate(layers, 1):
        names.append(f"dW{number}")
        if layer.bias:
            names.append(f"db{number}")
        if layer.norm:
            names += [f"dgamma{number}", f"dbeta{number}"]
    return tuple(names)


def disagreements(tables: GradientCheckTables) -> Iterator[Mistake]:
    """Yield every mistake between the keys of one run."""
    yield from training_disagreements(tables.trained())
    given = tables.training.model_fields_set
    for key in ("steps", "epochs", "early_stopping"):
        path: KeyPath = ("training", key)
        if key in given and getattr(tables.training, key) is not None:
            message = "has no effect on a gradient check"
            expected = "gradient_check.after for the training steps before the check"
            yield Mistake(path, message, expected, between=(path,))


def specify(tables: GradientCheckTables) -> GradientCheckSpecification:
    """Return the specification that valid tables describe."""
    about, check = tables.scenario, tables.gradient_check
    return GradientCheckSpecification(
        seed=about.seed,
        dtype=about.dtype,
        non_finite=about.non_finite,
        trained=specify_training(tables.trained()),
        epsilon=float(check.epsilon),
        after=check.after,
        masks=check.masks,
    )


def prepare(run: GradientCheckSpecification, folder: Path | None, shelf: Shelf) -> Any:
    """Return the `GradientCheckSimulation` of a run.

    Raises
    ------
    Disagreement
        The data do not fit the network, or there are more parameters than can be stepped through.
    DataError, SizeError, MissingExtraError
        From loading the data or laying out the arrays.
    """
    from nnsim.data.loading import load_data
    from nnsim.simulations.gradient_check.simulation import GradientCheckSimulation

    trained = run.trained
    data = shelf.get(
        repr((trained.data, run.seed)), lambda: load_data(trained.data, run.seed, folder)
    )
    mistakes = data_mistakes(trained, data)
    if not mistakes:
        inputs = data.train.X.shape[0]
        count = parameters_of(trained.layers, inputs)
        if count > MOST_PARAMETERS:
            message = f"{count} parameters are too many to step through"
            expected = f'at most {MOST_PARAMETERS}; kind = "training" checks larger networks whole'
            mistakes = [Mistake(("network", "layers"), message, expected)]
    if mistakes:
        raise Disagreement(mistakes)
    return GradientCheckSimulation(
        trained.network(data.train.X.shape[0]),
        trained.training(data.train.m),
        data,
        epsilon=run.epsilon,
        masks=run.masks,
        after=run.after,
        seed=run.seed,
        dtype=run.dtype,
    )


def parameters_of(layers: Iterable[Layer], inputs: int) -> int:
    """Return how many parameters theta has: W, b, gamma and beta of all layers."""
    count = 0
    for layer in layers:
        count += layer.units * (inputs + layer.bias + 2 * (layer.norm is not None))
        inputs = layer.units
    return count


KIND = Kind(
    name="gradient_check",
    summary="Checks the gradient of a network, one parameter at a time.",
    tables=GradientCheckTables,
    placeholders={path: PLACEHOLDERS[path] for path in PLACEHOLDERS if path != ("training",)},
    disagreements=disagreements,
    specify=specify,
    prepare=prepare,
    dials=(
        Dial(
            "epsilon",
            "gradient_check.epsilon",
            "Epsilon",
            "Half the distance of the two costs. Too large: J bends between. Too small: round-off.",
            (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12),
        ),
        Dial(
            "masks",
            "gradient_check.masks",
            "Dropout masks",
            "frozen keeps one mask for the whole check; fresh draws one for every cost.",
            ("frozen", "fresh"),
        ),
        Dial(
            "after",
            "gradient_check.after",
            "Training before",
            "Training steps before the check.",
            (0, 1, 10, 100, 1000),
        ),
        Dial(
            "l2",
            "network.l2",
            "L2 penalty",
            "lambd of lambd/(2m) ||W||^2: J has it, so the gradient must have it.",
            (0.0, 0.01, 0.1, 0.5, 1.0, 5.0),
        ),
        Dial(
            "fault",
            "training.fault.kind",
            "Planted bug",
            "The bug in the way back that the check is to find.",
            SEEN,
        ),
        Dial(
            "fault_layer",
            "training.fault.layer",
            "Layer of the bug",
            "0 is every layer that can have it; there must be a planted bug.",
            (0, 1, 2, 3, 4),
        ),
    ),
)
