"""The text of a step of descent: what is said, and that its numbers are right."""

import math
import re

import pytest

from nnsim.kernels.codes import Optimizer, names_of
from nnsim.simulations.descent.settings import PathSettings
from nnsim.simulations.descent.simulation import Descent
from nnsim.simulations.descent.surfaces import SURFACES, Surface
from nnsim.tui.formulas.descent import explain, explain_part
from tests.tui.stepped import run

OPTIMIZERS = names_of(Optimizer)
FUNCTIONS = {"sqrt": math.sqrt, "sign": lambda x: math.copysign(1, x) if x else 0.0}


def lines(step, phase, surface="long_bowl", part=1, width=200, steps=20, **settings):
    simulation = Descent(SURFACES[surface], [PathSettings(**settings)], steps)
    simulation.seek(step, phase)
    return explain_part(run(simulation), part, width, ascii=True)


def of(found, role):
    return [line.text for line in found if line.role == role]


def agrees(text):
    """Return whether both sides of "w1 = 0.5 - 0.1 x 2 = 0.3" are the same number."""
    *_, sum_, value = text.split(" = ")
    code = sum_.replace("^", "**").replace(" x ", " * ")
    assert re.fullmatch(r"[\d\s.e+\-*/()]|[\d\s.e+\-*/()a-z]+", code), code
    names = set(re.findall(r"[a-z]{2,}", code))
    assert names <= set(FUNCTIONS), names
    found = eval(code, {"__builtins__": {}}, FUNCTIONS)
    sizes = [abs(float(each)) for each in re.findall(r"\d+\.?\d*(?:e-?\d+)?", code)]
    return abs(found - float(value)) <= 4e-3 * max(abs(float(value)), *sizes)


def test_before_the_first_step_nothing_is_explained():
    assert explain(run(Descent(SURFACES["bowl"], [PathSettings()], 5)), 80, True) == ()


def test_the_gradient_with_numbers():
    found = lines(0, 1, "parabola", learning_rate=0.01)
    assert of(found, "equation") == ["dJ/dw = 2 w - 10"]
    assert of(found, "numbers") == ["dJ/dw = 2 x 0 - 10 = -10"]
    assert "w = 0" in of(found, "meaning")[0]


def test_the_update_with_numbers():
    found = lines(1, 0, "parabola", learning_rate=0.01)
    assert of(found, "equation") == ["w = w - alpha g"]
    assert of(found, "numbers") == ["w = 0 - 0.01 x (-10) = 0.1"]


def test_adam_with_numbers():
    found = lines(0, 2, optimizer="adam", learning_rate=0.1)
    assert of(found, "numbers") == [
        "v_w1 = 0.9 x 0 + 0.1 x (-8) = -0.8",
        "v_w2 = 0.9 x 0 + 0.1 x 75 = 7.5",
        "s_w1 = 0.999 x 0 + 0.001 x (-8)^2 = 0.064",
        "s_w2 = 0.999 x 0 + 0.001 x 75^2 = 5.625",
    ]
    found = lines(1, 0, optimizer="adam", learning_rate=0.1)
    assert of(found, "equation")[0].startswith("w = w - alpha v/(1 - beta1^t) / ")
    assert of(found, "equation")[1] == "v'_w1 = -0.8 / (1 - 0.9^1) = -8"
    assert of(found, "numbers")[-1].endswith("= 1.4")


@pytest.mark.parametrize("correction", ["none", "multiplied", "stored"])
def test_a_wrong_correction_is_called_a_mistake(correction):
    found = lines(2, 0, optimizer="adam", learning_rate=0.1, bias_correction=correction)
    assert "which is a mistake" in of(found, "meaning")[0]
    assert "/(1 - beta1^t)" not in of(found, "equation")[0]
    assert all(map(agrees, of(found, "numbers")))
    averages = lines(2, 2, optimizer="adam", learning_rate=0.1, bias_correction=correction)
    assert all(map(agrees, of(averages, "numbers")))


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("surface", ["parabola", "himmelblau", "several_minima"])
def test_the_numbers_are_right_in_every_phase(optimizer, surface, inside):
    decay = {"weight_decay": 0.1} if optimizer in ("adamw", "lion") else {}
    settings = {"optimizer": optimizer, "learning_rate": 0.05, "epsilon": 0.01} | decay
    simulation = Descent(
        SURFACES[surface], [PathSettings(epsilon_inside=inside, noise=0.5, **settings)], 20
    )
    for _ in range(6 * len(simulation.phases)):
        simulation.next_phase()
        found = explain(run(simulation), 200, True)
        said = [line.text for line in found if line.role != "meaning"]
        numbers = [text for text in said if text.count(" = ") > 1]
        trigonometric = [text for text in numbers if "sin(" in text or "cos(" in text]
        assert all(map(agrees, [text for text in numbers if text not in trigonometric]))
        assert of(found, "meaning")
        assert all(text.isascii() for text in of(found, "equation"))


def test_a_tiny_step_is_seen():
    (first, _) = of(lines(50, 0, "plateau", learning_rate=0.1, steps=60), "numbers")
    begin, end = first.split(" = ")[1].split(" - ")[0], first.split(" = ")[2]
    assert begin != end and begin.startswith("-4.48")


def test_long_lines_keep_their_result():
    (short,) = of(lines(0, 1, "two_valleys", width=30), "numbers")
    assert short.startswith("dJ/dw = ") and short.count("=") == 1 and len(short) <= 30


def test_which_path():
    simulation = Descent(SURFACES["bowl"], [PathSettings(name="a"), PathSettings(name="b")], 5)
    simulation.seek(1)
    frame = run(simulation)
    assert [explain_part(frame, k, 80, True)[0].text for k in (1, 2, 3)] == [
        "path a", "path b", "path b"
    ]  # fmt: skip


def test_a_path_that_left_says_so():
    surface = Surface("formula", "w**4", ("w",), start=(3.0,))
    simulation = Descent(surface, [PathSettings(learning_rate=1.0)], 20)
    simulation.seek(15)
    assert "has left the numbers" in explain(run(simulation), 80, True)[0].text
    simulation.seek(15, 1)
    assert "has left the numbers" in explain(run(simulation), 80, True)[0].text
    simulation.seek(1)
    assert "left" not in explain(run(simulation), 80, True)[0].text


def test_noise_is_told():
    (meaning,) = of(lines(0, 1, noise=1.0), "meaning")
    assert "With the noise of this step the gradient is (" in meaning
