"""What a kind of scenario is: its tables, and how they become a simulation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from nnsim.data.sources import SOURCES
from nnsim.scenario.dials import Dial
from nnsim.scenario.key_types import Table
from nnsim.scenario.lessons import SteppedLessonTable
from nnsim.scenario.lines import KeyPath
from nnsim.scenario.mistakes import Mistake, schema_of


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
    """Tables to the specification of a run; see `specification` and `stepped`."""
    prepare: Callable[..., Any]
    """Specification, folder and shelf to a simulation; see `preparing`."""
    length: str = ""
    """The key that says how many steps a run has, for --steps; "" where it follows from others."""
    dials: tuple[Dial, ...] = ()
    """Settings to turn while it is open; training has its own, more of them."""
    lesson: type[SteppedLessonTable] = SteppedLessonTable
    """A table of [[lesson]]."""

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

    def settings(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return settings, as --set takes them, of changes that name dials."""
        return {dial.key: changes[dial.name] for dial in self.dials if dial.name in changes}

    def dial(self, name: str) -> Dial | None:
        """Return a dial by its name."""
        return next((each for each in self.dials if each.name == name), None)


@cache
def source_options() -> tuple[str, ...]:
    """Return the names of all options of all data sources, each once."""
    return tuple(dict.fromkeys(name for source in SOURCES.values() for name in source.option_names))
