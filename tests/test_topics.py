"""Every topic of the table in the docs has a page, scenarios, and expectations that hold it."""

import re
import runpy
from functools import cache
from pathlib import Path

import pytest

from nnsim.scenario import load
from nnsim.scenario.catalogue import catalogue
from nnsim.scenario.topics import TOPICS

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "topics.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells[1:]
    for line in PAGE.splitlines()
    if (cells := [cell.strip() for cell in line.strip("|").split("|")])
    and re.fullmatch(r"[A-E]\d+", cells[0])
}
PAGES = sorted((DOCS / "lessons").glob("*.md"))
COMMAND = re.compile(r"nnsim (?:tui|run|show|check|export) ([a-z][a-z0-9-]*)")


@cache
def scenario(name):
    return load(name)


def of_topic(topic):
    return [scenario(entry.name) for entry in catalogue() if topic in entry.topics]


def test_the_table_has_the_topics_in_their_order():
    assert {topic: cells[0] for topic, cells in ROWS.items()} == TOPICS
    assert list(ROWS) == list(TOPICS)


def test_no_shipped_file_is_broken_and_each_names_a_topic():
    assert [entry.error for entry in catalogue() if entry.error] == []
    assert [entry.name for entry in catalogue() if not set(entry.topics) & set(TOPICS)] == []


def test_the_scenarios_in_the_table_are_those_there_are():
    assert runpy.run_path(str(DOCS / "topics.py"))["written"](PAGE) == PAGE


@pytest.mark.parametrize("topic", ROWS)
def test_a_topic_has_a_lesson_page(topic):
    (target,) = re.findall(r"\]\((lessons/[\w-]+\.md)\)", ROWS[topic][3])
    page = (DOCS / target).read_text(encoding="utf-8")
    assert page.startswith(f"# {topic} ")
    for heading in ("## The formula", "## See it", "## Try"):
        assert heading in page, heading
    assert set(COMMAND.findall(page)) & {each.name for each in of_topic(topic)}


@pytest.mark.parametrize("topic", ROWS)
def test_a_topic_has_scenarios_with_questions_and_expectations(topic):
    found = of_topic(topic)
    assert found
    assert all(each.expectations for each in found)
    assert all(any(lesson.predict for lesson in each.lessons) for each in found)


@pytest.mark.parametrize("topic", [topic for topic, cells in ROWS.items() if cells[2]])
def test_what_is_compared_is_in_two_variants_with_their_reasons(topic):
    found = of_topic(topic)
    variants = [variant for each in found for variant in each.variants]
    # Paths, curves and cases of one run stand beside each other, too.
    beside = [len(entries) for each in found for entries in _lists(each)]
    assert len(variants) + sum(beside) - len(beside) >= 2
    assert [each.name for each in variants if not each.summary and each.name != "base"] == []


def _lists(scenario):
    """Return the lists of compared things in a scenario's own tables."""
    run = scenario.specification()
    lists = (getattr(run, name, ()) for name in ("paths", "curves", "cases"))
    return [entries for entries in lists if entries]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_on_a_page_name_scenarios_that_there_are(page):
    names = {entry.name for entry in catalogue()}
    text = page.read_text(encoding="utf-8")
    assert set(COMMAND.findall(text)) <= names
    for target in re.findall(r"\]\(((?!http)[^)#]+)", text):
        assert (page.parent / target).exists(), target


def test_every_page_belongs_to_a_topic():
    linked = set(re.findall(r"\]\(lessons/([\w-]+\.md)\)", PAGE))
    assert {page.name for page in PAGES} == linked


FIGURES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| [\d.]+ \|", line)
]


@cache
def result(name):
    return scenario(name).run()


@pytest.mark.parametrize(("figure", "what", "name", "expectation"), FIGURES)
def test_a_figure_of_the_course_comes_out_of_its_scenario(figure, what, name, expectation):
    (found,) = [
        each
        for each in result(name).expectations
        if each.text.startswith(f"{expectation} ") and not each.text.endswith("x")
    ][:1]
    assert found.kept
    decimals = len(figure.partition(".")[2])
    assert f"{found.measured:.{decimals}f}" == figure


def test_the_figures_that_the_notes_print_are_there():
    figures = {row[0] for row in FIGURES}
    assert figures >= {
        "3.0001", "3.0301", "0.842", "0.042", "0.002", "0.114", "1.609", "0.1", "0.067", "0.05",
        "0.04", "0.0196", "0.02", "10", "10.05", "1000", "2000",
    }  # fmt: skip
