"""Lanes out of arrays, into arrays, and added up."""

from __future__ import annotations

from contextlib import contextmanager

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from nnsim.kernels.lanes.values import (
    EIGHT,
    INDEX,
    Lanes,
    chosen,
    small,
    spread_over,
    traced,
    vector_of,
)


@contextmanager
def counting_up(builder, stop):
    """Count from 0 up to stop; `stop` may be 0."""
    zero, one = ir.Constant(INDEX, 0), ir.Constant(INDEX, 1)
    before = builder.block
    head, body, after = (
        builder.append_basic_block(f"lanes.{name}") for name in ("if", "do", "end")
    )
    builder.branch(head)
    builder.position_at_end(head)
    index = builder.phi(INDEX)
    index.add_incoming(zero, before)
    builder.cbranch(builder.icmp_signed("<", index, stop), body, after)
    builder.position_at_end(body)
    yield index
    index.add_incoming(builder.add(index, one), builder.block)
    builder.branch(head)
    builder.position_at_end(after)


def pointer_to(context, builder, kind: types.Array, array, at):
    """Return the address of an array's number at a flat place."""
    return builder.gep(context.make_array(kind)(context, builder, array).data, [at])


def vector_pointer(builder, pointer, kind: Lanes):
    """Return an address of a number as one of lanes."""
    return builder.bitcast(pointer, vector_of(kind).as_pointer())


def masked(builder, kind: Lanes, at, end):
    """Return the mask of the lanes at <= place < end."""
    integers = ir.VectorType(INDEX, kind.count)
    left = spread_over(builder, builder.sub(end, at), integers)
    return builder.icmp_signed("<", ir.Constant(integers, list(range(kind.count))), left)


def masked_function(builder, name: str, kind: Lanes, result, first: list[ir.Type]):
    """Return LLVM's masked load or store; its last operands are alignment and mask."""
    kinds = [*first, ir.IntType(32), ir.VectorType(ir.IntType(1), kind.count)]
    kinds += [vector_of(kind)] if name == "load" else []
    function = ir.FunctionType(result, kinds)
    suffix = f"v{kind.count}f{kind.dtype.bitwidth}.p0"
    return cgutils.get_or_insert_function(builder.module, function, f"llvm.masked.{name}.{suffix}")


def fits(builder, kind: Lanes, at, end):
    """Tell whether lanes from `at` on end before `end`."""
    return builder.icmp_signed("<=", builder.add(at, ir.Constant(INDEX, kind.count)), end)


@intrinsic
def lanes_in(typing_context, A):
    """Return how many numbers of the array's type a register holds."""
    kind = Lanes(A.dtype)

    def generate(context, builder, signature, arguments):
        return ir.Constant(INDEX, kind.count)

    return types.intp(A), generate


@intrinsic
def filled(typing_context, A, number):
    """Return lanes of the array's type that all hold the number."""
    kind = Lanes(A.dtype)

    def generate(context, builder, signature, arguments):
        return traced(context, builder, arguments[1], signature.args[1], kind).value

    return kind(A, number), generate


@intrinsic
def spread(typing_context, A, at):
    """Return lanes that all hold A[at]."""
    kind = Lanes(A.dtype)

    def generate(context, builder, signature, arguments):
        array, at = arguments
        number = builder.load(pointer_to(context, builder, signature.args[0], array, at))
        return spread_over(builder, number, vector_of(kind))

    return kind(A, types.intp), generate


