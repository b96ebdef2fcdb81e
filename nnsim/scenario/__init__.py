"""Scenario files: read, checked, listed, run.

The catalogue is light; the other names are imported when they are first used, so that a list of
scenarios brings in neither pydantic nor Numba.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nnsim.scenario.catalogue import Entry, catalogue, find

if TYPE_CHECKING:
    from nnsim.scenario.json_schema import schema as schema
    from nnsim.scenario.overrides import parse_settings as parse_settings
    from nnsim.scenario.results import ExpectationResult as ExpectationResult
    from nnsim.scenario.results import ScenarioResult as ScenarioResult
    from nnsim.scenario.results import VariantResult as VariantResult
    from nnsim.scenario.scenario import Scenario as Scenario
    from nnsim.scenario.scenario import load as load
    from nnsim.scenario.scenario import run as run

_MODULES = {
    "ExpectationResult": "results",
    "Scenario": "scenario",
    "ScenarioResult": "results",
    "VariantResult": "results",
    "load": "scenario",
    "parse_settings": "overrides",
    "run": "scenario",
    "schema": "json_schema",
}

__all__ = [
    "Entry",
    "ExpectationResult",
    "Scenario",
    "ScenarioResult",
    "VariantResult",
    "catalogue",
    "find",
    "load",
    "parse_settings",
    "run",
    "schema",
]


def __getattr__(name: str) -> Any:
    """Import a public name from the module it lives in (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
