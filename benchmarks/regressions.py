"""A quick guard: nnsim against plain NumPy in the same run, and floors that only a collapse meets.

Ratios, not seconds, so that a slow or busy machine does not matter; floors at about a third of
what is measured, so that another CPU does not either.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks import steps
from benchmarks.contest import Row, Tell
from benchmarks.targets import Aim

FLOORS: dict[tuple[str, str], tuple[float, float]] = {
    ("2-8-8-1", "float64"): (36.0, 12.0),
    ("2-8-8-1", "float32"): (60.0, 20.0),
    ("2-25-5-1", "float64"): (30.0, 10.0),
    ("2-25-5-1", "float32"): (42.0, 14.0),
    ("64-64-10", "float64"): (5.2, 1.7),
    ("64-64-10", "float32"): (9.0, 3.0),
}
"""(case, dtype) -> times that NumPy takes longer: as measured, and the least that passes."""
ROUNDS, BURST = 61, 0.005


@dataclass(frozen=True)
class Guard:
    """One case."""

    case: str
    dtype: str
    ratio: float
    """Time of NumPy / time of nnsim, each in its quickest burst, which a busy machine spares."""
    measured: float
    """The ratio when the floor was laid."""
    aim: Aim
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether nnsim still is as far ahead; a peer that fails or disagrees is not."""
        return not self.note and self.aim.kept(self.ratio)


def guard(tell: Tell) -> list[Guard]:
    """Return every case; those below their floor are measured once more before they count."""
    found = {(each.case, each.dtype): each for each in _guards(list(FLOORS), tell)}
    fallen = [key for key, each in found.items() if not each.kept]
    if fallen:
        tell(f"once more: {', '.join(' '.join(key) for key in fallen)}")
        found |= {(each.case, each.dtype): each for each in _guards(fallen, tell)}
    return list(found.values())


def _guards(keys: list[tuple[str, str]], tell: Tell) -> list[Guard]:
    guards = []
    for dtype in dict.fromkeys(dtype for _, dtype in keys):
        cases = [case for case, each in keys if each == dtype]
        rows = steps.compare(
            cases, [dtype], ["nnsim", "numpy"], limits=False, rounds=ROUNDS, burst=BURST, tell=tell
        )
        guards += [guard_of(*(row for row in rows if row.case == case)) for case in cases]
    return guards


def guard_of(nnsim: Row, numpy: Row) -> Guard:
    """Return what two rows come to."""
    measured, floor = FLOORS[nnsim.case, nnsim.dtype]
    note = "; ".join(f"{row.peer} {row.note}" for row in (nnsim, numpy) if row.note)
    ratio, aim = numpy.least / nnsim.least, Aim(floor, at_least=True)
    return Guard(nnsim.case, nnsim.dtype, ratio, measured, aim, note)
