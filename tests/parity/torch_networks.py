"""Our networks built again from PyTorch's own parts, in float64 and on one thread."""

import numpy as np
import pytest

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed; pip install 'nnsim[parity]' brings it"
)
torch.set_num_threads(1)
functional = torch.nn.functional


def tensor(array):
    """Return a float64 leaf tensor of its own that gathers a gradient."""
    return torch.tensor(np.array(array), dtype=torch.float64, requires_grad=True)


def rows(array):
    """Return an array (n, m) as PyTorch has it: one example a row."""
    return torch.tensor(np.array(array), dtype=torch.float64).T


def activated(layer, Z):
    name, slope = layer.activation, layer.slope
    return {
        "identity": lambda: Z,
        "sigmoid": lambda: torch.sigmoid(Z),
        "tanh": lambda: torch.tanh(Z),
        "relu": lambda: functional.relu(Z),
        "leaky_relu": lambda: functional.leaky_relu(Z, slope),
        "elu": lambda: functional.elu(Z, slope),
        "selu": lambda: functional.selu(Z),
        "gelu": lambda: functional.gelu(Z),
        "silu": lambda: functional.silu(Z),
        "softplus": lambda: functional.softplus(Z),
        "softmax": lambda: functional.softmax(Z, dim=1),
    }[name]()


def parameters_of(arrays):
    """Return the parameters among a snapshot's arrays as tensors, by name."""
    kinds = ("W", "b", "gamma", "beta")
    return {
        name: tensor(array) for name, array in arrays.items() if name.rstrip("0123456789") in kinds
    }


def forward(network, parameters, X, masks=None):
    """Return (last Z, last A), one example a row; `masks` are dropout's D by layer number."""
    A = rows(X)
    for number, layer in enumerate(network.layers, start=1):
        b = parameters[f"b{number}"][:, 0] if layer.bias else None
        Z = functional.linear(A, parameters[f"W{number}"], b)
        if layer.batch_norm:
            Z = functional.batch_norm(
                Z,
                None,
                None,
                parameters[f"gamma{number}"][:, 0],
                parameters[f"beta{number}"][:, 0],
                training=True,
                eps=layer.batch_norm.epsilon,
            )
        if layer.layer_norm:
            Z = functional.layer_norm(
                Z,
                (layer.units,),
                parameters[f"gamma{number}"][:, 0],
                parameters[f"beta{number}"][:, 0],
                eps=layer.layer_norm.epsilon,
            )
        A_prev, A = A, activated(layer, Z)
        if layer.keep_prob < 1:
            A = A * rows(masks[number]) / layer.keep_prob
        if layer.residual:
            A = A + A_prev
    return Z, A


def data_loss(network, Z, A, Y):
    """Return the loss by PyTorch's functions.

    Their means run over all entries, ours over the examples: hence the factor n_y.
    """
    Y = rows(Y)
    outputs = Y.shape[1]
    if network.loss == "binary_cross_entropy":
        return outputs * functional.binary_cross_entropy_with_logits(Z, Y)
    if network.loss == "softmax_cross_entropy":
        # Its own smoothing, of labels that are numbers of classes: ours come smoothed already.
        return functional.cross_entropy(Z, Y.argmax(dim=1), label_smoothing=network.label_smoothing)
    if network.loss == "mean_squared_error":
        return outputs * functional.mse_loss(A, Y)
    if network.loss == "huber":
        return outputs * functional.huber_loss(A, Y, delta=network.huber_delta)
    # Hinge's labels are -1 and 1; PyTorch keeps it among the embedding losses' relatives.
    return outputs * functional.relu(1 - (2 * Y - 1) * Z).mean()


def cost(network, parameters, X, Y, masks=None):
    """Return J with its penalties."""
    J = data_loss(network, *forward(network, parameters, X, masks), Y)
    m = X.shape[1]
    for name, values in parameters.items():
        if name.startswith("W"):
            J = J + network.l2 / (2 * m) * values.square().sum()
            J = J + network.l1 / (2 * m if network.l1_halved else m) * values.abs().sum()
    return J
