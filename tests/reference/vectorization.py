"""J, dw, db of logistic regression in exact rational sums of terms in extended precision."""

from fractions import Fraction

import numpy as np


def gradient(X, Y, w, b):
    """Return J, dw, db: z exact, sigmoid and log in long double, sums exact."""
    n_x, m = X.shape
    J, db, dw = Fraction(0), Fraction(0), [Fraction(0)] * n_x
    for i in range(m):
        x = [Fraction(float(value)) for value in X[:, i]]
        z = sum((Fraction(float(v)) * x[j] for j, v in enumerate(w[:, 0])), Fraction(b))
        wide = np.longdouble(z.numerator) / np.longdouble(z.denominator)
        a = 1 / (1 + np.exp(-wide))
        y = float(Y[0, i])
        loss = -np.log(a) if y else -np.log(1 - a)
        J += Fraction(float(loss))
        dz = Fraction(float(a - y))
        db += dz
        dw = [each + x[j] * dz for j, each in enumerate(dw)]
    return float(J / m), np.array([float(each / m) for each in dw]), float(db / m)
