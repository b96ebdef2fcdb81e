from copy import deepcopy

import pytest

from nnsim.scenario.merging import holds, laid_over


@pytest.mark.parametrize(
    ("base", "over", "expected"),
    [
        ({"a": {"b": 1, "c": 2}}, {"a": {"c": 3}}, {"a": {"b": 1, "c": 3}}),
        ({"a": [1, 2, 3]}, {"a": [4]}, {"a": [4]}),
        ({"a": {"b": 1}}, {"a": 2}, {"a": 2}),
        ({"a": 2}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": True}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": False}, {"a": False}),
        # Another source starts its options afresh, and keeps what every source has.
        (
            {"data": {"source": "moons", "noise": 1, "split": [1]}},
            {"data": {"source": "csv", "file": "x"}},
            {"data": {"source": "csv", "file": "x", "split": [1]}},
        ),
        (
            {"data": {"source": "moons", "noise": 1}},
            {"data": {"source": "moons", "examples": 3}},
            {"data": {"source": "moons", "noise": 1, "examples": 3}},
        ),
        (
            {"training": {"schedule": {"kind": "staircase", "every": 3}}},
            {"training": {"schedule": {"kind": "cosine"}}},
            {"training": {"schedule": {"kind": "cosine"}}},
        ),
        ({"training": {"steps": 3}}, {"training": {"epochs": 2}}, {"training": {"epochs": 2}}),
        ({"training": {"epochs": 3}}, {"training": {"steps": 2}}, {"training": {"steps": 2}}),
        (
            {"training": {"steps": 3}},
            {"training": {"steps": 1, "epochs": 2}},
            {"training": {"steps": 1, "epochs": 2}},
        ),
    ],
)
def test_tables_are_merged_and_all_else_is_replaced(base, over, expected):
    before = deepcopy((base, over))
    merged = laid_over(base, over)
    assert merged == expected
    assert (base, over) == before


def test_the_result_shares_nothing_with_its_parts():
    over = {"network": {"layers": [{"units": 1}]}}
    merged = laid_over({"network": {}}, over)
    merged["network"]["layers"][0]["units"] = 2
    assert over["network"]["layers"][0]["units"] == 1


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("network", "layers", 0, "units"), True),
        (("network", "layers", 3), True),
        (("network", "loss"), False),
        (("network",), True),
        (("training",), False),
    ],
)
def test_where_a_value_comes_from(path, expected):
    assert holds({"network": {"layers": [{}]}}, path) is expected
