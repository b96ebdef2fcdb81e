"""The whole training step, put together from the twins of its parts.

A network, its layers and a training are read by their attributes only, as a scenario names them
(`units`, `activation`, `keep_prob` ...). Parameters are a dictionary of arrays W1, b1, gamma1 ...
"""

import math

import numpy as np

from tests.reference import (
    activations,
    batch_norm,
    clipping,
    dense,
    dropout,
    label_smoothing,
    layer_norm,
    losses,
    optimizers,
    penalties,
    random,
    residual,
    schedules,
)

SHUFFLE, DROPOUT = 3, 4
"""Numbers of the random streams."""


def with_slope(layer):
    return (layer.slope,) if layer.activation in ("leaky_relu", "elu") else ()


def mask_of(layer, seed, step, number, m):
    size = layer.units * m
    words = random.words(seed, DROPOUT, step, number, size).reshape(layer.units, m)
    return dropout.dropout_mask(math.ceil(layer.keep_prob * 2**32), words)


def forward(network, parameters, X, masks=None):
    """Return every array of the way forward by name; `masks` are dropout's D by layer number."""
    arrays = {"A0": X}
    A = X
    for number, layer in enumerate(network.layers, start=1):
        p = {name: parameters.get(f"{name}{number}") for name in ("W", "b", "gamma", "beta")}
        Z = Z_tilde = dense.dense_forward(p["W"], A, p["b"] if layer.bias else 0.0)
        if layer.batch_norm:
            Z_tilde, Z_norm, mean, variance = batch_norm.batch_norm_forward(
                Z, p["gamma"], p["beta"], layer.batch_norm.epsilon
            )
            arrays |= {f"Z_norm{number}": Z_norm, f"Z_tilde{number}": Z_tilde}
            arrays |= {f"mean{number}": mean, f"variance{number}": variance}
        if layer.layer_norm:
            Z_tilde, Z_norm, mean, variance = layer_norm.layer_norm_forward(
                Z, p["gamma"], p["beta"], layer.layer_norm.epsilon
            )
            arrays |= {f"Z_norm{number}": Z_norm, f"Z_tilde{number}": Z_tilde}
            arrays |= {f"mean{number}": mean, f"variance{number}": variance}
        A_prev = A
        G = A = getattr(activations, layer.activation)(Z_tilde, *with_slope(layer))
        if layer.keep_prob < 1:
            A = dropout.dropout_forward(G, masks[number], layer.keep_prob)
            arrays[f"D{number}"] = masks[number]
        if layer.residual:
            A = residual.residual_forward(A_prev, A)
        arrays |= {f"Z{number}": Z, f"G{number}": G, f"A{number}": A}
    return arrays


def inference(network, parameters, running, X):
    """Return A[L] with the running statistics and without dropout."""
    A = X
    for number, layer in enumerate(network.layers, start=1):
        Z = dense.dense_forward(
            parameters[f"W{number}"], A, parameters[f"b{number}"] if layer.bias else 0.0
        )
        if layer.batch_norm:
            Z = batch_norm.batch_norm_inference(
                Z,
                parameters[f"gamma{number}"],
                parameters[f"beta{number}"],
                running[f"mean{number}"],
                running[f"variance{number}"],
                layer.batch_norm.epsilon,
            )
        if layer.layer_norm:
            Z = layer_norm.layer_norm_forward(
                Z, parameters[f"gamma{number}"], parameters[f"beta{number}"],
                layer.layer_norm.epsilon,
            )[0]  # fmt: skip
        A_prev = A
        A = getattr(activations, layer.activation)(Z, *with_slope(layer))
        if layer.residual:
            A = residual.residual_forward(A_prev, A)
    return A


def cost(network, parameters, arrays, Y):
    """Return (data loss, penalty); J is their sum."""
    depth, m = len(network.layers), Y.shape[1]
    Z = arrays.get(f"Z_tilde{depth}", arrays[f"Z{depth}"])
    A = arrays[f"A{depth}"]
    logits = network.loss in ("binary_cross_entropy", "softmax_cross_entropy", "hinge")
    delta = (network.huber_delta,) if network.loss == "huber" else ()
    data_loss = getattr(losses, network.loss)(Z if logits else A, Y, *delta)
    penalty = 0.0
    for number in range(1, depth + 1):
        W = parameters[f"W{number}"]
        penalty += penalties.l2_penalty(W, network.l2, m)
        penalty += penalties.l1_penalty(W, network.l1, m, network.l1_halved)
    return data_loss, penalty


