"""What a formula consists of where a kind of simulation writes its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line: an equation, the equation with the run's numbers put in, or what it means."""

    text: str
    role: str = "equation"
    """equation, numbers or meaning."""
