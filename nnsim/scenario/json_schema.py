"""The JSON Schema of scenario files, for editors: help, completion and checks while typing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnsim.data.options import Option
from nnsim.data.sources import SOURCES
from nnsim.scenario.expectations import ExpectTable
from nnsim.scenario.kinds import KINDS
from nnsim.scenario.kinds.kind import Kind
from nnsim.scenario.mistakes import schema_of
from nnsim.scenario.models import VariantTable
from nnsim.scenario.topics import TOPICS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OVER = "Over"
"""Ending of definitions in which every key may be left out."""
_WHOLE = frozenset(
    f"{name}Table"
    for name in (
        *("Layer", "Lesson", "Predict", "Try", "Dials", "Expect", "Than"),
        *("SteppedLesson", "SteppedTry"),
        *("Curve", "Case"),
    )
)
"""Tables that no variant lays over another."""


def schema() -> dict[str, Any]:
    """Return the schema of a scenario file, JSON Schema draft 2020-12.

    What lies between keys (a loss and the last activation, a variant's name) is only checked
    by ``nnsim validate``.
    """
    definitions: dict[str, Any] = {}
    names = {
        "enum": list(KINDS),
        "default": next(iter(KINDS)),
        "description": "; ".join(f"{each.name}: {each.summary}" for each in KINDS.values()),
    }
    branches = [_of_kind(kind, definitions) for kind in KINDS.values()]
    whole = {
        "$schema": DIALECT,
        "title": "nnsim scenario",
        "type": "object",
        "properties": {"kind": names},
        "required": ["scenario"],
        "allOf": branches,
        "$defs": dict(sorted(definitions.items())),
    }
    return _walked(whole, _finished)


def _of_kind(kind: Kind, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return what a file of one kind may hold; adds to the definitions, a kind's own by its name.

    A file that says no kind is of the first one.
    """
    own = schema_of(kind.tables)
    found: dict[str, Any] = dict(own["$defs"])
    properties: dict[str, Any] = {"kind": True, **own["properties"]}
    for name, model in (("lesson", kind.lesson), ("expect", ExpectTable)):
        table = dict(schema_of(model))
        found |= table.pop("$defs", {})
        found[model.__name__] = table
        properties[name] = _array_of(model.__name__, table["description"])
    if "DataTable" in found:
        found["DataTable"] = _data_table(found["DataTable"])
    found["ScenarioTable"] = _with_topics(found["ScenarioTable"])
    variant = f"{kind.name.title().replace('_', '')}VariantTable"
    found[variant] = _variant_table(kind, found, properties)
    properties["variant"] = _array_of(variant, found[variant]["description"])
    definitions |= found
    condition: dict[str, Any] = {"properties": {"kind": {"const": kind.name}}}
    if kind.name != next(iter(KINDS)):
        condition["required"] = ["kind"]
    content = {
        "properties": properties,
        "required": own["required"],
        "additionalProperties": False,
    }
    return {"if": condition, "then": content}


def _array_of(name: str, description: str) -> dict[str, Any]:
    items = {"$ref": f"#/$defs/{name}"}
    return {"type": "array", "items": items, "description": description}


def _walked(node: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """Return a copy of a schema in which every object has been changed, innermost first."""
    if isinstance(node, dict):
        return change({key: _walked(value, change) for key, value in node.items()})
    if isinstance(node, list):
        return [_walked(each, change) for each in node]
    return node


def _finished(node: dict[str, Any]) -> dict[str, Any]:
    """Turn our own marks into plain JSON Schema; TOML has no null."""
    node.pop("expected", None)
    switches = node.pop("switch", None)
    if isinstance(node.get("anyOf"), list):
        node["anyOf"] = [each for each in node["anyOf"] if each != {"type": "null"}]
        if switches:
            node["anyOf"].append({"type": "boolean"} if len(switches) > 1 else {"const": False})
        elif len(node["anyOf"]) == 1:
            node |= node.pop("anyOf")[0]
    if "default" in node and node["default"] is None:
        del node["default"]
    if isinstance(node.get("title"), str) and ("type" in node or "$ref" in node or "anyOf" in node):
        del node["title"]  # pydantic's "Learning Rate" says less than the key itself
    return node


def _variant_table(
    kind: Kind, definitions: dict[str, Any], properties: dict[str, Any]
) -> dict[str, Any]:
    """Return the schema of [[variant]]: its own keys, and the tables without required keys."""

    def over(node: dict[str, Any]) -> dict[str, Any]:
        if node.get("type") == "object":  # not the `if` of a data source
            node.pop("required", None)
        node.pop("default", None)
        if isinstance(node.get("$ref"), str):
            node["$ref"] += _OVER
        items = node.get("items")
        if isinstance(items, dict) and isinstance(items.get("$ref"), str):
            # Elements of lists are whole: a variant replaces lists.
            items["$ref"] = items["$ref"].removesuffix(_OVER)
        return node

    for name in list(definitions):
        if name not in _WHOLE:
            definitions[name + _OVER] = _walked(definitions[name], over)
    table = dict(schema_of(VariantTable))
    tables = {name: _walked(properties[name], over) for name in kind.overlays}
    table["properties"] = table["properties"] | tables
    return table


def _with_topics(table: dict[str, Any]) -> dict[str, Any]:
    topic = {"enum": list(TOPICS)}
    described = table["properties"]["topic"]
    changed = described | {"anyOf": [topic, {"type": "array", "items": topic}]}
    return table | {"properties": table["properties"] | {"topic": changed}}


def _data_table(table: dict[str, Any]) -> dict[str, Any]:
    """Return [data] with the sources, and each source's own options."""
    names = {"enum": list(SOURCES)}
    source = table["properties"]["source"] | names
    source["description"] = "; ".join(f"{s.name}: {s.summary}" for s in SOURCES.values())
    common = table["properties"] | {"source": source}
    branches = [
        {
            "if": {"properties": {"source": {"const": each.name}}, "required": ["source"]},
            "then": {
                "properties": {option.name: _option(option) for option in each.options},
                "propertyNames": {"enum": [*common, *each.option_names]},
            },
        }
        for each in SOURCES.values()
    ]
    return {
        "type": "object",
        "description": table["description"],
        "properties": common,
        "required": table["required"],
        "allOf": branches,
    }


def _option(option: Option) -> dict[str, Any]:
    number: dict[str, Any] = {"type": "number"}
    numbers: dict[str, Any] = {"type": "array", "items": number}
    texts: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
    table: list[dict[str, Any]] = [numbers, {"type": "array", "items": numbers}]
    kinds: dict[str, dict[str, Any]] = {
        "integer": {"type": "integer"},
        "number": number,
        "flag": {"type": "boolean"},
        "text": {"type": "string"},
        "names": {"anyOf": [{"type": "string"}, texts]},
        "table": {"anyOf": table},
        "labels": {"anyOf": [texts, *table]},
    }
    found = {"description": option.help, **kinds[option.kind]}
    if option.choices:
        found["enum"] = list(option.choices)
    if option.minimum is not None:
        found["minimum"] = option.minimum
    if option.maximum is not None:
        found["maximum"] = option.maximum
    if not option.required:
        default = option.default
        found["default"] = list(default) if isinstance(default, tuple) else default
    return found
