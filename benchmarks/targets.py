"""What nnsim is meant to reach: the one table that every printed aim and `MISSED` comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Aim:
    """What a median shall not exceed, or not fall below."""

    value: float
    at_least: bool = False

    def kept(self, found: float) -> bool:
        """Whether it is as it shall be; NaN is not."""
        return bool(found >= self.value if self.at_least else found <= self.value)

    def text(self, factor: float = 1.0) -> str:
        """Return the aim, as in `>= 3`."""
        return f"{'>=' if self.at_least else '<='} {factor * self.value:.4g}"


FRAMEWORKS = ("jax", "torch", "torch-compile", "scikit-learn", "numpy")
DTYPES = ("float64", "float32")
NORMALISED = "+bn+dropout"


def _ratios() -> dict[tuple[str, str, str], float]:
    """Return (case, dtype, peer) -> how many times nnsim's time the peer's shall be."""
    found = {}
    for dtype in DTYPES:
        found |= {
            ("2-8-8-1", dtype, "jax"): 3.0,
            ("2-8-8-1", dtype, "torch"): 100.0,
            ("2-8-8-1", dtype, "scikit-learn"): 50.0,
            ("2-25-5-1", dtype, "jax"): 3.0,
            ("64-64-10", dtype, "jax"): 1.5 if dtype == "float64" else 1.2,
        }
        # "The best peer": so each of them.
        for peer in FRAMEWORKS:
            found["784-512-512-10", dtype, peer] = 1.2 if dtype == "float64" else 1.1
        for case in ("2-8-8-1", "2-25-5-1", "64-64-10"):
            found[case + NORMALISED, dtype, "jax"] = 2.0
        found["784-512-512-10" + NORMALISED, dtype, "jax"] = 1.0
    return found


RATIOS = _ratios() | {
    ("gradient check", "float64", "jax"): 4.0,
    ("gradient check", "float64", "torch"): 100.0,
    ("loss surface", "float64", "jax"): 4.0,
    ("decision boundary", "float64", "jax"): 4.0,
}
"""(case, dtype, peer) -> least ratio peer / nnsim."""

SHARES = {("64-64-10", dtype): 0.8 for dtype in DTYPES}
"""(case, dtype) -> least share limit / nnsim."""

MOST_MICROSECONDS = {("decision boundary", "float64"): 2000.0}
"""(case, dtype) -> most of nnsim's time."""

STARTS = {
    "nothing compiled: first trained step": 8.0,
    "from the cache: first trained step": 0.8,
    "nnsim --help": 0.12,
    "nnsim list": 0.25,
}
"""Most wall seconds."""
STARTS_OVER_BARE = {"python -c 'import nnsim'": 0.03}
"""Most wall seconds beyond bare Python."""

EXPONENTS = Aim(1.1)
"""Of time against work, where a network is bound by computing: linear is 1."""
FLAT_MEMORY = Aim(20e6)
"""Bytes that a million recorded steps may add."""


def aim_of(case: str, dtype: str, peer: str) -> Aim | None:
    """Return the aim for a row's ratio peer / nnsim; for nnsim itself, of its time."""
    if peer == "nnsim":
        most = MOST_MICROSECONDS.get((case, dtype))
        return None if most is None else Aim(most)
    if peer == "limit":
        share = SHARES.get((case, dtype))
        return None if share is None else Aim(share, at_least=True)
    ratio = RATIOS.get((case, dtype, peer))
    return None if ratio is None else Aim(ratio, at_least=True)
