"""Where the attention goes by itself when time goes on."""

from __future__ import annotations

from dataclasses import replace

from nnsim.tui.formulas import cell_of_phase
from nnsim.tui.panels.attention import Attention
from nnsim.tui.worker.frames import RunFrame, SteppedFrame, TrainingFrame

At = tuple[int, int, int]
"""Run, step and phase."""


def followed(attention: Attention, run: RunFrame, before: At | None) -> Attention:
    """Return what is looked at in the present moment; `before` is the moment shown last."""
    if isinstance(run, TrainingFrame):
        attention = _with_phase(attention, run, before)
    return replace(attention, layer=max(1, min(attention.layer, parts_of(run))))


def parts_of(run: RunFrame) -> int:
    """Return how many things `,` and `.` choose among: layers, or paths, curves, blocks."""
    if isinstance(run, TrainingFrame):
        return len(run.network.layers)
    shown = run.shown if isinstance(run, SteppedFrame) else None
    return max(1, len(getattr(shown, "parts", ())))


def _with_phase(attention: Attention, run: TrainingFrame, before: At | None) -> Attention:
    """Go with a phase to its layer and its array."""
    at = (run.number, run.step, run.phase)
    if run.phase and at != before and run.snapshot is not None:
        layer = _layer_of(run.done_phase) or attention.layer
        cell = cell_of_phase(run.done_phase, run.snapshot, layer)
        return replace(attention, layer=layer, cell=cell)
    new_run = before is None or before[0] != run.number
    if new_run or (not run.phase and before is not None and before[2]):
        return replace(attention, cell=None)
    return attention


def _layer_of(phase: str) -> int | None:
    """Return the layer of "forward 2" or "backward 2"."""
    number = phase.rpartition(" ")[2]
    return int(number) if number.isdigit() else None
