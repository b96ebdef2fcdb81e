"""The source of a form as it is shown, with the operations that each line carries out. No Numba."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from nnsim.simulations.vectorization.forms import FORMS, loop

EACH = {"once": (), "example": ("m",), "feature": ("n_x",), "both": ("m", "n_x")}
"""How often a line runs: the factors of the count."""
PHASES = {
    "z ": "z",
    "a =": "a",
    "J -=": "J",
    "dz =": "dz",
    "dw[j] +=": "dw, db",
    "db +=": "dw, db",
    "J /=": "divide by m",
    "dw[j] /=": "divide by m",
    "db /=": "divide by m",
    "Z =": "Z",
    "A =": "A, J",
    "J =": "A, J",
    "dZ =": "dZ",
    "dw =": "dw, db",
    "db =": "dw, db",
}
"""Beginnings of lines, and the phase that they belong to."""
NO_ARITHMETIC = ("reshape",)
"""Calls that compute nothing."""


@dataclass(frozen=True)
class Line:
    """One line of the source."""

    text: str
    """Without the indentation of the function."""
    often: str
    """A key of `EACH`."""
    operations: int
    """Arithmetic operations, each one instruction to NumPy or on a number: + - * / @, exp, log,
    sum. Assignments, subscripts and the loop's own counting are left out."""
    products: int
    """* of numbers, or of arrays entry by entry."""
    matrix_products: int
    """@."""
    phase: str = ""
    """The phase of a step that carries it out; "" for what only prepares."""

    def times(self, m: int, n_x: int) -> int:
        """Return how often the line runs."""
        sizes = {"m": m, "n_x": n_x}
        count = 1
        for factor in EACH[self.often]:
            count *= sizes[factor]
        return count


@cache
def listing(name: str) -> tuple[Line, ...]:
    """Return the lines of `loop` or of a form of `FORMS`, without definition and docstring."""
    function: Callable = loop if name == "loop" else FORMS[name]
    source = textwrap.dedent(inspect.getsource(function))
    tree = ast.parse(source).body[0]
    assert isinstance(tree, ast.FunctionDef)
    lines = source.splitlines()
    found: list[Line] = []
    _add(tree.body[1:], "once", lines, found)
    for number in range(len(found) - 2, -1, -1):
        # An inner loop belongs to what it repeats.
        if found[number].text.lstrip().startswith("for j"):
            found[number] = replace(found[number], phase=found[number + 1].phase)
    return tuple(found)


def operations(name: str, m: int, n_x: int) -> int:
    """Return how many operations the interpreter carries out in a form."""
    return sum(line.operations * line.times(m, n_x) for line in listing(name))


def operations_an_example(n_x: int) -> int:
    """Return the loop's operations for one example."""
    inside = [line for line in listing("loop") if "m" in EACH[line.often]]
    return sum(line.operations * line.times(1, n_x) for line in inside)


def multiplications_an_example(n_x: int) -> int:
    """Return the loop's multiplications for one example."""
    inside = [line for line in listing("loop") if "m" in EACH[line.often]]
    return sum(line.products * line.times(1, n_x) for line in inside)


def multiplications(name: str, m: int, n_x: int) -> int:
    """Return how many multiplications of two numbers a form makes, in Python or inside NumPy.

    In the right matrix form * goes over m entries, and @ of (1, n_x) and (n_x, m), or of (n_x, m)
    and (m, 1), takes n_x m. With Y as a column * goes over (m, m), and so does dZ into dw.
    """
    if name == "loop":
        return sum(line.products * line.times(m, n_x) for line in listing("loop"))
    wide = m if name == "labels_as_column" else 1
    count = 0
    for line in listing(name):
        of_gradient = line.text.startswith("dw")
        count += line.products * m * wide
        count += line.matrix_products * n_x * m * (wide if of_gradient else 1)
    return count


def _add(body: list[ast.stmt], often: str, lines: list[str], found: list[Line]) -> None:
    for statement in body:
        text = lines[statement.lineno - 1][4:]
        if isinstance(statement, ast.For):
            found.append(Line(text, often, 0, 0, 0))
            assert isinstance(statement.iter, ast.Call)
            (bound,) = statement.iter.args
            assert isinstance(bound, ast.Name)
            _add(statement.body, _inside(often, bound.id), lines, found)
            continue
        phase = next((PHASES[each] for each in PHASES if text.lstrip().startswith(each)), "")
        found.append(Line(text, often, *_counts(statement), phase))


def _inside(often: str, bound: str) -> str:
    factors = (*EACH[often], bound)
    return next(name for name, each in EACH.items() if each == factors)


def _counts(statement: ast.stmt) -> tuple[int, int, int]:
    """Return operations, products and matrix products of a line that does arithmetic."""
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple):
        return 0, 0, 0
    binary = [node for node in ast.walk(statement) if isinstance(node, (ast.BinOp, ast.AugAssign))]
    signs = [node for node in ast.walk(statement) if isinstance(node, ast.UnaryOp)]
    calls = [
        node
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") not in NO_ARITHMETIC
    ]
    products = sum(isinstance(node.op, ast.Mult) for node in binary)
    matrix_products = sum(isinstance(node.op, ast.MatMult) for node in binary)
    return len(binary) + len(signs) + len(calls), products, matrix_products
