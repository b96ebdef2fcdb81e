"""What keeps element-wise kernels short to compile: loops over one index, merged into callers.

Numba spends some 50 ms on every function that it compiles on its own and LLVM goes over
each function again wherever it is called from. Loop bodies that only exist to be named
are therefore merged into their callers, and run over one index instead of two.
"""

from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic

from nnsim.kernels.jit import body

FROM_JITTED_CODE = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Options of `overload` for functions that Python never calls in their compiled form."""


if config.DISABLE_JIT:

    def flat(A):
        """Return a one-dimensional view of a C-contiguous array."""
        view = A.view()
        view.shape = (A.size,)
        return view

    def same_buffer(A, B):
        """Tell whether two arrays begin at one address."""
        return A.ctypes.data == B.ctypes.data

else:

    @intrinsic
    def flat(typingctx, A):
        """Return a one-dimensional view of a C-contiguous array.

        It holds no reference: use it only while the array itself is held, as an
        argument of the kernel is.
        """
        if not (isinstance(A, types.Array) and A.layout == "C"):
            return None
        view_type = types.Array(A.dtype, 1, "C", readonly=not A.mutable, aligned=A.aligned)

        def codegen(context, builder, signature, arguments):
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            view = context.make_array(signature.return_type)(context, builder)
            integer = ir.IntType(64)
            view.data = array.data
            view.nitems = array.nitems
            view.itemsize = array.itemsize
            view.shape = cgutils.pack_array(builder, [array.nitems], integer)
            view.strides = cgutils.pack_array(builder, [array.itemsize], integer)
            view.meminfo = cgutils.get_null_value(view.meminfo.type)
            view.parent = cgutils.get_null_value(view.parent.type)
            return view._getvalue()

        return view_type(A), codegen

    @intrinsic
    def same_buffer(typingctx, A, B):
        """Tell whether two arrays begin at one address."""

        def codegen(context, builder, signature, arguments):
            first, second = (
                context.make_array(kind)(context, builder, argument).data
                for kind, argument in zip(signature.args, arguments, strict=True)
            )
            integer = ir.IntType(64)
            return builder.icmp_unsigned(
                "==", builder.ptrtoint(first, integer), builder.ptrtoint(second, integer)
            )

        return types.boolean(A, B), codegen


@body
def copy_into(source, target):
    """Copy a flat array; a loop, since slice assignment compiles a broadcast with its messages."""
    for k in range(source.size):
        target[k] = source[k]
