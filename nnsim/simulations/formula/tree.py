"""A formula as a tree: frozen nodes that can be compared, printed and differentiated. No NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from nnsim.simulations.formula.error import FormulaError

FUNCTIONS = ("exp", "log", "sqrt", "sin", "cos", "tanh", "abs", "sign")
"""What a formula may call, each with one argument."""


MOST_NODES = 4000
"""Of a tree, each counted as often as it is written: derivatives of towers grow without end."""


@dataclass(frozen=True)
class Number:
    """A number, exact: 0.1 is 1/10 and a third is 1/3."""

    value: Fraction


@dataclass(frozen=True)
class Symbol:
    """A variable or a named constant."""

    name: str


@dataclass(frozen=True)
class Node:
    """What has parts; its hash is worked out once, for derivatives share parts many times."""

    _hash: int = field(init=False, repr=False, compare=False, default=0)
    nodes: int = field(init=False, repr=False, compare=False, default=1)
    """How many there are in it, itself included."""

    def __post_init__(self) -> None:
        parts = self.parts()
        nodes = 1 + sum(part.nodes if isinstance(part, Node) else 1 for part in parts)
        if nodes > MOST_NODES:
            raise FormulaError(
                None,
                f"it or its derivatives have more than {MOST_NODES} parts",
                "a simpler formula",
            )
        object.__setattr__(self, "_hash", hash((self.kind, parts)))
        object.__setattr__(self, "nodes", nodes)

    @property
    def kind(self) -> str:
        """What tells it from nodes with the same parts."""
        return type(self).__name__

    def parts(self) -> tuple[Tree, ...]:
        """Return what it is made of, in order."""
        raise NotImplementedError


@dataclass(frozen=True)
class Sum(Node):
    """terms[0] + terms[1] + ...: two terms at least."""

    terms: tuple[Tree, ...]

    def __hash__(self) -> int:
        return self._hash

    def parts(self) -> tuple[Tree, ...]:
        """Return the terms."""
        return self.terms


@dataclass(frozen=True)
class Product(Node):
    """factors[0] x factors[1] x ...: two factors at least, of which only the first is a number."""

    factors: tuple[Tree, ...]

    def __hash__(self) -> int:
        return self._hash

    def parts(self) -> tuple[Tree, ...]:
        """Return the factors."""
        return self.factors


@dataclass(frozen=True)
class Power(Node):
    """base^exponent; a quotient is a power of -1."""

    base: Tree
    exponent: Tree

    def __hash__(self) -> int:
        return self._hash

    def parts(self) -> tuple[Tree, ...]:
        """Return base and exponent."""
        return self.base, self.exponent


@dataclass(frozen=True)
class Call(Node):
    """function(argument), one of `FUNCTIONS`."""

    function: str
    argument: Tree

    @property
    def kind(self) -> str:
        """The function."""
        return self.function

    def __hash__(self) -> int:
        return self._hash

    def parts(self) -> tuple[Tree, ...]:
        """Return the argument."""
        return (self.argument,)


Tree = Number | Symbol | Sum | Product | Power | Call
ZERO, ONE, MINUS_ONE = (Number(Fraction(number)) for number in (0, 1, -1))


def symbols_of(tree: Tree) -> frozenset[str]:
    """Return the names in a tree."""
    return frozenset(node.name for node in nodes_of(tree) if isinstance(node, Symbol))


def nodes_of(tree: Tree) -> Iterator[Tree]:
    """Yield every different node of a tree once."""
    seen: set[Tree] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        yield node
        if isinstance(node, Node):
            waiting.extend(node.parts())
