"""Errors that nnsim raises on purpose: each says what, where, what was expected, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line tells the shell."""

    OK = 0
    """Everything ran and every expectation was met."""
    EXPECTATION_MISSED = 1
    """A scenario ran, and at least one of its expectations did not hold."""
    BAD_INPUT = 2
    """A scenario, a data file or the command line was wrong; nothing was run."""
    NON_FINITE = 3
    """NaN or infinity appeared where the scenario expected none."""
    MISSING = 4
    """A backend or an optional package is not installed; the message names the extra."""
    INTERRUPTED = 130
    """Ctrl-C; what was recorded until then was written."""


class NnsimError(Exception):
    """Base of all errors raised on purpose."""

    exit_code = ExitCode.BAD_INPUT


@dataclass(frozen=True)
class Problem:
    """One mistake in a file: where it stands, what is wrong, what was expected."""

    message: str
    file: str = ""
    line: int | None = None
    key: str = ""
    expected: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part not in ("", None))
        text = ": ".join(part for part in (place, self.key, self.message) if part)
        if self.expected:
            text += f"; expected {self.expected}"
        if self.suggestion:
            text += f"; did you mean {self.suggestion!r}?"
        return text


class ScenarioError(NnsimError):
    """A scenario is wrong; carries every mistake found, not only the first."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DataError(NnsimError):
    """A data source or file is wrong; names file, row and column where there are any."""


class SizeError(NnsimError):
    """A network or data set would not fit in memory; refused before allocation."""


class MissingExtraError(NnsimError):
    """An optional package is missing; the message names the extra that brings it."""

    exit_code = ExitCode.MISSING

    def __init__(self, package: str, extra: str, purpose: str):
        self.package, self.extra = package, extra
        super().__init__(
            f"{purpose} needs the package {package!r}, which is not installed; "
            f"install it with: pip install 'nnsim[{extra}]'"
        )


class NonFiniteError(NnsimError):
    """NaN or infinity where none was expected."""

    exit_code = ExitCode.NON_FINITE