@intrinsic
def load_whole(typing_context, A, at):
    """Return A[at : at + lanes]."""
    kind = Lanes(A.dtype)

    def generate(context, builder, signature, arguments):
        array, at = arguments
        pointer = pointer_to(context, builder, signature.args[0], array, at)
        return builder.load(vector_pointer(builder, pointer, kind), align=kind.dtype.bitwidth // 8)

    return kind(A, types.intp), generate


@intrinsic
def load(typing_context, A, at, end):
    """Return A[at : at + lanes]; 0 in lanes from `end` on."""
    kind = Lanes(A.dtype)

    def generate(context, builder, signature, arguments):
        array, at, end = arguments
        vector, align = vector_of(kind), kind.dtype.bitwidth // 8
        pointer = vector_pointer(
            builder, pointer_to(context, builder, signature.args[0], array, at), kind
        )
        with builder.if_else(fits(builder, kind, at, end)) as (whole, part):
            with whole:
                every = builder.load(pointer, align=align)
                blocks = [builder.block]
            with part:
                zero = ir.Constant(vector, [0.0] * kind.count)
                function = masked_function(builder, "load", kind, vector, [pointer.type])
                some = builder.call(
                    function, [pointer, small(align), masked(builder, kind, at, end), zero]
                )
                blocks.append(builder.block)
        value = builder.phi(vector)
        for one, block in zip((every, some), blocks, strict=True):
            value.add_incoming(one, block)
        return value

    return kind(A, types.intp, types.intp), generate


@intrinsic
def within(typing_context, x, at, end):
    """Return x where at + lane < end, else 0: what a stretch that ends there adds to a sum."""

    def generate(context, builder, signature, arguments):
        kind = signature.args[0]
        value, at, end = arguments
        zero = ir.Constant(value.type, [0.0] * kind.count)
        return builder.select(masked(builder, kind, at, end), value, zero)

    return x(x, types.intp, types.intp), generate


@intrinsic
def store_whole(typing_context, A, at, x):
    """Write A[at : at + lanes] = x."""
    kind = Lanes(A.dtype)

    def generate(context, builder, signature, arguments):
        array, at, x = arguments
        pointer = pointer_to(context, builder, signature.args[0], array, at)
        value = traced(context, builder, x, signature.args[2], kind).value
        align = kind.dtype.bitwidth // 8
        builder.store(value, vector_pointer(builder, pointer, kind), align=align)
        return context.get_dummy_value()

    return types.void(A, types.intp, x), generate


@intrinsic
def store(typing_context, A, at, end, x):
    """Write A[at : at + lanes] = x, as far as `end`."""
    kind = Lanes(A.dtype)

    def generate(context, builder, signature, arguments):
        array, at, end, x = arguments
        value = traced(context, builder, x, signature.args[3], kind).value
        align = kind.dtype.bitwidth // 8
        pointer = vector_pointer(
            builder, pointer_to(context, builder, signature.args[0], array, at), kind
        )
        with builder.if_else(fits(builder, kind, at, end)) as (whole, part):
            with whole:
                builder.store(value, pointer, align=align)
            with part:
                function = masked_function(
                    builder, "store", kind, ir.VoidType(), [value.type, pointer.type]
                )
                builder.call(
                    function, [value, pointer, small(align), masked(builder, kind, at, end)]
                )
        return context.get_dummy_value()

    return types.void(A, types.intp, types.intp, x), generate


# Sums over lanes, in a fixed order.


def _halves(builder, x, y):
    """Return x's and y's lanes with even and with odd numbers, y's behind x's."""
    count = x.type.count
    return (
        builder.shuffle_vector(x, y, chosen(list(range(first, 2 * count, 2)))) for first in (0, 1)
    )


def added_halves(builder, lanes):
    """Return the sum of all lanes: halves are added until one number is left."""
    half = lanes.type.count // 2
    while half:
        low, high = (
            builder.shuffle_vector(lanes, lanes, chosen(list(range(first, first + half))))
            for first in (0, half)
        )
        lanes, half = builder.fadd(low, high), half // 2
    return builder.extract_element(lanes, small(0))


@intrinsic
def sum_of_lanes(typing_context, x):
    """Return the sum of all lanes."""

    def generate(context, builder, signature, arguments):
        return added_halves(builder, arguments[0])

    return x.dtype(x), generate


def added_up(builder, vectors: list):
    """Return lanes whose first ones are the sums of the lanes of each of eight vectors.

    Neighbours are added, of two vectors at once, until all vectors lie in one.
    """
    while len(vectors) > 1:
        vectors = [
            builder.fadd(*_halves(builder, x, y))
            for x, y in zip(vectors[::2], vectors[1::2], strict=True)
        ]
    (lanes,) = vectors
    count = lanes.type.count
    while count > EIGHT:
        low, high = (
            builder.shuffle_vector(lanes, lanes, chosen(list(range(first, count, 2))))
            for first in (0, 1)
        )
        lanes, count = builder.fadd(low, high), count // 2
    return lanes


# Moving numbers about.


@intrinsic
def copy_number(typing_context, A, at, B, to):
    """Write B[to] = A[at]."""

    def generate(context, builder, signature, arguments):
        source, at, target, to = arguments
        number = builder.load(pointer_to(context, builder, signature.args[0], source, at))
        builder.store(number, pointer_to(context, builder, signature.args[2], target, to))
        return context.get_dummy_value()

    return types.void(A, types.intp, B, types.intp), generate
