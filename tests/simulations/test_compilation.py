"""One compiled program runs any network: nothing is compiled for a second one."""

import json
import subprocess
import sys

import numpy as np
import pytest
from numba import config

from nnsim.data.dataset import DataSet, Examples
from nnsim.kernels.codes import Family, Rule, Task
from nnsim.network.activations import ACTIVATE, ACTIVATE_BACKWARD, BACKWARD_STAGES, FORWARD_STAGES
from nnsim.network.backward import backward_layer
from nnsim.network.dropout import drop_backward, drop_forward
from nnsim.network.faults import spoil_gradient
from nnsim.network.forward import cost, forward_layer
from nnsim.network.norms import norm_backward, norm_forward
from nnsim.network.penalties import penalise
from nnsim.network.products import multiply_backward, multiply_forward
from nnsim.network.specification import BatchNorm, Layer
from nnsim.training.batches import arrange_examples, load_batch
from nnsim.training.cost_grid import cost_grid_into
from nnsim.training.evaluation import evaluate_into, predict_into
from nnsim.training.lengths import lengths_into
from nnsim.training.numeric_gradient import numeric_gradient_into
from nnsim.training.optimizers import APPLY_RULE, RULES
from nnsim.training.program import execute
from nnsim.training.recording import layer_figures_into
from nnsim.training.specification import EarlyStopping, LearningRateSchedule, PlantedFault
from nnsim.training.tables import BACKWARD, COST, EVALUATE, FIGURES, FORWARD, LOAD_BATCH, UPDATE
from nnsim.training.update import clip_gradient, schedule_rate, update_parameters
from tests.simulations.made import data_set, network, residual_network, simulation

pytestmark = pytest.mark.skipif(config.DISABLE_JIT, reason="nothing is compiled without Numba")

COMPILED = (
    execute, load_batch, forward_layer, cost, backward_layer, clip_gradient, update_parameters,
    norm_forward, norm_backward, layer_figures_into, evaluate_into, predict_into,
    numeric_gradient_into, lengths_into, cost_grid_into, drop_forward, drop_backward,
    spoil_gradient, penalise, multiply_forward, multiply_backward, arrange_examples,
    schedule_rate, *FORWARD_STAGES, *BACKWARD_STAGES, *RULES,
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
    run.surface(size=3)
    run.curvature()
    run.fork(learning_rate=0.1).advance(2)
    return run


def use_all_stages(dtype="float64"):
    """Use runs that have, together, all that a scenario can say: every stage is compiled then."""
    for run in runs(1, dtype):
        used = use(run)
    return used


def runs(size, dtype="float64"):
    """Make runs of networks and data of about this size, with every feature that has stages."""

    def made(described=None, **settings):
        return simulation(described, dtype=dtype, **settings)

    for number, name in enumerate(("sgd", "momentum", "rmsprop", "amsgrad", "lion")):
        yield made(network(*[2 + size] * number, 4), optimizer=name, batch_size=3 + size)
    yield made(network(Layer(3 * size, "gelu", bias=False)), batch_size=0)
    yield made(network(loss="softmax_cross_entropy", outputs=2 + size))
    yield made(network(5, loss="huber", outputs=2, inputs=size), clip_norm=0.1, clip_value=0.1)
    yield made(
        network(Layer(2 + size, batch_norm=BatchNorm(), keep_prob=0.5), l1=0.1),
        schedule=LearningRateSchedule("manual", values=((0, 0.1), (3, 0.01))),
        early_stopping=EarlyStopping(),
        fault=PlantedFault("dw_doubled"),
    )
    yield made(residual_network(), batch_size=4 + size)
    yield made(network(40 + size, 30), data=data_set(m=size, dev=0, test=900))
    yield made(network(3, loss="mean_squared_error"), data=data_set(Task.REGRESSION, m=700 * size))
    yield made()


def test_other_networks_trainings_and_data_compile_nothing():
    use_all_stages()
    before = signatures()
    for size in (2, 3):
        for run in runs(size):
            use(run)
    assert signatures() == before


def test_what_a_run_does_not_have_is_not_compiled():
    program = (
        "from tests.simulations.made import network, simulation\n"
        "run = simulation(network(3), optimizer='adam', batch_size=0)\n"
        "run.advance(2)\n"
        "print([number for number, address in enumerate(run._machine.stages) if address])\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    squashing, both = int(Family.SQUASHING), int(Rule.BY_BOTH)
    always = [LOAD_BATCH, FORWARD, COST, BACKWARD, UPDATE, EVALUATE, FIGURES]
    chosen = [ACTIVATE + squashing, ACTIVATE_BACKWARD + squashing, APPLY_RULE + both]
    assert json.loads(told) == sorted(always + chosen)


def test_float32_adds_one_signature_each():
    use_all_stages()
    first = use_all_stages("float32")
    assert first.snapshot().arrays["W1"].dtype == np.float32
    found = signatures()
    # The gradient check always computes in float64; predictions and training come in both.
    assert found.pop("numeric_gradient_into") == found.pop("lengths_into") == 1
    # These see no floats of the run; and a way back seldom leads through softmax itself.
    assert found.pop("arrange_examples") == found.pop("schedule_rate") == 1
    found.pop("back_through_columnwise")
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
