"""What every public kernel checks before it runs, so that mistakes are told in one line.

`check_arrays` looks at types. That happens while Numba compiles the call and costs
nothing when it runs. `check_same_shape` compares two shapes; `output_like` allocates an
output that was left out, or checks the one that was given. They work from Python, from a
user's own jitted code and with Numba switched off. Other relations between shapes are
written out in the kernel itself::

    if W.shape[1] != A_prev.shape[0]:
        raise ShapeError("dense_forward: W has", W.shape, "but A_prev has", A_prev.shape)
"""

import numpy as np
from numba import config, types
from numba.extending import intrinsic, overload

from nnsim.kernels.loops import FROM_JITTED_CODE, same_buffer


class ShapeError(ValueError):
    """Arrays of shapes that do not belong together; the arguments are joined into one line."""

    def __str__(self) -> str:
        return " ".join(str(part) for part in self.args)


def problem_of(signature, dimensions, kinds):
    """Return what is wrong with the arrays of a call, or None.

    ``signature`` is the call as one would write it down, inputs in brackets and outputs
    behind the arrow: ``"relu(Z) -> A"``. Each of ``kinds`` describes one array in that
    order: None if it was left out, a word if it is no array at all, else a tuple (dtype,
    number of dimensions, is C-contiguous, is writable).
    """
    kernel, _, rest = signature.partition("(")
    inputs, _, outputs = rest.partition(")")
    outputs = outputs.replace("->", "").replace(",", " ").split()
    names = inputs.replace(",", " ").split() + outputs
    first = None
    for name, kind in zip(names, kinds, strict=True):
        if kind is None and name in outputs:
            continue
        if kind is None:
            return f"{kernel}: {name} is None; expected an array of float64 or float32"
        if isinstance(kind, str):
            return f"{kernel}: {name} is {kind}; expected an array of float64 or float32"
        dtype, found, contiguous, writable = kind
        if dtype not in ("float64", "float32"):
            return (
                f"{kernel}: {name} holds {dtype}; expected float64 or float32: "
                f"pass {name}.astype(np.float64)"
            )
        if found != dimensions:
            return f"{kernel}: {name} has {found} dimensions; expected {dimensions}"
        if not contiguous:
            return f"{kernel}: {name} is not C-contiguous; pass np.ascontiguousarray({name})"
        if name in outputs and not writable:
            return f"{kernel}: {name} is read-only and cannot take the result"
        first = first or (name, dtype)
        if dtype != first[1]:
            return (
                f"{kernel}: {name} holds {dtype} but {first[0]} holds {first[1]}; "
                f"pass {name}.astype(np.{first[1]})"
            )
    return None


if config.DISABLE_JIT:

    def check_arrays(signature, dimensions, *arrays):
        """Raise TypeError unless all arrays are C-contiguous and of one float type."""
        kinds = [_kind_of_value(array) for array in arrays]
        problem = problem_of(signature, dimensions, kinds)
        if problem:
            raise TypeError(problem)

else:

    @intrinsic(prefer_literal=True)
    def check_arrays(typing_context, signature, dimensions, *arrays):
        """Raise TypeError unless all arrays are C-contiguous and of one float type."""
        # Numba would wrap one of its own errors into a page; this one it passes on as it is.
        kinds = [_kind_of_type(array) for array in arrays]
        problem = problem_of(signature.literal_value, dimensions.literal_value, kinds)
        if problem:
            raise TypeError(problem)

        def codegen(context, builder, signature, arguments):
            return context.get_dummy_value()

        return types.void(signature, dimensions, types.StarArgTuple(arrays)), codegen


def _kind_of_value(array):
    if array is None:
        return None
    if not isinstance(array, np.ndarray):
        return f"of type {type(array).__name__}"
    return str(array.dtype), array.ndim, array.flags.c_contiguous, array.flags.writeable


def _kind_of_type(kind):
    if isinstance(kind, types.Omitted | types.NoneType):
        return None
    if not isinstance(kind, types.Array):
        return f"of type {kind}"
    return str(kind.dtype), kind.ndim, kind.layout == "C", kind.mutable


def check_same_shape(kernel, name, array, other_name, other):
    """Raise ShapeError unless the two arrays have one shape."""
    if array.shape != other.shape:
        raise ShapeError(f"{kernel}: {name} has", array.shape, f"but {other_name} has", other.shape)


@overload(check_same_shape, prefer_literal=True, jit_options=FROM_JITTED_CODE)
def _compile_check_same_shape(kernel, name, array, other_name, other):
    first = f"{kernel.literal_value}: {name.literal_value} has"
    second = f"but {other_name.literal_value} has"

    def implementation(kernel, name, array, other_name, other):
        if array.shape != other.shape:
            raise ShapeError(first, array.shape, second, other.shape)

    return implementation


def output_like(kernel, name, output, like_name, like):
    """Return the output; a new array shaped like the other one if it was left out (None).

    Raises ShapeError if the two differ in shape, ValueError if they are one piece of memory:
    a kernel may write its output in several passes and still need its input in the last.
    """
    if output is None:
        return np.empty_like(like)
    if output.shape != like.shape:
        raise ShapeError(f"{kernel}: {name} has", output.shape, f"but {like_name} has", like.shape)
    if same_buffer(output, like):
        raise ValueError(f"{kernel}: {name} is {like_name}'s own memory; pass another array")
    return output


@overload(output_like, prefer_literal=True, jit_options=FROM_JITTED_CODE)
def _compile_output_like(kernel, name, output, like_name, like):
    if isinstance(output, types.Omitted | types.NoneType):
        return lambda kernel, name, output, like_name, like: np.empty_like(like)
    first = f"{kernel.literal_value}: {name.literal_value} has"
    second = f"but {like_name.literal_value} has"
    shared = (
        f"{kernel.literal_value}: {name.literal_value} is {like_name.literal_value}'s own memory; "
        "pass another array"
    )

    def implementation(kernel, name, output, like_name, like):
        if output.shape != like.shape:
            raise ShapeError(first, output.shape, second, like.shape)
        if same_buffer(output, like):
            raise ValueError(shared)
        return output

    return implementation
