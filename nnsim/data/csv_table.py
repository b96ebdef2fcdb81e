"""Read a CSV file as a stream, and tell its mistakes by row and column, many at once."""

from __future__ import annotations

import csv
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnsim.data.options import nearest
from nnsim.errors import DataError, Problem
from nnsim.memory import refuse_if_too_large

MOST_PROBLEMS = 20
MOST_PER_COLUMN = 5
_SAMPLE = 2**16
_BYTES_OF_TEXT = 80
"""What Python takes for one short text."""


@dataclass(frozen=True)
class Table:
    """The columns that were asked for, of the rows that have the right length."""

    file: str
    rows: Sequence[int]
    """Numbers of the rows, from 0 below the header."""
    lines: Sequence[int]
    """Lines of the file that the rows end in, from 1."""
    features: tuple[str, ...]
    numbers: np.ndarray
    """(m, features), finite."""
    texts: tuple[list[str], ...]
    """The target columns as they stand in the file, without spaces around them."""


class Findings:
    """Mistakes of a file, gathered: the first few of each column, the rest counted."""

    def __init__(self, file: str):
        self.file = file
        self._kept: list[tuple[int, int, Problem]] = []
        self._found: Counter[str] = Counter()

    def add(self, message: str, line: int | None = None, place: str = "", **more: str) -> None:
        """Note a mistake; ``place`` names its row, column or option."""
        self._keep(Problem(message, self.file, line, place, **more), place)

    def add_cell(self, row: int, line: int, column: str, message: str) -> None:
        """Note a mistake in one cell; rows are counted from 1 below the header."""
        place = f"row {row + 1}, column {column!r}"
        self._keep(Problem(message, self.file, line, place), f"column {column!r}")

    def of_column(self, column: str) -> int:
        """Return how many cells of a column are wrong."""
        return self._found[f"column {column!r}"]

    def replace_column(self, column: str, message: str) -> None:
        """Say one thing about a whole column in place of all that was noted about its cells."""
        where = f"column {column!r}"
        self._kept = [kept for kept in self._kept if not kept[2].key.endswith(f", {where}")]
        self._found[where] = 0
        self.add(message, place=where)

    def refuse_if_any(self) -> None:
        """Raise DataError that tells everything noted, by line."""
        if not self._found.total():
            return
        told = [str(problem) for _, _, problem in sorted(self._kept)[:MOST_PROBLEMS]]
        more = self._found.total() - len(told)
        if more:
            places = ", ".join(place or "rows" for place, count in self._found.items() if count)
            told.append(f"{self.file}: and {more} more like these ({places})")
        raise DataError("\n".join(told))

    def _keep(self, problem: Problem, where: str) -> None:
        self._found[where] += 1
        if self._found[where] <= MOST_PER_COLUMN:
            self._kept.append((problem.line or 0, len(self._kept), problem))


def read_table(
    path: Path, delimiter: str, targets: Sequence[str], features: Sequence[str] = ()
) -> tuple[Table, Findings]:
    """Read the target columns as text and the feature columns (default: all others) as numbers.

    Wrong rows and cells are in the findings, and 0 in the table: the caller adds what is wrong
    with the targets and then refuses. What makes reading on impossible is refused at once.

    Raises
    ------
    DataError
        If the header is wrong, a column unknown, the file empty, unreadable or no CSV.
    SizeError
        If the file is too large for memory.
    """
    findings = Findings(str(path))
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader(stream, delimiter=delimiter, skipinitialspace=True, strict=True)
            try:
                return _read(reader, path, findings, delimiter, targets, features)
            except csv.Error as error:
                findings.add(str(error), reader.line_num, expected="a CSV file")
    except UnicodeDecodeError as error:
        line, what = _undecodable_line(path)
        findings.add(f"is not UTF-8 text ({what or error.reason})", line, expected="a CSV file")
    except OSError as error:
        findings.add(f"cannot be read: {error.strerror or error}")
    findings.refuse_if_any()
    raise AssertionError("unreachable: a finding was added above")


def finite_number(text: str) -> tuple[float, str]:
    """Return the number that a cell holds, and what is wrong with it ("" for nothing)."""
    if not text or text.isspace():
        return 0.0, "is empty"
    try:
        # Python reads 1_000 as a number, no spreadsheet does.
        number = float(text) if "_" not in text else None
    except ValueError:
        number = None
    if number is None:
        return 0.0, f"{_short(text)} is not a number"
    if not math.isfinite(number):
        return 0.0, f"{text.strip()} is not a finite number; fill it in or leave the row out"
    return number, ""


