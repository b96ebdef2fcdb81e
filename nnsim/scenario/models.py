"""The tables of a scenario file, key by key: types, ranges, defaults and their descriptions.

Keys and defaults are those of the dataclasses in the `specification` modules, word for word (a
test compares them); the JSON Schema for editors is made from here. What ties several keys
together is checked in `agreement`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict

from nnsim.scenario.key_types import (
    ALSO_FALSE,
    ALSO_SWITCH,
    LARGEST_COUNT,
    LARGEST_LAYER,
    ActivationName,
    Beta,
    Count,
    CountOrNone,
    FaultName,
    InitializerName,
    LossName,
    NonFinitePolicy,
    NormalizationName,
    NotNegative,
    OptimizerName,
    Positive,
    Precision,
    ScheduleName,
    Seed,
    Share,
    Table,
    Text,
)


class BatchNormTable(Table):
    """Batch norm between Z and g; `batch_norm = true` is all defaults."""

    epsilon: Positive = 1e-5
    """Added to the variance under the root."""
    momentum: Annotated[float, Field(ge=0, le=1)] = 0.9
    """Weight of the past in the running mean and variance."""
    gamma: list[float] | None = None
    """First gamma, a number a unit; ones where it is left out."""
    beta: list[float] | None = None
    """First beta, a number a unit; zeros where it is left out."""


class LayerNormTable(Table):
    """Layer norm between Z and g; `layer_norm = true` is all defaults."""

    epsilon: Positive = 1e-5
    """Added to the variance under the root."""
    gamma: list[float] | None = None
    """First gamma, a number a unit; ones where it is left out."""
    beta: list[float] | None = None
    """First beta, a number a unit; zeros where it is left out."""


class LayerDefaults(Table):
    """Keys that hidden layers share; what a layer says itself goes before."""

    units: Annotated[int, Field(ge=1, le=LARGEST_LAYER)] | None = None
    """n[l], neurons of the layer."""
    activation: ActivationName = "relu"
    """g of A = g(Z)."""
    slope: Annotated[float, Field(ge=0, le=1e3)] = 0.01
    """Leaky ReLU's slope below 0; ELU's height."""
    bias: bool = True
    """Whether the layer has b."""
    batch_norm: Annotated[BatchNormTable | None, *ALSO_SWITCH] = None
    """Batch norm between Z and g: true, false or a table."""
    layer_norm: Annotated[LayerNormTable | None, *ALSO_SWITCH] = None
    """Layer norm between Z and g, instead of batch norm: true, false or a table."""
    keep_prob: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Inverted dropout: the chance of each unit to stay; 1 is no dropout."""
    residual: bool = False
    """Add A of the layer before, after g and dropout; it must have as many units."""
    initializer: InitializerName = "he"
    """Distribution of the first W."""
    scale: float = 1.0
    """Factor on the initializer; `constant`: the constant itself."""


class LayerTable(LayerDefaults):
    """One dense layer: A = dropout(g(norm(W A_prev + b))), plus A_prev if it is residual."""

    weights: list[list[float]] | None = None
    """First W given row by row: n[l] rows of n[l-1] numbers."""
    biases: list[float] | None = None
    """First b given: n[l] numbers."""
    repeat: Annotated[int, Field(ge=1, le=1000)] = 1
    """This many layers like this one, one after the other."""


class NetworkTable(Table):
    """Layers 1..L in order, and the loss; the inputs come from the data."""

    loss: LossName
    """L(yhat, y); the cost J is its mean over the examples plus the penalties."""
    hidden: LayerDefaults = Field(default_factory=LayerDefaults)
    """Defaults of all layers but the last."""
    layers: Annotated[list[LayerTable], Field(min_length=1, max_length=1000)]
    """The layers, first hidden layer to output layer."""
    huber_delta: Positive = 1.0
    """Huber loss: where the parabola ends and the line begins."""
    l1: NotNegative = 0.0
    """lambd of the L1 penalty lambd/m sum |W|."""
    l1_halved: bool = False
    """L1 as lambd/(2m) sum |W|, as one of the notes has it."""
    l2: NotNegative = 0.0
    """lambd of the L2 penalty lambd/(2m) sum W^2."""
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """s of the targets (1 - s) Y + s / classes that training sees; cross-entropy losses only."""


