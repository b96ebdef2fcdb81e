"""Hypothesis strategies for whole runs."""

from dataclasses import replace

from hypothesis import strategies as st

from nnsim.kernels.codes import Activation, Optimizer, Schedule, names_of
from nnsim.network.specification import SMOOTHED_LOSSES, BatchNorm, Layer, LayerNorm
from nnsim.training.specification import LearningRateSchedule
from tests.simulations.made import network, simulation

ELEMENTWISE = [name for name in names_of(Activation) if name not in ("softmax", "hardmax")]

norms = st.none() | st.just(BatchNorm()) | st.just(BatchNorm(epsilon=0.01, momentum=0.5))
layer_norms = st.none() | st.none() | st.just(LayerNorm()) | st.just(LayerNorm(epsilon=0.01))
hidden_layers = st.builds(
    Layer,
    units=st.integers(1, 7),
    activation=st.sampled_from(ELEMENTWISE),
    bias=st.booleans(),
    batch_norm=norms,
    layer_norm=layer_norms,
    keep_prob=st.sampled_from([1.0, 0.6, 0.9]),
    residual=st.sampled_from([False, False, True]),
    initializer=st.sampled_from(["he", "xavier", "orthogonal"]),
)
lasts = st.sampled_from(
    [
        ("binary_cross_entropy", 1, "sigmoid"),
        ("softmax_cross_entropy", 3, "softmax"),
        ("mean_squared_error", 2, "identity"),
        ("mean_squared_error", 1, "tanh"),
        ("hinge", 1, "identity"),
        ("huber", 1, "identity"),
    ]
)
penalties = st.sampled_from([0.0, 0.0, 0.3])


def fitting(layers, inputs=2):
    """Return layers as they can stand one after the other: residual ones as wide as the last.

    Layer norm of two units is 1 and -1 whatever they are: its gradient is next to nothing.
    """
    found = []
    for layer in layers:
        units = (found[-1].units if found else inputs) if layer.residual else layer.units
        norm = None if units < 3 or layer.batch_norm else layer.layer_norm
        found.append(replace(layer, units=units, layer_norm=norm))
    return found


@st.composite
def networks(draw):
    loss, outputs, last = draw(lasts)
    hidden = fitting(draw(st.lists(hidden_layers, max_size=3)))
    smoothing = draw(st.sampled_from([0.0, 0.0, 0.1])) if loss in SMOOTHED_LOSSES else 0.0
    return network(
        *hidden,
        loss=loss,
        outputs=outputs,
        last=last,
        l1=draw(penalties),
        l2=draw(penalties),
        label_smoothing=smoothing,
    )


schedules = st.builds(
    LearningRateSchedule,
    kind=st.sampled_from(names_of(Schedule)),
    rate=st.sampled_from([0.5, 0.95]),
    minimum=st.just(1e-4),
    warm_up=st.sampled_from([0, 3]),
    values=st.just(((0, 0.1), (1, 0.02))),
)
trainings = st.fixed_dictionaries(
    {
        "optimizer": st.sampled_from(names_of(Optimizer)),
        "learning_rate": st.sampled_from([1e-3, 0.02]),
        "batch_size": st.sampled_from([0, 1, 4, 11]),
        "shuffle": st.booleans(),
        "epsilon_inside": st.booleans(),
        "weight_decay": st.sampled_from([0.0, 0.1]),
        "clip_value": st.sampled_from([0.0, 0.2]),
        "clip_norm": st.sampled_from([0.0, 0.1]),
        "schedule": schedules,
        "evaluate_every": st.sampled_from([0, 1, 3]),
    }
)
dtypes = st.sampled_from(["float64", "float64", "float32"])
seeds = st.integers(0, 2**40)


@st.composite
def descriptions(draw):
    """Draw what `made.simulation` takes, to make the same run as often as a test needs it."""
    return (draw(networks()),), {
        "dtype": draw(dtypes),
        "seed": draw(seeds),
        **draw(trainings),
    }


def made(description):
    positional, settings = description
    return simulation(*positional, **settings)
