"""The expectations of shipped scenarios would fail if their lesson were not true.

Each mutation breaks a scenario (another setting, a planted fault, another text) and names the
expectations that must notice; every expectation is named at least once.
"""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from nnsim.scenario import load
from nnsim.scenario.catalogue import catalogue, find

MUTATIONS = [
    mutation
    for path in sorted(Path(__file__).parent.glob("mutations_*.toml"))
    for mutation in tomllib.loads(path.read_text(encoding="utf-8"))["mutation"]
]
NAMES = sorted({mutation["scenario"] for mutation in MUTATIONS})


def label(mutation):
    return f"{mutation['scenario']}: {mutation['why']}"


@cache
def unchanged(name):
    return load(name)


def changed(mutation):
    """Return the result of the broken scenario."""
    scenario = unchanged(mutation["scenario"])
    if "replace" in mutation or "swap" in mutation:
        (path,) = find(mutation["scenario"])
        text = path.read_text(encoding="utf-8")
        for old, new in mutation.get("replace", []):
            assert old in text, f"{path} has no {old!r} to replace"
            text = text.replace(old, new)
        if "swap" in mutation:
            one, other = (f'name = "{name}"\n' for name in mutation["swap"])
            assert text.count(one) == text.count(other) == 1, mutation["swap"]
            text = text.replace(one, "\0").replace(other, one).replace("\0", other)
        scenario = load(text)
    return scenario.run(mutation.get("variants"), set=mutation.get("set", []))


def test_every_shipped_scenario_is_broken_at_least_once():
    assert [entry.name for entry in catalogue() if entry.name not in NAMES] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_asks_shows_and_holds_something(name):
    scenario = unchanged(name)
    assert scenario.summary
    assert scenario.look_for
    assert any(lesson.predict for lesson in scenario.lessons)
    assert all(each.because for each in scenario.expectations)


@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_is_kept_as_it_is(name):
    result = unchanged(name).run()
    assert result.missed == ()
    assert result.ok


@pytest.mark.parametrize("mutation", MUTATIONS, ids=label)
def test_a_broken_scenario_is_noticed(mutation):
    expectations = changed(mutation).expectations
    for beginning in mutation["misses"]:
        kept = [each.kept for each in expectations if each.text.startswith(beginning)]
        assert kept, f"no expectation begins with {beginning!r}"
        assert not any(kept), beginning
        assert None not in kept, f"{beginning!r} was not judged"


@pytest.mark.parametrize("name", NAMES)
def test_every_expectation_has_been_seen_to_fail(name):
    beginnings = tuple(
        miss
        for mutation in MUTATIONS
        if mutation["scenario"] == name
        for miss in mutation["misses"]
    )
    texts = {}
    for each in unchanged(name).expectations:
        texts.setdefault(each.line, []).append(each.text)
    never = [
        every[0] for every in texts.values() if not any(t.startswith(beginnings) for t in every)
    ]
    assert not never
