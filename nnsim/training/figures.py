"""Names of what is recorded, in the order of the tables' columns. No Numba."""

CURVE = ("step", "cost", "data_loss", "penalty", "learning_rate")
"""Columns of the table with a row a step (until it is thinned)."""

EVALUATED = tuple(
    f"{part}_{figure}"
    for part in ("train", "dev", "test")
    for figure in ("cost", "data_loss", "accuracy")
)
RECORD = ("step", "epoch", *EVALUATED)
"""Columns of the table with a row an evaluation; LAYER_FIGURES of layer 1, 2 ... follow."""

LAYER_FIGURES = (
    "weight_norm",
    "gradient_norm",
    "update_ratio",
    "z_mean",
    "z_std",
    "a_mean",
    "a_std",
    "dead_share",
    "saturated_share",
)
