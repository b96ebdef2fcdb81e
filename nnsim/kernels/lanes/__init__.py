"""Lanes: sixteen float64 or thirty-two float32, and one operation for all of them.

LLVM makes vector code of a plain loop only where it can prove that order does not matter, guesses
how wide, and takes its time over it. Here a kernel says so itself: it loads a stretch of an array
as *lanes*, computes with them as with one number, and stores them::

    for at in range(0, Z.size, lanes_in(Z)):
        z = load(Z, at, Z.size)
        store(A, at, Z.size, where(z <= 0.0, 0.0, z))

What a lane holds depends on no other lane, so results do not depend on how wide the machine's
registers are: LLVM splits these 128 bytes into as many registers as it takes. Plain numbers among
the operands stand for lanes that all hold them and are cast to the lanes' type, so float32 stays
float32. Sums over lanes are taken in a fixed order.

Arrays are C-contiguous and are seen flat; nothing is checked. Without Numba's compiler lanes are
short NumPy arrays, and the same kernels run, slowly.
"""

from numba import config

if config.DISABLE_JIT:
    from nnsim.kernels.lanes.plain import (
        by_type,
        copy_number,
        exponent_of,
        filled,
        formula,
        fraction_of,
        lanes_in,
        load,
        load_whole,
        magnitude,
        mapping,
        multiply_add,
        polynomial,
        power_of_low_bits,
        product_tile,
        row_sums_tile,
        spread,
        square_root,
        store,
        store_whole,
        sum_of_lanes,
        sums_tile,
        tile_width,
        transpose_square,
        where,
        with_sign_of,
        within,
    )
else:
    from nnsim.kernels.lanes.arrays import (
        copy_number,
        filled,
        lanes_in,
        load,
        load_whole,
        spread,
        store,
        store_whole,
        sum_of_lanes,
        within,
    )
    from nnsim.kernels.lanes.maps import mapping
    from nnsim.kernels.lanes.tiles import (
        product_tile,
        row_sums_tile,
        sums_tile,
        tile_width,
        transpose_square,
    )
    from nnsim.kernels.lanes.values import formula
    from nnsim.kernels.lanes.vocabulary import (
        by_type,
        exponent_of,
        fraction_of,
        magnitude,
        multiply_add,
        polynomial,
        power_of_low_bits,
        square_root,
        where,
        with_sign_of,
    )

__all__ = [
    "by_type",
    "copy_number",
    "exponent_of",
    "filled",
    "formula",
    "fraction_of",
    "lanes_in",
    "load",
    "load_whole",
    "magnitude",
    "mapping",
    "multiply_add",
    "polynomial",
    "power_of_low_bits",
    "product_tile",
    "row_sums_tile",
    "spread",
    "square_root",
    "store",
    "store_whole",
    "sum_of_lanes",
    "sums_tile",
    "tile_width",
    "transpose_square",
    "where",
    "with_sign_of",
    "within",
]
