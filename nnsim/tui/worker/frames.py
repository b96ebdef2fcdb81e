"""What the screens see: frozen, complete, of one moment. No simulation, no Numba."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from nnsim.network.specification import Network
    from nnsim.scenario.lessons import Question, Trial
    from nnsim.simulations.diagnosis import Remark
    from nnsim.simulations.snapshot import Snapshot
    from nnsim.simulations.training import Evaluation, NonFinite
    from nnsim.training.epsilon_scan import EpsilonScan
    from nnsim.training.gradient_check import GradientCheck
    from nnsim.training.specification import Training
    from nnsim.training.surface import Surface

Series = Mapping[str, "np.ndarray"]


@dataclass(frozen=True)
class LessonStop:
    """A stop of the scenario's lesson."""

    number: int
    """0, 1, 2 ... in the file's order."""
    step: int
    """The step that it is at; the run's last one where the file says "end"."""
    at: str
    """As the file has it: start, step 100, epoch 3, end."""
    variant: str | None
    """The variant that it is about, or None."""
    text: str
    question: Question | None
    trial: Trial | None = None
    """One thing to try, offered beside the reveal."""


@dataclass(frozen=True)
class VariantCard:
    """A variant by its name."""

    name: str
    summary: str


@dataclass(frozen=True)
class Card:
    """What does not change while a scenario is open."""

    name: str
    title: str
    kind: str
    topics: tuple[str, ...]
    summary: str
    look_for: tuple[str, ...]
    seed: int
    dtype: str
    variants: tuple[VariantCard, ...]
    lessons: tuple[LessonStop, ...]
    path: Path | None = None


@dataclass(frozen=True)
class Examples:
    """The training examples, as the network sees them."""

    X: np.ndarray
    """(n_x, m), one example a column."""
    Y: np.ndarray
    """(n_y, m)."""
    labels: np.ndarray | None
    """(m,) class numbers; None for regression."""
    features: tuple[str, ...]
    """Names of the inputs."""
    classes: tuple[str, ...]
    """Names of the classes; empty for regression."""
    m: Mapping[str, int] = field(default_factory=dict)
    """Number of examples of train, dev and test."""


@dataclass(frozen=True)
class Boundary:
    """What the network answers over a plane of two inputs, the others at their means."""

    step: int
    inputs: tuple[int, int]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    answers: np.ndarray
    """(n_y, rows, columns): A[L] at the centres of an even grid; row 0 is the lowest second input,
    column 0 the lowest first one."""


@dataclass(frozen=True)
class RunFrame:
    """One run (a variant, or a fork of a run) as it stands at the moment."""

    number: int
    """0, 1, 2 ... by birth; colour, dash and mark follow from it."""
    name: str
    """What makes it differ: "sigmoid", "sigmoid, learning_rate 0.1"."""
    variant: str
    parent: int | None
    """The run that it forked from."""
    start: int
    """The step at which it forked; 0 for a run of its own."""
    steps: int
    """Steps planned."""
    step: int
    phase: int
    """Number of the next phase; 0: between steps."""
    phases: tuple[str, ...]
    """Names of a step's phases: batch, forward 1 ... cost, backward L ... 1, check, update."""
    reached: int
    """The last step that was ever computed."""
    status: str
    """ready, finished, stopped early, non-finite."""
    steps_an_epoch: int
    best_step: int | None
    non_finite: NonFinite | None
    network: Network
    training: Training
    shown: tuple[Network, Training]
    """Those in force in the step whose arrays the snapshot has: at a fork, the ones before it."""
    seed: int
    curve: Series
    """History: a row a step (thinned): step, cost, data_loss, penalty, learning_rate."""
    records: Series
    """History: a row an evaluation: step, epoch, train_cost ... and (rows, L) figures a layer."""
    examples: Examples
    snapshot: Snapshot | None = None
    """None for a run that is not looked at."""
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)
    """Of the present parameters: train, dev, test; empty while a fast run plays."""
    remarks: tuple[Remark, ...] = ()
    """What is to be said of this moment, the most important first."""
    boundary: Boundary | None = None
    cost: float | None = None
    """J of the present parameters on the present batch; None where it would take too long."""
    secret: bool = False
    """A bug is planted that the learner has to find: do not show `training.fault`."""

    @property
    def at(self) -> tuple[int, int]:
        """Step and phase."""
        return self.step, self.phase

    @property
    def done_phase(self) -> str:
        """Name of the phase done last, whose results are fresh; "" before the first."""
        if self.phase:
            return self.phases[self.phase - 1]
        return self.phases[-1] if self.step else ""


@dataclass(frozen=True)
class Frame:
    """Everything that is shown of one moment."""

    serial: int
    card: Card
    runs: tuple[RunFrame, ...]
    current: int
    """Place in `runs` of the run that is looked at."""
    opening: int = 0
    """Of the command that opened the scenario."""
    playing: bool = False
    speed: float = 10.0
    """Steps a second; infinity: as many as can be."""
    comparing: bool = False
    """All runs stand at one step and have snapshots."""
    surface: Surface | None = None
    """Asked for once, of the current run at `surface.step`."""
    check: GradientCheck | None = None
    """Asked for once, of the current run at `check.step`."""
    scan: EpsilonScan | None = None

    @property
    def run(self) -> RunFrame:
        """The run that is looked at."""
        return self.runs[self.current]
