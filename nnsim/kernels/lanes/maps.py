"""Formulas applied to whole arrays: the loop over lanes, written down for LLVM."""

from __future__ import annotations

from collections.abc import Callable

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from nnsim.kernels.lanes.arrays import added_halves, counting_up, masked, masked_function
from nnsim.kernels.lanes.values import INDEX, Lanes, Traced, small, traced, vector_of


def mapping(formula: Callable):
    """Return a function of (number, *inputs, output) that writes a formula of the inputs.

    output[k] = formula(input[k] ..., number) for flat arrays of one length; the output may be an
    input. It returns the sum of the first input, which is finite only if all its numbers are.
    """

    def typed(typing_context, number, *arrays):
        kind = Lanes(arrays[-1].dtype)

        def generate(context, builder, signature, arguments):
            number, packed = arguments
            data = [
                context.make_array(one)(context, builder, builder.extract_value(packed, place))
                for place, one in enumerate(signature.args[1])
            ]
            size, align = data[0].nitems, kind.dtype.bitwidth // 8
            vector, lanes = vector_of(kind), ir.Constant(INDEX, kind.count)
            factor = traced(context, builder, number, signature.args[0], kind)
            total = cgutils.alloca_once_value(builder, ir.Constant(vector, [0.0] * kind.count))

            def apply(at, mask):
                pointers = [
                    builder.bitcast(builder.gep(one.data, [at]), vector.as_pointer())
                    for one in data
                ]
                if mask is None:
                    values = [builder.load(one, align=align) for one in pointers[:-1]]
                else:
                    load = masked_function(builder, "load", kind, vector, [pointers[0].type])
                    zero = ir.Constant(vector, [0.0] * kind.count)
                    values = [
                        builder.call(load, [one, small(align), mask, zero]) for one in pointers[:-1]
                    ]
                inputs = [Traced(builder, value, kind) for value in values]
                builder.store(builder.fadd(builder.load(total), values[0]), total)
                result = formula(*inputs, factor).value
                if mask is None:
                    builder.store(result, pointers[-1], align=align)
                else:
                    kinds = [vector, pointers[-1].type]
                    store = masked_function(builder, "store", kind, ir.VoidType(), kinds)
                    builder.call(store, [result, pointers[-1], small(align), mask])

            whole = builder.sdiv(size, lanes)
            with counting_up(builder, whole) as count:
                apply(builder.mul(count, lanes), None)
            rest = builder.mul(whole, lanes)
            with builder.if_then(builder.icmp_signed("<", rest, size)):
                apply(rest, masked(builder, kind, rest, size))
            return added_halves(builder, builder.load(total))

        return kind.dtype(number, types.StarArgTuple(arrays)), generate

    typed.__name__ = f"mapping_of_{formula.__name__}"
    return intrinsic(typed)
