"""Inside the step: the phases as a strip, and the present one's equation with its numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult
from textual.strip import Strip

from nnsim.tui.formulas import Formula, cell_of_phase, equations_of_phase, explain
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.formula_lines import BEFORE, stepped_lines, strips_of, wrapped
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.widgets.phase_strip import PhaseStrip
from nnsim.tui.worker.frames import Frame, RunFrame, SteppedFrame, TrainingFrame


class FormulaPanel(Panel):
    """Equations of the phase, and the sum that made the cell under the cursor."""

    NAME = "formula"
    TITLE = "inside the step"

    def compose(self) -> ComposeResult:
        """Hold the strip of phases over the lines of the formula."""
        yield PhaseStrip()
        yield Drawn()

    def _title(self, name: str = "") -> None:
        self._entitled(name or self.TITLE)

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write the formula of the cell, or of the phase's main array."""
        run, kind = frame.run, frame.card.kind
        self.query_one(PhaseStrip).show(frame)
        self._title(f"inside step {step_of(run)}")
        lines: Callable[[Look, int, int], list[Strip]] = partial(formula_lines, run, attention)
        if isinstance(run, SteppedFrame):
            lines = partial(stepped_lines, kind, run, attention.layer)
        self.query_one(Drawn).draw(lines)


def step_of(run: RunFrame) -> int:
    """Return the step whose inside is shown: between steps, the one just done.

    A training step is named after the parameters that it begins with, the course's W of step 0;
    days, trials and examples are counted from 1.
    """
    if isinstance(run, SteppedFrame):
        return max(1, run.step + (run.phase > 0))
    return run.step if run.phase or not run.step else run.step - 1


def formula_of(run: TrainingFrame, attention: Attention, width: int, ascii: bool) -> Formula | None:
    """Return the formula of the cell looked at, or else of the phase done last."""
    if run.snapshot is None:
        return None
    for cell in (
        attention.cell,
        cell_of_phase(run.done_phase, run.snapshot, attention.layer),
    ):
        if cell is not None:
            updates = run.snapshot.updates
            formula = explain(
                cell, run.snapshot, *run.in_force, width=width, ascii=ascii, updates=updates
            )
            if formula is not None:
                return formula
    return None


def formula_lines(
    run: TrainingFrame, attention: Attention, look: Look, width: int, height: int
) -> list[Strip]:
    """Return the general equations, the formula with its numbers, and what it means."""
    lines: list[tuple[str, str, bool]] = []
    phase = run.done_phase
    formula = formula_of(run, attention, width - 2, look.ascii)
    if phase and height > 2:
        general = "   ".join(equations_of_phase(phase, *run.in_force, ascii=look.ascii))
        lines.append((general, look.muted, False))
    if formula is not None:
        if height > 3 and not (lines and formula.equation in lines[0][0]):
            lines.append((formula.equation, look.text, False))
        lines.append((formula.substituted, look.accent, True))
        if height > 1:
            lines += [(each, look.muted, False) for each in wrapped(formula.meaning, width - 2)]
    elif not phase:
        lines.append((BEFORE, look.muted, False))
    return strips_of(lines, look, width, height)
