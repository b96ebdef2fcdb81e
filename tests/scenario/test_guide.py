"""The format guide: every example in it is valid, and every name in it is there."""

import re
import tomllib
from pathlib import Path

import pytest

from nnsim.data.sources import SOURCES
from nnsim.kernels.codes import (
    Activation,
    Fault,
    Initializer,
    Loss,
    Optimizer,
    Schedule,
    names_of,
)
from nnsim.scenario.checking import LISTS, check
from nnsim.scenario.kinds import KINDS
from nnsim.scenario.measure_names import (
    ARRAYS,
    CURVATURE,
    EVALUATED,
    LAYER_FIGURES,
    REDUCERS,
    SERIES_REDUCERS,
    STATUSES,
    STEP_FIGURES,
)
from nnsim.scenario.merging import laid_over
from nnsim.scenario.mistakes import schema_of
from nnsim.scenario.reading import Document
from tests.scenario.texts import GOOD

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "scenarios.md"
TEXT = GUIDE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples_are_valid(example):
    values = tomllib.loads(example)
    if "scenario" not in values:
        base = tomllib.loads(GOOD.replace("circles", "moons"))
        values = laid_over(base, values)
    assert check(Document(values)).runs


def test_there_are_examples():
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize(
    "names",
    [
        *map(names_of, (Activation, Initializer, Loss, Optimizer, Schedule)),
        names_of(Fault)[1:],
        tuple(SOURCES),
        ARRAYS,
        CURVATURE,
        EVALUATED,
        LAYER_FIGURES,
        REDUCERS,
        SERIES_REDUCERS,
        STATUSES[1:],
        STEP_FIGURES,
        tuple(LISTS),
    ],
)
def test_every_name_is_in_it(names):
    words = set(re.findall(r"\w+(?: \w+|-\w+)?", TEXT)) | set(re.findall(r"\w+", TEXT))
    # Arrays of parameters are told by one example each: `v_W` stands for `v_b` too.
    told = {re.sub(r"(?<=_)(b|gamma|beta)$", "W", name) for name in names}
    assert told <= words


def test_every_key_is_in_it():
    keys = {
        key
        for table in (*LISTS.values(), KINDS["training"].tables)
        for definition in (schema_of(table), *schema_of(table).get("$defs", {}).values())
        for key in definition["properties"]
    }
    quoted = set(re.findall(r"`\[*(\w+)", TEXT))
    assert keys - {"kind"} <= quoted | {"question", "choices", "answer", "reveal"}


def test_every_option_of_a_source_is_in_it():
    for source in SOURCES.values():
        if source.name in ("breast_cancer", "iris", "wine", "diabetes"):
            continue
        (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{source.name}`")]
        assert [name for name in source.option_names if f"`{name}`" not in row] == []