class ScheduleTable(Table):
    """How the learning rate follows the step and the epoch (C7)."""

    kind: ScheduleName = "constant"
    """The formula."""
    rate: Positive = 1.0
    """inverse_time: alpha0 / (1 + rate epoch); exponential: rate^epoch alpha0; sqrt_epoch:
    rate / sqrt(epoch) alpha0; sqrt_step: rate / sqrt(t) alpha0; staircase: factor a stair."""
    every: Count = 1
    """staircase: epochs a stair."""
    steps: CountOrNone = 0
    """cosine, one_cycle: length in steps; 0 is the whole run."""
    minimum: NotNegative = 0.0
    """cosine, one_cycle: the last learning rate."""
    warm_up: CountOrNone = 0
    """Steps of linear warm-up before any kind; one_cycle: steps up to the top."""
    values: list[
        Annotated[tuple[Annotated[int, Field(ge=0, le=LARGEST_COUNT)], NotNegative], Strict(False)]
    ] = Field(default_factory=list, max_length=10_000)
    """manual: [first epoch, learning rate] pairs, epochs rising."""


class EarlyStoppingTable(Table):
    """Stop when the dev cost no longer improves, and restore the best parameters (B8)."""

    patience: Count = 10
    """Evaluations without improvement before the run stops."""
    minimum_improvement: NotNegative = 0.0
    """How much lower the dev cost must be to count as an improvement."""


class FaultTable(Table):
    """A bug to plant (B14)."""

    kind: FaultName
    """Which bug."""
    layer: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """The layer it sits in, from 1; 0 is every layer that can have it."""


class TrainingTable(Table):
    """Optimiser, batches, length, and what is recorded."""

    steps: Count | None = None
    """Length of the run in steps; give this or `epochs`."""
    epochs: Count | None = None
    """Length of the run in passes over the training set; give this or `steps`."""
    optimizer: OptimizerName = "sgd"
    """The update rule."""
    learning_rate: Annotated[float, Field(ge=0, le=1e9)] = 0.01
    """alpha."""
    beta1: Beta = 0.9
    """Momentum's beta; the first beta of Adam's kind."""
    beta2: Beta = 0.999
    """RMSprop's beta; the second beta of Adam's kind."""
    epsilon: NotNegative = 1e-8
    """Keeps the division by sqrt(s) finite."""
    epsilon_inside: bool = False
    """Epsilon inside the square root instead of beside it."""
    weight_decay: NotNegative = 0.0
    """adamw, lion: decoupled weight decay."""
    batch_size: CountOrNone = 0
    """Examples a step; 0 is all of them (batch gradient descent)."""
    shuffle: bool = True
    """Reshuffle at the start of each epoch (mini-batches only)."""
    clip_value: NotNegative = 0.0
    """Clip each entry of the gradient to [-clip_value, clip_value]; 0 is off."""
    clip_norm: NotNegative = 0.0
    """Scale the whole gradient so that its norm is at most this; 0 is off."""
    schedule: ScheduleTable = Field(default_factory=ScheduleTable)
    """Learning-rate schedule."""
    early_stopping: Annotated[EarlyStoppingTable | None, *ALSO_SWITCH] = None
    """Early stopping: true, false or a table."""
    evaluate_every: CountOrNone = 0
    """Steps between evaluations on train, dev and test; 0 is about 100 over the run."""
    fault: Annotated[FaultTable | None, *ALSO_FALSE] = None
    """A planted bug: a table, or false for none."""


