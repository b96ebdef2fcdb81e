"""What to say about the loop and the matrix form. No Numba."""

from __future__ import annotations

from collections.abc import Iterator

from nnsim.simulations.remark import Remark, figure, times
from nnsim.simulations.vectorization.snapshot import VectorizationSnapshot

KIND = "vectorization"


def remarks_on(shown: VectorizationSnapshot) -> tuple[Remark, ...]:
    """Return remarks on a moment, the most important first."""
    return tuple(_remarks(shown))


def _remarks(shown: VectorizationSnapshot) -> Iterator[Remark]:
    counts = (
        f"{shown.loop_operations} operations of the interpreter in the loop, "
        f"{shown.matrix_operations} in the matrix form; {shown.multiplications} multiplications "
        "in both."
    )
    if shown.finished and shown.form != "right":
        yield Remark(
            KIND,
            "The two forms disagree: one of them is wrong.",
            f"The largest difference is {figure(shown.apart['difference'])}; rounding alone makes "
            "1e-15 or so.",
            "Compare line by line, and look at the shapes: Z, A, Y and dZ are (1, m), dw is "
            "(n_x, 1).",
            "A4",
            90,
        )
        return
    if shown.finished and shown.times is not None:
        ratio = shown.times.ratio
        worst = max(shown.apart[name] for name in ("J.ulp", "dw.ulp", "db.ulp"))
        yield Remark(
            KIND,
            "Both forms have the same J, dw and db, to the last bits.",
            f"They differ by at most {figure(worst, 2)} units in the last place: sums in another "
            "order round differently.",
            "Check a vectorised form against the loop once, on a few examples; then drop the loop.",
            "A4",
            60,
        )
        if ratio >= 1:
            yield Remark(
                KIND,
                f"On this machine the loop took {times(ratio)} times as long just now.",
                counts,
                "Leave loops over examples and features to NumPy: w^T X, X dZ^T.",
                "A4",
                50,
            )
        else:
            yield Remark(
                KIND,
                f"With so few numbers the loop took only {figure(ratio, 2)} of the matrix form's "
                "time.",
                f"Here one array operation took as long as {times(shown.price)} on single numbers, "
                f"however short the arrays are. {counts}",
                "Vectorising pays from some ten numbers on, and the more the larger m is.",
                "A4",
                50,
            )
        return
    if shown.matrix_begun:
        yield Remark(
            KIND,
            "The loop is done; now the matrix form, all examples at once.",
            f"{shown.loop_operations} operations of the interpreter so far, "
            f"{shown.matrix_operations} to come.",
            "Compare Z, A and dZ with what the loop had example by example.",
            "A4",
            10,
        )
        return
    yield Remark(
        KIND,
        f"The loop has done {shown.examples} of {shown.m} examples.",
        f"{shown.operations_done} of {shown.loop_operations} operations.",
        "Go to the end to compare with the matrix form.",
        "A4",
        10,
    )
