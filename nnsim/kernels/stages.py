"""Calling compiled code through a table of addresses, so that each piece is compiled once.

Numba links what a function calls into the function and optimises all of it again, level by level:
a program of ten stages written the plain way took three times as long to compile. A stage that is
called through its address is a piece of its own. No result depends on it.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.extending import intrinsic

if config.DISABLE_JIT:

    def call(table, index, *arguments):
        """Call stage number `index` of a table of stages; stages return nothing."""
        table[index](*arguments)

else:

    @intrinsic
    def call(typing_context, table, index, *arguments):
        """Call stage number `index` of a table of stages; stages return nothing.

        Compiled, the table holds addresses and nothing is checked: the arguments must have the
        types that the stage was compiled for.
        """
        argument_types = tuple(types.unliteral(one) for one in arguments)
        signature = types.void(table, types.intp, types.StarArgTuple(arguments))

        def generate(context, builder, signature, values):
            table, index, packed = values
            array = context.make_array(signature.args[0])(context, builder, table)
            address = builder.load(builder.gep(array.data, [index]))
            lowered = [context.get_value_type(one) for one in argument_types]
            # What Numba's C wrapper of a function without result has: a pointer, always null.
            wrapper = ir.FunctionType(context.get_value_type(types.none), lowered)
            pointer = builder.inttoptr(address, wrapper.as_pointer())
            unpacked = [
                context.cast(builder, builder.extract_value(packed, i), given, wanted)
                for i, (given, wanted) in enumerate(
                    zip(signature.args[2], argument_types, strict=True)
                )
            ]
            builder.call(pointer, unpacked)
            return context.get_dummy_value()

        return signature, generate


def address_of(stage, signature: tuple) -> int:
    """Return the address of a stage compiled for a signature."""
    stage.compile(signature)
    compiled = stage.overloads[signature]
    if compiled.signature.return_type != types.none:
        raise TypeError(f"stage {stage.__name__} returns {compiled.signature.return_type}")
    return compiled.library.get_pointer_to_function(compiled.fndesc.llvm_cfunc_wrapper_name)


def new_table(size: int):
    """Return a table for `call`, without stages yet."""
    return [None] * size if config.DISABLE_JIT else np.zeros(size, np.int64)


def add_stage(table, number: int, stage, signature: tuple) -> None:
    """Write a stage, compiled for a signature, to its place in a table."""
    table[number] = stage if config.DISABLE_JIT else address_of(stage, signature)
