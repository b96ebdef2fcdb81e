"""What the screens see: frozen, complete, of one moment. No simulation, no Numba."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    import numpy as np

    from nnsim.network.specification import Network
    from nnsim.scenario.dials import Dial
    from nnsim.scenario.lessons import Question, Trial
    from nnsim.simulations.remarks import Remark
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
    panel: int = 1
    """The one to look at first, by its key."""


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
    targets: tuple[str, ...] = ()
    """What the rows of Y measure (regression)."""
    mean: np.ndarray | None = None
    """(n_x, 1): X is what was measured minus `mean`, divided by `scale`; None: X is that itself."""
    scale: np.ndarray | None = None

    @property
    def measured(self) -> np.ndarray:
        """X in the units of its features' names, (n_x, m)."""
        if self.mean is None or self.scale is None:
            return self.X
        return self.X * self.scale + self.mean


@dataclass(frozen=True)
class Boundary:
    """What the network answers over a plane of two inputs, the others at their means.

    A network of one input has a line in its place: one row, and no second input or its range.
    The range of the line is in the units of the data, not of X: there it is the only picture.
    """

    step: int
    inputs: tuple[int, ...]
    x_range: tuple[float, float]
    y_range: tuple[float, float] | None
    answers: np.ndarray
    """(n_y, rows, columns): A[L] at the centres of an even grid; row 0 is the lowest second input,
    column 0 the lowest first one."""

    @property
    def is_line(self) -> bool:
        """Whether there is one input only."""
        return len(self.inputs) == 1


@dataclass(frozen=True, kw_only=True)
class RunFrame:
    """One run (a variant, or a fork of a run) as it stands at the moment, whatever its kind."""

    number: int
    """0, 1, 2 ... by birth; colour, dash and mark follow from it."""
    name: str
    """What makes it differ: "sigmoid", "sigmoid, learning_rate 0.1"."""
    variant: str
    parent: int | None = None
    """The run that it forked from."""
    start: int = 0
    """The step at which it forked; 0 for a run of its own."""
    steps: int
    """Steps planned."""
    step: int
    phase: int = 0
    """Number of the next phase; 0: between steps."""
    phases: tuple[str, ...]
    """Names of a step's phases: batch, forward 1 ... cost, backward L ... 1, check, update."""
    reached: int
    """The last step that was ever computed."""
    status: str
    """ready, finished, stopped early, non-finite."""
    seed: int
    remarks: tuple[Remark, ...] = ()
    """What is to be said of this moment, the most important first."""
    steps_an_epoch: int = 1
    """1 where there are no epochs but steps."""
    best_step: int | None = None
    non_finite: NonFinite | None = None
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


@dataclass(frozen=True, kw_only=True)
class TrainingFrame(RunFrame):
    """A network in training."""

    network: Network
    training: Training
    in_force: tuple[Network, Training]
    """Those in force in the step whose arrays the snapshot has: at a fork, the ones before it."""
    curve: Series
    """History: a row a step (thinned): step, cost, data_loss, penalty, learning_rate."""
    records: Series
    """History: a row an evaluation: step, epoch, train_cost ... and (rows, L) figures a layer."""
    examples: Examples
    snapshot: Snapshot | None = None
    """None for a run that is not looked at."""
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)
    """Of the present parameters: train, dev, test; empty while a fast run plays."""
    boundary: Boundary | None = None
    cost: float | None = None
    """J of the present parameters on the present batch; None where it would take too long."""


@dataclass(frozen=True, kw_only=True)
class SteppedFrame(RunFrame):
    """A run whose states are small: a descent, an average, a search ..."""

    shown: Any = None
    """The snapshot of its kind, also of runs that are not looked at: others are drawn thin."""
    figures: Mapping[str, float | str] = field(default_factory=dict)
    """Everything that can be measured after the steps done, the main figure first."""
    curve: Series = field(default_factory=dict)
    """A row a step, over all steps that were ever computed: step, and the figures that are
    numbers."""
    dials: tuple[tuple[Dial, Any], ...] = ()
    """What can be turned, and where it stands."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Every setting of the run, by its name, as a text."""


RunT = TypeVar("RunT", bound=RunFrame, covariant=True)


@dataclass(frozen=True)
class Frame(Generic[RunT]):
    """Everything that is shown of one moment; all runs are of one kind."""

    serial: int
    card: Card
    runs: tuple[RunT, ...]
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
    def run(self) -> RunT:
        """The run that is looked at."""
        return self.runs[self.current]
