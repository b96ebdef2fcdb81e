"""Lanes of whole numbers of 64 bits: what random numbers are made of.

Arithmetic is modulo 2^64. With plain integers among the operands, all are taken for lanes.
"""

from __future__ import annotations

import operator

import numpy as np
from numba import config

from nnsim.kernels.lanes.plain import BYTES

COUNT = BYTES // 8
WORDS = 4


if config.DISABLE_JIT:

    def counting(first):
        """Return first, first + 1, ..."""
        return np.arange(COUNT, dtype=np.uint64) + first

    def every(number):
        """Return lanes that all hold the number."""
        return np.full(COUNT, number, np.uint64)

    def ones_below(A, limit, w0, w1, w2, w3):
        """Return 1 where a word is below the limit, else 0, as lanes of A's type.

        First come the first lane's four words, then the second lane's, and so on. Words are below
        2^32, the limit is from 1 to 2^32.
        """
        words = np.stack((w0, w1, w2, w3), axis=1).ravel()
        return np.split((words < limit).astype(A.dtype), words.size * A.dtype.itemsize // BYTES)

else:
    from llvmlite import ir
    from numba import types
    from numba.core.typing.templates import AbstractTemplate, infer_global, signature
    from numba.extending import intrinsic, lower_builtin, models, register_model

    from nnsim.kernels.lanes.values import Lanes

    class Integers(types.Type):
        """Unsigned numbers of 64 bits."""

        def __init__(self) -> None:
            super().__init__("Integers")

    _KIND = Integers()
    _VECTOR = ir.VectorType(ir.IntType(64), COUNT)

    @register_model(Integers)
    class _IntegersModel(models.PrimitiveModel):
        def __init__(self, manager, kind):
            super().__init__(manager, kind, _VECTOR)

    def _lanes(numbers, bits: int = 64) -> ir.Constant:
        return ir.Constant(ir.VectorType(ir.IntType(bits), len(numbers)), list(numbers))

    def _spread(builder, number, count: int = COUNT):
        vector = ir.VectorType(number.type, count)
        place = ir.Constant(ir.IntType(32), 0)
        first = builder.insert_element(ir.Constant(vector, ir.Undefined), number, place)
        return builder.shuffle_vector(first, first, _lanes([0] * count, 32))

    def _as_lanes(context, builder, value, given):
        if isinstance(given, Integers):
            return value
        number = context.cast(builder, value, types.unliteral(given), types.uint64)
        return _spread(builder, number)

    def _operator(function, build) -> None:
        class Template(AbstractTemplate):
            def generic(self, args, kws):
                fit = all(
                    isinstance(types.unliteral(one), Integers | types.Integer) for one in args
                )
                return signature(_KIND, *args) if fit and _KIND in args and not kws else None

        infer_global(function)(Template)

        def lower(context, builder, signature, arguments):
            pairs = zip(arguments, signature.args, strict=True)
            return build(builder, *(_as_lanes(context, builder, *pair) for pair in pairs))

        for operands in (
            (Integers, Integers),
            (Integers, types.Integer),
            (types.Integer, Integers),
        ):
            lower_builtin(function, *operands)(lower)

    for _function, _build in (
        (operator.add, ir.IRBuilder.add),
        (operator.mul, ir.IRBuilder.mul),
        (operator.and_, ir.IRBuilder.and_),
        (operator.or_, ir.IRBuilder.or_),
        (operator.xor, ir.IRBuilder.xor),
        (operator.lshift, ir.IRBuilder.shl),
        (operator.rshift, ir.IRBuilder.lshr),
    ):
        _operator(_function, _build)

    @intrinsic
    def every(typing_context, number):
        """Return lanes that all hold the number."""

        def generate(context, builder, signature, arguments):
            return _as_lanes(context, builder, arguments[0], signature.args[0])

        return _KIND(number), generate

    @intrinsic
    def counting(typing_context, first):
        """Return first, first + 1, ..."""

        def generate(context, builder, signature, arguments):
            start = _as_lanes(context, builder, arguments[0], signature.args[0])
            return builder.add(start, _lanes(range(COUNT)))

        return _KIND(first), generate

    @intrinsic
    def ones_below(typing_context, A, limit, w0, w1, w2, w3):
        """Return 1 where a word is below the limit, else 0, as a tuple of lanes of A's type.

        First come the first lane's four words, then the second lane's, and so on. Words are below
        2^32, the limit is from 1 to 2^32.
        """
        kind = Lanes(A.dtype)
        number = COUNT * WORDS // kind.count
        result = types.UniTuple(kind, number)

        def generate(context, builder, signature, arguments):
            _, limit, *words = arguments
            # A limit of 2^32 is none of 32 bits; the largest word below it is.
            largest = builder.sub(limit, ir.Constant(limit.type, 1))
            largest = _spread(builder, builder.trunc(largest, ir.IntType(32)), 2 * COUNT)
            scalar = ir.FloatType() if kind.dtype == types.float32 else ir.DoubleType()
            one, zero = (
                ir.Constant(ir.VectorType(scalar, kind.count), [value] * kind.count)
                for value in (1.0, 0.0)
            )
            # As numbers of 32 bits, every second one is a word. Two words make one of 64 again.
            narrow = [builder.bitcast(word, largest.type) for word in words]
            order = [place for lane in range(0, 2 * COUNT, 2) for place in (lane, lane + 2 * COUNT)]
            first, second = (
                builder.bitcast(builder.shuffle_vector(*pair, _lanes(order, 32)), _VECTOR)
                for pair in (narrow[:2], narrow[2:])
            )
            parts = []
            for start in (0, COUNT // 2):
                order = [place for lane in range(start, start + COUNT // 2)
                         for place in (lane, lane + COUNT)]  # fmt: skip
                in_order = builder.shuffle_vector(first, second, _lanes(order, 32))
                taken = builder.icmp_unsigned(
                    "<=", builder.bitcast(in_order, largest.type), largest
                )
                for at in range(0, 2 * COUNT, kind.count):
                    places = _lanes(range(at, at + kind.count), 32)
                    part = builder.shuffle_vector(taken, taken, places)
                    parts.append(builder.select(part, one, zero))
            return context.make_tuple(builder, result, parts)

        words = (_KIND,) * WORDS
        return result(A, types.uint64, *words), generate
