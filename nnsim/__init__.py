"""A debugger for learning: train small networks step by step, forward and back.

>>> import nnsim
>>> nnsim.run("vanishing-gradients").expectations  # doctest: +SKIP

``load`` and ``run`` are found when they are first used, so that ``import nnsim``
brings in neither Numba nor NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnsim.scenario import load as load
    from nnsim.scenario import run as run

__version__ = "0.1.0"
__all__ = ["__version__", "load", "run"]

_FROM = {"load": "nnsim.scenario", "run": "nnsim.scenario"}


def __getattr__(name: str) -> Any:
    """Import a public name from where it lives, once (PEP 562)."""
    if name not in _FROM:
        raise AttributeError(f"module 'nnsim' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_FROM[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_FROM})
