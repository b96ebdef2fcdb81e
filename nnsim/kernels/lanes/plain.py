"""Lanes without Numba's compiler: short NumPy arrays, and the names that kernels use for them."""

from __future__ import annotations

import numpy as np

BYTES = 128
REGISTER = 64

# Compiled code warns of no overflow, so neither does this.
silent = np.errstate(all="ignore")


def lanes_in(A):
    """Return how many numbers of the array's type 64 bytes hold."""
    return BYTES // A.dtype.itemsize


def tile_width(A):
    """Return how many numbers of the array's type a tile's lanes hold."""
    return REGISTER // A.dtype.itemsize


def filled(A, number):
    """Return lanes of the array's type that all hold the number."""
    return np.full(lanes_in(A), number, A.dtype)


def spread(A, at):
    """Return lanes that all hold A[at]."""
    return filled(A, A.reshape(-1)[at])


def load_whole(A, at):
    """Return A[at : at + lanes]."""
    return A.reshape(-1)[at : at + lanes_in(A)].copy()


def load(A, at, end):
    """Return A[at : at + lanes]; 0 in lanes from `end` on."""
    x = filled(A, 0)
    part = A.reshape(-1)[at : min(at + x.size, end)]
    x[: part.size] = part
    return x


def store_whole(A, at, x):
    """Write A[at : at + lanes] = x."""
    A.reshape(-1)[at : at + lanes_in(A)] = x


def store(A, at, end, x):
    """Write A[at : at + lanes] = x, as far as `end`."""
    target = A.reshape(-1)[at : min(at + lanes_in(A), end)]
    target[:] = np.broadcast_to(x, lanes_in(A))[: target.size]


def where(mask, x, y):
    """Return x in the lanes where the mask holds, else y."""
    return np.where(mask, x, y)


def magnitude(x):
    """Return |x|."""
    return np.abs(x)


@silent
def square_root(x):
    """Return sqrt(x)."""
    return np.sqrt(x)


def with_sign_of(x, y):
    """Return |x| with the sign of y."""
    return np.copysign(x, y)


@silent
def multiply_add(a, b, c):
    """Return a b + c, rounded twice here and once where it is compiled."""
    return a * b + c


@silent
def polynomial(x, coefficients, coefficients32):
    """Return the polynomial with these coefficients (float64's or float32's), highest first."""
    value = filled(x, 0)
    for coefficient in coefficients32 if x.dtype == np.float32 else coefficients:
        value = value * x + x.dtype.type(coefficient)
    return value


def by_type(x, number, number32):
    """Return the number meant for the lanes' type, in that type."""
    return x.dtype.type(number32 if x.dtype == np.float32 else number)


def power_of_low_bits(t):
    """Return the floats whose exponent field is the lowest bits of t, fraction zero."""
    if t.dtype == np.float32:
        return (t.view(np.uint32) << np.uint32(23)).view(np.float32)
    return (t.view(np.uint64) << np.uint64(52)).view(np.float64)


def _halving(x):
    wide = x.dtype == np.float64
    fraction, root = (52, 0x3FE6A09E667F3BCC) if wide else (23, 0x3F3504F3)
    bits = x.view(np.int64 if wide else np.int32)
    n = (bits - bits.dtype.type(root)) >> bits.dtype.type(fraction)
    return n, bits - (n << bits.dtype.type(fraction))


def exponent_of(x):
    """Return the n, in lanes, with x / 2^n in [sqrt(1/2), sqrt(2)), for normal x > 0."""
    return _halving(x)[0].astype(x.dtype)


def fraction_of(x):
    """Return x / 2^n in [sqrt(1/2), sqrt(2)), for normal x > 0."""
    return _halving(x)[1].view(x.dtype)


def within(x, at, end):
    """Return x where at + lane < end, else 0."""
    return np.where(at + np.arange(x.size) < end, x, x.dtype.type(0))


def sum_of_lanes(x):
    """Return the sum of all lanes."""
    return np.sum(x)


@silent
def product_tile(rows, registers, W, w, row_step, inner_step, inner, b, i, biased, B, j, m, C):
    """Write rows i ... and columns j ... of C = b + W B."""
    columns = slice(j, min(j + abs(registers) * tile_width(B), m))
    k = np.arange(inner)
    for r in range(rows):
        factors = W.reshape(-1)[w + r * row_step + k * inner_step]
        C[i + r, columns] = factors @ B[:, columns]
        if biased:
            C[i + r, columns] += b.reshape(-1)[i + r]


@silent
def sums_tile(D, d, A, a, last, m, C, c, step, count):
    """Write C[c + q step] = sum over j of D[d + j] A[min(a + q, last) m + j] for q < count <= 8."""
    for q in range(count):
        row = A.reshape(-1)[min(a + q, last) * m :][:m]
        C.reshape(-1)[c + q * step] = D.reshape(-1)[d : d + m] @ row


@silent
def row_sums_tile(A, a, last, m, share, C, c, count):
    """Write C[c + q] = share * sum over j of A[min(a + q, last) m + j] for q < count <= 8."""
    for q in range(count):
        C.reshape(-1)[c + q] = share * np.sum(A.reshape(-1)[min(a + q, last) * m :][:m])


def copy_number(A, at, B, to):
    """Write B[to] = A[at]."""
    B.reshape(-1)[to] = A.reshape(-1)[at]


def transpose_square(A, at, row_step, B, to, column_step):
    """Write B[to + j column_step + i] = A[at + i row_step + j] for i, j below the lanes' number."""
    for i in range(tile_width(A)):
        for j in range(tile_width(A)):
            copy_number(A, at + i * row_step + j, B, to + j * column_step + i)


def formula(function):
    """Return the function itself."""
    return function


def mapping(formula):
    """Return a function of (number, *inputs, output) that writes a formula of the inputs."""

    @silent
    def apply(number, *arrays):
        *inputs, output = arrays
        end = output.size
        for at in range(0, end, lanes_in(output)):
            values = [load(one, at, end) for one in inputs]
            store(output, at, end, formula(*values, number))
        return np.sum(inputs[0])

    return apply
