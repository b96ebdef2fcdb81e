"""What is wrong with a data source's name and options, found before anything heavy is imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nnsim.data.options import Source, nearest, shown
from nnsim.data.sources import SOURCES
from nnsim.errors import Problem


def find_mistakes(
    name: str, options: Mapping[str, Any], held_out: Mapping[str, Any] | None = None
) -> list[Problem]:
    """Return everything that is wrong with a source's name and options.

    Each `Problem` has ``key`` (``source``, an option, or ``held_out.`` and an option), message,
    what was expected, and the nearest valid name. File and line are the caller's to fill in.
    """
    if not isinstance(name, str) or name not in SOURCES:
        return [_unknown_source(name)]
    source = SOURCES[name]
    problems = _mistakes_in_options(source, options, "")
    problems += [
        Problem("is missing", key=option.name, expected=f"{option.expected}: {option.help}")
        for option in source.options
        if option.required and option.name not in options
    ]
    if held_out is not None:
        problems += _mistakes_in_held_out(source, options, held_out)
    return problems


def _mistakes_in_held_out(
    source: Source, options: Mapping[str, Any], held_out: Mapping[str, Any]
) -> list[Problem]:
    problems = _mistakes_in_options(source, held_out, "held_out.")
    if source.kind == "drawn":
        return problems
    # Drawing again gives new examples; these would give the training examples once more.
    others = ("X", "Y") if source.name == "inline" else ("file",)
    if any(name not in source.option_names for name in others):
        return [
            Problem(
                f"data source {source.name!r} has no second set of examples",
                key="held_out",
                expected="a source that is drawn, a file or inline",
            )
        ]
    problems += [
        Problem("is missing: dev and test would hold training examples", key=f"held_out.{name}")
        for name in others
        if name not in held_out
    ]
    if "file" in held_out and held_out["file"] == options.get("file"):
        problems.append(Problem("is the file to train on as well", key="held_out.file"))
    return problems


def _mistakes_in_options(source: Source, options: Mapping[str, Any], prefix: str) -> list[Problem]:
    known = {option.name: option for option in source.options}
    problems = []
    for name, value in options.items():
        if name in known:
            option = known[name]
            problems += [
                Problem(
                    mistake,
                    key=prefix + name,
                    expected=option.expected,
                    suggestion=option.suggestion(value),
                )
                for mistake in option.mistakes(value)
            ]
        else:
            problems.append(
                Problem(
                    f"data source {source.name!r} has no option {name!r}",
                    key=prefix + str(name),
                    expected="one of " + ", ".join(known),
                    suggestion=nearest(name, known),
                )
            )
    return problems


def _unknown_source(name: Any) -> Problem:
    return Problem(
        f"there is no data source {shown(name)}",
        key="source",
        expected="one of " + ", ".join(SOURCES),
        suggestion=nearest(name, SOURCES),
    )
