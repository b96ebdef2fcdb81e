"""The tables of the kind `descent`: what they make, and what is wrong with them."""

import re

import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario import load

PLAIN = """\
kind = "descent"
[scenario]
title = "A parabola"
topic = "A3"
[descent]
surface = "parabola"
steps = 10
learning_rate = 0.1
"""
SEVERAL = """\
kind = "descent"
[scenario]
title = "Several paths"
[descent]
formula = "x0*w**2 + x1*w"
variables = ["w"]
constants = { x0 = 1.0, x1 = -10.0 }
minima = [[5.0]]
start = [1.0]
beta2 = 0.5
schedule = { kind = "exponential", rate = 0.5 }
[[descent.paths]]
name = "sgd"
[[descent.paths]]
name = "adam"
optimizer = "adam"
learning_rate = 0.3
start = [2.0]
schedule = { kind = "constant" }
"""


def problems(text):
    with pytest.raises(ScenarioError) as found:
        load(text)
    return [str(each) for each in found.value.problems]


def test_one_path_has_plain_names():
    scenario = load(PLAIN)
    specification = scenario.specification()
    assert specification.steps == 10
    names = list(specification.names())
    assert names[:2] == ["J", "w"] and "dw" in names and "place" in names
    simulation = scenario.simulation()
    simulation.run()
    assert simulation.figures()["w"] == pytest.approx(5 * (1 - 0.8**10))
    assert list(simulation.figures()) == names


def test_several_paths_have_their_names_before():
    scenario = load(SEVERAL)
    sgd, adam = scenario.specification().paths
    assert (sgd.optimizer, sgd.learning_rate, sgd.start, sgd.beta2) == ("sgd", 0.01, (1.0,), 0.5)
    assert (adam.optimizer, adam.learning_rate, adam.start, adam.beta2) == (
        "adam",
        0.3,
        (2.0,),
        0.5,
    )
    assert (sgd.schedule.kind, adam.schedule.kind) == ("exponential", "constant")
    names = list(scenario.specification().names())
    assert names[0] == "sgd.J" and "adam.v_w" in names and "sgd.v_w" not in names
    simulation = scenario.simulation()
    simulation.run()
    assert list(simulation.figures()) == names


def test_a_lone_path_of_the_list_has_its_name_too():
    scenario = load(PLAIN + '[[descent.paths]]\nname = "only"\n')
    assert next(iter(scenario.specification().names())) == "only.J"


def test_measures_and_conditions():
    scenario = load(
        PLAIN
        + """
[[expect]]
metric = "history.distance.last"
is = "<"
than = { metric = "history.distance.first" }
[[expect]]
metric = "steps_until"
condition = "gradient_norm < 5"
is = "=="
value = 4
[[expect]]
metric = "place"
is = "=="
value = "slope"
[[expect]]
metric = "learning_rate"
at = 3
is = "=="
value = 0.1
"""
    )
    result = scenario.run()
    assert result.missed == () and len(result.expectations) == 4


def test_another_surface_takes_what_belonged_to_the_old_one_away():
    specification = load(SEVERAL).specification(set={"descent.surface": "two_valleys"})
    assert specification.surface.name == "two_valleys"
    assert specification.surface.constants == ()
    assert specification.paths[0].start == ()
    back = load(PLAIN).specification(set={"descent": {"formula": "v**2", "variables": ["v"]}})
    assert back.surface.variables == ("v",)


def test_another_formula_keeps_what_it_needs():
    surface = load(SEVERAL).specification(set={"descent.formula": "(x0*w - 3)**4"}).surface
    assert surface.variables == ("w",)
    assert surface.constants == (("x0", 1.0),)
    assert surface.minima == ()


def test_every_dial_can_be_turned():
    scenario = load(PLAIN)
    kind = scenario._checked.kind
    for dial in kind.dials:
        for choice in dial.choices:
            if dial.name == "surface" or isinstance(choice, str) or choice:
                scenario.specification(set={dial.key: choice})


