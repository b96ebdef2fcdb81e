"""What is wrong with an augmentation: ranges, and changes that the examples have no place for.

No NumPy and no Numba: a scenario is checked with this before anything heavy is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nnsim.data.options import Option, Source, is_number, shown
from nnsim.data.sources import SOURCES
from nnsim.data.specification import Augmentation
from nnsim.errors import Problem

_OPTIONS = (
    Option("copies", "integer", "Copies of each training example.", 1, minimum=1, maximum=1000),
    Option("flip", "flag", "Mirror half of the copies.", False),
    Option("rotate", "number", "Largest angle in degrees.", 0.0, minimum=0, maximum=180),
    Option("shift", "number", "Largest shift in pixels.", 0.0, minimum=0, maximum=1000),
    Option("zoom", "number", "Largest change of size.", 0.0, minimum=0, maximum=0.9),
    Option("noise", "number", "Standard deviation of the noise.", 0.0, minimum=0),
)
CHANGES = {
    "image": ("flip", "rotate", "shift", "zoom", "noise"),
    "points": ("flip", "rotate", "noise"),
    "table": ("noise",),
}
"""What each kind of example can have done to it."""
_EXAMPLES = {
    "image": "an image",
    "points": "a point of the plane",
    "table": "a row of a table, whose numbers have no places in space",
}


def find_augmentation_mistakes(
    augmentation: Augmentation | None, source: str, options: Mapping[str, Any]
) -> list[Problem]:
    """Return everything that is wrong, under keys ``augment`` or ``augment.`` and a field.

    An unknown source is somebody else's mistake; what only a file can tell, its number of
    features, is looked at by `find_misplaced_changes` once it is read.
    """
    if augmentation is None:
        return []
    values = asdict(augmentation)
    problems = [
        Problem(mistake, key=f"augment.{option.name}", expected=option.expected)
        for option in _OPTIONS
        for mistake in option.mistakes(values[option.name])
    ]
    if not problems and not any(values[name] for name in CHANGES["image"]):
        problems.append(
            Problem(
                "changes nothing: the copies would be the examples once more",
                key="augment",
                expected="one of " + ", ".join(CHANGES["image"]),
            )
        )
    if isinstance(source, str) and source in SOURCES:
        described = SOURCES[source]
        wrong = _mistakes_in_image(augmentation.image, described)
        problems += wrong
        if not wrong:
            features = _features_of(described, options)
            problems += find_misplaced_changes(augmentation, described, features)
    return problems


def _mistakes_in_image(image: Any, source: Source) -> list[Problem]:
    if image is None:
        return []
    expected = "height and width in pixels, such as [8, 8]"
    sides = list(image) if isinstance(image, list | tuple) else []
    whole = [is_number(side) and isinstance(side, int) and side > 0 for side in sides]
    if len(sides) != 2 or not all(whole):
        return [Problem(f"{shown(image)} is no size", key="augment.image", expected=expected)]
    if source.image is not None:
        height, width = source.image
        message = f"the images of {source.name!r} are {height} x {width}, which is known"
    elif source.form:
        message = f"the examples of {source.name!r} are no images"
    else:
        return []
    return [Problem(message, key="augment.image", expected="no image key here")]


def _features_of(source: Source, options: Mapping[str, Any]) -> int | None:
    """Return n_x where the options tell it of a source whose form depends on it."""
    if source.name == "linear":
        features = options.get("features", 2)
        return features if isinstance(features, int) else None
    rows = options.get("X")
    if source.name == "inline" and isinstance(rows, list | tuple) and rows:
        return len(rows) if isinstance(rows[0], list | tuple) else 1
    return None


def form_of(augmentation: Augmentation, source: Source, features: int | None) -> str:
    """Return what an example is: image, points or table; "" where n_x has to be known first."""
    if source.form:
        return source.form
    if augmentation.image is not None:
        return "image"
    return "" if features is None else "points" if features == 2 else "table"


def find_misplaced_changes(
    augmentation: Augmentation, source: Source, features: int | None
) -> list[Problem]:
    """Return the changes that examples of `features` numbers have no place for."""
    form = form_of(augmentation, source, features)
    if not form:
        return []
    problems = []
    if form == "image" and features is not None and augmentation.image is not None:
        height, width = augmentation.image
        if height * width != features:
            problems.append(
                Problem(
                    f"{height} x {width} pixels are {height * width} numbers, but an example has "
                    f"{features}",
                    key="augment.image",
                    expected=f"a height and a width whose product is {features}",
                )
            )
    hint = " (of images in files say image = [height, width])" if not source.form else ""
    problems += [
        Problem(
            f"{name} has no place here: an example of {source.name!r} is {_EXAMPLES[form]}",
            key=f"augment.{name}",
            expected=f"{' or '.join(CHANGES[form])}{hint}",
        )
        for name in CHANGES["image"]
        if name not in CHANGES[form] and getattr(augmentation, name)
    ]
    return problems
