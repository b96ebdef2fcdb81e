"""The kinds of scenario: what each kind's tables are and how they become a simulation.

A new kind is a module here with a `KIND`, and its name in `NAMES`; reading, variants, settings,
lessons, expectations and the schema follow from it. A kind is imported when a scenario asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from nnsim.scenario.kinds.kind import Kind

NAMES = (
    "training",
    "averages",
    "descent",
    "derivative",
    "diagnosis",
    "search",
    "gradient_check",
    "vectorization",
)
"""The first one is what a file without `kind` is."""


class _Kinds(Mapping[str, Kind]):
    """Kinds by name, imported when they are first asked for."""

    def __getitem__(self, name: str) -> Kind:
        if name not in NAMES:
            raise KeyError(name)
        kind: Kind = import_module(f"{__name__}.{name}").KIND
        return kind

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


KINDS: Mapping[str, Kind] = _Kinds()
"""Every kind by its name."""