def loss_slope(network, A, Y):
    """Return m dJ/dA of the losses that are not joined with the last activation."""
    if network.loss == "mean_squared_error":
        return 2 * (A - Y)
    if network.loss == "hinge":
        sign = 2 * Y - 1
        return np.where(sign * A < 1, -sign, 0.0)
    return np.clip(A - Y, -network.huber_delta, network.huber_delta)


def backward(network, parameters, arrays, Y):
    """Return the gradients dW1, db1, dgamma1 ... and dA, dZ_tilde, dZ of every layer."""
    depth, m = len(network.layers), Y.shape[1]
    found = {}
    dA = None
    for number in range(depth, 0, -1):
        layer, W = network.layers[number - 1], parameters[f"W{number}"]
        Z_tilde = arrays.get(f"Z_tilde{number}", arrays[f"Z{number}"])
        if number == depth and network.loss.endswith("cross_entropy"):
            dZ = arrays[f"A{number}"] - Y
        else:
            if number == depth:
                dA = loss_slope(network, arrays[f"A{number}"], Y)
            dG = dA
            if layer.keep_prob < 1:
                dG = dropout.dropout_backward(dA, arrays[f"D{number}"], layer.keep_prob)
                # Where dA also goes past the layer it stays whole.
                found[f"{'dG' if layer.residual else 'dA'}{number}"] = dG
            way_back = getattr(activations, f"{layer.activation}_backward")
            dZ = way_back(dG, Z_tilde, *with_slope(layer))
        if layer.batch_norm:
            found[f"dZ_tilde{number}"] = dZ
            dZ, dgamma, dbeta = batch_norm.batch_norm_backward(
                dZ, arrays[f"Z{number}"], parameters[f"gamma{number}"], layer.batch_norm.epsilon
            )
            found |= {f"dgamma{number}": dgamma, f"dbeta{number}": dbeta}
        if layer.layer_norm:
            found[f"dZ_tilde{number}"] = dZ
            dZ, dgamma, dbeta = layer_norm.layer_norm_backward(
                dZ, arrays[f"Z{number}"], parameters[f"gamma{number}"], layer.layer_norm.epsilon
            )
            found |= {f"dgamma{number}": dgamma, f"dbeta{number}": dbeta}
        past = dA
        found[f"dZ{number}"] = dZ
        dW, db, dA = dense.dense_backward(dZ, arrays[f"A{number - 1}"], W)
        dW = penalties.l2_gradient(W, network.l2, m, dW)
        found[f"dW{number}"] = penalties.l1_gradient(W, network.l1, m, network.l1_halved, dW)
        if layer.bias:
            found[f"db{number}"] = db
        if layer.residual:
            dA = residual.residual_backward(past, dA)
        if number > 1:
            found[f"dA{number - 1}"] = dA
    return found


def clipped(training, gradients):
    names = list(gradients)
    if training.clip_value > 0:
        gradients = {
            name: clipping.clip_by_value(gradients[name], training.clip_value) for name in names
        }
    if training.clip_norm > 0:
        whole = np.concatenate([gradients[name].ravel() for name in names])
        part = clipping.clip_by_global_norm(whole, training.clip_norm)
        edges = np.cumsum([gradients[name].size for name in names])[:-1]
        gradients = {
            name: piece.reshape(gradients[name].shape)
            for name, piece in zip(names, np.split(part, edges), strict=True)
        }
    return gradients


def learning_rate(training, step, epoch):
    schedule, alpha = training.schedule, training.learning_rate
    length = schedule.steps or training.steps
    waves = (alpha, schedule.minimum, schedule.warm_up, length, step)
    if schedule.kind == "one_cycle":
        # Without a warm-up of its own, the way up takes three tenths of the run.
        warm_up = schedule.warm_up or 3 * length // 10
        return schedules.one_cycle(alpha, schedule.minimum, warm_up, length, step)
    found = {
        "constant": lambda: alpha,
        "inverse_time": lambda: schedules.inverse_time(alpha, schedule.rate, epoch),
        "exponential": lambda: schedules.exponential(alpha, schedule.rate, epoch),
        "sqrt_epoch": lambda: schedules.square_root(alpha, schedule.rate, epoch),
        "sqrt_step": lambda: schedules.square_root(alpha, schedule.rate, step),
        "staircase": lambda: schedules.staircase(alpha, schedule.rate, schedule.every, epoch),
        "manual": lambda: schedules.manual(alpha, schedule.values, epoch),
        "cosine": lambda: schedules.cosine(*waves),
    }[schedule.kind]()
    return found * (step + 1) / schedule.warm_up if step < schedule.warm_up else found


