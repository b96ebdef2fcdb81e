"""Sums over a stretch of an array, in sixteen lanes: as fast as memory, the same everywhere.

A plain loop adds one number at a time, each waiting for the last, and LLVM may not reorder
it: (a + b) + c differs from a + (b + c). Here the order is fixed by us instead: lane k
adds entries k, k + 16, k + 32 ..., the lanes are added in pairs, then the rest one by one.
LLVM gets the lanes as one vector type, so that the result depends neither on the machine's
vector width nor on where a sum is inlined (design point 3), and is more accurate than the
plain loop's.

All functions take C-contiguous arrays of one dtype, unchecked, and see them flat: row i of
A (n, m) is `start = i * m, count = m`.
"""

import numpy as np
from numba import config

LANES = 16

if config.DISABLE_JIT:
    # Compiled code warns of no overflow, so neither does this.
    silent = np.errstate(all="ignore")

    @silent
    def sum_of(A, start, count):
        """Return sum(a)."""
        return np.sum(A.reshape(-1)[start : start + count])

    @silent
    def dot_of(A, start_A, B, start_B, count):
        """Return sum(a b)."""
        a = A.reshape(-1)[start_A : start_A + count]
        return np.sum(a * B.reshape(-1)[start_B : start_B + count])

    @silent
    def squares_of(A, start, count, center):
        """Return sum((a - center)^2); center has the array's dtype."""
        return np.sum((A.reshape(-1)[start : start + count] - center) ** 2)

else:
    from contextlib import contextmanager

    from llvmlite import ir
    from numba import types
    from numba.core import cgutils
    from numba.extending import intrinsic

    @contextmanager
    def _loop(builder, start, stop, step):
        """Count from start up to stop by step; LLVM is told not to unroll what is wide already."""
        before = builder.block
        head, body, after = (builder.append_basic_block(f"lanes.{n}") for n in ("if", "do", "end"))
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(start.type)
        index.add_incoming(start, before)
        builder.cbranch(builder.icmp_signed("<", index, stop), body, after)
        builder.position_at_end(body)
        yield index
        index.add_incoming(builder.add(index, step), builder.block)
        back = builder.branch(head)
        loop = builder.module.add_metadata([f"lanes {builder.function.name} {index.name}"])
        loop.operands = (loop, builder.module.add_metadata(["llvm.loop.unroll.disable"]))
        back.set_metadata("llvm.loop", loop)
        builder.position_at_end(after)

    def _add_up(context, builder, signature, arrays, starts, count, term):
        """Write down the loop over whole vectors and the one over the rest; return the sum."""
        kind = signature.args[0]
        scalar = context.get_value_type(kind.dtype)
        vector = ir.VectorType(scalar, LANES)
        whole = builder.and_(count, ir.Constant(count.type, -LANES))
        pointers = [
            builder.gep(context.make_array(kind)(context, builder, array).data, [start])
            for array, start in zip(arrays, starts, strict=True)
        ]

        total = cgutils.alloca_once_value(builder, ir.Constant(vector, [0.0] * LANES))
        zero, one, step = (ir.Constant(count.type, number) for number in (0, 1, LANES))
        with _loop(builder, zero, whole, step) as j:
            entries = [
                builder.load(
                    builder.bitcast(builder.gep(pointer, [j]), vector.as_pointer()),
                    align=kind.dtype.bitwidth // 8,
                )
                for pointer in pointers
            ]
            builder.store(builder.fadd(builder.load(total), term(vector, *entries)), total)

        lanes, half = builder.load(total), LANES // 2
        while half:
            low, high = (
                builder.shuffle_vector(
                    lanes,
                    lanes,
                    ir.Constant(
                        ir.VectorType(ir.IntType(32), half), list(range(first, first + half))
                    ),
                )
                for first in (0, half)
            )
            lanes, half = builder.fadd(low, high), half // 2

        rest = cgutils.alloca_once_value(
            builder, builder.extract_element(lanes, ir.Constant(ir.IntType(32), 0))
        )
        with _loop(builder, whole, count, one) as j:
            entries = [builder.load(builder.gep(pointer, [j])) for pointer in pointers]
            builder.store(builder.fadd(builder.load(rest), term(scalar, *entries)), rest)
        return builder.load(rest)

    @intrinsic
    def sum_of(typing_context, A, start, count):
        """Return sum(a)."""

        def generate(context, builder, signature, arguments):
            array, start, count = arguments
            return _add_up(context, builder, signature, [array], [start], count, lambda _, a: a)

        return A.dtype(A, types.intp, types.intp), generate

    @intrinsic
    def dot_of(typing_context, A, start_A, B, start_B, count):
        """Return sum(a b)."""

        def generate(context, builder, signature, arguments):
            return _add_up(
                context, builder, signature, arguments[0:4:2], arguments[1:4:2], arguments[4],
                lambda _, a, b: builder.fmul(a, b),
            )  # fmt: skip

        return A.dtype(A, types.intp, B, types.intp, types.intp), generate

    @intrinsic
    def squares_of(typing_context, A, start, count, center):
        """Return sum((a - center)^2); center has the array's dtype."""

        def generate(context, builder, signature, arguments):
            array, start, count, center = arguments

            def term(kind, a):
                middle = center
                if isinstance(kind, ir.VectorType):
                    middle = ir.Constant(kind, ir.Undefined)
                    for lane in range(LANES):
                        place = ir.Constant(ir.IntType(32), lane)
                        middle = builder.insert_element(middle, center, place)
                difference = builder.fsub(a, middle)
                return builder.fmul(difference, difference)

            return _add_up(context, builder, signature, [array], [start], count, term)

        return A.dtype(A, types.intp, types.intp, A.dtype), generate
