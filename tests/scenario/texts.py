"""Scenario texts that tests change in one place."""

GOOD = """\
[scenario]
title = "A scenario"

[data]
source = "circles"
examples = 40
split = [0.6, 0.2, 0.2]

[network]
loss = "binary_cross_entropy"
layers = [
  { units = 4, activation = "tanh" },
  { units = 1, activation = "sigmoid" },
]

[training]
steps = 20
"""


def good(*changes: tuple[str, str], more: str = "") -> str:
    """Return GOOD with parts replaced (each must be there) and text added."""
    text = GOOD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text + more
