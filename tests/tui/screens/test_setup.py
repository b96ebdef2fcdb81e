"""The lines by which the gallery says what a scenario of another kind does."""

import pytest

from nnsim.tui.gallery.details import details_of
from nnsim.tui.gallery.entries import entries_of
from nnsim.tui.gallery.setup import setup_of


def test_a_function_is_written_as_one():
    values = {"derivative": {"formula": "theta**3", "at": 1.0}}
    assert setup_of("derivative", values) == ("f = theta**3", "at 1.0")


def test_long_lists_are_counted_and_tables_named():
    values = {
        "averages": {
            "values": list(range(365)),
            "curves": [{"name": "slow", "beta": 0.98}, {"name": "quick"}],
        }
    }
    assert setup_of("averages", values) == ("values 365 values", "curves: slow (beta 0.98), quick")


def test_tables_by_name_and_switches():
    values = {
        "search": {
            "trials": 9,
            "log": True,
            "parameters": {"alpha": {"low": 1e-4, "high": 1.0}, "beta": 0.9},
        }
    }
    assert setup_of("search", values) == (
        "trials 9, log on",
        "parameters: alpha (low 0.0001, high 1.0), beta 0.9",
    )


@pytest.mark.parametrize("values", [{}, {"search": 3}, {"search": {}}, {"search": {"a": [{}]}}])
def test_odd_tables_are_no_reason_to_fail(values):
    assert isinstance(setup_of("search", values), tuple)


def test_what_a_file_brought_in_cannot_steer_the_terminal():
    (line,) = setup_of("descent", {"descent": {"formula": "w\x1b[2J"}})
    assert "\x1b" not in line


def test_every_shipped_scenario_of_another_kind_says_what_it_does():
    others = [each for each in entries_of() if details_of(each.path).kind != "training"]
    assert len(others) > 3
    said = [each for each in others if details_of(each.path).setup]
    assert len(said) > len(others) / 2
