"""A formula's text read into a tree: nothing in it is ever run.

Python's own grammar takes the text apart (`ast.parse`, which evaluates nothing); of what it
finds only numbers, known names, + - * / **, brackets and a few functions are let through.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection
from fractions import Fraction

from nnsim.simulations.formula.building import (
    call_of,
    negative_of,
    power_of,
    product_of,
    quotient_of,
    sum_of,
)
from nnsim.simulations.formula.error import FormulaError
from nnsim.simulations.formula.tree import FUNCTIONS, Number, Symbol, Tree, nodes_of

MOST_CHARACTERS, MOST_PARTS, MOST_DEPTH = 500, 150, 30
LARGEST = 1e100
"""Numbers in a formula are at most so large, and at least 1 / LARGEST where they are not 0."""
BUILT_IN = ("pi", "e")
"""Constants that every formula may name."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
GRAMMAR = (
    "numbers, the variables, constants, pi, e, + - * / **, brackets and the functions "
    + ", ".join(FUNCTIONS)
)
_OTHER_NAMES = {
    "ln": "log", "log10": "log", "log2": "log", "square": "**2", "pow": "**",
    "tan": "sin and cos", "relu": "(z + abs(z)) / 2", "sigmoid": "1 / (1 + exp(-z))",
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], str] = {
    ast.BitXor: "** for a power: w**2",
    ast.Mod: "one of + - * / **: there is no remainder here",
    ast.FloorDiv: "one / for a quotient: w/2",
    ast.MatMult: "* for a product: 2*w",
    ast.BitOr: "abs(w) for the absolute value of w",
}


def read_formula(text: str, names: Collection[str]) -> Tree:
    """Return the tree of a text such as "w**2 - 10*w + 25", simplified.

    Parameters
    ----------
    text : str
        At most 500 characters, 150 parts and 30 levels of brackets.
    names : collection of str
        Variables and constants that may occur, beside pi and e.

    Raises
    ------
    FormulaError
        With the column, counted from 1.
    """
    return _Reader(text, names).read()


