"""A release's section of the page on performance: one a release, the newest first."""

import re
from importlib import metadata

from benchmarks import record
from benchmarks.tables import Table

TABLE = Table("steps", ("case", "us", ""), [("2-8-8-1", "4.1", "agrees")], left=1)


def section(date="2026-01-31", table=TABLE):
    return record.section([table], {"rounds": 3}, date)


def test_a_section_names_version_date_machine_and_libraries():
    text = section()
    assert text.startswith(f"## {record.version()} (2026-01-31)\n")
    assert record.machine()["cpu"] in text
    assert f"numpy {metadata.version('numpy')}" in text
    assert "### steps\n\n| case | us |  |\n| --- | ---: | --- |\n| 2-8-8-1 | 4.1 | agrees |" in text


def test_the_version_is_the_package_s():
    import nnsim

    assert record.version() == nnsim.__version__


def test_a_release_is_written_once_and_before_older_ones(tmp_path):
    page = tmp_path / "performance.md"
    frame = "# Performance\n\n## How to read\n\nText.\n"
    page.write_text(f"{frame}\n## 0.0.1 (2025-01-01)\n\nold\n")
    record.put(page, section())
    record.put(page, section("2026-02-01"))
    text = page.read_text()
    assert text.startswith(frame)
    assert re.findall(r"^## (\d\S*) \((.+)\)$", text, re.MULTILINE) == [
        (record.version(), "2026-02-01"),
        ("0.0.1", "2025-01-01"),
    ]
    assert text.endswith("\nold\n") and text.count("### steps") == 1


def test_what_was_written_by_hand_stays(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n")
    record.put(page, section())
    old = page.read_text() + "\n### Notes\n\nA miss, and why.\n"
    page.write_text(old + "\n## 0.0.1 (2025-01-01)\n\nold\n")
    other = Table("steps", ("case", "us", ""), [("2-8-8-1", "3.9", "agrees")], left=1)
    record.put(page, section(table=other))
    text = page.read_text()
    assert "4.1" not in text and "3.9" in text
    assert text.index("3.9") < text.index("A miss, and why.") < text.index("## 0.0.1")


def test_a_version_that_begins_alike_is_another(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text(f"# Performance\n\n## {record.version()}.5 (2027-01-01)\n\nlater\n")
    record.put(page, section())
    assert page.read_text().endswith("\nlater\n")


def test_a_new_page_and_one_without_releases(tmp_path):
    page = tmp_path / "performance.md"
    record.put(page, section())
    assert page.read_text() == section()
    page.write_text("# Performance\n")
    record.put(page, section())
    assert page.read_text() == "# Performance\n\n" + section()
