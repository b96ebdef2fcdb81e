"""Mistakes in the values of a scenario, told so that a person can mend them.

What a key expects, and which keys a table has, is read off the JSON Schema of the models: the
editor's help and the error texts cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from nnsim.scenario.lines import KeyPath
from nnsim.scenario.names import listed, nearest

_WORDS = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "boolean": "true or false",
    "object": "a table",
    "array": "a list",
}


@dataclass(frozen=True)
class Mistake:
    """What is wrong at a key path; `Problem` adds file and line."""

    path: KeyPath
    message: str
    expected: str = ""
    suggestion: str = ""
    between: tuple[KeyPath, ...] = ()
    """Key paths that only together are wrong; empty where `path` is wrong by itself."""

    @property
    def firm(self) -> bool:
        """Whether no other table laid over this one could mend it."""
        return not self.between

    def below(self, *path: str | int) -> Mistake:
        """Return the mistake with `path` before its own."""
        return replace(self, path=(*path, *self.path))


def shown(value: Any) -> str:
    """Return a value as it is written in TOML, cut to a line.

    >>> shown(True), shown("Adm"), shown({"units": 3})
    ('true', "'Adm'", 'a table')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return "a list"
    try:
        text = repr(value) if isinstance(value, str | int | float) else str(value)
    except ValueError:  # Python does not print integers of more than 4300 digits
        return "a number of thousands of digits"
    return text if len(text) <= 60 else text[:57] + "..."


@cache
def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a model (one object a model: not to be changed)."""
    return model.model_json_schema()


def mistakes_in(model: type[BaseModel], values: Any) -> tuple[Any, list[Mistake]]:
    """Validate values against a model: the model, or None and everything that is wrong."""
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        found = list(dict.fromkeys(_mistake(model, each) for each in error.errors()))
    # Where a key may be of two kinds, pydantic also says why it is not of the other kind.
    paths = {mistake.path[:length] for mistake in found for length in range(len(mistake.path))}
    return None, [mistake for mistake in found if mistake.path not in paths]


def _mistake(model: type[BaseModel], error: Mapping[str, Any]) -> Mistake:
    """Turn one of pydantic's errors into words."""
    root = schema_of(model)
    path, schema = _followed(root, error["loc"])
    kind, given = error["type"], error["input"]
    if kind == "extra_forbidden":
        names = list(_branch(root, schema, "object").get("properties", {}))
        path = (*path, error["loc"][-1])
        return Mistake(path, "unknown key", listed(names), nearest(str(path[-1]), names))
    expected = expected_by(root, schema)
    if kind == "missing":
        # A table laid over this one (a variant) may still bring the key.
        return Mistake(path, "missing", expected, between=(path,))
    names = _branch(root, schema, "string").get("enum", ())
    if names and isinstance(given, str):
        what = error.get("ctx", {}).get("what", path[-1])
        return Mistake(path, f"no such {what} {shown(given)}", expected, nearest(given, names))
    if kind == "finite_number":
        return Mistake(path, f"{given} is not finite", expected)
    if kind.startswith(("greater_than", "less_than")):
        size = "small" if kind.startswith("greater") else "large"
        return Mistake(path, f"{shown(given)} is too {size}", expected)
    if kind.endswith(("too_short", "too_long")):
        if not given:
            return Mistake(path, "is empty", expected)
        size = "short" if kind.endswith("short") else "long"
        return Mistake(path, f"is too {size} ({len(given)})", expected)
    return Mistake(path, f"found {shown(given)}", expected)


def _followed(root: dict[str, Any], loc: Iterable[str | int]) -> tuple[KeyPath, dict[str, Any]]:
    """Follow a location through the schema, without pydantic's marks for kinds of a key."""
    path: list[str | int] = []
    schema = root
    for part in loc:
        branch = _branch(root, schema, "array" if isinstance(part, int) else "object")
        if isinstance(part, int) and branch.get("type") == "array":
            items = branch.get("prefixItems", [])
            schema = items[part] if part < len(items) else branch.get("items", {})
        elif part in branch.get("properties", {}):
            schema = branch["properties"][part]
        else:
            continue
        path.append(part)
    return tuple(path), schema


def _branch(root: dict[str, Any], schema: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return what a schema refers to; of several branches the one of `kind`, or the first."""
    if "$ref" in schema:
        return _branch(root, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], kind)
    if "anyOf" in schema:
        branches = [_branch(root, each, kind) for each in schema["anyOf"]]
        return next((b for b in branches if b.get("type") == kind), branches[0])
    return schema


def expected_by(root: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return in words what a schema asks for: "a whole number from 1 to 1000"."""
    if "expected" in schema:
        words = schema["expected"]
    elif "anyOf" in schema:
        branches = [b for b in schema["anyOf"] if b.get("type") != "null"]
        words = " or ".join(dict.fromkeys(expected_by(root, b) for b in branches))
    elif "$ref" in schema:
        words = expected_by(root, _branch(root, schema, ""))
    elif "enum" in schema:
        words = listed(map(str, schema["enum"]))
    elif "const" in schema:
        words = str(schema["const"])
    else:
        kind = schema.get("type", "")
        words = _WORDS.get(kind, kind) + _bounds(schema)
        if kind == "array" and "items" in schema:
            entries = _plural(expected_by(root, schema["items"]))
            words = words.replace("list", f"list of {entries}", 1)
        if "prefixItems" in schema:
            kinds = [expected_by(root, each) for each in schema["prefixItems"]]
            words = f"a list of {len(kinds)}: {', '.join(kinds)}"
    switches = [shown(each) for each in schema.get("switch", ())]
    return ", ".join(switches) + " or " + words if switches else words


def _bounds(schema: dict[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {_number(low)} to {_number(high)}"
    texts = [
        f"{sign} {_number(schema[key])}"
        for key, sign in (
            ("minimum", ">="),
            ("exclusiveMinimum", ">"),
            ("maximum", "<="),
            ("exclusiveMaximum", "<"),
        )
        if key in schema
    ]
    if "minLength" in schema and "maxLength" in schema:
        texts.append(f"of {schema['minLength']} to {schema['maxLength']} characters")
    elif "maxLength" in schema:
        texts.append(f"of at most {schema['maxLength']} characters")
    if schema.get("minItems"):
        texts.append(f"of {schema['minItems']} or more")
    return " " + " and ".join(texts) if texts else ""


def _number(value: float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plural(words: str) -> str:
    for one, many in (
        ("a whole number", "whole numbers"),
        ("a number", "numbers"),
        ("a text", "texts"),
        ("a table", "tables"),
        ("a list", "lists"),
    ):
        if words.startswith(one):
            return many + words[len(one) :]
    return words
