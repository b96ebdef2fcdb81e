"""Activations by their definitions, one entry at a time; as slow as they are obvious."""

import math

import numpy as np

SELU_HEIGHT = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def entry_by_entry(function, *arrays):
    """Apply a function of plain numbers to the entries of equally shaped arrays."""
    result = np.empty(arrays[0].shape)
    for place in np.ndindex(result.shape):
        result[place] = function(*(float(array[place]) for array in arrays))
    return result


def identity(Z):
    return entry_by_entry(lambda z: z, Z)


def sigmoid_of(z):
    return 1 / (1 + math.exp(-z)) if z > -700 else math.exp(max(z, -750.0))


def sigmoid(Z):
    return entry_by_entry(sigmoid_of, Z)


def tanh(Z):
    return entry_by_entry(math.tanh, Z)


def relu(Z):
    return entry_by_entry(lambda z: 0.0 if z <= 0 else z, Z)


def leaky_relu(Z, slope):
    return entry_by_entry(lambda z: slope * z if z <= 0 else z, Z)


def elu(Z, slope):
    return entry_by_entry(lambda z: slope * math.expm1(z) if z <= 0 else z, Z)


def selu(Z):
    return SELU_SCALE * elu(Z, SELU_HEIGHT)


def normal_share(z):
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal_density(z):
    return math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)


def gelu(Z):
    return entry_by_entry(lambda z: z * normal_share(z), Z)


def silu(Z):
    return entry_by_entry(lambda z: z * sigmoid_of(z), Z)


def softplus(Z):
    return entry_by_entry(lambda z: max(z, 0.0) + math.log1p(math.exp(-abs(z))), Z)


def softmax(Z):
    A = np.empty(Z.shape)
    for j in range(Z.shape[1]):
        column = [float(z) for z in Z[:, j]]
        powers = [math.exp(z - max(column)) for z in column]
        A[:, j] = [power / math.fsum(powers) for power in powers]
    return A


def hardmax(Z):
    A = np.zeros(Z.shape)
    for j in range(Z.shape[1]):
        A[list(Z[:, j]).index(max(Z[:, j])), j] = 1
    return A


def identity_backward(dA, Z):
    return entry_by_entry(lambda d, z: d, dA, Z)


def sigmoid_backward(dA, Z):
    return entry_by_entry(lambda d, z: d * sigmoid_of(z) * sigmoid_of(-z), dA, Z)


def tanh_backward(dA, Z):
    return entry_by_entry(lambda d, z: d * (1 - math.tanh(z) ** 2), dA, Z)


def relu_backward(dA, Z):
    return entry_by_entry(lambda d, z: 0.0 if z <= 0 else d, dA, Z)


def leaky_relu_backward(dA, Z, slope):
    return entry_by_entry(lambda d, z: slope * d if z <= 0 else d, dA, Z)


def elu_backward(dA, Z, slope):
    return entry_by_entry(lambda d, z: d * slope * math.exp(z) if z <= 0 else d, dA, Z)


def selu_backward(dA, Z):
    return SELU_SCALE * elu_backward(dA, Z, SELU_HEIGHT)


def gelu_backward(dA, Z):
    return entry_by_entry(lambda d, z: d * (normal_share(z) + z * normal_density(z)), dA, Z)


def silu_backward(dA, Z):
    return entry_by_entry(lambda d, z: d * sigmoid_of(z) * (1 + z * sigmoid_of(-z)), dA, Z)


def softplus_backward(dA, Z):
    return entry_by_entry(lambda d, z: d * sigmoid_of(z), dA, Z)


def softmax_backward(dA, Z):
    A, dZ = softmax(Z), np.zeros(Z.shape)
    n = Z.shape[0]
    for j in range(Z.shape[1]):
        for i in range(n):
            for k in range(n):
                # da_k / dz_i = a_k ([i = k] - a_i)
                dZ[i, j] += float(dA[k, j]) * A[k, j] * ((1.0 if i == k else 0.0) - A[i, j])
    return dZ


def hardmax_backward(dA, Z):
    return np.zeros(Z.shape)
