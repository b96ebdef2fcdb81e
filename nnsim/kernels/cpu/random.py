"""Counter-based random numbers: Philox4x32-10 (design point 4).

Every number is a function of (seed, stream, step, layer, index) and of nothing else, so
any step's mask or shuffle can be made again without its past, in any order, on any
thread. How these five become Philox's key and counter:

=========  ==================================================
key        (seed mod 2^32, seed / 2^32)
counter 0  number of the block of four 32-bit words
counter 1  layer (24 bits) + stream (8 bits) * 2^24
counter 2  step mod 2^32
counter 3  step / 2^32
=========  ==================================================

Streams differ in the counter, under one key, so no two of them can ever share a block.
All arithmetic is on ``uint64`` values below 2^32: products cannot overflow, and LLVM uses
its vector multiply of 32-bit numbers. Indices are ``uint64`` too: with signed ones Numba
asks of each whether it is negative, and LLVM no longer sees that entries are neighbours.

Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
"""

import math

import numpy as np

from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes.integers import counting, every

LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
U1, U2, U3, U4 = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_STREAM_SHIFT = np.uint64(24)
_LAYER_MASK = np.uint64(0xFFFFFF)
_SHIFT_5, _SHIFT_6, _SHIFT_26 = np.uint64(5), np.uint64(6), np.uint64(26)


@body
def philox4x32(c0, c1, c2, c3, k0, k1):
    """Return Philox4x32-10's four words for a counter and a key; all are uint64 below 2^32.

    The counter may be lanes of such numbers, the key not; then the words are lanes.
    """
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> HALF) ^ c1 ^ k0
        c1 = p1 & LOW
        c2 = (p0 >> HALF) ^ c3 ^ k1
        c3 = p0 & LOW
        k0 = (k0 + _W0) & LOW
        k1 = (k1 + _W1) & LOW
    return c0, c1, c2, c3


@body
def block_of(seed, stream, step, layer, block):
    """Return the four words of a block (a uint64) of a stream; a loop of these vectorises."""
    seed64 = np.uint64(seed)
    step64 = np.uint64(step)
    place = (np.uint64(layer) & _LAYER_MASK) | (np.uint64(stream) << _STREAM_SHIFT)
    return philox4x32(
        block & LOW, place, step64 & LOW, step64 >> HALF, seed64 & LOW, seed64 >> HALF
    )


@body
def blocks_of(seed, stream, step, layer, first):
    """Return the four words of as many blocks at once as there are lanes of integers."""
    seed64 = np.uint64(seed)
    step64 = np.uint64(step)
    place = (np.uint64(layer) & _LAYER_MASK) | (np.uint64(stream) << _STREAM_SHIFT)
    return philox4x32(
        counting(first) & LOW,
        every(place),
        every(step64 & LOW),
        every(step64 >> HALF),
        seed64 & LOW,
        seed64 >> HALF,
    )


@body
def lone_block_of(seed, stream, step, layer, block):
    """Return the same, compiled once and called: for what happens rarely."""
    return block_of(seed, stream, step, layer, block)


@kernel
def words_into(seed, stream, step, layer, words):
    """Fill a 1-D int64 array with 32-bit words: entry i is word i % 4 of block i // 4."""
    size = np.uint64(words.size)
    whole = size // U4
    for block in range(whole):
        w0, w1, w2, w3 = block_of(seed, stream, step, layer, block)
        at = block * U4
        words[at] = np.int64(w0)
        words[at + U1] = np.int64(w1)
        words[at + U2] = np.int64(w2)
        words[at + U3] = np.int64(w3)
    rest = lone_block_of(seed, stream, step, layer, whole)
    for k in range(size - whole * U4):
        words[whole * U4 + k] = np.int64(rest[k])


@body
def _uniform(high, low):
    """Return the multiple of 2^-53 in [0, 1) that 53 bits of two words name."""
    return np.float64(((high >> _SHIFT_5) << _SHIFT_26) | (low >> _SHIFT_6)) * 2.0**-53


@kernel
def uniform_into(seed, stream, step, layer, out):
    """Fill a 1-D float64 array with uniform numbers in [0, 1) of 53 bits, two a block."""
    for pair in range((np.uint64(out.size) + U1) // U2):
        w0, w1, w2, w3 = block_of(seed, stream, step, layer, pair)
        at = pair * U2
        out[at] = _uniform(w0, w1)
        if at + U1 < out.size:
            out[at + U1] = _uniform(w2, w3)


@kernel
def normal_into(seed, stream, step, layer, out):
    """Fill a 1-D float64 array with standard normal numbers (Box and Muller), two a block."""
    uniform_into(seed, stream, step, layer, out)
    pairs = out.size // 2
    for pair in range(pairs):
        # 1 - u lies in (0, 1]: the logarithm is finite.
        radius = math.sqrt(-2.0 * math.log(1.0 - out[2 * pair]))
        angle = 2.0 * math.pi * out[2 * pair + 1]
        out[2 * pair] = radius * math.cos(angle)
        out[2 * pair + 1] = radius * math.sin(angle)
    if 2 * pairs < out.size:
        last = 2 * pairs
        _, _, w2, w3 = lone_block_of(seed, stream, step, layer, np.uint64(pairs))
        radius = math.sqrt(-2.0 * math.log(1.0 - out[last]))
        out[last] = radius * math.cos(2.0 * math.pi * _uniform(w2, w3))


@kernel
def permutation_into(seed, stream, epoch, order):
    """Fill a 1-D int64 array with a permutation of 0 .. n-1, each as likely as any other.

    Fisher and Yates' shuffle, inside out, so that the words it needs can lie in `order`
    itself. A word that would favour some positions is drawn again (Lemire, "Fast random
    integer generation in an interval", 2019): try k of entry i is word 0 of block i of
    layer k.
    """
    words_into(seed, stream, epoch, 0, order)
    for i in range(order.size):
        bound = np.uint64(i + 1)
        product = np.uint64(order[i]) * bound
        if (product & LOW) < bound:
            unfair = (LOW + U1 - bound) % bound
            attempt = 0
            while (product & LOW) < unfair:
                attempt += 1
                word, _, _, _ = lone_block_of(seed, stream, epoch, attempt, bound - U1)
                product = word * bound
        j = np.int64(product >> HALF)
        order[i] = order[j]
        order[j] = i
