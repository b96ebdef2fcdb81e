"""A document checked as a whole: every mistake at once, or the runs that it describes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from nnsim.errors import Problem, ScenarioError
from nnsim.scenario.expectations import (
    BASE,
    Expectation,
    ExpectTable,
    expectation_mistakes,
    expectations_of,
)
from nnsim.scenario.key_types import Table
from nnsim.scenario.kinds import KINDS
from nnsim.scenario.kinds.kind import Kind
from nnsim.scenario.lessons import Lesson, lesson_mistakes, lesson_of
from nnsim.scenario.lines import KeyPath, written
from nnsim.scenario.mending import mended
from nnsim.scenario.merging import holds, laid_over
from nnsim.scenario.mistakes import Mistake, mistakes_in, shown
from nnsim.scenario.models import ScenarioTable, VariantTable
from nnsim.scenario.names import listed, nearest
from nnsim.scenario.overrides import FILE as SETTINGS_FILE
from nnsim.scenario.overrides import overlay_of
from nnsim.scenario.reading import Document

LISTS = ("variant", "lesson", "expect")
"""Arrays of tables that every kind has."""
_PLACEHOLDERS: dict[str, dict[KeyPath, Any]] = {
    "lesson": {("step",): "start", ("text",): "?"},
    "expect": {("metric",): "cost", ("is",): "<"},
}
_MOST = {"variant": 100, "lesson": 1000, "expect": 1000}
_OF_SCENARIO = ("seed", "dtype", "non_finite")
"""Keys of a variant that lie over those of [scenario]."""


@dataclass(frozen=True)
class Variant:
    """A named run of a scenario."""

    name: str
    summary: str
    values: dict[str, Any]
    """The tables of the run, as the file has them with the variant's laid over."""
    overlay: dict[str, Any]
    """What the variant itself says."""


@dataclass(frozen=True)
class Checked:
    """A document without mistakes, taken apart."""

    kind: Kind
    about: ScenarioTable
    variants: tuple[Variant, ...]
    runs: dict[str, Any]
    """Every variant's specification."""
    lessons: tuple[Lesson, ...]
    expectations: tuple[Expectation, ...]


def check(document: Document) -> Checked:
    """Check a document; ScenarioError holds all its mistakes, in the order of the lines."""
    return _Check(document).result()


def check_run(kind: Kind, variant: Variant, settings: dict[str, Any], document: Document) -> Any:
    """Return a variant's specification with settings laid over it; ScenarioError for mistakes."""
    values = laid_over(variant.values, settings)
    tables, mistakes = _tables(kind, values)
    if mistakes:
        problems = []
        for each in mistakes:
            place = next((p for p in (each.path, *each.between) if holds(settings, p)), None)
            if place is not None or not each.path:
                key = written(each.path)
                problems.append(
                    Problem(each.message, SETTINGS_FILE, None, key, each.expected, each.suggestion)
                )
            else:
                problems.append(_problem(each, document))
        raise ScenarioError(problems)
    return kind.specify(tables)


def _tables(kind: Kind, values: dict[str, Any]) -> tuple[Any, list[Mistake]]:
    """Validate one run's tables: mended where there were mistakes, and all the mistakes."""
    return mended(kind.tables, values, kind.placeholders, kind.disagreements)


def _problem(mistake: Mistake, document: Document, prefix: str = "") -> Problem:
    key = written(mistake.path)
    return Problem(
        mistake.message,
        document.file,
        document.line(mistake.path),
        f"{prefix}: {key}" if prefix and key else prefix or key,
        mistake.expected,
        mistake.suggestion,
    )


