"""What is said about a moment: what a teacher would say, and nothing that is not certain."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import nnsim
from nnsim.network.specification import BatchNorm, Layer
from nnsim.scenario.topics import TOPICS
from nnsim.simulations.looking import Evaluation, NonFinite
from nnsim.simulations.remark import apart, change, figure, percent, times
from nnsim.simulations.remarks import KINDS, THRESHOLDS, remarks
from nnsim.simulations.snapshot import LayerFigures, Snapshot
from nnsim.training.gradient_check import CheckedEntry, GradientCheck
from nnsim.training.specification import EarlyStopping, PlantedFault, Training
from tests.simulations.made import data_set, network, simulation

PLAIN = LayerFigures(
    weight_norm=2.0,
    gradient_norm=0.1,
    update_ratio=1e-3,
    z_mean=0.0,
    z_std=1.0,
    a_mean=0.1,
    a_std=0.6,
    dead_share=0.0,
    saturated_share=0.0,
)
NETWORK = network(Layer(4, "relu"), Layer(3, "tanh"))
PHASES = (
    "batch", "forward 1", "forward 2", "forward 3", "cost",
    "backward 3", "backward 2", "backward 1", "check", "update",
)  # fmt: skip


def arrays_of(described=NETWORK, m=40):
    random = np.random.default_rng(1)
    found = {"A0": random.normal(size=(described.inputs, m))}
    for number, layer in enumerate(described.layers, start=1):
        n_prev = described.sizes[number - 1]
        found[f"W{number}"] = random.normal(size=(layer.units, n_prev))
        found[f"b{number}"] = random.normal(size=(layer.units, 1))
        found[f"dW{number}"] = random.normal(size=(layer.units, n_prev))
    return found


def snapshot(*, step=50, layers=(PLAIN,) * 3, status="ready", described=NETWORK, **arrays):
    return Snapshot(
        step=step,
        phase="batch",
        epoch=0,
        batch=0,
        status=status,
        learning_rate=0.1,
        cost=0.5,
        data_loss=0.5,
        penalty=0.0,
        arrays=arrays_of(described) | arrays,
        layers=layers,
    )


def evaluation(cost=0.4, error=np.nan, m=40):
    return Evaluation(cost, cost, 1 - error, error, m)


def records(costs=(0.9, 0.8, 0.7, 0.6, 0.5), every=10):
    return {
        "step": every * np.arange(len(costs), dtype=float),
        "train_cost": np.array(costs, float),
        "weight_norm": np.full((len(costs), 3), 2.0),
    }


def said(
    shot=None,
    *,
    costs=(0.9, 0.8, 0.7, 0.6, 0.5),
    described=NETWORK,
    training=None,
    train=None,
    dev=None,
    non_finite=None,
    **more,
):
    """Return the remarks on a moment at which, if nothing is changed, all is well."""
    evaluations = {"train": train or evaluation()}
    if dev:
        evaluations["dev"] = dev
    return remarks(
        shot or snapshot(described=described),
        records(costs),
        PHASES,
        described,
        training or Training(steps=200),
        evaluations,
        non_finite,
        **more,
    )


def kinds(found):
    return [remark.kind for remark in found]


def with_layer(number, **figures):
    layers = [PLAIN] * 3
    layers[number - 1] = replace(PLAIN, **figures)
    return snapshot(layers=tuple(layers))


# All is well


def test_a_falling_cost():
    (found,) = said()
    assert found.kind == "falling" and found.layer is None
    assert found.sentence == "The cost is falling: 0.4 now, 0.9 at step 0."


def test_the_present_is_compared_with_a_window_of_evaluations_before():
    (found,) = said(snapshot(step=80), costs=(0.9, 0.8, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45))
    assert found.sentence == "The cost is falling: 0.4 now, 0.65 at step 30."


def test_what_lies_ahead_of_a_step_gone_back_to_is_not_looked_at():
    assert said(snapshot(step=30), costs=(0.9, 0.8, 0.7, 1e9, np.nan)) == said(
        snapshot(step=30), costs=(0.9, 0.8, 0.7)
    )


def test_a_small_fall_is_shown_with_the_digits_it_takes():
    (found,) = said(snapshot(step=10), costs=(0.70004,), train=evaluation(0.70001))
    assert found.sentence == "The cost is falling: 0.70001 now, 0.70004 at step 0."
    (found,) = said(snapshot(step=10), costs=(99.0,), train=evaluation(98.99))
    assert found.sentence == "The cost is falling: 98.99 now, 99.00 at step 0."
    assert found.how == "J was 99.00 at step 0 and is 98.99."


def test_a_fall_too_small_for_any_figure_is_not_called_one():
    (found,) = said(snapshot(step=10), costs=(0.7,), train=evaluation(0.7 - 1e-12))
    assert found.sentence == "The cost hardly moves: 0.7 now, as at step 0."
    assert found.how == "J is 0.7, as at step 0."


def test_nothing_trained_yet():
    (found,) = said(snapshot(step=0), costs=())
    assert found.kind == "untrained"
    assert found.sentence == "Nothing is trained yet: the first weights give J = 0.4."


def test_a_cost_that_has_settled():
    (found,) = said(costs=(0.9, *[0.10001] * 5), train=evaluation(0.1), shot=snapshot(step=60))
    assert found.kind == "settled"
    assert found.sentence == "The cost has settled at 0.1 since step 10."


# Costs


def test_a_rising_cost():
    found = said(costs=(0.4, 0.5, 0.6, 0.7, 0.8, 0.9), train=evaluation(1.5))
    assert found[0].kind == "cost rising"
    assert found[0].sentence == "The cost rises: 0.4 at step 0, 1.5 now."
    assert "alpha" in found[0].advice and found[0].topic == "A3"


@pytest.mark.parametrize(
    "costs", [(0.4, 0.5, 0.6, 0.59, 0.8), (1.0, 1.01, 1.02, 1.03, 1.04), (0.4, 0.6, 0.8)]
)
def test_a_noisy_small_or_short_rise_is_not_called_one(costs):
    found = said(costs=costs, train=evaluation(costs[-1] * 1.01))
    assert kinds(found) == ["no progress"]
    assert found[0].sentence.startswith("The cost is ")


def test_an_oscillating_cost():
    found = said(costs=(0.9, 0.5, 0.8, 0.5, 0.8), train=evaluation(0.5))
    assert found[0].kind == "cost oscillating"
    assert found[0].sentence.startswith("The cost goes up and down, by 0.32 from one evaluation")
    assert kinds(said(costs=(0.9, 0.84, 0.85, 0.84, 0.85), train=evaluation(0.84))) == ["falling"]


def test_a_plateau_is_one_while_much_is_left_to_learn():
    high = evaluation(0.69, error=0.5)
    found = said(snapshot(step=60), costs=(0.7, *[0.69] * 5), train=high)
    assert found[0].kind == "plateau" and found[0].topic == "C8"
    assert found[0].sentence == (
        "J hardly moves: it is 0.69 since step 10; the largest ||dW|| is 0.1, layer 1's."
    )
    assert found[0].how.startswith("J is 0.69, as at step 10;")
    assert found[0].advice.startswith("If the errors are too high: a bigger network,")
    bare = said(snapshot(step=60, layers=()), costs=(0.7, *[0.69] * 5), train=high)
    assert bare[0].sentence == "J hardly moves: it is 0.69 since step 10."
    low = evaluation(0.69, error=0.01)
    assert kinds(said(snapshot(step=60), costs=(0.7, *[0.69] * 5), train=low)) == ["settled"]


def test_a_plateau_of_great_strides_is_not_for_a_larger_alpha():
    shot = replace(with_layer(2, update_ratio=0.8), step=60)
    found = said(shot, costs=(0.7, *[0.69] * 5), train=evaluation(0.69, error=0.5))
    assert kinds(found) == ["update too large"]
    assert found[0].sentence == (
        "The cost stands at 0.69 although a step moves layer 2's weights by 80 % of their length."
    )
    assert "Lower alpha" in found[0].advice


@pytest.mark.parametrize(
    ("train", "dev", "step", "kind", "sentence"),
    [
        (0.01, 0.11, 10, "variance", "High variance: train error 1 %, dev error 11 %."),
        (0.15, 0.16, 150, "bias", "High bias: train error 15 %, dev error 16 %."),
        (
            *(0.15, 0.30, 150, "bias and variance"),
            "High bias and high variance: train error 15 %, dev error 30 %.",
        ),
        (0.15, 0.16, 10, None, ""),
        (0.15, 0.30, 10, None, ""),
        (0.005, 0.01, 150, None, ""),
        (np.nan, np.nan, 150, None, ""),
    ],
)
def test_bias_and_variance_as_in_the_course(train, dev, step, kind, sentence):
    found = said(
        snapshot(step=step),
        costs=(0.9,),
        train=evaluation(error=train),
        dev=evaluation(error=dev),
    )
    assert kinds(found) == ([kind] if kind else []) + ["falling"]
    assert found[0].sentence == sentence or not kind


def test_the_bayes_error_can_be_told():
    errors = {"train": evaluation(error=0.15), "dev": evaluation(error=0.16)}
    known = replace(THRESHOLDS, bayes_error=0.15)
    assert kinds(said(snapshot(step=150), costs=(0.9,), **errors, thresholds=known)) == ["falling"]


@pytest.mark.parametrize(
    ("status", "begin"),
    [
        ("stopped early", "Early stopping ended the run at step 50"),
        ("finished", "The run is finished at step 50"),
    ],
)
def test_early_stopping_tells_the_best_step(status, begin):
    training = Training(steps=50, early_stopping=EarlyStopping())
    found = said(snapshot(status=status, layers=()), training=training, best_step=20)
    assert kinds(found) == ["early stopping"]
    assert found[0].sentence == f"{begin}; the parameters of step 20 are restored."
    assert found[0].how.endswith("; patience is 10 evaluations.")


def test_one_evaluation_is_one():
    training = Training(steps=50, early_stopping=EarlyStopping(patience=1))
    found = said(snapshot(status="finished", layers=()), training=training, best_step=20)
    assert found[0].how.endswith("; patience is 1 evaluation.")


def test_a_run_that_goes_on_is_not_said_to_have_stopped():
    training = Training(steps=200, early_stopping=EarlyStopping())
    assert kinds(said(training=training, best_step=20)) == ["falling"]
    assert kinds(said(snapshot(status="finished"))) == ["falling"]


# Layers


def test_a_vanishing_gradient():
    found = said(with_layer(1, gradient_norm=2.5e-7, update_ratio=1e-8))
    assert kinds(found) == ["vanishing", "falling"]
    assert found[0].sentence == (
        "Layer 1's gradient is 4e5 times smaller than layer 2's: it hardly learns."
    )
    assert found[0].how == "||dW1|| is 2.5e-7, ||dW2|| is 0.1; said from a factor of 1000 on."
    assert (found[0].topic, found[0].layer) == ("B10", 1)
    # Adam's updates are as large as ever: it cannot be said that the layer does not learn.
    found = said(with_layer(1, gradient_norm=2.5e-7))
    assert found[0].sentence.endswith("smaller than layer 2's: it vanishes on the way back.")


def test_an_exploding_gradient():
    found = said(with_layer(1, gradient_norm=500.0))
    assert kinds(found) == ["exploding", "falling"]
    assert found[0].sentence == (
        "Layer 1's gradient is 5000 times larger than layer 2's: it explodes on the way back."
    )


def test_large_inputs_are_not_an_exploding_gradient():
    shot = with_layer(1, gradient_norm=500.0)
    shot.arrays.update(dZ1=np.ones((4, 40)), dZ2=np.ones((3, 40)), dZ3=np.ones((1, 40)))
    assert kinds(said(shot)) == ["falling"]
    shot.arrays.update(dZ1=np.full((4, 40), 1e4))
    assert kinds(said(shot)) == ["exploding", "falling"]


def test_a_vanishing_dz_is_enough_where_much_is_left_to_learn():
    shot = with_layer(1, update_ratio=1e-9)
    shot.arrays.update(dZ1=np.full((4, 40), 1e-8), dZ2=np.ones((3, 40)), dZ3=np.ones((1, 40)))
    found = said(shot, train=evaluation(error=0.4))
    assert kinds(found) == ["vanishing", "falling"]
    assert (
        found[0].sentence == "Layer 1's dZ is 1e8 times smaller than layer 2's: it hardly learns."
    )
    assert kinds(said(shot, train=evaluation(error=0.0))) == ["falling"]


def test_activations_that_explode_or_vanish():
    found = said(with_layer(2, a_mean=0.0, a_std=6e4))
    assert kinds(found) == ["exploding", "falling"]
    assert found[0].sentence == (
        "Layer 2's activations are 1e5 times larger than layer 1's: they explode."
    )
    found = said(with_layer(2, a_mean=6e-5, a_std=0.0), train=evaluation(error=0.4))
    assert kinds(found) == ["vanishing", "falling"]
    assert found[0].sentence == (
        "Layer 2's activations are 1e4 times smaller than layer 1's: they vanish."
    )
    # The last layer's are squashed, or follow Y.
    assert kinds(said(with_layer(3, a_mean=1e-9, a_std=0.0))) == ["falling"]


def test_weights_that_grow_and_learn_nothing():
    shot = with_layer(2, weight_norm=600.0)
    found = said(shot, train=evaluation(7.0))
    assert found[0].kind == "exploding"
    assert found[0].sentence == "Layer 2's weights are 300 times as long as at the start."
    assert kinds(said(shot)) == ["falling"]


def test_units_that_are_the_same():
    same = {"W2": np.ones((3, 4)), "b2": np.zeros((3, 1)), "W3": np.ones((1, 3))}
    same["dW2"] = np.tile(np.arange(4.0), (3, 1))
    found = said(snapshot(**same))
    assert kinds(found) == ["symmetric", "falling"]
    assert found[0].sentence == (
        "All 3 units of layer 2 are the same, and learn the same: they count as one."
    )
    assert (found[0].topic, found[0].layer) == ("A8", 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("b2", np.arange(3.0)[:, None]),
        ("W3", np.array([[1.0, 1.0, 1.0 + 1e-15]])),
        ("dW2", np.arange(12.0).reshape(3, 4)),
        ("W2", np.array([[1.0] * 4, [1.0] * 4, [1.0, 1.0, 1.0, 1.0 + 1e-15]])),
    ],
)
def test_units_that_will_part_are_not_called_the_same(name, value):
    same = {"W2": np.ones((3, 4)), "b2": np.zeros((3, 1)), "W3": np.ones((1, 3))}
    same["dW2"] = np.ones((3, 4))
    assert kinds(said(snapshot(**(same | {name: value})))) == ["falling"]


def test_dead_units():
    found = said(with_layer(1, dead_share=0.75))
    assert kinds(found) == ["dead units", "falling"]
    assert found[0].sentence == "75 % of layer 1's ReLU units are dead: 0 for every example."
    assert "does not learn" in found[0].how
    # Only ReLU dies, and few examples say nothing.
    assert kinds(said(with_layer(2, dead_share=0.75))) == ["falling"]
    few = with_layer(1, dead_share=0.75)
    few.arrays["A0"] = np.ones((2, 8))
    assert kinds(said(few)) == ["falling"]


def test_saturated_units():
    high = evaluation(error=0.3)
    found = said(with_layer(2, saturated_share=0.62), train=high)
    assert kinds(found) == ["saturated units", "falling"]
    assert found[0].sentence == (
        "62 % of layer 2's tanh values are saturated: almost no slope is left."
    )
    # The last layer's sigmoid should be sure; and what has learnt may saturate.
    assert kinds(said(with_layer(3, saturated_share=0.9), train=high)) == ["falling"]
    low = evaluation(error=0.0)
    assert kinds(said(with_layer(2, saturated_share=0.62), train=low)) == ["falling"]


def test_updates_too_large_where_the_cost_does_not_fall():
    shot = with_layer(3, update_ratio=40.0)
    found = said(shot, train=evaluation(0.6))
    assert found[0].kind == "update too large"
    assert found[0].sentence == (
        "One step moves layer 3's weights by 40 times their length, and J does not fall."
    )
    assert kinds(said(shot)) == ["falling"]


def test_updates_too_small_while_much_is_left_to_learn():
    shot = with_layer(2, update_ratio=3e-8)
    found = said(shot, train=evaluation(error=0.3))
    assert kinds(found) == ["update tiny", "falling"]
    assert found[0].sentence == "Layer 2 stands still: a step moves W2 by 3e-8 of its length."
    still = said(with_layer(2, update_ratio=0.0), train=evaluation(error=0.3))
    assert still[0].sentence == "One step leaves layer 2's weights as they are: its update is 0."
    assert still[0].kind == "update tiny" and "dW2" in still[0].advice
    assert kinds(said(shot, train=evaluation(error=0.01))) == ["falling"]


def test_weights_of_length_0_have_no_ratio():
    shot = with_layer(2, weight_norm=0.0, update_ratio=np.nan)
    assert kinds(said(shot, train=evaluation(error=0.3))) == ["falling"]


def test_dropout_is_why_j_is_not_monotone():
    dropping = network(Layer(4, "relu", keep_prob=0.8), Layer(3, "tanh"))
    found = said(described=dropping)
    assert kinds(found) == ["dropout", "falling"]
    assert found[0].sentence == (
        "J of a step (0.5) is that of a thinned network; without dropout it is 0.4."
    )
    assert "keep_prob is 0.8" in found[0].how and found[0].topic == "B6"


# NaN, infinity and wrong gradients


@pytest.mark.parametrize(
    ("phase", "place", "layer"),
    [
        ("forward 2", "Z of layer 2", 2),
        ("backward 1", "the gradient of layer 1", 1),
        ("cost", "the cost J", None),
        ("update", "the updated parameters", None),
    ],
)
def test_where_nan_appeared_first_is_all_there_is_to_say(phase, place, layer):
    found = said(with_layer(1, gradient_norm=1e9), non_finite=NonFinite(50, phase))
    assert kinds(found) == ["non-finite"]
    assert found[0].sentence == (f"NaN or infinity appeared first at step 50, {phase}: in {place}.")
    assert found[0].layer == layer and "clip" in found[0].advice


def test_nan_at_step_0_is_not_alpha_s_doing():
    (found,) = said(snapshot(step=0, layers=()), non_finite=NonFinite(0, "forward 1"))
    assert "look at X, Y" in found.advice


def check_of(ratios, masks="frozen", kinks=0, epsilon=1e-7, smooth=()):
    verdicts = {name: "wrong" if not ratio < 1e-3 else "great" for name, ratio in ratios.items()}
    worst = CheckedEntry("dW1[0,0]", 1.0, 2.0, kinks)
    whole = max(ratios.values())
    return GradientCheck(
        *(50, epsilon, masks, whole, ratios, verdicts | {"all": "wrong"}, (worst,), kinks),
        *(np.zeros(1), np.zeros(1), verdicts | dict.fromkeys(smooth, "great")),
    )


def test_a_wrong_gradient_names_the_worst_block_and_the_first_on_the_way_back():
    check = check_of({"dW1": 0.01, "db1": 1e-9, "dW2": 0.333, "db2": 0.002, "dW3": 1e-9})
    found = said(check=check)
    assert kinds(found) == ["gradient check", "falling"]
    assert found[0].sentence == (
        "The gradient check fails: dW2 is not the derivative of J, its ratio is 0.333."
    )
    assert found[0].how.endswith("Wrong on the way back: dW2, db2, dW1.")
    assert "from layer 2 on" in found[0].advice and found[0].layer == 2


def test_nan_is_the_worst_ratio():
    found = said(check=check_of({"dW1": 0.9, "dgamma2": np.nan}))
    assert "dgamma2 is not the derivative" in found[0].sentence and found[0].layer == 2


def test_a_coarse_epsilon_accuses_no_gradient():
    (falling,) = said()
    blocks = {"dW1": 0.9, "dW2": 1e-9}
    found = said(check=check_of(blocks, epsilon=1e-3, kinks=1))
    assert kinds(found) == ["gradient check", "falling"] and found[1] == falling
    assert found[0].sentence == (
        "At epsilon 0.001 the differences are too coarse to judge: check with 1e-7."
    )
    assert "the steps of 1 parameter cross" in found[0].how
    fine = said(check=check_of(blocks, epsilon=THRESHOLDS.coarse))
    assert fine[0].sentence.startswith("The gradient check fails: dW1")
    assert fine[0].weight > found[0].weight > falling.weight


def test_only_what_kinks_do_not_explain_is_accused():
    blocks = {"dW1": 0.9, "dW2": 0.01, "dW3": 1e-9}
    found = said(check=check_of(blocks, kinks=3, smooth=["dW1", "dW2"]))
    assert found[0].sentence == (
        "The gradient check cannot judge: 2 blocks are wrong only where a step crosses a kink."
    )
    assert "3 parameters" in found[0].how and found[0].how.endswith("dW1, dW2 would not be wrong.")
    found = said(check=check_of(blocks, kinks=3, smooth=["dW1"]))
    assert found[0].sentence.startswith("The gradient check fails: dW2 is not the derivative")
    assert found[0].how.endswith("Wrong on the way back: dW2.")


def test_fresh_masks_are_blamed_first():
    dropping = network(Layer(4, "relu", keep_prob=0.8), Layer(3, "tanh"))
    found = said(described=dropping, check=check_of({"dW1": 0.9}, masks="fresh"))
    assert "freeze them" in found[0].advice


# Real runs


def heard(name, variant, step):
    run = nnsim.load(name).simulation(variant=variant)
    run.seek(step)
    return run.remarks()


@pytest.mark.parametrize(
    ("name", "variant", "step", "first", "part"),
    [
        ("vanishing-gradients", "sigmoid", 0, "vanishing", "than layer 10's: it hardly learns"),
        ("vanishing-gradients", "sigmoid", 300, "vanishing", "hardly learns"),
        ("vanishing-gradients", "tanh", 0, "untrained", "Nothing is trained yet"),
        ("vanishing-gradients", "tanh", 300, "falling", "is falling"),
        ("deep-linear-network", "1.5", 0, "exploding", "Layer 20's activations"),
        ("deep-linear-network", "0.5", 0, "vanishing", "Layer 1's"),
        ("dropout", "dropout", 40, "dropout", "thinned network"),
        ("dropout", "none", 40, "falling", "is falling"),
        ("symmetry-breaking", "zeros", 0, "symmetric", "All 4 units of layer 1"),
        ("symmetry-breaking", "zeros", 600, "symmetric", "All 4 units of layer 1"),
        ("symmetry-breaking", "one shared number", 60, "symmetric", "All 4 units"),
        ("symmetry-breaking", "random", 0, "untrained", "Nothing is trained"),
        ("symmetry-breaking", "random", 300, "falling", "is falling"),
        ("learning-rate", "too large", 100, "cost rising", "The cost rises"),
        ("learning-rate", "edge", 100, "update too large", "The cost stands at 25"),
        ("learning-rate", "zigzag", 10, "falling", "is falling"),
        ("learning-rate", "too small", 500, "falling", "is falling"),
        ("learning-rate", "overflow", 1000, "non-finite", "in the cost J"),
        ("saturation", "large weights", 0, "saturated units", "97.6 % of layer 2's tanh values"),
        ("saturation", "usual weights", 0, "untrained", "Nothing"),
        ("early-stopping", "to the end", 1200, "variance", "High variance: train error 2 %"),
        ("early-stopping", "early stopping", 1200, "early stopping", "are restored"),
        ("bias-variance", "straight line", 600, "bias", "High bias"),
        ("bias-variance", "few examples", 300, "variance", "High variance"),
        ("bias-variance", "enough of both", 600, "falling", "is falling"),
        ("weight-initialisation", "zeros", 0, "symmetric", "All 48 units"),
    ],
)
def test_shipped_scenarios_hear_what_a_teacher_would_say(name, variant, step, first, part):
    found = heard(name, variant, step)
    assert found[0].kind == first
    assert part in found[0].sentence


def test_a_planted_bug_is_found_by_its_check():
    described = network(Layer(3, "tanh"), Layer(3, "tanh"))
    run = simulation(described, fault=PlantedFault("dw_doubled", 2))
    assert "gradient check" not in kinds(run.remarks())
    found = run.remarks(check=run.check_gradients())
    assert found[0].kind == "gradient check" and found[0].sentence.count("dW2") == 1
    assert "from layer 2 on" in found[0].advice
    sound = simulation(described)
    assert "gradient check" not in kinds(sound.remarks(check=sound.check_gradients()))


def test_a_correct_relu_network_is_not_accused_by_a_coarse_check():
    run = nnsim.load("vanishing-gradients").simulation(variant="relu")
    run.seek(300)
    check = run.check_gradients(1e-3)
    assert check.verdict == "wrong" and check.kinks > 100
    (remark,) = [remark for remark in run.remarks(check=check) if remark.kind == "gradient check"]
    assert "too coarse to judge" in remark.sentence
    assert "gradient check" not in kinds(run.remarks(check=run.check_gradients()))


def test_a_layer_at_its_optimum_is_not_told_that_much_is_left():
    found = heard("linear-collapse", "one layer", 1500)
    assert found[0].kind == "plateau"
    assert found[0].sentence == (
        "J hardly moves: it is 0.196 since step 1425; the largest ||dW|| is 3.23e-5, layer 1's."
    )


def test_every_remark_is_one_plain_line_with_a_topic_of_the_course():
    runs = [
        simulation(),
        simulation(network(Layer(60, "relu", batch_norm=BatchNorm())), data=data_set(m=200)),
        simulation(network(Layer(3, "sigmoid"), Layer(3, "sigmoid")), learning_rate=90.0),
        simulation(network(loss="huber"), optimizer="sgd", learning_rate=3e3),
        simulation(early_stopping=EarlyStopping(patience=1), evaluate_every=1),
    ]
    found = [remark for run in runs for _ in range(8) for remark in looked(run)]
    found += [
        remark
        for name, variant in (("learning-rate", "too large"), ("deep-linear-network", "1.5"))
        for remark in heard(name, variant, 1000)
    ]
    assert len({remark.kind for remark in found}) > 6
    for remark in found:
        assert remark.kind in KINDS and remark.topic in TOPICS
        assert len(remark.sentence) <= 110 and remark.sentence.endswith(".")
        for text in (remark.sentence, remark.how, remark.advice):
            assert text.isascii() and "\n" not in text and "!" not in text and "e+" not in text


def looked(run):
    found = run.remarks()
    weights = [remark.weight for remark in found]
    assert found and weights == sorted(weights, reverse=True)
    assert len(set(kinds(found))) == len(found)
    run.advance(5)
    return found


def test_remarks_inside_a_step_and_of_a_run_gone_back():
    run, straight = simulation(), simulation()
    run.advance(30)
    run.seek(10)
    straight.advance(10)
    assert run.remarks() == straight.remarks()
    straight.seek(10, 6)
    assert straight.remarks()


def test_remarks_follow_the_settings_that_were_in_force():
    run = simulation(network(Layer(6, "tanh")))
    run.advance(5)
    fork = run.fork(keep_prob=0.5)
    fork.advance(5)
    assert "dropout" in kinds(fork.remarks())
    fork.seek(3)
    assert "dropout" not in kinds(fork.remarks())


def test_the_kinds_stand_in_the_order_of_their_weight():
    found = said(
        with_layer(1, gradient_norm=500.0, dead_share=0.95),
        costs=(0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
        train=evaluation(1.5, error=0.4),
        check=check_of({"dW1": 0.5}),
    )
    expected = ["gradient check", "exploding", "dead units", "cost rising"]
    assert kinds(found) == expected == [kind for kind in KINDS if kind in expected]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.031234, "0.0312"), (1950.4, "1950"), (123456.0, "1.23e5"), (1e-7, "1e-7"), (0.0, "0")],
)
def test_figures(value, text):
    assert figure(value) == text


def test_other_words_for_numbers():
    assert [times(x) for x in (2.5, 40.4, 1200, 9999.4, 412345)] == [
        *("2.5", "40", "1200", "9999", "4e5")
    ]
    assert percent(0.125) == "12.5 %" and change(0.5) == "by 50 % of their length"
    assert change(np.inf) == "away from 0"
    assert apart(1.0, 1.0) == ("1", "1") and apart(1.00004, 1.00001) == ("1.00004", "1.00001")


def test_what_is_said_is_found_without_numba():
    code = "import sys, nnsim.simulations.remarks; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
