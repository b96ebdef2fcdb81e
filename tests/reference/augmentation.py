"""Changed images and points, pixel by pixel: where does this pixel come from, what is there?"""

import math

import numpy as np


def pixel(image, row, column):
    """Return what lies at a place between pixels; outside of the image there is 0."""
    height, width = image.shape
    top, left = math.floor(row), math.floor(column)
    total = 0.0
    for r in (top, top + 1):
        for c in (left, left + 1):
            share = (1 - abs(row - r)) * (1 - abs(column - c))
            if 0 <= r < height and 0 <= c < width:
                total += share * image[r, c]
    return total


def changed_image(image, *, mirrored, degrees, factor, right, up):
    """Mirror, enlarge, turn (counter-clockwise) and shift an image, in this order."""
    height, width = image.shape
    result = np.zeros((height, width))
    turn = math.radians(degrees)
    for r in range(height):
        for c in range(width):
            x, y = c - (width - 1) / 2, (height - 1) / 2 - r
            x, y = x - right, y - up
            # Turned back, by a clockwise turn.
            x, y = (
                x * math.cos(turn) + y * math.sin(turn),
                y * math.cos(turn) - x * math.sin(turn),
            )
            x, y = x / factor, y / factor
            if mirrored:
                x = -x
            result[r, c] = pixel(image, (height - 1) / 2 - y, x + (width - 1) / 2)
    return result


def changed_point(point, *, mirrored, degrees):
    """Mirror a point's x1 and turn it counter-clockwise about 0."""
    x1, x2 = point
    x1 = -x1 if mirrored else x1
    turn = math.radians(degrees)
    return (
        x1 * math.cos(turn) - x2 * math.sin(turn),
        x1 * math.sin(turn) + x2 * math.cos(turn),
    )
