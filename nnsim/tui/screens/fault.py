"""Planting a bug."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from nnsim.training.specification import PlantedFault
from nnsim.tui.widgets.choices import Choices, Row, headed
from nnsim.tui.widgets.dialog import Dialog, Hint
from nnsim.tui.worker import dials, faults
from nnsim.tui.worker.commands import Fork

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import Frame, TrainingFrame

_NONE = "none"


def where(layer: int, whole: str = "") -> str:
    """Return the layer of a bug in words."""
    return f"layer {layer}" if layer else whole


def layers_by_kind(run: TrainingFrame) -> dict[str, tuple[int, ...]]:
    """Return the layers of every bug that has a place in a run; (0,) for the whole run."""
    examples = run.examples.X.shape[1]
    found: dict[str, tuple[int, ...]] = {}
    for place in faults.places(run.network, run.training, examples):
        found[place.kind] = (*found.get(place.kind, ()), place.layer)
    return found


class FaultScreen(Dialog[Fork]):
    """All bugs with a place in the run; dismissed with a `Fork` that plants one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Plant", show=False),
        Binding("left,minus", "turn(-1)", "Layer below", show=False),
        Binding("right,plus,space", "turn(1)", "Layer above", show=False),
    ]
    HINTS = (
        Hint("Enter", "plant", "submit"),
        Hint("-", "", "turn(-1)"),
        Hint("+", "other layer", "turn(1)"),
    )

    def __init__(self, frame: Frame) -> None:
        run = frame.run
        super().__init__("Plant a bug", run.name)
        self.run_frame: TrainingFrame = run
        self.found = layers_by_kind(run)
        self._at = dict.fromkeys(self.found, 0)
        fault = None if run.secret else run.training.fault
        self.planted = fault if fault and fault.kind in faults.FACTS else None

    def body(self) -> Iterable[Widget]:
        """Return the list of bugs."""
        yield Choices(self._rows())

    def on_mount(self) -> None:
        """Say what the first one does."""
        super().on_mount()
        self._show()

    @property
    def choices(self) -> Choices:
        """The list."""
        return self.query_one(Choices)

    def _rows(self) -> list[Row]:
        rows: list[Row] = []
        if self.planted:
            rows.append(Row(_NONE, "Take the bug out", note=faults.title(self.planted)))
        for group, words in faults.GROUPS.items():
            kinds = [fact for fact in faults.FACTS.values() if fact.group == group]
            own = [self._row(fact) for fact in kinds if fact.kind in self.found]
            rows += headed(words, own, space=bool(rows))
        missing = [fact for fact in faults.FACTS.values() if fact.kind not in self.found]
        lacking = [
            Row(fact.kind, fact.title, note=faults.need(fact.kind), chooses=False)
            for fact in missing
        ]
        return rows + headed("No place in this run, for want of", lacking, space=bool(rows))

    def _row(self, fact: faults.Fact) -> Row:
        layers = self.found[fact.kind]
        layer = layers[self._at[fact.kind]]
        note = "from step 0" if fact.restarts else ""
        return Row(fact.kind, fact.title, where(layer, "whole run"), note, turns=len(layers) > 1)

    @property
    def fault(self) -> PlantedFault | None:
        """The chosen bug; None for none."""
        row = self.choices.row
        if row is None or row.key == _NONE or row.key not in self.found:
            return None
        return PlantedFault(row.key, self.found[row.key][self._at[row.key]])

    def _show(self) -> None:
        self.choices.show(self._rows())
        fault = self.fault
        if fault is None and not self.planted:
            self.tell("No bug has a place in this run")
            return
        self.explain(faults.sentence(fault) if fault else "The right formulas again.")
        if fault == self.planted:
            self.tell("This bug is planted already")
            return
        run = self.run_frame
        *_, restart = dials.apply({"fault": fault}, run.network, run.training, run.seed)
        how = "A new run from step 0" if restart else f"A fork from step {run.step}"
        self.tell(f"{how}: {faults.title(fault)}" if fault else f"{how}, without the bug")

    def action_turn(self, by: int) -> None:
        """Take another layer for the chosen bug."""
        row = self.choices.row
        if row and row.key in self.found:
            self._at[row.key] = (self._at[row.key] + by) % len(self.found[row.key])
            self._show()

    def action_submit(self) -> None:
        """Plant the chosen bug."""
        fault = self.fault
        if fault == self.planted:
            return
        self.dismiss(Fork({"fault": fault}))

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Say what the newly chosen one does."""
        self._show()

    def on_choices_turned(self, event: Choices.Turned) -> None:
        """Take the layer whose arrow was clicked."""
        self.action_turn(event.by)

    def on_choices_taken(self, event: Choices.Taken) -> None:
        """Plant what was clicked twice."""
        self.action_submit()


def in_parts(kinds: Sequence[str]) -> dict[str, list[faults.Fact]]:
    """Return the facts of some bugs by the part of the program they sit in."""
    return {
        words: [faults.FACTS[kind] for kind in kinds if faults.FACTS[kind].part == part]
        for part, words in faults.PARTS.items()
    }
