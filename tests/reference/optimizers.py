"""Update rules as written on paper; each returns the new theta and the new slots."""

import numpy as np


def root(s, epsilon, epsilon_inside):
    return np.sqrt(s + epsilon) if epsilon_inside else np.sqrt(s) + epsilon


def sgd(theta, grad, alpha):
    return theta - alpha * grad


def momentum(theta, grad, v, alpha, beta1):
    v = beta1 * v + (1 - beta1) * grad
    return theta - alpha * v, v


def momentum_sum(theta, grad, v, alpha, beta1):
    v = beta1 * v + grad
    return theta - alpha * v, v


def nesterov(theta, grad, v, alpha, beta1):
    v = beta1 * v + (1 - beta1) * grad
    return theta - alpha * (beta1 * v + (1 - beta1) * grad), v


def adagrad(theta, grad, s, alpha, epsilon, epsilon_inside=False):
    s = s + grad**2
    return theta - alpha * grad / root(s, epsilon, epsilon_inside), s


def rmsprop(theta, grad, s, alpha, beta2, epsilon, epsilon_inside=False):
    s = beta2 * s + (1 - beta2) * grad**2
    return theta - alpha * grad / root(s, epsilon, epsilon_inside), s


def adam(theta, grad, v, s, t, alpha, beta1, beta2, epsilon, epsilon_inside=False):
    v = beta1 * v + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    v_corrected = v / (1 - beta1**t)
    s_corrected = s / (1 - beta2**t)
    return theta - alpha * v_corrected / root(s_corrected, epsilon, epsilon_inside), v, s


def adam_uncorrected(theta, grad, v, s, t, alpha, beta1, beta2, epsilon):
    v = beta1 * v + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    return theta - alpha * v / (np.sqrt(s) + epsilon), v, s


def adam_multiplied(theta, grad, v, s, t, alpha, beta1, beta2, epsilon):
    v = beta1 * v + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    v_wrong = v * (1 - beta1**t)
    s_wrong = s * (1 - beta2**t)
    return theta - alpha * v_wrong / (np.sqrt(s_wrong) + epsilon), v, s


def adam_stored(theta, grad, v, s, t, alpha, beta1, beta2, epsilon):
    v = beta1 * v + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    v = v / (1 - beta1**t)
    s = s / (1 - beta2**t)
    return theta - alpha * v / (np.sqrt(s) + epsilon), v, s


def adamw(theta, grad, v, s, t, alpha, beta1, beta2, epsilon, weight_decay, epsilon_inside=False):
    theta = theta - alpha * weight_decay * theta
    return adam(theta, grad, v, s, t, alpha, beta1, beta2, epsilon, epsilon_inside)


def amsgrad(theta, grad, v, s, s_max, t, alpha, beta1, beta2, epsilon, epsilon_inside=False):
    v = beta1 * v + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    s_max = np.maximum(s_max, s)
    v_corrected = v / (1 - beta1**t)
    s_corrected = s_max / (1 - beta2**t)
    theta = theta - alpha * v_corrected / root(s_corrected, epsilon, epsilon_inside)
    return theta, v, s, s_max


def nadam(theta, grad, v, s, t, alpha, beta1, beta2, epsilon, epsilon_inside=False):
    v = beta1 * v + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad**2
    ahead = beta1 * v / (1 - beta1 ** (t + 1)) + (1 - beta1) * grad / (1 - beta1**t)
    s_corrected = s / (1 - beta2**t)
    return theta - alpha * ahead / root(s_corrected, epsilon, epsilon_inside), v, s


def lion(theta, grad, v, alpha, beta1, beta2, weight_decay=0.0):
    direction = np.sign(beta1 * v + (1 - beta1) * grad)
    theta = theta - alpha * (direction + weight_decay * theta)
    return theta, beta2 * v + (1 - beta2) * grad
