"""Starting up imports little; twins import NumPy only."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"numba", "llvmlite", "scipy", "textual", "sklearn", "torch", "matplotlib"}
REPOSITORY = Path(__file__).parent.parent

# Prints, as the last line, the top-level packages that a piece of code has brought in.
PROBE = """
import json, sys
try:
    {code}
except SystemExit as end:
    assert not end.code, end.code
print()
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def imported_by(code: str, folder: Path) -> set[str]:
    program = PROBE.format(code=code)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=folder, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def command(arguments: list[str]) -> str:
    return f"from nnsim.cli import main; main({arguments!r}, prog_name='nnsim')"


def test_importing_nnsim_imports_nothing_else():
    loaded = imported_by("import nnsim", REPOSITORY)
    assert "nnsim" in loaded
    assert not loaded & (HEAVY | {"numpy", "pydantic", "click"})


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"]])
def test_help_imports_click_only(arguments):
    loaded = imported_by(command(arguments), REPOSITORY)
    assert "click" in loaded
    assert not loaded & (HEAVY | {"numpy", "pydantic"})


@pytest.mark.parametrize("arguments", [[], ["list"], ["list", "--json"]])
def test_list_trains_nothing_and_imports_no_compiler(arguments):
    loaded = imported_by(command(arguments), REPOSITORY)
    assert not loaded & HEAVY


def test_public_names_are_found_when_used():
    import nnsim

    assert callable(nnsim.load)
    assert callable(nnsim.run)
    assert {"load", "run", "__version__"} <= set(dir(nnsim))
    with pytest.raises(AttributeError, match="lod"):
        nnsim.lod  # noqa: B018


TWINS = sorted((REPOSITORY / "tests" / "reference").glob("*.py"))


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.stem)
def test_twins_import_numpy_only(path):
    allowed = {"numpy", "math", "__future__", "tests"}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "tests")
            if (node.module or "").startswith("tests"):
                assert node.module.startswith("tests.reference")
    assert {name.partition(".")[0] for name in names} <= allowed
