"""What is wrong with a data specification, found before anything heavy is imported."""

from __future__ import annotations

import math
from typing import Any

from nnsim.data.augmentation_mistakes import find_augmentation_mistakes
from nnsim.data.options import is_number, nearest, shown
from nnsim.data.source_mistakes import find_mistakes
from nnsim.data.specification import DataSpecification
from nnsim.errors import Problem

NORMALIZATIONS = ("none", "standard", "variance")
"""none; standard: divide by sigma; variance: divide by sigma^2, the mistake of a slide."""
TOLERANCE = 1e-6
"""Of a sum of shares: 1/3 written with few digits is still a third."""


def find_specification_mistakes(specification: DataSpecification) -> list[Problem]:
    """Return everything that is wrong with a specification.

    Each `Problem` has ``key`` (a field, an option, or ``held_out.`` or ``augment.`` and a name),
    message, what was expected, and the nearest valid name. File and line are the caller's to fill
    in.
    """
    held_out, kind = specification.held_out, specification.normalize
    problems = find_mistakes(specification.source, specification.options, held_out)
    problems += [
        Problem(mistake, key="split")
        for mistake in find_split_mistakes(specification.split, held_out is not None)
    ]
    problems += find_augmentation_mistakes(
        specification.augment, specification.source, specification.options
    )
    if kind not in NORMALIZATIONS:
        problems.append(
            Problem(
                f"there is no normalisation {shown(kind)}",
                key="normalize",
                expected="one of " + ", ".join(NORMALIZATIONS),
                suggestion=nearest(kind, NORMALIZATIONS),
            )
        )
    return problems


def find_split_mistakes(shares: Any, held_out: bool = False) -> list[str]:
    """Return everything that is wrong with the shares of train, dev and test.

    One to three numbers of 0 to 1; absent ones are 0. They sum to 1. With a mismatched source
    (``held_out``) train's share is of the one source, dev's and test's are of the other: the first
    is at most 1, and so is the sum of the others.
    """
    if not isinstance(shares, list | tuple) or not 1 <= len(shares) <= 3:
        return [
            f"split is {shares!r}; expected shares of train, dev and test such as [0.6, 0.2, 0.2]"
        ]
    wrong = [share for share in shares if not is_number(share) or not 0 <= share <= 100]
    if wrong:
        return [f"split has the share {wrong[0]!r}; expected numbers from 0 to 1"]
    total = math.fsum(shares)
    if shares[0] == 0:
        return ["split leaves no examples to train on; expected a first share above 0"]
    if held_out:
        rest = math.fsum(shares[1:])
        if shares[0] > 1 + TOLERANCE or rest > 1 + TOLERANCE:
            return [
                f"split is {list(shares)!r}; with held_out, train's share (of the source) is "
                "at most 1, and so are dev's and test's (of the held-out source) together"
            ]
        if rest == 0:
            return ["split has no dev and no test, so held_out would not be used"]
    elif abs(total - 1) > TOLERANCE:
        example = ""
        if abs(total - 100) <= TOLERANCE:
            example = f"; write {[share / 100 for share in shares]!r}"
        return [f"split sums to {total:g}; expected shares that sum to 1{example}"]
    return []
