"""Tiles of a matrix product: a piece of the result that stays in registers while its sum runs.

What a tile computes is one line, and stands so in `plain`. Here it is spelt out for LLVM, for any
number of rows and of registers a row: each number that is loaded is used as often as the tile is
long. An entry is a chain of fused multiply-adds in the order of the inner index, whatever the tile.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from nnsim.kernels.lanes.arrays import (
    added_up,
    counting_up,
    masked,
    masked_function,
    pointer_to,
    vector_pointer,
)
from nnsim.kernels.lanes.values import (
    EIGHT,
    INDEX,
    Lanes,
    call_llvm,
    chosen,
    small,
    spread_over,
    vector_of,
)

REGISTER = 64
"""Bytes of a tile's lanes: a register of AVX-512. A tile is many of them, so none has to wait."""


@intrinsic
def tile_width(typing_context, A):
    """Return how many numbers of the array's type a tile's lanes hold."""
    kind = Lanes(A.dtype, REGISTER)

    def generate(context, builder, signature, arguments):
        return ir.Constant(INDEX, kind.count)

    return types.intp(A), generate


class _Matrix:
    """An array's numbers by flat place, as scalars or as lanes."""

    def __init__(self, context, builder, kind: types.Array, array) -> None:
        self.builder, self.kind = builder, Lanes(kind.dtype, REGISTER)
        self.data = context.make_array(kind)(context, builder, array).data
        self.align = kind.dtype.bitwidth // 8

    def number(self, at):
        return self.builder.load(self.builder.gep(self.data, [at]))

    def spread(self, at):
        return spread_over(self.builder, self.number(at), vector_of(self.kind))

    def _vector_at(self, at):
        return vector_pointer(self.builder, self.builder.gep(self.data, [at]), self.kind)

    def lanes(self, at, mask=None):
        pointer = self._vector_at(at)
        if mask is None:
            return self.builder.load(pointer, align=self.align)
        vector = vector_of(self.kind)
        function = masked_function(self.builder, "load", self.kind, vector, [pointer.type])
        zero = ir.Constant(vector, [0.0] * self.kind.count)
        return self.builder.call(function, [pointer, small(self.align), mask, zero])

    def put(self, at, value, mask=None):
        pointer = self._vector_at(at)
        if mask is None:
            self.builder.store(value, pointer, align=self.align)
            return
        kinds = [value.type, pointer.type]
        function = masked_function(self.builder, "store", self.kind, ir.VoidType(), kinds)
        self.builder.call(function, [value, pointer, small(self.align), mask])

    def put_first(self, at, value):
        """Store all of a vector that may be shorter than lanes."""
        pointer = self.builder.gep(self.data, [at])
        pointer = self.builder.bitcast(pointer, value.type.as_pointer())
        self.builder.store(value, pointer, align=self.align)

    def put_number(self, at, number):
        self.builder.store(number, self.builder.gep(self.data, [at]))


@intrinsic(prefer_literal=True)
def product_tile(
    typing_context, rows, registers, W, w, row_step, inner_step, inner, b, i, biased, B, j, m, C
):
    """Write rows i ... and columns j ... of C = b + W B.

    `rows` and `registers` (of columns) are literal; of -registers only the columns before m count.
    W[w + r row_step + k inner_step] is what row i + r multiplies by.
    """
    shape = rows.literal_value, abs(registers.literal_value)
    partial = registers.literal_value < 0

    def generate(context, builder, signature, arguments):
        kinds = dict(zip("WbBC", (signature.args[n] for n in (2, 7, 10, 13)), strict=True))
        _, _, W, w, row_step, inner_step, inner, b, i, biased, B, j, m, C = arguments
        W, b, B, C = (
            _Matrix(context, builder, kinds[name], array)
            for name, array in zip("WbBC", (W, b, B, C), strict=True)
        )
        count = ir.Constant(INDEX, B.kind.count)
        vector = vector_of(B.kind)

        def plus(base, step, number):
            return builder.add(base, builder.mul(step, ir.Constant(INDEX, number)))

        masks = [
            masked(builder, B.kind, plus(j, count, c), m) if partial else None
            for c in range(shape[1])
        ]

        tile = [
            [cgutils.alloca_once(builder, vector) for _ in range(shape[1])] for _ in range(shape[0])
        ]
        for r, row in enumerate(tile):
            with builder.if_else(biased) as (given, none):
                with given:
                    start = b.spread(plus(i, ir.Constant(INDEX, 1), r))
                    given_block = builder.block
                with none:
                    none_block = builder.block
            first = builder.phi(vector)
            first.add_incoming(start, given_block)
            first.add_incoming(ir.Constant(vector, [0.0] * B.kind.count), none_block)
            for place in row:
                builder.store(first, place)
        with counting_up(builder, inner) as k:
            at = builder.add(builder.mul(k, m), j)
            columns = [B.lanes(plus(at, count, c), masks[c]) for c in range(shape[1])]
            entry = builder.add(w, builder.mul(k, inner_step))
            for r, row in enumerate(tile):
                factor = W.spread(plus(entry, row_step, r))
                for column, place in zip(columns, row, strict=True):
                    builder.store(
                        call_llvm(builder, "fma", [factor, column, builder.load(place)]), place
                    )
        for r, row in enumerate(tile):
            at = builder.add(builder.mul(plus(i, ir.Constant(INDEX, 1), r), m), j)
            for c, place in enumerate(row):
                C.put(plus(at, count, c), builder.load(place), masks[c])
        return context.get_dummy_value()

    signature = types.void(
        rows, registers, W, types.intp, types.intp, types.intp, types.intp, b, types.intp,
        types.boolean, B, types.intp, types.intp, C,
    )  # fmt: skip
    return signature, generate


