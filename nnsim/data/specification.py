"""A data set described: what a scenario or a Python user writes down. No arrays, no Numba."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Augmentation:
    """Changed copies of the training examples (course topic B7); see `nnsim.data.augmentation`."""

    copies: int = 1
    """How many more of each training example, each with random changes of its own."""
    flip: bool = False
    """Mirror half of the copies: left and right of an image, x1 of a point."""
    rotate: float = 0.0
    """Largest angle in degrees, to either side: about an image's middle, about a point's 0."""
    shift: float = 0.0
    """Images: largest shift in pixels, in each direction."""
    zoom: float = 0.0
    """Images: at 0.1 the factor lies between 0.9 and 1.1."""
    noise: float = 0.0
    """Standard deviation of what is added to every number, in the units of the data."""
    image: tuple[int, int] | None = None
    """Height and width of an example that is an image, where the source does not know."""


@dataclass(frozen=True)
class DataSpecification:
    """Where examples come from, how they are split, augmented and normalised."""

    source: str
    """A name from `nnsim.data.sources.SOURCES`."""
    options: dict[str, Any] = field(default_factory=dict)
    """Options of that source (examples, noise, file, target ...); each source names its own."""
    split: tuple[float, float, float] = (1.0, 0.0, 0.0)
    """Shares of train, dev, test; they sum to 1 (with `held_out`: see there)."""
    held_out: dict[str, Any] | None = None
    """Mismatched source: dev and test are drawn from `source` with these options over `options`.

    Train's share is of the source, dev's and test's are of the held-out version; train is the
    same as without it. So (1.0, 0.5, 0.5) uses all of both.
    """
    augment: Augmentation | None = None
    """Changed copies of the training examples: after the split, before normalisation."""
    normalize: str = "none"
    """none, standard (divide by sigma), variance (divide by sigma^2: the slide's mistake)."""
    normalize_dev_alone: bool = False
    """Fault `dev_normalized_alone`: dev and test get their own mu and sigma."""
    shuffle: bool = True
    """Shuffle the examples before splitting."""