def _read(
    reader: Any,
    path: Path,
    findings: Findings,
    delimiter: str,
    targets: Sequence[str],
    features: Sequence[str],
) -> tuple[Table, Findings]:
    # A line of nothing, or of spaces, is no row.
    rows = (row for row in reader if len(row) > 1 or "".join(row).strip())
    header = [name.strip() for name in next(rows, [])]
    if not header:
        findings.add("is empty", expected="a header line and a row an example")
        findings.refuse_if_any()
    _check_header(header, reader.line_num, findings, delimiter)
    for option, names in (("target", targets), ("features", features)):
        for name in names:
            if name not in header:
                expected = "one of " + ", ".join(header[:30]) + (", ..." if header[30:] else "")
                findings.add(
                    f"has no column {name!r}",
                    place=option,
                    expected=expected,
                    suggestion=nearest(name, header),
                )
            elif option == "features" and name in targets:
                findings.add(f"column {name!r} is the target as well", place=option)
    features = tuple(features) or tuple(name for name in header if name not in targets)
    if not features:
        findings.add("has no column besides the target", expected="one feature column or more")
    findings.refuse_if_any()
    _refuse_if_too_large(path, len(features), len(targets))
    table = _read_rows(rows, reader, findings, header, tuple(targets), features)
    return table, findings


def _check_header(header: list[str], line: int, findings: Findings, delimiter: str) -> None:
    if all(not finite_number(name)[1] for name in header):
        findings.add("holds only numbers", line, "header", expected="the names of the columns")
        findings.refuse_if_any()
    if len(header) == 1:
        for name, character in (("comma", ","), ("semicolon", ";"), ("tab", "\t")):
            if character in header[0] and character != delimiter:
                findings.add(
                    f"is one cell, {_short(header[0])}",
                    line,
                    "header",
                    expected=f"several; set delimiter to {name!r}",
                )
                findings.refuse_if_any()
    columns_of: dict[str, list[int]] = {}
    for number, name in enumerate(header, start=1):
        columns_of.setdefault(name, []).append(number)
    for name, columns in columns_of.items():
        numbers = " and ".join(str(column) for column in columns)
        if not name:
            findings.add(f"column {numbers} has no name", line, "header")
        elif len(columns) > 1:
            findings.add(f"columns {numbers} are all named {name!r}", line, "header")


def _read_rows(
    rows: Iterable[list[str]],
    reader: Any,
    findings: Findings,
    header: list[str],
    targets: tuple[str, ...],
    features: tuple[str, ...],
) -> Table:
    width = len(header)
    feature_columns = [header.index(name) for name in features]
    target_columns = [header.index(name) for name in targets]
    numbers, kept, lines = array("d"), array("q"), array("q")
    texts: tuple[list[str], ...] = tuple([] for _ in targets)
    no_numbers: Counter[str] = Counter()
    row = -1
    for row, cells in enumerate(rows):
        line = reader.line_num
        if len(cells) != width:
            findings.add(
                f"row {row + 1} has {len(cells)} cells", line, expected=f"{width}, as in the header"
            )
            continue
        kept.append(row)
        lines.append(line)
        inputs = [cells[column] for column in feature_columns]
        for column, text in zip(target_columns, texts, strict=True):
            text.append(cells[column].strip())
        try:
            values = list(map(float, inputs))
            # One sum tells of any nan or inf; a finite row that overflows is read again below.
            good = math.isfinite(sum(values)) and "_" not in "".join(inputs)
        except ValueError:
            good = False
        if not good:
            values = []
            for name, text_ in zip(features, inputs, strict=True):
                number, wrong = finite_number(text_)
                values.append(number)
                if wrong:
                    findings.add_cell(row, line, name, wrong)
                    no_numbers[name] += wrong.endswith("is not a number")
        numbers.extend(values)
    m = len(lines)
    if row < 1:
        findings.add(
            "has a header but no rows" if row < 0 else "has only one row",
            expected="two or more rows below the header",
        )
    for name, count in no_numbers.items():
        if count == m > 1:
            findings.replace_column(
                name, "holds text only; leave it out by `features`, or write numbers for it"
            )
    matrix = np.array(numbers).reshape(m, len(features))
    return Table(findings.file, kept, lines, features, matrix, texts)


def _refuse_if_too_large(path: Path, features: int, targets: int) -> None:
    """Estimate rows from the file's size and its first lines, before any is kept."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    ends = max(1, sample.count(b"\n"), sample.count(b"\r"))
    rows = size * ends // max(1, len(sample))
    refuse_if_too_large(
        rows * (8 * 4 * features + _BYTES_OF_TEXT * targets),
        f"{path} with about {rows} rows",
        "name fewer `features` or shorten the file",
    )


def _undecodable_line(path: Path) -> tuple[int | None, str]:
    """Find the first line that is no UTF-8: the decoder reads ahead and cannot tell."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return number, f"byte 0x{line[error.start]:02x}"
    return None, ""


def _short(text: str) -> str:
    text = text.strip()
    return repr(text if len(text) <= 40 else text[:37] + "...")
