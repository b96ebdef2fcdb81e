"""Lanes as LLVM's vectors: a Numba type, its operators and formulas, and what loads and stores it.

A formula is a Python function without branches or loops. It is not compiled as Numba compiles
functions: when LLVM's code is written down, the function is run once, with `Traced` values in the
place of numbers, and each operation on them writes down its instruction. That costs next to
nothing, however many kernels use a formula.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, infer, infer_global, signature
from numba.extending import lower_builtin, models, register_model

BYTES = 128
"""What lanes take. Two registers of the widest machines rather than one: what follows from one
number must wait for it, and in the meantime the other half is worked on."""
EIGHT = 8
INDEX = ir.IntType(64)


class Lanes(types.Type):
    """So many bytes of one float type."""

    def __init__(self, dtype: types.Float, size: int = BYTES) -> None:
        self.dtype, self.count = dtype, size * 8 // dtype.bitwidth
        super().__init__(f"Lanes({dtype} x {self.count})")


class Mask(types.Type):
    """A truth value a lane."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(f"Mask({count})")


def vector_of(kind: Lanes) -> ir.VectorType:
    """Return LLVM's type of lanes."""
    scalar = ir.FloatType() if kind.dtype == types.float32 else ir.DoubleType()
    return ir.VectorType(scalar, kind.count)


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, vector_of(kind))


@register_model(Mask)
class _MaskModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, ir.VectorType(ir.IntType(1), kind.count))


def small(number: int) -> ir.Constant:
    """Return a number of 32 bits, as LLVM takes places in vectors."""
    return ir.Constant(ir.IntType(32), number)


def chosen(lanes: list[int]) -> ir.Constant:
    """Return places in vectors, for a shuffle."""
    return ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), lanes)


def spread_over(builder, scalar, vector: ir.VectorType):
    """Return a vector that holds the number in every lane."""
    if isinstance(scalar, ir.Constant):
        return ir.Constant(vector, [scalar.constant] * vector.count)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, small(0))
    return builder.shuffle_vector(first, first, chosen([0] * vector.count))


def call_llvm(builder, name: str, arguments):
    """Call LLVM's function of that name on vectors of one type."""
    vector = arguments[0].type
    suffix = f"v{vector.count}f{64 if vector.element == ir.DoubleType() else 32}"
    kind = ir.FunctionType(vector, [vector] * len(arguments))
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.{suffix}")
    return builder.call(function, arguments)


# Values of formulas.


@dataclass(frozen=True, eq=False)
class Traced:
    """Lanes or a mask while LLVM's code is written down; operations on it write instructions."""

    builder: ir.IRBuilder
    value: ir.Value
    kind: Lanes | Mask

    def like(self, value) -> Traced:
        """Return a value of the same kind."""
        return Traced(self.builder, value, self.kind)

    def beside(self, other) -> ir.Value:
        """Return another operand as lanes of this kind: plain numbers stand for all lanes."""
        if isinstance(other, Traced):
            return other.value
        vector = vector_of(self.kind)
        return ir.Constant(vector, [float(other)] * vector.count)

    def _joined(self, build, first, second) -> Traced:
        return self.like(build(self.builder, self.beside(first), self.beside(second)))

    def __add__(self, other):
        return self._joined(ir.IRBuilder.fadd, self, other)

    def __radd__(self, other):
        return self._joined(ir.IRBuilder.fadd, other, self)

    def __sub__(self, other):
        return self._joined(ir.IRBuilder.fsub, self, other)

    def __rsub__(self, other):
        return self._joined(ir.IRBuilder.fsub, other, self)

    def __mul__(self, other):
        return self._joined(ir.IRBuilder.fmul, self, other)

    def __rmul__(self, other):
        return self._joined(ir.IRBuilder.fmul, other, self)

    def __truediv__(self, other):
        return self._joined(ir.IRBuilder.fdiv, self, other)

    def __rtruediv__(self, other):
        return self._joined(ir.IRBuilder.fdiv, other, self)

    def __neg__(self):
        return self.like(self.builder.fneg(self.value))

    def _compared(self, sign: str, other, compare=ir.IRBuilder.fcmp_ordered) -> Traced:
        # As Python's: false for NaN, but for "not equal".
        mask = compare(self.builder, sign, self.value, self.beside(other))
        return Traced(self.builder, mask, Mask(self.kind.count))

    def __lt__(self, other):
        return self._compared("<", other)

    def __le__(self, other):
        return self._compared("<=", other)

    def __gt__(self, other):
        return self._compared(">", other)

    def __ge__(self, other):
        return self._compared(">=", other)

    def __eq__(self, other):
        return self._compared("==", other)

    def __ne__(self, other):
        return self._compared("!=", other, ir.IRBuilder.fcmp_unordered)


def first_lanes(values) -> Traced:
    """Return the first operand that is lanes."""
    return next(v for v in values if isinstance(v, Traced) and isinstance(v.kind, Lanes))


def traced(context, builder, value, given, kind: Lanes) -> Traced:
    """Return a value of compiled code as a formula's; plain numbers become lanes of the kind."""
    if isinstance(given, Lanes | Mask):
        return Traced(builder, value, given)
    scalar = context.cast(builder, value, types.unliteral(given), kind.dtype)
    return Traced(builder, spread_over(builder, scalar, vector_of(kind)), kind)


def formula(function: Callable) -> Callable:
    """Let compiled code call a Python function of lanes and numbers that returns lanes.

    Plain numbers among the operands are cast to the lanes' type.
    """
    _let_compiled_code_call(function)
    return function


def _let_compiled_code_call(function: Callable, compares: bool = False) -> None:
    class Template(AbstractTemplate):
        key = function

        def generic(self, arguments, keywords):
            kinds = {one for one in arguments if isinstance(one, Lanes)}
            fit = all(
                isinstance(one, Lanes | Mask)
                or isinstance(types.unliteral(one), types.Float | types.Integer)
                for one in arguments
            )
            if len(kinds) != 1 or not fit or keywords:
                return None
            (kind,) = kinds
            return signature(Mask(kind.count) if compares else kind, *arguments)

    infer(Template)
    infer_global(function, types.Function(Template))

    def lower(context, builder, signature, arguments):
        kind = next(one for one in signature.args if isinstance(one, Lanes))
        operands = [
            traced(context, builder, value, given, kind)
            for value, given in zip(arguments, signature.args, strict=True)
        ]
        return function(*operands).value

    if getattr(function, "__module__", "") == "_operator":
        # One by one: "any arguments" would stand in the way of everybody else's operators.
        sides = (Lanes, types.Number)
        pairs = [(Lanes, Lanes), *zip(sides, sides[::-1], strict=True)]
        for operands in [(Lanes,)] if function is operator.neg else pairs:
            lower_builtin(function, *operands)(lower)
    else:
        lower_builtin(function, types.VarArg(types.Any))(lower)


for _function in (operator.add, operator.sub, operator.mul, operator.truediv, operator.neg):
    _let_compiled_code_call(_function)
for _function in (operator.iadd, operator.isub, operator.imul, operator.itruediv):
    _let_compiled_code_call(_function)
for _function in (
    operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne,
):  # fmt: skip
    _let_compiled_code_call(_function, compares=True)