def _eight_rows(builder, A: _Matrix, a, last, m, term) -> list:
    """Return eight lanes of sums over j of term(j, mask, A's lanes at row min(a + q, last)).

    `term` is asked once a j for a function of A's lanes and the sum so far.
    """
    vector, lanes = vector_of(A.kind), ir.Constant(INDEX, A.kind.count)
    starts = [builder.mul(a, m)]
    for q in range(1, EIGHT):
        row = builder.add(a, ir.Constant(INDEX, q))
        further = builder.icmp_signed("<=", row, last)
        moved = builder.add(starts[-1], m)
        starts.append(builder.select(further, moved, starts[-1]))
    sums = [cgutils.alloca_once(builder, vector) for _ in range(EIGHT)]
    for place in sums:
        builder.store(ir.Constant(vector, [0.0] * A.kind.count), place)

    def add_terms(j, mask):
        added = term(j, mask)
        for start, place in zip(starts, sums, strict=True):
            y = A.lanes(builder.add(start, j), mask)
            builder.store(added(y, builder.load(place)), place)

    whole = builder.sdiv(m, lanes)
    with counting_up(builder, whole) as number:
        add_terms(builder.mul(number, lanes), None)
    rest = builder.mul(whole, lanes)
    with builder.if_then(builder.icmp_signed("<", rest, m)):
        add_terms(rest, masked(builder, A.kind, rest, m))
    return [builder.load(place) for place in sums]


def _put_eight(builder, sums, C: _Matrix, c, step, count) -> None:
    """Store the first `count` of eight sums, `step` apart."""
    neighbours = builder.icmp_signed("==", step, ir.Constant(INDEX, 1))
    all_eight = builder.icmp_signed("==", count, ir.Constant(INDEX, EIGHT))
    with builder.if_else(builder.and_(neighbours, all_eight)) as (together, one_by_one):
        with together:
            C.put_first(c, sums)
        with one_by_one:
            for q in range(EIGHT):
                with builder.if_then(builder.icmp_signed("<", ir.Constant(INDEX, q), count)):
                    at = builder.add(c, builder.mul(step, ir.Constant(INDEX, q)))
                    C.put_number(at, builder.extract_element(sums, small(q)))


@intrinsic
def sums_tile(typing_context, D, d, A, a, last, m, C, c, step, count):
    """Write C[c + q step] = sum over j of D[d + j] A[min(a + q, last) m + j] for q < count <= 8.

    Lanes hold examples, so an entry is a register's worth of sums, added up at the end.
    """

    def generate(context, builder, signature, arguments):
        D, d, A, a, last, m, C, c, step, count = arguments
        D, A, C = (
            _Matrix(context, builder, signature.args[n], array)
            for n, array in ((0, D), (2, A), (6, C))
        )

        def products(j, mask):
            x = D.lanes(builder.add(d, j), mask)
            return lambda y, total: call_llvm(builder, "fma", [x, y, total])

        sums = added_up(builder, _eight_rows(builder, A, a, last, m, products))
        _put_eight(builder, sums, C, c, step, count)
        return context.get_dummy_value()

    signature = types.void(
        D, types.intp, A, types.intp, types.intp, types.intp, C, types.intp, types.intp, types.intp
    )
    return signature, generate


@intrinsic
def row_sums_tile(typing_context, A, a, last, m, share, C, c, count):
    """Write C[c + q] = share * sum over j of A[min(a + q, last) m + j] for q < count <= 8."""

    def generate(context, builder, signature, arguments):
        A, a, last, m, share, C, c, count = arguments
        A, C = (
            _Matrix(context, builder, signature.args[n], array) for n, array in ((0, A), (5, C))
        )

        def numbers(j, mask):
            return builder.fadd

        sums = added_up(builder, _eight_rows(builder, A, a, last, m, numbers))
        sums = builder.fmul(sums, spread_over(builder, share, sums.type))
        _put_eight(builder, sums, C, c, ir.Constant(INDEX, 1), count)
        return context.get_dummy_value()

    signature = types.void(
        A, types.intp, types.intp, types.intp, A.dtype, C, types.intp, types.intp
    )
    return signature, generate


@intrinsic
def transpose_square(typing_context, A, at, row_step, B, to, column_step):
    """Write B[to + j column_step + i] = A[at + i row_step + j] for i, j below the lanes' number."""
    kind = Lanes(A.dtype, REGISTER)

    def generate(context, builder, signature, arguments):
        source, at, row_step, target, to, column_step = arguments
        align = kind.dtype.bitwidth // 8

        def place(array, which, first, step, number):
            offset = builder.add(first, builder.mul(step, ir.Constant(INDEX, number)))
            pointer = pointer_to(context, builder, signature.args[which], array, offset)
            return vector_pointer(builder, pointer, kind)

        rows = [
            builder.load(place(source, 0, at, row_step, i), align=align) for i in range(kind.count)
        ]
        # Rows i and i + half are interleaved, log2(count) times: Stone's perfect shuffle.
        half = kind.count // 2
        low = [lane for k in range(half) for lane in (k, kind.count + k)]
        high = [lane + half for lane in low]
        for _ in range(kind.count.bit_length() - 1):
            rows = [
                builder.shuffle_vector(x, y, chosen(lanes))
                for x, y in zip(rows[:half], rows[half:], strict=True)
                for lanes in (low, high)
            ]
        for j, column in enumerate(rows):
            builder.store(column, place(target, 3, to, column_step, j), align=align)
        return context.get_dummy_value()

    return types.void(A, types.intp, types.intp, B, types.intp, types.intp), generate