class AugmentTable(Table):
    """Changed copies of the training examples (B7), made before normalisation."""

    copies: Annotated[int, Field(ge=1, le=1000)] = 1
    """How many more of each training example, each with random changes of its own."""
    flip: bool = False
    """Mirror half of the copies: left and right of an image, x1 of a point."""
    rotate: Annotated[float, Field(ge=0, le=180)] = 0.0
    """Largest angle in degrees, to either side: about an image's middle, about a point's 0."""
    shift: Annotated[float, Field(ge=0, le=1000)] = 0.0
    """Images: largest shift in pixels, in each direction."""
    zoom: Annotated[float, Field(ge=0, le=0.9)] = 0.0
    """Images: at 0.1 the factor lies between 0.9 and 1.1."""
    noise: NotNegative = 0.0
    """Standard deviation of what is added to every number, in the units of the data."""
    image: (
        Annotated[list[Annotated[int, Field(ge=1, le=100_000)]], Field(min_length=2, max_length=2)]
        | None
    ) = None
    """[height, width] of examples in a file that are images, row by row."""


class DataTable(BaseModel):
    """Where examples come from, how they are split, augmented and normalised; the source's options
    beside.
    """

    model_config = ConfigDict(
        strict=True, extra="allow", allow_inf_nan=False, use_attribute_docstrings=True
    )

    source: str
    """Name of the source."""
    split: Annotated[list[NotNegative], Field(min_length=1, max_length=3)] = [1.0, 0.0, 0.0]
    """Shares of train, dev and test; they sum to 1. Those left out are 0."""
    held_out: Annotated[dict[str, Any] | None, *ALSO_FALSE] = None
    """Dev and test come from the same source with these options instead (a mismatch, B1)."""
    augment: Annotated[AugmentTable | None, *ALSO_FALSE] = None
    """Changed copies of the training examples: a table, or false for none (B7)."""
    normalize: NormalizationName = "none"
    """none, standard (by sigma), variance (by sigma^2: the slide's mistake)."""
    normalize_dev_alone: bool = False
    """Fault: dev and test get their own mu and sigma."""
    shuffle: bool = True
    """Shuffle the examples before splitting."""

    @property
    def shares(self) -> tuple[float, float, float]:
        """Return all three shares."""
        train, dev, test = (*map(float, self.split), 0.0, 0.0)[:3]
        return train, dev, test


class DiagnosisTable(Table):
    """What the bias / variance verdict compares with (B2); all are shares, 0.05 is 5 %."""

    bayes_error: Share = 0.0
    """The best error anyone could reach."""
    bias_threshold: Share = 0.05
    """Bias is high when the train error is above the Bayes error by more than this."""
    variance_threshold: Share = 0.05
    """Variance is high when the dev error is above the train error by more than this."""


class ScenarioTable(Table):
    """What the scenario is about."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    """A few words, as the list shows them."""
    topic: str | list[str] = Field(default_factory=list)
    """Course topics that it teaches: "B10" or ["C4", "C6"]."""
    summary: Annotated[str, Field(max_length=20_000)] = ""
    """One paragraph."""
    look_for: list[Text] = Field(default_factory=list, max_length=100)
    """What to watch, a line each."""
    panel: Annotated[int, Field(ge=1, le=9)] = 1
    """The panel that the terminal UI looks at first, by its key."""
    seed: Seed = 1
    """All random numbers follow from it."""
    dtype: Precision = "float64"
    """Precision of the arithmetic."""
    non_finite: NonFinitePolicy = "forbidden"
    """Whether the run is meant to end in NaN or infinity."""


class VariantTable(Table):
    """A named run: the tables of the file with these partial tables laid over them."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    """Shown and used to refer to the variant."""
    summary: Annotated[str, Field(max_length=20_000)] = ""
    """What differs, in a sentence."""
    seed: Seed | None = None
    """Another seed than [scenario]'s."""
    dtype: Precision | None = None
    """Another precision than [scenario]'s."""
    non_finite: NonFinitePolicy | None = None
    """Another policy than [scenario]'s."""
