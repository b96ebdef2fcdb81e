"""A gradient check as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnsim.report.figures import counted
from nnsim.report.style import Style
from nnsim.report.table import aligned, wrapped

if TYPE_CHECKING:
    from nnsim.training.gradient_check import GradientCheck

WORDS = {
    "great": "the gradient is right",
    "look": "have a look: a kink, or a small mistake",
    "round-off": "the gradient is too small to tell from round-off; a larger epsilon tells more",
    "wrong": "the gradient is wrong",
}
_COLOURS = {
    "great": ("green",),
    "look": ("yellow",),
    "round-off": ("dim",),
    "wrong": ("red", "bold"),
}


def check_lines(check: GradientCheck, variant: str, style: Style) -> list[str]:
    """Return the verdict, the ratio of the whole and of each block, and the worst entries."""
    name = f"{style.paint(style.plain(variant), 'bold')}  " if variant else ""
    settings = f"step {check.step}, epsilon {check.epsilon:g}, masks {check.masks}"
    word = style.paint(check.verdict, *_COLOURS[check.verdict])
    lines = [
        f"  {name}{style.paint(settings, 'dim')}",
        f"  {word}: {WORDS[check.verdict]}",
        "",
    ]
    ratios = [("all", check.ratio), *check.blocks.items()]
    verdicts = [(block, ratio, check.verdicts[block]) for block, ratio in ratios]
    lines += aligned(
        [
            [style.paint("block", "dim"), style.paint("ratio", "dim"), ""],
            *(
                [block, f"{ratio:.2e}", style.paint(verdict, *_COLOURS[verdict])]
                for block, ratio, verdict in verdicts
            ),
        ],
        "<><",
        indent=4,
    )
    titles = ("worst entries", "back-propagation", "differences", "apart by", "")
    lines += [""]
    lines += aligned(
        [
            [style.paint(title, "dim") for title in titles],
            *(
                [
                    entry.name,
                    f"{entry.backward:.10g}",
                    f"{entry.approximation:.10g}",
                    f"{entry.difference:.1e}",
                    "kink" if entry.kinks else "",
                ]
                for entry in check.worst
            ),
        ],
        "<>>><",
        indent=4,
    )
    if check.kinks:
        note = (
            f"{counted(check.kinks, 'parameter')} moved a unit across a kink (ReLU at 0) within "
            "epsilon: there the two may differ although the gradient is right"
        )
        lines += ["", *wrapped(note, style.width, indent=4)]
    return lines
