"""The kinds of scenario: what each kind's tables are and how they become a simulation.

A new kind (descent, averages, search ...) is a `Kind` in `KINDS`, with its tables in a module of
its own; reading, variants, settings, lessons, expectations and the schema follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from nnsim.data.sources import SOURCES
from nnsim.scenario.agreement import disagreements
from nnsim.scenario.key_types import Table
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake, schema_of
from nnsim.scenario.preparing import prepare
from nnsim.scenario.specification import TrainingTables, specify


@dataclass(frozen=True)
class Kind:
    """One kind of scenario."""

    name: str
    summary: str
    tables: type[Table]
    """The tables of one run; `scenario` must be among them."""
    placeholders: Mapping[KeyPath, Any]
    """Values for missing required keys, so that the rest can be checked all the same."""
    disagreements: Callable[[Any], Iterable[Mistake]]
    """Mistakes between the keys of one run's tables."""
    specify: Callable[[Any], Any]
    """Tables to the specification of a run."""
    prepare: Callable[..., Any]
    """Specification to simulation; see `preparing`."""

    @property
    def overlays(self) -> tuple[str, ...]:
        """Tables that a variant may lay over the file's."""
        return tuple(name for name in self.tables.model_fields if name != "scenario")

    def keys(self) -> dict[str, tuple[str, ...]]:
        """Return every table that settings may change, with its keys."""
        schema = schema_of(self.tables)
        keys = {}
        for table, where in schema["properties"].items():
            target = schema["$defs"][where["$ref"].rsplit("/", 1)[-1]]
            keys[table] = tuple(target["properties"])
        if "data" in keys:
            keys["data"] += tuple(source_options())
        return keys


@cache
def source_options() -> tuple[str, ...]:
    """Return the names of all options of all data sources, each once."""
    return tuple(dict.fromkeys(name for source in SOURCES.values() for name in source.option_names))


KINDS: dict[str, Kind] = {
    "training": Kind(
        name="training",
        summary="Trains a network on a data set.",
        tables=TrainingTables,
        placeholders={
            ("scenario",): {"title": "untitled"},
            ("scenario", "title"): "untitled",
            ("data",): {"source": "xor"},
            ("data", "source"): "xor",
            ("network",): {
                "loss": "mean_squared_error",
                "layers": [{"units": 1, "activation": "identity"}],
            },
            ("network", "loss"): "mean_squared_error",
            ("network", "layers"): [{"units": 1, "activation": "identity"}],
            ("training",): {"steps": 1},
        },
        disagreements=disagreements,
        specify=specify,
        prepare=prepare,
    ),
}
"""Every kind by its name; the first one is what a file without `kind` is."""