class _Reader:
    def __init__(self, text: str, names: Collection[str]) -> None:
        self.text, self.names = text, names
        self.parts = 0

    def read(self) -> Tree:
        self._check_characters()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # Blanks before the text would be an indentation.
                body = ast.parse(self._padded(), mode="eval").body
        except SyntaxError as error:
            raise self._syntax(error) from None
        except (ValueError, MemoryError, RecursionError):
            raise self._error(None, "cannot be taken apart", "fewer brackets and signs") from None
        tree = self._tree(body, 1)
        for node in nodes_of(tree):
            if isinstance(node, Number) and not _is_usable(node.value):
                raise self._error(None, "its numbers grow too large", f"at most {LARGEST:g}")
        return tree

    def _padded(self) -> str:
        """Return the text with leading blanks as a bracket each, so that columns stay."""
        return self.text.replace("\t", " ").strip()

    @property
    def _indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())

    def _check_characters(self) -> None:
        if not self.text.strip():
            raise self._error(None, "is empty", "a formula such as w**2 - 10*w + 25")
        if len(self.text) > MOST_CHARACTERS:
            message = f"has {len(self.text)} characters"
            raise self._error(None, message, f"at most {MOST_CHARACTERS}")
        for place, character in enumerate(self.text):
            if not (" " <= character <= "~" or character == "\t"):
                shown = character if character.isprintable() else f"U+{ord(character):04X}"
                message = f"the character {shown!r} cannot be used"
                expected = _instead_of(character)
                raise self._error(place, message, expected)
            if character == "=":
                message = "there is no equation to write, only its right side"
                raise self._error(place, message, "w**2 - 10*w + 25, without J =")
            if character in "#\\;:'\"":
                raise self._error(place, f"{character!r} has no meaning here", GRAMMAR)

    def _tree(self, node: ast.expr, depth: int) -> Tree:
        self.parts += 1
        place = node.col_offset + self._indent
        if self.parts > MOST_PARTS:
            raise self._error(place, f"has more than {MOST_PARTS} parts", "a shorter formula")
        if depth > MOST_DEPTH:
            raise self._error(place, f"is nested {depth} levels deep", f"at most {MOST_DEPTH}")
        if isinstance(node, ast.Constant):
            return self._number(node, place)
        if isinstance(node, ast.Name):
            return self._name(node.id, place)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            inner = self._tree(node.operand, depth + 1)
            return negative_of(inner) if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.BinOp):
            return self._operation(node, depth)
        if isinstance(node, ast.Call):
            return self._call(node, place, depth)
        raise self._error(place, f"{_what(node)} cannot be used here", GRAMMAR)

    def _number(self, node: ast.Constant, place: int) -> Tree:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self._error(place, f"{node.value!r} is no number", "a number such as 2 or 0.5")
        written = (ast.get_source_segment(self._padded(), node) or "").replace("_", "")
        try:
            # The digits as they stand: 0.1 is a tenth, not the nearest float.
            value = Fraction(written)
        except ValueError:
            value = Fraction(node.value)  # as 0x10
        if not _is_usable(value):
            shown = written if len(written) <= 20 else f"{written[:20]}..."
            message = f"the number {shown} is too large or too small"
            raise self._error(place, message, f"sizes from {1 / LARGEST:g} to {LARGEST:g}")
        return Number(value)

    def _name(self, name: str, place: int) -> Tree:
        if name in self.names or name in BUILT_IN:
            return Symbol(name)
        if name in FUNCTIONS:
            raise self._error(place, f"{name} has no argument", f"{name}(...)")
        known = ", ".join([*self.names, *BUILT_IN])
        raise self._error(place, f"{name!r} is not known", f"one of {known}")

    def _operation(self, node: ast.BinOp, depth: int) -> Tree:
        if not isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow):
            place = self._operator_place(node)
            hint = _OPERATORS.get(type(node.op), GRAMMAR)
            raise self._error(place, "this operator cannot be used here", hint)
        # A long sum is nested to the left; it is no deeper for the reader.
        left_depth = depth + (not isinstance(node.left, ast.BinOp))
        left, right = self._tree(node.left, left_depth), self._tree(node.right, depth + 1)
        if isinstance(node.op, ast.Add):
            return sum_of(left, right)
        if isinstance(node.op, ast.Sub):
            return sum_of(left, negative_of(right))
        if isinstance(node.op, ast.Mult):
            return product_of(left, right)
        if isinstance(node.op, ast.Div):
            if isinstance(right, Number) and right.value == 0:
                place = node.right.col_offset + self._indent
                raise self._error(place, "a division by 0 has no value", "another number")
            return quotient_of(left, right)
        return power_of(left, right)

    def _call(self, node: ast.Call, place: int, depth: int) -> Tree:
        if not isinstance(node.func, ast.Name):
            message = f"{_what(node.func)} is called like a function"
            raise self._error(place, message, "a product written with *")
        name = node.func.id
        if name not in FUNCTIONS:
            if name in self.names or name in BUILT_IN:
                raise self._error(place, f"{name} is no function", f"{name}*(...) for a product")
            hint = f"{_OTHER_NAMES[name]}, or another" if name in _OTHER_NAMES else "one"
            known = ", ".join(FUNCTIONS)
            raise self._error(place, f"there is no function {name}", f"{hint} of {known}")
        if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
            raise self._error(place, f"{name} takes one argument", f"{name}(w)")
        return call_of(name, self._tree(node.args[0], depth + 1))

    def _operator_place(self, node: ast.BinOp) -> int:
        """Return where the operator stands: after the left side and its closing brackets."""
        end = node.left.end_col_offset or 0
        between = self._padded()[end : node.right.col_offset]
        offset = next((i for i, each in enumerate(between) if each not in " )"), 0)
        return end + offset + self._indent

    def _syntax(self, error: SyntaxError) -> FormulaError:
        text = self._padded()
        # At the end of the text the parser gives no column.
        place = min(error.offset - 1 if error.offset else len(text), len(text))
        message = (error.msg or "").lower()
        at = place + self._indent
        if product := re.search(r"(\d|\))\s*([A-Za-z(])|([A-Za-z_]\w*)\s+(\w|\()", text):
            if "never closed" not in message and "unmatched" not in message:
                start = product.start() + self._indent
                written = product.group().strip()
                return self._error(start, f"a sign is missing in {written!r}", "2*w for 2 times w")
        if "never closed" in message:
            return self._error(at, "this bracket is never closed", "a ) for every (")
        if "unmatched" in message or "does not match" in message:
            return self._error(at, "this bracket was never opened", "a ( for every )")
        if place >= len(text):
            return self._error(at, "ends too early", "a number, a name or a bracket")
        return self._error(at, "cannot be read from here on", GRAMMAR)

    def _error(self, place: int | None, message: str, expected: str) -> FormulaError:
        return FormulaError(None if place is None else place + 1, message, expected)


def _is_usable(value: Fraction) -> bool:
    return value == 0 or 1 / Fraction(LARGEST) <= abs(value) <= Fraction(LARGEST)


def _instead_of(character: str) -> str:
    """Return what to write for a character that looks right and is none of ASCII."""
    known = {
        "\N{MINUS SIGN}": "the minus sign -",
        "\N{EN DASH}": "the minus sign -",
        "\N{MULTIPLICATION SIGN}": "*",
        "\N{MIDDLE DOT}": "*",
        "\N{DOT OPERATOR}": "*",
        "\N{DIVISION SIGN}": "/",
        "\N{SUPERSCRIPT TWO}": "**2",
        "\N{SUPERSCRIPT THREE}": "**3",
        "\N{SQUARE ROOT}": "sqrt(...)",
        "\N{GREEK SMALL LETTER PI}": "pi",
    }
    return known.get(character, "letters, digits and signs of the keyboard; names such as w or x1")


def _what(node: ast.expr) -> str:
    names: dict[type[ast.expr], str] = {
        ast.Attribute: "a name with a dot",
        ast.Subscript: "an index",
        ast.Lambda: "a lambda",
        ast.Compare: "a comparison",
        ast.BoolOp: "and / or",
        ast.IfExp: "if / else",
        ast.Tuple: "a comma",
        ast.List: "a list",
        ast.Dict: "a brace",
        ast.Set: "a brace",
        ast.UnaryOp: "this sign",
        ast.Constant: "a number",
        ast.NamedExpr: "an assignment",
    }
    return names.get(type(node), "this")
