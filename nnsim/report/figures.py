"""Numbers as people read them: six significant figures, percentages, nothing for a missing one."""

from __future__ import annotations

import math


def figure(value: float | int | str | bool | None, digits: int = 6) -> str:
    """Return a measured value in at most `digits` significant figures; '-' for none.

    >>> figure(0.693147180559945), figure(12), figure(1e-9), figure(None)
    ('0.693147', '12', '1e-09', '-')
    """
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    value = float(value)
    if math.isnan(value):
        return "nan"
    return f"{value:.{digits}g}"


def share(value: float | None) -> str:
    """Return a share in 0..1 as a percentage: 0.9625 is '96.2 %'; '-' for none or NaN."""
    if value is None or math.isnan(value):
        return "-"
    return f"{100 * value:.1f} %"


def number(value: float | None) -> float | int | None:
    """Return a number for JSON, which has no NaN and no infinity: null stands for both."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    value = float(value)
    return value if math.isfinite(value) else None


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return '1 scenario', '3 scenarios'."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"
