"""What a formula's text is refused with."""

from __future__ import annotations

from nnsim.errors import NnsimError


class FormulaError(NnsimError):
    """A formula cannot be used: what is wrong, in which column (from 1), what was expected."""

    def __init__(self, column: int | None, message: str, expected: str):
        self.column, self.message, self.expected = column, message, expected
        place = f"column {column}: " if column is not None else ""
        super().__init__(f"{place}{message}; expected {expected}")
