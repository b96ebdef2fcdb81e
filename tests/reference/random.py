"""Philox4x32-10 in Python's whole numbers, one block at a time."""

import math

import numpy as np


def philox4x32(counter, key):
    """Return four 32-bit words for four words of counter and two of key."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high_0, low_0 = divmod(0xD2511F53 * c0, 2**32)
        high_1, low_1 = divmod(0xCD9E8D57 * c2, 2**32)
        c0, c1, c2, c3 = high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c0, c1, c2, c3


def block_of(seed, stream, step, layer, block):
    counter = (block, stream * 2**24 + layer, step % 2**32, step // 2**32)
    return philox4x32(counter, (seed % 2**32, seed // 2**32))


def word_of(seed, stream, step, layer, index):
    return block_of(seed, stream, step, layer, index // 4)[index % 4]


def words(seed, stream, step, layer, count):
    return np.array([word_of(seed, stream, step, layer, index) for index in range(count)], int)


def uniform_of(seed, stream, step, layer, index):
    block = block_of(seed, stream, step, layer, index // 2)
    high, low = block[2 * (index % 2)], block[2 * (index % 2) + 1]
    return (high // 2**5 * 2**26 + low // 2**6) / 2**53


def uniform(seed, stream, step, layer, count):
    return np.array([uniform_of(seed, stream, step, layer, index) for index in range(count)])


def normal(seed, stream, step, layer, count):
    numbers = []
    for pair in range((count + 1) // 2):
        u1 = uniform_of(seed, stream, step, layer, 2 * pair)
        u2 = uniform_of(seed, stream, step, layer, 2 * pair + 1)
        radius = math.sqrt(-2 * math.log(1 - u1))
        numbers += [radius * math.cos(2 * math.pi * u2), radius * math.sin(2 * math.pi * u2)]
    return np.array(numbers[:count])


def permutation(seed, stream, epoch, count):
    order = []
    for i in range(count):
        bound = i + 1
        word = word_of(seed, stream, epoch, 0, i)
        attempt = 0
        # Of 2^32 words only a multiple of `bound` can be dealt out evenly.
        while word * bound % 2**32 < 2**32 % bound:
            attempt += 1
            word = block_of(seed, stream, epoch, attempt, i)[0]
        j = word * bound // 2**32
        order.append(i)
        order[i], order[j] = order[j], order[i]
    return np.array(order, int)
