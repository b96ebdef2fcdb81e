"""Layer norm between Z and g: each example on its own, over the units of a layer (topic E7).

mu_j = 1/n sum_i z_ij,  sigma_j^2 = 1/n sum_i (z_ij - mu_j)^2,
Z_norm = (Z - mu) / sqrt(sigma^2 + epsilon),  Z_tilde = gamma Z_norm + beta

Z and its like are (n, m), one example a column; gamma and beta are (n, 1), mean and variance
(1, m); all are float64 or float32 and C-contiguous, of one type. No example sees another one, so
the same is done at test time and nothing is kept of the steps before. Outputs may be given, and
are then written in place. Raised are TypeError for another type or layout, or types that differ,
and ValueError for shapes that differ. Forms whose name ends in `_into` are unchecked.

Source: Ba, Kiros and Hinton (2016), "Layer normalization".
"""

from nnsim.kernels.checks import ShapeError, check_arrays, check_same_shape, output_like
from nnsim.kernels.jit import body, kernel
from nnsim.kernels.lanes import filled, lanes_in, load, square_root, store, sum_of_lanes

# An example is a column, and a column a lane: what belongs to it is computed in its lane alone.


@body
def layer_norm_forward_into(Z, gamma, beta, epsilon, mean, variance, Z_norm, Z_tilde):
    """Unchecked form of `layer_norm_forward`."""
    T = Z.dtype.type
    n, m = Z.shape
    share, epsilon = T(1.0) / T(n), T(epsilon)
    for j in range(0, m, lanes_in(Z)):
        total = filled(Z, 0.0)
        for i in range(n):
            total += load(Z, i * m + j, i * m + m)
        mu = total * share
        store(mean, j, m, mu)
        total = filled(Z, 0.0)
        for i in range(n):
            difference = load(Z, i * m + j, i * m + m) - mu
            total += difference * difference
        sigma2 = total * share
        store(variance, j, m, sigma2)
        inverse = 1.0 / square_root(sigma2 + epsilon)
        for i in range(n):
            at, end = i * m + j, i * m + m
            z_norm = (load(Z, at, end) - mu) * inverse
            store(Z_norm, at, end, z_norm)
            store(Z_tilde, at, end, gamma[i, 0] * z_norm + beta[i, 0])


@body
def layer_norm_backward_into(dZ_tilde, Z_norm, gamma, variance, epsilon, dgamma, dbeta, dZ):
    """Unchecked form of `layer_norm_backward`; dZ may be dZ_tilde itself."""
    T = dZ_tilde.dtype.type
    n, m = dZ_tilde.shape
    share, share_of_batch, epsilon = T(1.0) / T(n), T(1.0) / T(m), T(epsilon)
    for i in range(n):
        total, products = filled(dZ, 0.0), filled(dZ, 0.0)
        for at in range(i * m, i * m + m, lanes_in(dZ)):
            d = load(dZ_tilde, at, i * m + m)
            total += d
            products += d * load(Z_norm, at, i * m + m)
        dgamma[i, 0] = sum_of_lanes(products) * share_of_batch
        dbeta[i, 0] = sum_of_lanes(total) * share_of_batch
    for j in range(0, m, lanes_in(dZ)):
        total, products = filled(dZ, 0.0), filled(dZ, 0.0)
        for i in range(n):
            dz_norm = gamma[i, 0] * load(dZ_tilde, i * m + j, i * m + m)
            total += dz_norm
            products += dz_norm * load(Z_norm, i * m + j, i * m + m)
        shift, slope = total * share, products * share
        inverse = 1.0 / square_root(load(variance, j, m) + epsilon)
        for i in range(n):
            at, end = i * m + j, i * m + m
            dz_norm = gamma[i, 0] * load(dZ_tilde, at, end)
            store(dZ, at, end, inverse * (dz_norm - shift - load(Z_norm, at, end) * slope))


@kernel
def layer_norm_forward(
    Z, gamma, beta, epsilon, mean=None, variance=None, Z_norm=None, Z_tilde=None
):
    """Return Z_tilde, Z_norm, mean and variance, with each column's own mean and variance."""
    check_arrays(
        "layer_norm_forward(Z, gamma, beta) -> mean, variance, Z_norm, Z_tilde",
        2, Z, gamma, beta, mean, variance, Z_norm, Z_tilde,
    )  # fmt: skip
    if gamma.shape != (Z.shape[0], 1):
        raise ShapeError("layer_norm_forward: Z has", Z.shape, "but gamma has", gamma.shape)
    check_same_shape("layer_norm_forward", "beta", beta, "gamma", gamma)
    row = Z[:1]
    mean = output_like("layer_norm_forward", "mean", mean, "a row of Z", row)
    variance = output_like("layer_norm_forward", "variance", variance, "a row of Z", row)
    Z_norm = output_like("layer_norm_forward", "Z_norm", Z_norm, "Z", Z)
    Z_tilde = output_like("layer_norm_forward", "Z_tilde", Z_tilde, "Z", Z)
    layer_norm_forward_into(Z, gamma, beta, epsilon, mean, variance, Z_norm, Z_tilde)
    return Z_tilde, Z_norm, mean, variance


@kernel
def layer_norm_backward(
    dZ_tilde, Z_norm, gamma, variance, epsilon, dgamma=None, dbeta=None, dZ=None
):
    """Return dZ, dgamma and dbeta, through each example's own mean and variance.

    dgamma = sum_j(dZ_tilde Z_norm) / m,  dbeta = sum_j(dZ_tilde) / m;
    dZ_norm = gamma dZ_tilde, and with means over the n units of each column
    dZ = (dZ_norm - mean_i(dZ_norm) - Z_norm mean_i(dZ_norm Z_norm)) / sqrt(sigma^2 + epsilon).

    The 1/m lies in dgamma and dbeta as it lies in dW and db (`dense_backward`); dZ is undivided.
    The given dZ may be dZ_tilde itself.
    """
    check_arrays(
        "layer_norm_backward(dZ_tilde, Z_norm, gamma, variance) -> dgamma, dbeta, dZ",
        2, dZ_tilde, Z_norm, gamma, variance, dgamma, dbeta, dZ,
    )  # fmt: skip
    if gamma.shape != (Z_norm.shape[0], 1):
        raise ShapeError(
            "layer_norm_backward: Z_norm has", Z_norm.shape, "but gamma has", gamma.shape
        )
    if variance.shape != (1, Z_norm.shape[1]):
        raise ShapeError(
            "layer_norm_backward: Z_norm has", Z_norm.shape, "but variance has", variance.shape
        )
    check_same_shape("layer_norm_backward", "dZ_tilde", dZ_tilde, "Z_norm", Z_norm)
    dgamma = output_like("layer_norm_backward", "dgamma", dgamma, "gamma", gamma)
    dbeta = output_like("layer_norm_backward", "dbeta", dbeta, "gamma", gamma)
    dZ = output_like("layer_norm_backward", "dZ", dZ, "Z_norm", Z_norm)
    layer_norm_backward_into(dZ_tilde, Z_norm, gamma, variance, epsilon, dgamma, dbeta, dZ)
    return dZ, dgamma, dbeta
