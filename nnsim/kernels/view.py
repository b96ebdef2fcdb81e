"""A piece of a flat vector as a matrix, for the price of a few instructions."""

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload


def view(flat, start, rows, columns):
    """Return rows x columns numbers of a flat C-contiguous vector, from `start` on, as a matrix.

    Compiled, `flat[start:stop].reshape(rows, columns)` counts references and calls a helper: about
    100 ns, several times a layer and step. Here the array's description is written down directly.
    The view does not keep `flat` alive and nothing is checked: only for code whose caller holds
    `flat`, such as the compiled program.
    """
    return flat[start : start + rows * columns].reshape(rows, columns)


@overload(view, inline="never")
def _compiled_view(flat, start, rows, columns):
    if not (isinstance(flat, types.Array) and flat.ndim == 1 and flat.layout == "C"):
        return None
    return lambda flat, start, rows, columns: _described(flat, start, rows, columns)


@intrinsic
def _described(typing_context, flat, start, rows, columns):
    matrix = types.Array(flat.dtype, 2, "C", aligned=flat.aligned)
    signature = matrix(flat, types.intp, types.intp, types.intp)

    def generate(context, builder, signature, arguments):
        flat_type = signature.args[0]
        flat_value, start, rows, columns = arguments
        source = context.make_array(flat_type)(context, builder, flat_value)
        target = context.make_array(matrix)(context, builder)
        itemsize = context.get_constant(
            types.intp, context.get_abi_sizeof(context.get_data_type(flat_type.dtype))
        )
        context.populate_array(
            target,
            data=builder.gep(source.data, [start]),
            shape=[rows, columns],
            strides=[builder.mul(columns, itemsize), itemsize],
            itemsize=itemsize,
            meminfo=cgutils.get_null_value(source.meminfo.type),
            parent=cgutils.get_null_value(source.parent.type),
        )
        return target._getvalue()

    return signature, generate
