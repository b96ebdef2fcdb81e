"""Whatever stands in a file, the answer is a scenario or a list of problems."""

import re
import tomllib
from copy import deepcopy
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.errors import ScenarioError
from nnsim.scenario.checking import check
from nnsim.scenario.lines import lines_of
from nnsim.scenario.reading import Document, read_text

FIXTURES = Path(__file__).parent / "fixtures"
GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "scenarios.md"
TEXTS = [path.read_text() for path in sorted(FIXTURES.glob("*.toml"))]
TEXTS += re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[:1]

JUNK = st.recursive(
    st.one_of(
        st.integers(-2, 3),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.sampled_from(["", "adam", "relu", "cost", "end", "W1.norm", "a\nb"]),
        st.text(max_size=5),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "units", "source", "name", "metric", "x"]), inner, max_size=3
        )
    ),
    max_leaves=4,
)


def checked(document):
    try:
        assert check(document).runs
    except ScenarioError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.message
            assert "\n" not in str(problem)
            assert len(str(problem)) < 1500


@settings(max_examples=400)
@given(st.data())
def test_junk_at_any_key_is_a_problem_or_nothing(data):
    text = data.draw(st.sampled_from(TEXTS))
    values = deepcopy(tomllib.loads(text))
    paths = sorted(lines_of(text), key=str)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths))
        place = values
        try:
            for part in path[:-1]:
                place = place[part]
            if data.draw(st.booleans()) and isinstance(place, dict):
                place.pop(path[-1], None)
            else:
                place[path[-1]] = data.draw(JUNK)
        except (TypeError, KeyError, IndexError):
            continue  # a change before this one took the place away
    checked(Document(values, lines_of(text)))


@settings(max_examples=200)
@given(st.data())
def test_a_cut_or_doubled_text_is_a_problem_or_nothing(data):
    text = data.draw(st.sampled_from(TEXTS))
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 60)))
    changed = text[:begin] + text[end:] if data.draw(st.booleans()) else text[:end] + text[begin:]
    try:
        document = read_text(changed + "\n")
    except ScenarioError as error:
        assert len(error.problems) == 1
        return
    checked(document)
