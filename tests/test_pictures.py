"""The pictures and the keys of the docs: what is named exists, what exists is named."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from nnsim.tui.svg import self_contained, words_of

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
FOLDER = DOCS / "pictures"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
NAMED = {
    (page.parent / target).resolve()
    for page in PAGES
    for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
}
DRAWN = sorted(FOLDER.glob("*.svg"))
LOADED = re.compile(r"@import|@font-face|\bhref=|\bsrc=|url\((?!['\"]?#)")
"""What a picture would load from elsewhere; `url(#...)` is inside it."""


def module(path: Path) -> ModuleType:
    """Return a script of the docs as a module."""
    spec = importlib.util.spec_from_file_location(f"docs_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script as the guide for contributors says."""
    command = [sys.executable, str(FOLDER / "make.py"), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)


def test_every_picture_named_in_the_docs_exists_and_every_picture_is_named():
    assert {path.resolve() for path in DRAWN} == NAMED


def test_the_script_makes_all_pictures_that_there_are():
    assert sorted(make("--list").stdout.split()) == [path.stem for path in DRAWN]


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_a_picture_loads_nothing(path):
    text = path.read_text(encoding="utf-8")
    assert not LOADED.search(text)
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace(
        "https://www.textualize.io", ""
    )


def test_a_picture_is_made_from_the_app(tmp_path):
    done = make("--to", str(tmp_path), "lab")
    assert done.returncode == 0, done.stderr
    made = (tmp_path / "lab.svg").read_text(encoding="utf-8")
    assert made.startswith("<svg ") and made.endswith("</svg>\n")
    words = words_of(made)
    for each in ("Vanishing gradients / sigmoid", "step 60 / 300", "2 gradient norm by layer"):
        assert each in words
    assert not LOADED.search(made)


def test_nothing_is_written_by_a_check(tmp_path):
    done = make("--to", str(tmp_path), "--check", "gallery")
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())


def test_an_unknown_picture_is_refused():
    done = make("labb")
    assert done.returncode == 2
    assert "there is no picture 'labb'; expected gallery, lab" in done.stderr


def test_lines_dots_and_blocks_become_shapes():
    style = ".t-r1 { fill: #aabbcc }\n"
    cell = '<text class="t-r1" x="{x}" y="20" textLength="12.2" clip-path="url(#c)">{sign}</text>'
    made = self_contained(style + cell.format(x=0, sign="▄") + cell.format(x=12.2, sign="⠁"))
    assert "▄" not in made and "⠁" not in made
    assert made.count('"#aabbcc"') == 2
    assert "M0 13.7H12.4V26.1H0Z" in made  # the lower half of the first cell
    assert 'd="M15.2 4.5h0"' in made  # the dot at the upper left of the second
    assert words_of(self_contained(style + cell.format(x=0, sign="W"))) == "W"


def test_the_guides_table_of_keys_is_the_registrys():
    keys = module(DOCS / "keys.py")
    page = keys.PAGE.read_text(encoding="utf-8")
    assert keys.written(page) == page, "python docs/keys.py --write"


def test_every_action_is_in_the_guides_table():
    keys = module(DOCS / "keys.py")
    assert {action.place for action in keys.ACTIONS} == set(keys.PLACES)
