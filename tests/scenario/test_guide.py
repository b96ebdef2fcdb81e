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
from nnsim.scenario import load
from nnsim.scenario.checking import LISTS, check
from nnsim.scenario.expectations import ExpectTable
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
from nnsim.scenario.models import VariantTable
from nnsim.scenario.reading import Document
from tests.scenario.texts import GOOD

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "scenarios.md"
TEXT = GUIDE.read_text(encoding="utf-8")
KIND_PAGES = GUIDE.parent / "kinds"
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
        LISTS,
    ],
)
def test_every_name_is_in_it(names):
    words = set(re.findall(r"\w+(?: \w+|-\w+)?", TEXT)) | set(re.findall(r"\w+", TEXT))
    # Arrays of parameters are told by one example each: `v_W` stands for `v_b` too.
    told = {re.sub(r"(?<=_)(b|gamma|beta)$", "W", name) for name in names}
    assert told <= words


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_key_is_in_it(kind):
    text = TEXT
    if kind.name != "training":
        text += (KIND_PAGES / f"{kind.name}.md").read_text(encoding="utf-8")
    keys = {
        key
        for table in (VariantTable, kind.lesson, ExpectTable, kind.tables)
        for definition in (schema_of(table), *schema_of(table).get("$defs", {}).values())
        for key in definition["properties"]
    }
    quoted = set(re.findall(r"`\[*(\w+)", text))
    assert keys - {"kind"} <= quoted | {"question", "choices", "answer", "reveal"}


@pytest.mark.parametrize("kind", [name for name in KINDS if name != "training"])
def test_the_dials_of_a_kind_and_its_examples_are_right(kind):
    text = (KIND_PAGES / f"{kind}.md").read_text(encoding="utf-8")
    for dial in KINDS[kind].dials:
        assert f"`{dial.name}`" in text, dial.name
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert examples
    for example in examples:
        scenario = load(example)
        assert scenario.kind == kind


def test_every_option_of_a_source_is_in_it():
    for source in SOURCES.values():
        if source.name in ("breast_cancer", "iris", "wine", "diabetes"):
            continue
        (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{source.name}`")]
        assert [name for name in source.option_names if f"`{name}`" not in row] == []
