"""The JSON Schema: what an editor is told is what the checks do."""

import json
import tomllib
from pathlib import Path

from nnsim.data.sources import SOURCES
from nnsim.kernels.codes import Activation, names_of
from nnsim.scenario.checking import LISTS
from nnsim.scenario.json_schema import DIALECT, schema
from nnsim.scenario.kinds import KINDS
from nnsim.scenario.mistakes import schema_of

FIXTURES = Path(__file__).parent / "fixtures"
SCHEMA = schema()


def nodes(node):
    if isinstance(node, dict):
        yield node
        for below in node.values():
            yield from nodes(below)
    elif isinstance(node, list):
        for below in node:
            yield from nodes(below)


def resolved(node):
    while "$ref" in node:
        node = SCHEMA["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return node


def test_it_is_plain_json_of_the_named_draft():
    assert json.loads(json.dumps(SCHEMA, allow_nan=False)) == SCHEMA
    assert SCHEMA["$schema"] == DIALECT


def test_every_reference_leads_somewhere():
    references = [node["$ref"] for node in nodes(SCHEMA) if isinstance(node.get("$ref"), str)]
    assert references
    assert all(reference.rsplit("/", 1)[-1] in SCHEMA["$defs"] for reference in references)


def test_own_marks_and_nulls_do_not_leave_the_house():
    for node in nodes(SCHEMA):
        assert "switch" not in node
        assert "expected" not in node
        assert node.get("type") != "null"


BRANCHES = {branch["if"]["properties"]["kind"]["const"]: branch for branch in SCHEMA["allOf"]}


def test_every_kind_has_its_own_tables():
    assert list(BRANCHES) == list(KINDS)
    for name, branch in BRANCHES.items():
        tables = {"kind", *LISTS, *KINDS[name].tables.model_fields}
        assert set(branch["then"]["properties"]) == tables
        # A file that says no kind trains a network.
        assert ("required" in branch["if"]) == (name != "training")


def test_no_two_kinds_mean_different_tables_by_one_name():
    owners = {}
    for kind in KINDS.values():
        for name, definition in schema_of(kind.tables).get("$defs", {}).items():
            assert owners.setdefault(name, definition) == definition


def test_every_table_and_key_is_described():
    for name, definition in SCHEMA["$defs"].items():
        assert definition.get("description"), name
        for key, value in definition["properties"].items():
            assert value.get("description"), (name, key)


def test_names_are_listed():
    layer = SCHEMA["$defs"]["LayerTable"]["properties"]
    assert layer["activation"]["enum"] == list(names_of(Activation))
    assert SCHEMA["$defs"]["DataTable"]["properties"]["source"]["enum"] == list(SOURCES)


def test_each_source_brings_its_own_options():
    branches = {
        branch["if"]["properties"]["source"]["const"]: branch["then"]
        for branch in SCHEMA["$defs"]["DataTable"]["allOf"]
    }
    assert set(branches) == set(SOURCES)
    assert "petals" in branches["flower"]["propertyNames"]["enum"]
    assert "petals" not in branches["moons"]["propertyNames"]["enum"]


def test_a_variant_need_not_say_anything_again():
    variant = SCHEMA["$defs"]["TrainingVariantTable"]
    assert variant["required"] == ["name"]
    network = resolved(variant["properties"]["network"])
    assert "required" not in network
    training = resolved(variant["properties"]["training"])
    assert "required" not in resolved(training["properties"]["schedule"])
    # Without a source of its own, no source's options are forbidden.
    data = resolved(variant["properties"]["data"])
    assert all(branch["if"]["required"] for branch in data["allOf"])


def test_keys_of_the_fixtures_are_in_it():
    def check(values, node):
        node = resolved(node)
        if isinstance(values, list):
            for value in values:
                check(value, node["items"]) if "items" in node else None
        if isinstance(values, dict):
            for key, value in values.items():
                options = {name for source in SOURCES.values() for name in source.option_names}
                if key not in node["properties"]:
                    assert key in options
                    continue
                below = node["properties"][key]
                if below is True:
                    continue
                check(value, below["anyOf"][0] if "anyOf" in below else below)

    paths = list(FIXTURES.glob("*.toml"))
    assert paths
    for path in paths:
        values = tomllib.loads(path.read_text())
        check(values, BRANCHES[values.get("kind", "training")]["then"])
