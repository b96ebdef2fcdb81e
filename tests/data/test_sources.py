import inspect
import subprocess
import sys

import pytest

from nnsim.data.mistakes import find_specification_mistakes
from nnsim.data.source_mistakes import find_mistakes
from nnsim.data.sources import SOURCES
from nnsim.data.specification import DataSpecification

LEADING = {"drawn": 1, "file": 1, "given": 0}


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.name)
def test_the_function_takes_the_options_that_are_listed(source):
    parameters = list(inspect.signature(source.function).parameters)
    assert parameters[LEADING[source.kind] :] == list(source.option_names)
    assert source.function.__doc__


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.name)
def test_every_default_is_valid_and_every_option_has_help(source):
    for option in source.options:
        assert option.help
        if not option.required:
            assert option.mistakes(option.default) == []


def test_names_and_checks_need_neither_numpy_nor_numba():
    program = (
        "import sys; from nnsim.data.source_mistakes import find_mistakes;"
        "assert find_mistakes('circle', {});"
        "import nnsim.data.mistakes;"
        "print([name for name in ('numpy', 'numba', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_an_unknown_source():
    (problem,) = find_mistakes("circle", {})
    assert problem.key == "source"
    assert problem.suggestion == "circles"
    assert "xor, circles, moons" in problem.expected


@pytest.mark.parametrize("name", [None, 3, ["xor"]])
def test_a_source_that_is_no_text(name):
    (problem,) = find_mistakes(name, {})
    assert problem.key == "source"


def test_all_mistakes_of_the_options_at_once():
    problems = find_mistakes(
        "spirals", {"exampels": 10, "classes": 1, "noise": "x"}, {"noise": -1.0, "turn": 2}
    )
    assert [(problem.key, problem.suggestion) for problem in problems] == [
        ("exampels", "examples"),
        ("classes", ""),
        ("noise", ""),
        ("held_out.noise", ""),
        ("held_out.turn", "turns"),
    ]
    assert problems[1].expected == "a whole number from 2 to 100"


def test_a_required_option_is_missed_but_not_in_held_out():
    problems = find_mistakes("csv", {"file": "a.csv"}, {"file": "b.csv"})
    assert [(problem.key, problem.message) for problem in problems] == [("target", "is missing")]


def test_mistakes_of_a_whole_specification():
    specification = DataSpecification(
        "csw", {}, split=(60, 20, 20), normalize="standart", held_out={"noise": 1}
    )
    problems = {problem.key: problem for problem in find_specification_mistakes(specification)}
    assert set(problems) == {"source", "split", "normalize"}
    assert problems["source"].suggestion == "csv"
    assert problems["normalize"].suggestion == "standard"


@pytest.mark.parametrize(
    ("name", "options", "held_out", "keys"),
    [
        ("moons", {}, {}, []),
        ("iris", {}, {}, ["held_out"]),
        ("csv", {"file": "a", "target": "y"}, {}, ["held_out.file"]),
        ("csv", {"file": "a", "target": "y"}, {"file": "a"}, ["held_out.file"]),
        ("csv", {"file": "a", "target": "y"}, {"file": "b"}, []),
        ("inline", {"X": [1], "Y": [1]}, {"X": [1]}, ["held_out.Y"]),
        ("inline", {"X": [1], "Y": [1]}, {"X": [2], "Y": [0]}, []),
    ],
)
def test_held_out_never_repeats_the_training_examples(name, options, held_out, keys):
    assert [problem.key for problem in find_mistakes(name, options, held_out)] == keys
