"""The exact text, for numbers that can be worked out on paper."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nnsim.network.specification import BatchNorm, Layer, Network
from nnsim.training.specification import Training
from nnsim.tui.formulas import Cell, explain
from tests.tui.formulas.made import SGD, four_products, snapshot, two_layers

WHOLE = {
    "A0": [[1, -2], [0.5, 3]],
    "Y": [[1, 0]],
    "W1": [[0.1, 0.2], [-0.3, 0.4]],
    "b1": [[0.01], [-0.02]],
    "W2": [[0.5, -0.25]],
    "b2": [[0.125]],
    "Z1": [[0.2, 0.41], [-0.12, 1.78]],
    "G1": [[0.2, 0.4], [-0.1, 0.9]],
    "A1": [[0.2, 0.4], [-0.1, 0.9]],
    "Z2": [[0.25, 0.1]],
    "G2": [[0.56, 0.52]],
    "A2": [[0.56, 0.52]],
    "dZ2": [[-0.44, 0.52]],
    "dW2": [[0.06, 0.256]],
    "db2": [[0.04]],
    "dA1": [[-0.22, 0.26], [0.11, -0.13]],
    "dZ1": [[-0.2112, 0.2184], [0.1089, -0.0247]],
    "dW1": [[-0.324, 0.2748], [0.07915, -0.009825]],
    "db1": [[0.0036], [0.0421]],
}

GRADIENTS = ("dW1", "db1", "dW2", "db2")
MEAN_LOSS = (math.log1p(math.exp(-0.25)) + math.log1p(math.exp(0.1))) / 2


def text_of(array, row=0, column=0, *, arrays=WHOLE, network=None, training=SGD, **options):
    shown = {name: options.pop(name) for name in ("phase", "step", "cost") if name in options}
    described = network or two_layers()
    return explain(
        Cell(array, row, column), snapshot(arrays, **shown), described, training, **options
    )


@pytest.mark.parametrize(
    ("cell", "equation", "substituted"),
    [
        (("A0", 1, 0), "A[0] = X", "A0[1,0] = 0.5"),
        (("Y", 0, 1), "Y = the labels of the batch", "Y[0,1] = 0"),
        (
            ("Z1", 1, 1),
            "Z[1] = W[1] A[0] + b[1]",
            "Z1[1,1] = 0.4 × 3 + 0.3 × 2 - 0.02 = 1.78",
        ),
        (
            ("Z2", 0, 0),
            "Z[2] = W[2] A[1] + b[2]",
            "Z2[0,0] = 0.5 × 0.2 + 0.25 × 0.1 + 0.125 = 0.25",
        ),
        (("dZ2", 0, 0), "dZ[2] = A[2] - Y", "dZ2[0,0] = 0.56 - 1 = -0.44"),
        (
            ("dW2", 0, 1),
            "dW[2] = 1/m dZ[2] A[1]^T",
            "dW2[0,1] = 1/2 (0.52 × 0.9 + 0.44 × 0.1) = 0.256",
        ),
        (("db2", 0, 0), "db[2] = 1/m Σ dZ[2]", "db2[0] = 1/2 (0.52 - 0.44) = 0.04"),
        (("dA1", 1, 0), "dA[1] = W[2]^T dZ[2]", "dA1[1,0] = 0.25 × 0.44 = 0.11"),
        (
            ("dZ1", 1, 1),
            "dZ[1] = W[2]^T dZ[2] * g'(Z[1]),  g' = 1 - A[1]^2",
            "dZ1[1,1] = -0.25 × 0.52 × 0.19 = -0.0247",
        ),
        (
            ("gradient_norm", 0, 0),
            "||grad|| = sqrt(Σ g^2), g all of dW, db",
            "||grad|| = sqrt(0.432^2 + 0.263^2 + 0.0423^2 + 0.04^2) = 0.509",
        ),
        (("W1", 1, 0), "W[1]: as step 4's update left it", "W1[1,0] = -0.3"),
    ],
)
def test_a_step_worked_out_on_paper(cell, equation, substituted):
    formula = text_of(*cell)
    assert (formula.equation, formula.substituted) == (equation, substituted)
    assert formula.agrees


def test_the_cost_tells_the_chosen_example_s_own_loss():
    # log(1 + e^-0.25) = 0.576 for y = 1, log(1 + e^0.1) = 0.744 for y = 0.
    formula = text_of("J", 0, 1, cost=MEAN_LOSS)
    assert formula.equation == "J = 1/m Σ L,  L = -(Y log A[2] + (1 - Y) log(1 - A[2]))"
    assert formula.substituted == "J = 1/2 (0.744 + 0.576) = 0.66"
    assert formula.meaning == (
        "The mean loss of the 2 examples of the batch. Example 1's own: L = -log(1 - 0.52) = 0.744."
    )
    assert formula.agrees


def test_penalties_stand_behind_the_mean_loss_and_the_mean_gradient():
    penalised = replace(two_layers(), l2=0.1)
    # sum W^2 = 0.01 + 0.04 + 0.09 + 0.16 + 0.25 + 0.0625 = 0.6125; 0.1 / 4 of it is 0.0153.
    cost = text_of("J", network=penalised, cost=MEAN_LOSS + 0.0153125)
    assert cost.substituted == "J = 1/2 (0.744 + 0.576) + 0.1/(2 × 2) × 0.613 = 0.675"
    assert cost.agrees
    arrays = WHOLE | {"dW2": [[0.06, 0.2435]]}
    gradient = text_of("dW2", 0, 1, arrays=arrays, network=penalised)
    assert gradient.equation == "dW[2] = 1/m dZ[2] A[1]^T + lambd/m W[2]"
    assert gradient.substituted == (
        "dW2[0,1] = 1/2 (0.52 × 0.9 + 0.44 × 0.1) - 0.1/2 × 0.25 = 0.243"
    )
    both = replace(penalised, l1=0.2, l1_halved=True)
    gradient = text_of("dW2", 0, 1, arrays=WHOLE | {"dW2": [[0.0, 0.1935]]}, network=both)
    assert gradient.equation.endswith("+ lambd_2/m W[2] + lambd_1/(2m) sign(W[2])")
    assert gradient.substituted == (
        "dW2[0,1] = 1/2 (0.52 × 0.9 + 0.44 × 0.1) - 0.1/2 × 0.25 - 0.2/(2 × 2) = 0.194"
    )


WIDTHS = [
    (
        120,
        "1/64 (0.213 × 0.874 - 0.105 × 0.337 + 0.3 × 0.1 + 0.02 × 0.5 + 0.001 × 0.01 "
        "+ ... 59 more)",
    ),
    (100, "1/64 (0.213 × 0.874 - 0.105 × 0.337 + 0.3 × 0.1 + 0.02 × 0.5 + ... 60 more)"),
    (80, "1/64 (0.213 × 0.874 - 0.105 × 0.337 + ... 62 more)"),
    (60, "1/64 (0.213 × 0.874 + ... 63 more)"),
    (50, "1/64 (0.191)"),
]


def gradient_of_64():
    dZ2, A1 = four_products()
    value = float((dZ2 @ A1.T)[0, 1] / 64)
    return {"A0": np.zeros((2, 64)), "dZ2": dZ2, "A1": A1, "dW2": [[0, value]]}


@pytest.mark.parametrize(("width", "text"), WIDTHS)
def test_a_long_sum_at_several_widths(width, text):
    formula = text_of("dW2", 0, 1, arrays=gradient_of_64(), width=width)
    assert formula.substituted == f"dW2[0,1] = {text} = 0.00299"
    plain = text_of("dW2", 0, 1, arrays=gradient_of_64(), width=width, ascii=True)
    assert plain.substituted == f"dW2[0,1] = {text} = 0.00299".replace("×", "x")


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (100, "dW2[0,1] = 1/64 (0.213 × 0.874 - 0.105 × 0.337 + ... 62 more) = 0.00299, "
         "but the run has 0.00598"),
        (60, "dW2[0,1] = 1/64 (0.191) = 0.00299, but the run has 0.00598"),
        (50, "dW2[0,1] = 0.00299, but the run has 0.00598"),
        (40, "0.00299, but the run has 0.00598"),
        (20, "0.00598"),
        (5, "..."),
        (2, ".."),
    ],
)  # fmt: skip
def test_a_run_that_has_another_number(width, text):
    arrays = gradient_of_64()
    arrays["dW2"] = [[0, 2 * arrays["dW2"][0][1]]]
    formula = text_of("dW2", 0, 1, arrays=arrays, width=width)
    assert formula.substituted == text
    assert not formula.agrees
    assert formula.value == pytest.approx(2 * formula.computed)
    right = text_of("dW2", 0, 1, arrays=gradient_of_64())
    assert formula.meaning == right.meaning
    assert formula.equation == right.equation


def test_a_difference_in_a_late_digit_is_written_out():
    formula = text_of("dZ2", arrays=WHOLE | {"dZ2": [[-0.44001, 0]]})
    assert formula.substituted == "dZ2[0,0] = 0.56 - 1 = -0.44, but the run has -0.44001"


@pytest.mark.parametrize(
    ("activation", "z", "a", "text"),
    [
        ("identity", 0.5, 0.5, "Z1[0,0]"),
        ("sigmoid", 0.5, 0.6224593312018546, "1 / (1 + e^-0.5)"),
        ("sigmoid", -2, 0.11920292202211755, "1 / (1 + e^2)"),
        ("tanh", -2, -0.9640275800758169, "tanh(-2)"),
        ("relu", 0.5, 0.5, "max(0, 0.5)"),
        ("relu", -2, 0, "max(0, -2)"),
        ("leaky_relu", 0.5, 0.5, "Z1[0,0]"),
        ("leaky_relu", -2, -0.2, "0.1 × -2"),
        ("elu", -2, -0.08646647167633873, "0.1 (e^-2 - 1)"),
        ("selu", 0.5, 0.5253504936777402, "1.05 × 0.5"),
        ("selu", -2, -1.5201664685956195, "1.05 × 1.67 (e^-2 - 1)"),
        ("gelu", 0.5, 0.34573123063700656, "0.5 × 0.691"),
        ("silu", -2, -0.2384058440442351, "-2 × 0.119"),
        ("softplus", -2, 0.12692801104297263, "log(1 + e^-2)"),
    ],
)
def test_activations(activation, z, a, text):
    network = two_layers(activation, slope=0.1)
    formula = text_of("A1", arrays={"Z1": [[z]], "A1": [[a]]}, network=network)
    assert formula.substituted.startswith(f"A1[0,0] = {text} = ")
    assert formula.agrees


@pytest.mark.parametrize(
    ("activation", "z", "a", "text"),
    [
        ("sigmoid", -2, 0.119202922, "0.2 × 0.119 (1 - 0.119) = 0.021"),
        ("tanh", 0.5, 0.462117157, "0.2 × (1 - 0.462^2) = 0.157"),
        ("relu", 0.5, 0.5, "0.2 × 1 = 0.2"),
        ("relu", 0.0, 0.0, "0.2 × 0 = 0"),
        ("elu", -2, -0.0864664717, "0.2 × 0.1 e^-2 = 0.00271"),
        ("selu", 0.5, 0.52535049, "0.2 × 1.05 = 0.21"),
        ("gelu", -2, -0.0455002639, "0.2 × (0.0228 - 2 × 0.054) = -0.017"),
        ("silu", -2, -0.238405844, "0.2 × (0.119 - 0.238 × (1 - 0.119)) = -0.0182"),
        ("softplus", 0.5, 0.974076984, "0.2 × 1 / (1 + e^-0.5) = 0.124"),
        ("identity", 0.5, 0.5, "dA1[0,0] = 0.2"),
    ],
)
def test_slopes_are_spelled_out_where_the_sum_is_not_shown(activation, z, a, text):
    network = two_layers(activation, slope=0.1)
    slope = text_of(
        "dZ1",
        network=network,
        arrays={
            "Z1": [[z]], "G1": [[a]], "dA1": [[0.2]], "dZ1": [[0.0]],
            # W[2]^T dZ[2] is not the dA that the run went on with.
            "W2": [[0.7]], "dZ2": [[0.1]],
        },
    )  # fmt: skip
    assert slope.substituted.split(", but the run has")[0] == f"dZ1[0,0] = {text}"
    assert "W[2]^T" not in slope.equation


def test_dropout_masks_both_ways():
    network = two_layers(keep_prob=0.8)
    arrays = WHOLE | {
        "D1": [[1, 0], [1, 1]],
        "A1": [[0.25, 0], [0, 0]],
        "dA1": [[-0.275, 0], [0, 0]],
    }
    assert text_of("A1", arrays=arrays, network=network).substituted == (
        "A1[0,0] = 0.2 × 1 / 0.8 = 0.25"
    )
    dropped = text_of("A1", 0, 1, arrays=arrays, network=network)
    assert dropped.substituted == "A1[0,1] = 0.4 × 0 / 0.8 = 0"
    assert dropped.meaning == "Unit 0 is dropped for example 1: it passes 0 on."
    back = text_of("dA1", arrays=arrays, network=network)
    assert back.equation == "dA[1] = W[2]^T dZ[2] * D[1] / keep_prob"
    assert back.substituted == "dA1[0,0] = -0.5 × 0.44 × 1 / 0.8 = -0.275"
    assert text_of("D1", arrays=arrays, network=network).substituted == "D1[0,0] = 1"


NORMED = {
    "Z1": [[1.0, -2.0, 4.0]],
    "mean1": [[1.0]],
    "variance1": [[6.0]],
    "Z_norm1": [[0.0, -1.2, 1.2]],
    "Z_tilde1": [[0.5, -1.9, 2.9]],
    "gamma1": [[2.0]],
    "beta1": [[0.5]],
    "running_mean1": [[0.19]],
    "dZ_tilde1": [[0.3, -0.6, 0.6]],
    "dZ1": [[0.16, -0.1, -0.06]],
    "dgamma1": [[0.48]],
    "dbeta1": [[0.1]],
    "A0": [[0.0, 0.0, 0.0]],
}


@pytest.mark.parametrize(
    ("array", "column", "text"),
    [
        ("mean1", 0, "mean1[0] = 1/3 (4 - 2 + 1) = 1"),
        ("variance1", 0, "variance1[0] = 1/3 (3^2 + 3^2 + 0^2) = 6"),
        ("Z_norm1", 1, "Z_norm1[0,1] = (-2 - 1) / sqrt(6 + 0.25) = -1.2"),
        ("Z_tilde1", 1, "Z_tilde1[0,1] = 2 × -1.2 + 0.5 = -1.9"),
        ("dgamma1", 0, "dgamma1[0] = 1/3 (0.6 × 1.2 + 0.6 × 1.2 + 0.3 × 0) = 0.48"),
        ("dbeta1", 0, "dbeta1[0] = 1/3 (-0.6 + 0.6 + 0.3) = 0.1"),
        ("dZ1", 0, "dZ1[0,0] = 2 / sqrt(6 + 0.25) × (0.3 - 0.1 - 0 × 0.48) = 0.16"),
        ("running_mean1", 0, "running_mean1[0] = 0.9 × 0.1 + 0.1 × 1 = 0.19"),
    ],
)
def test_batch_norm(array, column, text):
    layer = Layer(1, "tanh", batch_norm=BatchNorm(epsilon=0.25))
    network = Network(1, (layer, Layer(1, "sigmoid")), "binary_cross_entropy")
    formula = text_of(array, 0, column, arrays=NORMED, network=network)
    assert formula.substituted == text
    assert formula.agrees


def test_softmax_shares_the_column():
    Z2 = np.log([[1.0], [2.0], [5.0]])
    arrays = {"Z2": Z2, "A2": [[0.125], [0.25], [0.625]]}
    network = Network(2, (Layer(2), Layer(3, "softmax")), "softmax_cross_entropy")
    formula = text_of("A2", 1, arrays=arrays, network=network)
    assert formula.equation == "A[2] = e^Z[2] / Σ e^Z[2], summed over each column"
    assert formula.substituted == "A2[1,0] = e^0.693 / (e^1.61 + e^0.693 + e^0) = 0.25"
    narrow = text_of("A2", 1, arrays=arrays, network=network, width=30)
    assert narrow.substituted == "A2[1,0] = 2 / 8 = 0.25"


@pytest.mark.parametrize(
    ("loss", "a", "y", "text"),
    [
        ("mean_squared_error", 0.75, 1.0, "2 (0.75 - 1) = -0.5"),
        ("hinge", 0.5, 0.0, "-(2 × 0 - 1) = 1"),
        ("hinge", 2.0, 1.0, "0"),
        ("huber", 1.25, 1.0, "(1.25 - 1) = 0.25"),
        ("huber", 9.0, 1.0, "min(1, 9 - 1) = 1"),
        ("huber", -9.0, 1.0, "max(-1, -9 - 1) = -1"),
    ],
)
def test_the_slope_of_each_loss(loss, a, y, text):
    network = two_layers(loss=loss, last="identity")
    arrays = {"Z2": [[a]], "G2": [[a]], "A2": [[a]], "Y": [[y]], "dZ2": [[float(text.split()[-1])]]}
    formula = text_of("dZ2", arrays=arrays, network=network)
    assert formula.substituted == f"dZ2[0,0] = {text}"
    assert formula.agrees


@pytest.mark.parametrize(
    ("optimizer", "text"),
    [
        ("sgd", "0.5 - 0.1 × 0.2"),
        ("momentum", "0.5 - 0.1 × 0.04"),
        ("nesterov", "0.5 - 0.1 × (0.9 × 0.04 + 0.1 × 0.2)"),
        ("adagrad", "0.5 - 0.1 × 0.2 / (sqrt(0.01) + 1e-8)"),
        ("adam", "0.5 - 0.1 × 0.04/(1 - 0.9^5) / (sqrt(0.01/(1 - 0.999^5)) + 1e-8)"),
        (
            "adamw",
            "(1 - 0.1 × 0.5) × 0.5 - 0.1 × 0.04/(1 - 0.9^5) / (sqrt(0.01/(1 - 0.999^5)) + 1e-8)",
        ),
        ("amsgrad", "0.5 - 0.1 × 0.04/(1 - 0.9^5) / (sqrt(0.04/(1 - 0.999^5)) + 1e-8)"),
        ("lion", "(1 - 0.1 × 0.5) × 0.5 - 0.1 × sign(0.9 × 0.0398 + 0.1 × 0.2)"),
    ],
)  # fmt: skip
def test_updates_start_from_the_parameter_before_them(optimizer, text):
    arrays = {
        "W1": [[0.48]], "update_W1": [[-0.02]], "dW1": [[0.2]],
        "v_W1": [[0.04]], "s_W1": [[0.01]], "s_max_W1": [[0.04]],
    }  # fmt: skip
    training = Training(10, optimizer, 0.1, weight_decay=0.5)
    formula = text_of("W1", arrays=arrays, training=training, phase="batch", width=140)
    assert formula.substituted.startswith(f"W1[0,0] = {text} = ")
    assert formula.agrees == (optimizer == "sgd")


def test_a_tiny_update_is_written_with_digits_enough_to_see_it():
    arrays = {"W1": [[0.49998]], "update_W1": [[-0.00002]], "dW1": [[0.0002]]}
    formula = text_of("W1", arrays=arrays, phase="batch")
    assert formula.substituted == "W1[0,0] = 0.5 - 0.1 × 2e-4 = 0.49998"


def test_clipping_is_shown_where_it_bites():
    training = replace(SGD, clip_value=0.2)
    bitten = text_of("dW2", 0, 1, arrays=WHOLE | {"dW2": [[0.06, 0.2]]}, training=training)
    assert bitten.substituted == "dW2[0,1] = min(1/2 (0.52 × 0.9 + 0.44 × 0.1), 0.2) = 0.2"
    spared = text_of("db2", training=training)
    assert spared.substituted == "db2[0] = 1/2 (0.52 - 0.44) = 0.04"
    before = text_of("dW2", 0, 1, training=training, phase="check")
    assert before.substituted == "dW2[0,1] = 1/2 (0.52 × 0.9 + 0.44 × 0.1) = 0.256"
    norm = math.sqrt(sum(float((np.array(WHOLE[name]) ** 2).sum()) for name in GRADIENTS))
    arrays = WHOLE | {"db2": [[0.04 * 0.1 / norm]]}
    scaled = text_of("db2", arrays=arrays, training=replace(SGD, clip_norm=0.1))
    assert scaled.substituted == "db2[0] = 1/2 (0.52 - 0.44) × 0.1/0.509 = 0.00785"
    assert scaled.agrees


def test_parameters_of_step_0_are_told_by_their_initialiser():
    formula = text_of("W1", network=two_layers(initializer="he", scale=1.5), step=0, phase="batch")
    assert formula.equation == "W[1] = 1.5 sqrt(2 / 2) randn (he)"
    assert formula.meaning.startswith("Set by the initialiser.")
    given = text_of("b1", network=two_layers(biases=(1.0, 2.0)), step=0, phase="batch")
    assert given.equation == "b[1] = the numbers given in the scenario"


def test_ascii_holds_for_every_text():
    penalised = replace(two_layers(), l2=0.1, l1=0.1)
    for name, array in WHOLE.items():
        formula = text_of(name, 0, len(array[0]) - 1, network=penalised, ascii=True)
        for text in (formula.equation, formula.substituted, formula.meaning):
            assert text.isascii(), text
