import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.scenario.lines import line_at, lines_of, written


def test_tables_keys_and_elements_have_lines():
    text = """kind = "training"
a.b."c.d" = 1

[network] # [not.this]
layers = [
  {units = 8, activation = "]}#"}, # {units = 3}
  {units = 1},
]
[[variant]]
name = "x"
[variant.network.hidden]
activation = "relu"
[[variant]]
[[variant.network.layers]]
'units' = 3
[[variant.network.layers]]
"units" = [[1], [2,
 3]]
"""
    tomllib.loads(text)
    lines = lines_of(text)
    expected = {
        ("kind",): 1,
        ("a", "b", "c.d"): 2,
        ("network",): 4,
        ("network", "layers"): 5,
        ("network", "layers", 0, "activation"): 6,
        ("network", "layers", 1, "units"): 7,
        ("variant", 0): 9,
        ("variant", 0, "network", "hidden"): 11,
        ("variant", 0, "network", "hidden", "activation"): 12,
        ("variant", 1): 13,
        ("variant", 1, "network", "layers", 0, "units"): 15,
        ("variant", 1, "network", "layers", 1, "units"): 17,
        ("variant", 1, "network", "layers", 1, "units", 1, 0): 17,
        ("variant", 1, "network", "layers", 1, "units", 1, 1): 18,
    }
    assert {path: lines.get(path) for path in expected} == expected


@pytest.mark.parametrize(
    "value",
    [
        '"""a\n[b]\nc = 1"""',
        '"""a ""two quotes"" \\""" end"""',
        '"""ends with a quote""""',
        '"""ends with two"""""',
        "'''raw \\ '\n'''",
        "''''quoted'''''",
        '"a \\" # b = ["',
        "'c:\\dir\\'",
        "1979-05-27 07:32:00Z # date",
        "[ # comment ]\n 1, # [\n 2 ]",
        "{ a = [ {b = '}'} ] }",
        "inf",
    ],
)
def test_what_follows_a_value_keeps_its_line(value):
    text = f"first = {value}\nlast = 1\n[table]\nkey = 2"
    tomllib.loads(text)
    newlines = value.count("\n")
    lines = lines_of(text)
    assert lines[("first",)] == 1
    assert lines[("last",)] == 2 + newlines
    assert lines[("table",)] == 3 + newlines
    assert lines[("table", "key")] == 4 + newlines


def test_a_header_after_its_own_part_gives_the_line():
    assert lines_of("[a.b]\nc = 1\n[a]\nd = 2")[("a",)] == 3


def test_a_missing_key_stands_where_its_table_does():
    lines = lines_of("x = 1\n[network]\nloss = 'a'")
    assert line_at(lines, ("network", "layers", 0)) == 2
    assert line_at(lines, ("training", "steps")) is None


def test_paths_are_written_as_one_writes_them():
    assert written(("network", "layers", 0, "units")) == "network.layers[0].units"


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6)
SCALARS = st.one_of(
    st.integers(-5, 5), st.booleans(), st.text("ab\"'\\#[]{}=,\n ", max_size=8), st.floats(0, 1)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def quoted(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}
    return '"' + "".join(escapes.get(sign, sign) for sign in text) + '"'


def inline(value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        if "\n" in value and '"""' not in value and "\\" not in value and value[-1:] != '"':
            return f'"""\n{value}"""'
        return quoted(value)
    if isinstance(value, list):
        return "[\n" + "".join(f"  {inline(each)}, # ]\n" for each in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(k)} = {inline(v)}" for k, v in value.items()) + "}"
    return repr(value)


def key_paths(value, path=()):
    if isinstance(value, dict):
        for key, below in value.items():
            yield (*path, key)
            yield from key_paths(below, (*path, key))
    elif isinstance(value, list):
        for i, below in enumerate(value):
            yield from key_paths(below, (*path, i))


TABLES = st.lists(st.dictionaries(KEYS, VALUES, max_size=3), min_size=1)


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.dictionaries(KEYS, TABLES, max_size=2))
def test_every_key_is_found_on_a_line_that_holds_it(top, arrays):
    text = "".join(f"{quoted(key)} = {inline(value)}\n" for key, value in top.items())
    for name, tables in arrays.items():
        if name in top:
            continue
        for table in tables:
            text += f"[[{quoted(name)}]]\n"
            text += "".join(f"{quoted(key)} = {inline(value)}\n" for key, value in table.items())
    values = tomllib.loads(text)
    lines, rows = lines_of(text), text.split("\n")
    for path in key_paths(values):
        assert quoted(path[-1]) in rows[lines[path] - 1]