def test_what_show_writes():
    lines = load(SEVERAL).specification().set_up()
    assert lines["surface"] == "J = x0*w**2 + x1*w"
    assert lines["constants"] == "x0 1, x1 -10"
    assert lines["path adam"] == "adam, learning rate 0.3, from (2)"
    assert "exponential schedule" in lines["path sgd"]
    assert load(PLAIN).specification().set_up()["surface"].startswith("parabola: J = ")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('surface = "parabola"', "", "has neither surface nor formula"),
        ('surface = "parabola"', 'surface = "bowel"', "did you mean 'bowl'"),
        ('surface = "parabola"', 'surface = "bowl"\nformula = "w"', "given beside surface"),
        ('surface = "parabola"', 'surface = "bowl"\nvariables = ["w"]', "which has its own"),
        ('surface = "parabola"', 'formula = "w**2"', "the formula's variables"),
        ("steps = 10", "steps = 0", "0 is too small"),
        ("steps = 10", "start = [1.0, 2.0]", "has 2; expected 1 number"),
        ("steps = 10", "window = [[3, 1]]", "the lower end first"),
        ("steps = 10", "window = [[1, 3], [1, 3]]", "expected a range"),
        ("steps = 10", "weight_decay = 0.1", "has no effect on sgd"),
        ("steps = 10", 'bias_correction = "none"', "has no effect on sgd"),
        ("steps = 10", 'optimizer = "adm"', "did you mean 'adam'"),
        ("steps = 10", "schedule = { kind = 'cosine', rate = 2.0 }", "has no effect on a cosine"),
        ("steps = 10", "schedule = { kind = 'manual' }", "needs values"),
        ("steps = 10", "beta1 = 1.0", "too large"),
        ("steps = 10", "speed = 1", "unknown key"),
        ("steps = 10", 'paths = [{ name = "a b" }]', "a word of at most"),
        ("steps = 10", 'paths = [{ name = "a" }, { name = "a" }]', "there is a path 'a' before"),
        ("steps = 10", 'paths = [{ name = "a", weight_decay = 1.0 }]', "has no effect on sgd"),
        ("steps = 10", 'paths = [{ name = "a", start = [1, 2] }]', "paths[0].start: has 2"),
        ("steps = 10", 'paths = [{ name = "a", schedule = { kind = "manual" } }]', "needs values"),
        ('topic = "A3"', 'topic = "A99"', "no such topic"),
    ],
)
def test_mistakes_are_told_with_their_place(old, new, words):
    found = problems(PLAIN.replace(old, new))
    assert len(found) == 1, found
    assert words in found[0]
    assert re.match(r"<text>:\d+: (descent|scenario)", found[0])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "x0*w**2",
            "x0*w^2",
            "column 5: this operator cannot be used here; expected ** for",
        ),
        ("x0*w**2", "x3*w**2", "'x3' is not known"),
        ("x0*w**2", "**".join(["w"] * 27), "a simpler formula"),
        ('["w"]', '["w", "J"]', "'J' is taken"),
        ('["w"]', '["w", "exp"]', "'exp' is a function"),
        ('["w"]', '["w", "w"]', "stands twice"),
        ('["w"]', '["w", "dw"]', "is also a figure of 'w'"),
        ('["w"]', '["w", "2w"]', "a name of at most 20"),
        ("x1 = -10.0 }", "pi = 3.0 }", "'pi' is taken"),
        ("x1 = -10.0 }", "w = 3.0, x1 = 1.0 }", "stands twice"),
        ("minima = [[5.0]]", "minima = [[5.0, 1.0]]", "minima[0]: has 2"),
    ],
)
def test_mistakes_in_formulas(old, new, words):
    found = problems(SEVERAL.replace(old, new, 1))
    assert any(words in each for each in found), found


def test_an_unknown_figure_is_told():
    text = PLAIN + '[[expect]]\nmetric = "sgd.J"\nis = "<"\nvalue = 1\n'
    assert "no such measure 'sgd.J'" in problems(text)[0]


def test_the_lesson_may_offer_a_dial():
    text = PLAIN + (
        '[[lesson]]\nstep = 0\ntext = "a"\n[lesson.try]\ntext = "b"\nset.learning_rate = 0.5\n'
    )
    assert load(text).lessons[0].trial is not None
