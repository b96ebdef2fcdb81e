"""Matrix products in registers: for layers whose arrays fit into the fastest caches.

What is computed is one line each. The loops only cut the result into tiles that stay in registers
while the inner sum runs (`nnsim.kernels.lanes.tiles`), so that numbers that are loaded are used
several times; no entry depends on how it is cut. BLAS does the same for matrices of any size, but
first copies them into an order of its own, which takes longer than the product of small ones.

Arrays are C-contiguous and of one type; nothing is checked.
"""

from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes import (
    copy_number,
    product_tile,
    row_sums_tile,
    sums_tile,
    tile_width,
    transpose_square,
)


@kernel
def product_into(W, row_step, inner_step, inner, b, biased, B, C):
    """Write C[i, j] = b[i] + sum over k of W[i row_step + k inner_step] B[k, j].

    With steps (n_prev, 1) that is W B + b, with steps (1, n_prev) it is W^T B.
    """
    rows, m = C.shape
    wide = tile_width(C)
    whole = m - m % (4 * wide)
    i = 0
    while i + 4 <= rows:
        w = i * row_step
        for j in range(0, whole, 4 * wide):
            product_tile(4, 4, W, w, row_step, inner_step, inner, b, i, biased, B, j, m, C)
        if m - whole > 2 * wide:
            product_tile(4, -4, W, w, row_step, inner_step, inner, b, i, biased, B, whole, m, C)
        elif m > whole:
            product_tile(4, -2, W, w, row_step, inner_step, inner, b, i, biased, B, whole, m, C)
        i += 4
    while i < rows:
        w = i * row_step
        for j in range(0, m, 4 * wide):
            product_tile(1, -4, W, w, row_step, inner_step, inner, b, i, biased, B, j, m, C)
        i += 1


@body
def product_of_rows_into(D, A, C):
    """Write C[i, k] = sum over j of D[i, j] A[k, j], eight neighbours at once: C = D A^T."""
    rows, m = D.shape
    inner = A.shape[0]
    if inner >= rows:
        for i in range(rows):
            for k in range(0, inner, 8):
                count = min(8, inner - k)
                sums_tile(D, i * m, A, k, inner - 1, m, C, i * inner + k, 1, count)
    else:
        # The longer side lies in the eight.
        for k in range(inner):
            for i in range(0, rows, 8):
                count = min(8, rows - i)
                sums_tile(A, k * m, D, i, rows - 1, m, C, i * inner + k, inner, count)


@body
def row_sums_into(A, share, c):
    """Write c[i] = share * sum over j of A[i, j]."""
    rows, m = A.shape
    for i in range(0, rows, 8):
        row_sums_tile(A, i, rows - 1, m, share, c, i, min(8, rows - i))


@body
def transpose_into(A, T):
    """Write T[j, i] = A[i, j]: whole squares of lanes, then what is left."""
    rows, m = A.shape
    wide = tile_width(A)
    square_rows, square_columns = rows - rows % wide, m - m % wide
    for i in range(0, square_rows, wide):
        for j in range(0, square_columns, wide):
            transpose_square(A, i * m + j, m, T, j * rows + i, rows)
    for i in range(rows):
        for j in range(square_columns if i < square_rows else 0, m):
            copy_number(A, i * m + j, T, j * rows + i)
