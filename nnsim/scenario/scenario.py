"""A scenario that has been read and checked: what it says, its simulations, its runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnsim.errors import Problem, ScenarioError
from nnsim.scenario.catalogue import find, is_text
from nnsim.scenario.checking import Checked, Variant, check, check_run
from nnsim.scenario.expectations import BASE, Expectation
from nnsim.scenario.key_types import LARGEST_COUNT, LARGEST_SEED
from nnsim.scenario.lessons import Lesson
from nnsim.scenario.lines import written
from nnsim.scenario.names import listed, nearest
from nnsim.scenario.overrides import overlay_of, parse_settings
from nnsim.scenario.preparing import Disagreement, Shelf
from nnsim.scenario.reading import Document, read_file, read_text

if TYPE_CHECKING:
    from nnsim.scenario.results import ScenarioResult

Settings = Mapping[str, Any] | Iterable[str]
"""Changes from outside the file: {"training.steps": 10} or ["training.steps=10"]."""
OnProgress = Callable[[str, int, int], None]
"""Called with variant, steps done, steps in all."""


@dataclass(frozen=True)
class Scenario:
    """A scenario without mistakes.

    >>> import nnsim
    >>> scenario = nnsim.load("vanishing-gradients")  # doctest: +SKIP
    >>> simulation = scenario.simulation(variant="sigmoid")  # doctest: +SKIP
    """

    name: str
    document: Document = field(repr=False)
    _checked: Checked = field(repr=False)
    _shelf: Shelf = field(default_factory=Shelf, repr=False, compare=False)

    @property
    def kind(self) -> str:
        """The kind of simulation."""
        return self._checked.kind.name

    @property
    def title(self) -> str:
        """A few words."""
        return self._checked.about.title

    @property
    def topics(self) -> tuple[str, ...]:
        """Course topics that it teaches."""
        topic = self._checked.about.topic
        return (topic,) if isinstance(topic, str) else tuple(topic)

    @property
    def summary(self) -> str:
        """One paragraph."""
        return self._checked.about.summary

    @property
    def look_for(self) -> tuple[str, ...]:
        """What to watch."""
        return tuple(self._checked.about.look_for)

    @property
    def panel(self) -> int:
        """The panel that the terminal UI looks at first."""
        return self._checked.about.panel

    @property
    def seed(self) -> int:
        """Seed of all random numbers."""
        return self._checked.about.seed

    @property
    def dtype(self) -> str:
        """Precision of the arithmetic."""
        return self._checked.about.dtype

    @property
    def path(self) -> Path | None:
        """The file, or None for a text."""
        return self.document.path

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The runs; one named "base" where the file names none."""
        return self._checked.variants

    @property
    def runs(self) -> dict[str, Any]:
        """What each variant does, by its name, as the file has it."""
        return dict(self._checked.runs)

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """Stops with text and questions."""
        return self._checked.lessons

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """What must hold."""
        return self._checked.expectations

    def specification(
        self,
        variant: str | None = None,
        *,
        seed: int | None = None,
        steps: int | None = None,
        set: Settings | None = None,
    ) -> Any:
        """Return what a run would do, without loading data: layers, training, diagnosis.

        Parameters
        ----------
        variant : str, optional
            The first one where it is left out.
        seed, steps : int, optional
            Instead of those of the file.
        set : mapping or list of str, optional
            Other settings: {"training.learning_rate": 0.1} or ["training.learning_rate=0.1"].

        Raises
        ------
        ScenarioError
            No such variant, or a wrong setting.
        """
        return self._specify(self._variant(variant), self._overlay(seed, steps, set))

    def simulation(
        self,
        variant: str | None = None,
        *,
        seed: int | None = None,
        steps: int | None = None,
        set: Settings | None = None,
    ) -> Any:
        """Return a simulation at step 0; arguments as in `specification`.

        Raises
        ------
        ScenarioError
            As `specification`; and where the network does not fit the data.
        DataError, SizeError, MissingExtraError
            The data cannot be had, or would not fit in memory.
        """
        chosen = self._variant(variant)
        return self._simulation(chosen, self._specify(chosen, self._overlay(seed, steps, set)))

    def run(
        self,
        variants: Iterable[str] | str | None = None,
        *,
        seed: int | None = None,
        steps: int | None = None,
        set: Settings | None = None,
        on_progress: OnProgress | None = None,
    ) -> ScenarioResult:
        """Run all variants (or the named ones) to the end and judge the expectations.

        Ctrl-C ends the run; the result then holds what was done and `interrupted` is true.
        `on_progress(variant, step, steps)` is called about ten times a second.
        """
        from nnsim.scenario.running import run_scenario

        names = [variants] if isinstance(variants, str) else variants
        chosen = self.variants if names is None else [self._variant(name) for name in names]
        overlay = self._overlay(seed, steps, set)
        specifications = {each.name: self._specify(each, overlay) for each in chosen}
        return run_scenario(self, specifications, bool(overlay), on_progress)

    def _variant(self, name: str | None) -> Variant:
        if name is None:
            return self.variants[0]
        names = [variant.name for variant in self.variants]
        if name not in names:
            expected = listed(names) if names != [BASE] else "none: the scenario has no variants"
            message = f"no such variant {name!r}"
            problem = Problem(message, self.document.file, None, "", expected, nearest(name, names))
            raise ScenarioError([problem])
        return self.variants[names.index(name)]

    def _overlay(
        self, seed: int | None, steps: int | None, settings: Settings | None
    ) -> dict[str, Any]:
        """Return all changes from outside as tables."""
        if settings is None:
            settings = {}
        elif not isinstance(settings, Mapping):
            settings = parse_settings([settings] if isinstance(settings, str) else settings)
        kind = self._checked.kind
        changes = dict(settings)
        problems = []
        for name, key, value, largest in (
            ("--seed", "scenario.seed", seed, LARGEST_SEED),
            ("--steps", kind.length, steps, LARGEST_COUNT),
        ):
            if value is None:
                continue
            if not key:
                message = f"the length of a {kind.name} scenario follows from its other settings"
                problems.append(Problem(message, name, expected=f"no {name}"))
                continue
            lowest = 0 if name == "--seed" else 1
            if not (type(value) is int and lowest <= value <= largest):
                expected = f"a whole number from {lowest} to {largest}"
                problems.append(Problem(f"found {value!r}", name, expected=expected))
            changes[key] = value
        if problems:
            raise ScenarioError(problems)
        overlay, problems = overlay_of(changes, self.variants[0].values, kind.keys())
        if problems:
            raise ScenarioError(problems)
        return overlay

    def _specify(self, variant: Variant, overlay: dict[str, Any]) -> Any:
        if not overlay:
            return self._checked.runs[variant.name]
        return check_run(self._checked.kind, variant, overlay, self.document)

    def _simulation(self, variant: Variant, specification: Any) -> Any:
        folder = self.path.parent if self.path is not None else Path.cwd()
        try:
            return self._checked.kind.prepare(specification, folder, self._shelf)
        except Disagreement as error:
            name = f"variant {variant.name!r}: " if variant.name != BASE else ""
            document = self.document
            raise ScenarioError(
                [
                    Problem(
                        each.message,
                        document.file,
                        document.line(each.path),
                        name + written(each.path),
                        each.expected,
                        each.suggestion,
                    )
                    for each in error.mistakes
                ]
            ) from None


def load(source: str | Path) -> Scenario:
    """Return a scenario by its name in the catalogue, its file, or its TOML text.

    A text is told from a name by having more than one line.

    Raises
    ------
    ScenarioError
        No such scenario, or mistakes in it: all of them at once.
    """
    if is_text(source):
        return _scenario("text", read_text(str(source)))
    paths = find(source)
    if len(paths) != 1:
        message = f"is a folder of {len(paths)} scenarios"
        raise ScenarioError([Problem(message, str(source), expected="one of them")])
    return _scenario(paths[0].stem, read_file(paths[0]))


def run(
    source: str | Path,
    *,
    seed: int | None = None,
    steps: int | None = None,
    set: Settings | None = None,
    on_progress: OnProgress | None = None,
) -> ScenarioResult:
    """Load a scenario and run it: see `load` and `Scenario.run`."""
    return load(source).run(seed=seed, steps=steps, set=set, on_progress=on_progress)


def _scenario(name: str, document: Document) -> Scenario:
    return Scenario(name, document, check(document))