def updated(training, name, theta, grad, slots, t, alpha):
    """Return theta after the update of one block; `slots` holds v, s, s_max and is changed."""
    rule = getattr(optimizers, training.optimizer)
    v, s = slots["v"], slots["s"]
    inside = training.epsilon_inside
    betas = (training.beta1, training.beta2)
    if training.optimizer == "sgd":
        return rule(theta, grad, alpha)
    if training.optimizer in ("momentum", "momentum_sum", "nesterov"):
        theta, slots["v"] = rule(theta, grad, v, alpha, training.beta1)
    elif training.optimizer == "adagrad":
        theta, slots["s"] = rule(theta, grad, s, alpha, training.epsilon, inside)
    elif training.optimizer == "rmsprop":
        theta, slots["s"] = rule(theta, grad, s, alpha, training.beta2, training.epsilon, inside)
    elif training.optimizer == "lion":
        decay = training.weight_decay if name.startswith("W") else 0.0
        theta, slots["v"] = rule(theta, grad, v, alpha, *betas, decay)
    elif training.optimizer == "amsgrad":
        theta, slots["v"], slots["s"], slots["s_max"] = rule(
            theta, grad, v, s, slots["s_max"], t, alpha, *betas, training.epsilon, inside
        )
    elif training.optimizer == "adamw":
        decay = training.weight_decay if name.startswith("W") else 0.0
        theta, slots["v"], slots["s"] = rule(
            theta, grad, v, s, t, alpha, *betas, training.epsilon, decay, inside
        )
    else:
        theta, slots["v"], slots["s"] = rule(
            theta, grad, v, s, t, alpha, *betas, training.epsilon, inside
        )
    return theta


def train(network, training, parameters, X, Y, *, seed, steps):
    """Yield, step by step, all arrays and figures of the step and the parameters after it."""
    parameters = dict(parameters)
    examples = X.shape[1]
    size = training.batch_size or examples
    slots = {
        name: {slot: np.zeros(array.shape) for slot in ("v", "s", "s_max")}
        for name, array in parameters.items()
    }
    running = {}
    for number, layer in enumerate(network.layers, start=1):
        if layer.batch_norm:
            running[f"mean{number}"] = np.zeros((layer.units, 1))
            running[f"variance{number}"] = np.ones((layer.units, 1))
    a_pass = -(-examples // size)
    if network.label_smoothing:
        softmax = network.loss == "softmax_cross_entropy"
        classes = len(Y) if softmax else 2
        Y = label_smoothing.smooth_labels(Y, network.label_smoothing, classes)
    for step in range(steps):
        epoch, batch = divmod(step, a_pass)
        order = np.arange(examples)
        if size < examples and training.shuffle:
            order = random.permutation(seed, SHUFFLE, epoch, examples)
        chosen = order[batch * size : (batch + 1) * size]
        X_batch, Y_batch = X[:, chosen], Y[:, chosen]
        masks = {
            number: mask_of(layer, seed, step, number, len(chosen))
            for number, layer in enumerate(network.layers, start=1)
            if layer.keep_prob < 1
        }
        arrays = forward(network, parameters, X_batch, masks)
        arrays["Y"] = Y_batch
        for name in running:
            layer = network.layers[int(name.lstrip("meanvrict")) - 1]
            running[name] = batch_norm.update_running_average(
                running[name], arrays[name], layer.batch_norm.momentum
            )
        data_loss, penalty = cost(network, parameters, arrays, Y_batch)
        arrays |= backward(network, parameters, arrays, Y_batch)
        gradients = clipped(training, {name: arrays[f"d{name}"] for name in parameters})
        arrays |= {f"d{name}": gradient for name, gradient in gradients.items()}
        alpha = learning_rate(training, step, epoch)
        for name, theta in parameters.items():
            parameters[name] = updated(
                training, name, theta, gradients[name], slots[name], step + 1, alpha
            )
            arrays[f"update_{name}"] = parameters[name] - theta
            for slot, values in slots[name].items():
                arrays[f"{slot}_{name}"] = values
        arrays |= parameters
        arrays |= {f"running_{name}": values for name, values in running.items()}
        yield {
            "cost": data_loss + penalty,
            "data_loss": data_loss,
            "penalty": penalty,
            "learning_rate": alpha,
            "arrays": arrays,
        }
