"""Calling compiled code through a table of addresses, so that each piece is compiled once.

Numba links what a function calls into the function and optimises all of it again, level by level:
a program of ten stages written the plain way took three times as long to compile. A stage that is
called through its address is a piece of its own. No result depends on it.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.extending import intrinsic, overload


def call(table, index, *arguments):
    """Call stage number `index` of a table of stages; stages return nothing.

    Compiled, the table holds addresses and nothing is checked: the arguments must have the types
    that the stage was compiled for.
    """
    table[index](*arguments)


@overload(call)
def _compiled_call(table, index, *arguments):
    return lambda table, index, *arguments: _call_address(table[index], arguments)


@intrinsic
def _call_address(typing_context, address, arguments):
    signature = types.void(address, arguments)

    def generate(context, builder, signature, values):
        address, packed = values
        argument_types = [types.unliteral(one) for one in signature.args[1]]
        lowered = [context.get_value_type(one) for one in argument_types]
        # What Numba's C wrapper of a function without result has: a pointer, always null.
        wrapper = ir.FunctionType(context.get_value_type(types.none), lowered)
        pointer = builder.inttoptr(address, wrapper.as_pointer())
        unpacked = [
            context.cast(builder, builder.extract_value(packed, i), given, wanted)
            for i, (given, wanted) in enumerate(zip(signature.args[1], argument_types, strict=True))
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


def table_of(stages: list[tuple]):
    """Return the table for `call` from (stage, signature) pairs, in the stages' order."""
    if config.DISABLE_JIT:
        return tuple(stage for stage, _ in stages)
    return np.array([address_of(*pair) for pair in stages], np.int64)
