"""One compiled program runs any network: nothing is compiled for a second one."""

import numpy as np
import pytest
from numba import config

from nnsim.data.dataset import DataSet, Examples
from nnsim.kernels.codes import Task
from nnsim.network.backward import backward_layer
from nnsim.network.forward import cost, forward_layer
from nnsim.network.norms import norm_backward, norm_forward
from nnsim.network.specification import BatchNorm, Layer
from nnsim.training.batches import load_batch
from nnsim.training.evaluation import evaluate_into, predict_into
from nnsim.training.numeric_gradient import numeric_gradient_into
from nnsim.training.program import execute
from nnsim.training.recording import layer_figures_into
from nnsim.training.specification import EarlyStopping, LearningRateSchedule, PlantedFault
from nnsim.training.update import clip_gradient, update_parameters
from tests.simulations.made import data_set, network, residual_network, simulation

pytestmark = pytest.mark.skipif(config.DISABLE_JIT, reason="nothing is compiled without Numba")

COMPILED = (
    execute, load_batch, forward_layer, cost, backward_layer, clip_gradient, update_parameters,
    norm_forward, norm_backward, layer_figures_into, evaluate_into, predict_into,
    numeric_gradient_into,
)  # fmt: skip


def signatures():
    return {function.__name__: len(function.signatures) for function in COMPILED}


def use(run):
    """Call everything that a run can do."""
    run.advance(3)
    run.next_phase()
    run.seek(1)
    run.probe()
    run.evaluate()
    run.predict(run.data.train.X)
    run.check_gradients()
    run.curvature()
    run.fork(learning_rate=0.1).advance(2)
    return run


def others():
    """Make runs that differ from the first one in everything a scenario can say."""
    yield simulation(network(7, 1, 4, 2), batch_size=1, optimizer="sgd")
    yield simulation(network(Layer(3, "gelu", bias=False)), batch_size=0, optimizer="amsgrad")
    yield simulation(network(loss="softmax_cross_entropy", outputs=3), optimizer="lion")
    yield simulation(network(5, loss="huber", outputs=2, inputs=1), clip_norm=0.1, clip_value=0.1)
    yield simulation(
        network(Layer(3, batch_norm=BatchNorm(), keep_prob=0.5), l1=0.1),
        schedule=LearningRateSchedule("manual", values=((0, 0.1), (3, 0.01))),
        early_stopping=EarlyStopping(),
        fault=PlantedFault("dw_doubled"),
    )
    yield simulation(residual_network(), batch_size=5)
    yield simulation(network(3), data=data_set(m=1, dev=0, test=900))
    yield simulation(network(3, loss="mean_squared_error"), data=data_set(Task.REGRESSION, m=700))


def test_other_networks_trainings_and_data_compile_nothing():
    use(simulation())
    before = signatures()
    for run in others():
        use(run)
    assert signatures() == before


def test_float32_adds_one_signature_each():
    use(simulation())
    first = use(simulation(dtype="float32"))
    assert first.snapshot().arrays["W1"].dtype == np.float32
    found = signatures()
    # The gradient check always computes in float64; predictions and training come in both.
    assert found.pop("numeric_gradient_into") == 1
    assert set(found.values()) == {2}, found


def test_examples_of_any_memory_layout_compile_nothing():
    use(simulation(network(3)))
    before = signatures()
    plain = data_set()
    frozen = Examples(plain.train.X.copy(), plain.train.Y.copy())
    frozen.X.flags.writeable = frozen.Y.flags.writeable = False
    turned = Examples(np.asfortranarray(plain.train.X), plain.train.Y[:, ::1])
    strided = Examples(np.repeat(plain.train.X, 2, axis=1)[:, ::2], plain.train.Y)
    runs = [
        use(simulation(network(3), data=DataSet(train, frozen, plain.test, plain.task)))
        for train in (plain.train, frozen, turned, strided)
    ]
    assert signatures() == before
    shots = [run.snapshot().arrays["W1"].tobytes() for run in runs]
    assert len(set(shots)) == 1