class _Check:
    """One pass over a document."""

    def __init__(self, document: Document):
        self.document, self.values = document, document.values
        self.problems: list[Problem] = []
        self.doubtful: set[str] = set()

    def result(self) -> Checked:
        kind = self._kind()
        if kind is None:
            raise ScenarioError(self.problems)
        self._top_level_keys(kind)
        variants = self._variants(kind)
        runs = self._runs(kind, variants)
        of_lesson = partial(lesson_mistakes, dials=kind.dials)
        lessons = self._list("lesson", kind.lesson, runs, of_lesson)
        expects = self._list("expect", ExpectTable, runs, expectation_mistakes)
        self._trials(kind, variants, [(i, lesson_of(lesson)) for i, lesson in lessons])
        if self.problems:
            raise ScenarioError(self._in_order())
        about = ScenarioTable.model_validate(self.values["scenario"])
        names = tuple(runs)
        expectations = [
            each
            for i, expect in expects
            for each in expectations_of(expect, names, self.document.line(("expect", i)))
        ]
        return Checked(
            kind,
            about,
            tuple(variants),
            runs,
            tuple(lesson_of(lesson) for _, lesson in lessons),
            tuple(expectations),
        )

    def _in_order(self) -> list[Problem]:
        unique = list(dict.fromkeys(self.problems))
        return sorted(unique, key=lambda problem: problem.line or 0)

    def _report(self, mistake: Mistake, prefix: str = "") -> None:
        self.problems.append(_problem(mistake, self.document, prefix))

    def _kind(self) -> Kind | None:
        name = self.values.get("kind", next(iter(KINDS)))
        if isinstance(name, str) and name in KINDS:
            return KINDS[name]
        suggestion = nearest(name, KINDS) if isinstance(name, str) else ""
        message = f"no such kind {shown(name)}"
        self._report(Mistake(("kind",), message, listed(KINDS), suggestion))
        return None

    def _top_level_keys(self, kind: Kind) -> None:
        known = ["kind", *kind.tables.model_fields, *LISTS]
        for key in self.values:
            if key not in known:
                message = "unknown table" if isinstance(self.values[key], dict) else "unknown key"
                self._report(Mistake((key,), message, listed(known), nearest(key, known)))

    def _entries(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        """Return the tables of an array of tables, each with its position."""
        entries = self.values.get(name, [])
        if not isinstance(entries, list):
            message = "is a table" if isinstance(entries, dict) else f"found {shown(entries)}"
            self._report(Mistake((name,), message, f"[[{name}]], in double brackets"))
            return []
        if len(entries) > _MOST[name]:
            expected = f"at most {_MOST[name]}"
            self._report(Mistake((name,), f"{len(entries)} are too many", expected))
            return []
        tables = []
        for i, entry in enumerate(entries):
            if isinstance(entry, dict):
                tables.append((i, entry))
            else:
                self._report(Mistake((name, i), f"found {shown(entry)}", "a table"))
        return tables

    def _list(
        self,
        name: str,
        model: type[Table],
        runs: dict[str, Any],
        disagreements: Callable[..., Iterable[Mistake]],
    ) -> list[tuple[int, Any]]:
        """Validate an array of tables against the runs; return each with its position."""
        doubtful = frozenset(self.doubtful)
        found = []

        def between(table: Any) -> Iterable[Mistake]:
            return disagreements(table, runs, doubtful) if None not in runs.values() else ()

        for i, entry in self._entries(name):
            table, mistakes = mended(model, entry, _PLACEHOLDERS[name], between)
            for mistake in mistakes:
                self._report(mistake.below(name, i))
            found.append((i, table))
        return found

    def _trials(
        self, kind: Kind, variants: list[Variant], lessons: list[tuple[int, Lesson]]
    ) -> None:
        """Try what the lessons of a stepped kind offer: its settings must make a run."""
        if not kind.dials or self.problems:
            return
        for i, lesson in lessons:
            if lesson.trial is None:
                continue
            settings = kind.settings(dict(lesson.trial.changes))
            concerned = [each for each in variants if lesson.variant in (None, each.name)]
            for variant in concerned:
                overlay, problems = overlay_of(settings, variant.values, kind.keys())
                mistakes = _tables(kind, laid_over(variant.values, overlay))[1]
                found = [(each.message, each.expected) for each in problems]
                found += [(each.message, each.expected) for each in mistakes]
                for message, expected in found:
                    words = f"makes no run of variant {variant.name!r}: {message}"
                    path = ("lesson", i, "try", "set")
                    self._report(Mistake(path, words, expected))

    def _base(self, kind: Kind) -> dict[str, Any]:
        return {name: self.values[name] for name in kind.tables.model_fields if name in self.values}

    def _variants(self, kind: Kind) -> list[Variant]:
        base = self._base(kind)
        variants: list[Variant] = []
        for i, entry in self._entries("variant"):
            own = {key: entry[key] for key in entry if key not in kind.overlays}
            overlay = {key: entry[key] for key in entry if key in kind.overlays}
            table, mistakes = mistakes_in(VariantTable, own)
            known = [*VariantTable.model_fields, *kind.overlays]
            for mistake in mistakes:
                if mistake.message == "unknown key":
                    key = str(mistake.path[0])
                    mistake = Mistake((key,), "unknown key", listed(known), nearest(key, known))
                self._report(mistake.below("variant", i))
            name = entry.get("name")
            if not isinstance(name, str) or not name:
                name = f"number {i + 1}"
            if any(name == other.name for other in variants):
                path = ("variant", i, "name")
                self._report(Mistake(path, f"there is a variant {name!r} before", "another name"))
                name = f"{name} ({i + 1})"
            about = {key: entry[key] for key in _OF_SCENARIO if key in entry}
            if about and table is not None:
                overlay["scenario"] = about
            values = laid_over(base, overlay)
            variants.append(Variant(name, getattr(table, "summary", ""), values, overlay))
        return variants or [Variant(BASE, "", base, {})]

    def _runs(self, kind: Kind, variants: list[Variant]) -> dict[str, Any]:
        """Validate every run; report what is the file's own once and the rest by variant."""
        runs: dict[str, Any] = {}
        shared: dict[Mistake, set[str]] = {}
        named = isinstance(self.values.get("variant"), list) and bool(self.values["variant"])
        if named:
            _, mistakes = _tables(kind, self._base(kind))
            shared = {m: {v.name for v in variants} for m in mistakes if m.firm}
        for i, variant in enumerate(variants):
            tables, mistakes = _tables(kind, variant.values)
            runs[variant.name] = None if tables is None else kind.specify(tables)
            if mistakes:
                self.doubtful.add(variant.name)
            for mistake in mistakes:
                paths = (mistake.path, *mistake.between)
                place = next((path for path in paths if holds(variant.overlay, path)), None)
                if place is None:
                    shared.setdefault(mistake, set()).add(variant.name)
                    continue
                self._report_in_variant(mistake, place, i, variant.name)
        for mistake, names in shared.items():
            if len(names) == len(variants):
                self._report(mistake)
            else:
                for name in sorted(names):
                    self._report(mistake, f"variant {name!r}")
        return runs

    def _report_in_variant(self, mistake: Mistake, place: KeyPath, i: int, name: str) -> None:
        """Report a mistake that a variant brought in, at the variant's own line."""
        where = place[1:] if place[0] == "scenario" else place
        problem = _problem(mistake, self.document, f"variant {name!r}")
        line = self.document.line(("variant", i, *where))
        self.problems.append(replace(problem, line=line))
