"""Label smoothing: a share of the label is dealt out over all classes."""


def smooth_labels(Y, smoothing, classes):
    return (1 - smoothing) * Y + smoothing / classes
