"""Values of dials: read, written, turned up and down."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from nnsim.scenario.names import listed, nearest

if TYPE_CHECKING:
    from nnsim.tui.worker.dial_table import Dial

Value = float | int | str | bool | tuple[int, ...]

ONE_TWO_FIVE = "1-2-5"
"""0.01, 0.02, 0.05, 0.1 ..."""
BETAS = "betas"
"""0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99 ...: 1 - beta in the steps 1-2-5."""
TENTHS = "tenths"
POWERS_OF_TWO = "powers of two"
ONES = "ones"

_MOST_LAYERS = 12
_YES, _NO = ("on", "yes", "true", "1"), ("off", "no", "false", "0")


def written(dial: Dial, value: Any) -> str:
    """Return a value as it is shown and can be read again."""
    if dial.kind == "sizes" and not isinstance(value, str):
        return " ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return value
    if dial.off is not None and value == dial.off:
        return dial.off_word
    return str(value) if dial.kind == "whole" else f"{value:.6g}"


def read(dial: Dial, text: str) -> Value:
    """Read a value; ValueError says what was expected."""
    text = text.strip()
    if dial.off is not None and text.casefold() == dial.off_word:
        return _number_of(dial, dial.off)
    match dial.kind:
        case "choice":
            return _choice(dial, text)
        case "switch":
            if text.casefold() not in (*_YES, *_NO):
                raise ValueError(f"{dial.name}: {text!r} is neither on nor off")
            return text.casefold() in _YES
        case "sizes":
            return _sizes(dial, text)
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{dial.name}: {text!r} is no number; expected {expected(dial)}") from None
    inside = dial.low < number < dial.high if dial.open else dial.low <= number <= dial.high
    # An open range still holds the value that means none, and beta = 0 averages nothing.
    at_end = number == dial.off or (dial.steps == BETAS and number == 0)
    whole = dial.kind != "whole" or number.is_integer()
    if not (whole and (inside or at_end)):
        raise ValueError(f"{dial.name}: {text} cannot be; expected {expected(dial)}")
    if dial.kind == "whole" and re.fullmatch(r"\d+", text):
        return int(text)  # exact, however large
    return _number_of(dial, number)


def checked(dial: Dial, value: Any) -> Value:
    """Return a value of a dial's own type, also from its text; ValueError says what is wrong."""
    if isinstance(value, str):
        return read(dial, value)
    if dial.kind == "sizes" and isinstance(value, (tuple, list)):
        return read(dial, " ".join(map(str, value)))
    if dial.kind == "switch" and isinstance(value, bool):
        return value
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if dial.kind in ("number", "whole") and is_number:
        return read(dial, repr(value))
    raise ValueError(f"{dial.name}: {value!r} cannot be; expected {expected(dial)}")


def expected(dial: Dial) -> str:
    """Return in words what a dial takes."""
    match dial.kind:
        case "choice":
            return listed(dial.choices)
        case "switch":
            return "on or off"
        case "sizes":
            return f"units of each hidden layer, at most {_MOST_LAYERS}, such as 16 8, or none"
    what = "a whole number" if dial.kind == "whole" else "a number"
    if dial.steps == BETAS:
        return f"{what} from 0 to below 1"
    if dial.steps == TENTHS:
        return f"{what} above 0, at most 1"
    if dial.low == -dial.high:
        return what
    low = f"above {dial.low:g}" if dial.open else f"of at least {dial.low:g}"
    high = f", at most {dial.high:g}" if dial.high < 1e9 else ""
    off = f" (0: {dial.off_word})" if dial.off_word.isalpha() and dial.off == 0 else ""
    return f"{what} {low}{high}{off}"


def turned(dial: Dial, value: Any, by: int) -> Value:
    """Return the value one click up (+1) or down (-1); it stays at the end of its range."""
    match dial.kind:
        case "choice":
            return _next_choice(dial, value, by)
        case "switch":
            return value is not True
        case "sizes":
            return _deeper(value) if by > 0 else tuple(value[:-1])
    if isinstance(value, str):  # hidden layers that differ
        return _number_of(dial, dial.off if dial.off is not None else 1)
    match dial.steps:
        case "betas":
            rest = one_two_five(1 - value, -by)
            moved = 0.0 if rest >= 0.99 else min(round(1 - rest, 9), 1 - 1e-6)
        case "tenths":
            moved = min(max(round(value * 10) + by, 1), 10) / 10
        case "powers of two":
            moved = _power_of_two(value, by)
        case "ones":
            moved = value + by
        case _:
            moved = _magnitude(dial, value, by)
    if dial.off is not None and moved == dial.off:
        return _number_of(dial, moved)
    if not dial.low <= moved <= dial.high or (dial.open and moved in (dial.low, dial.high)):
        return moved if dial.steps == BETAS and moved == 0 else value
    return _number_of(dial, moved)


def _number_of(dial: Dial, number: float) -> float | int:
    return int(number) if dial.kind == "whole" else float(number)


def _choice(dial: Dial, text: str) -> str:
    for choice in dial.choices:
        if text.casefold() == choice:
            return choice
    near = nearest(text, dial.choices)
    hint = f"did you mean {near!r}?" if near else f"expected {listed(dial.choices)}"
    raise ValueError(f"{dial.name}: there is no {text!r}; {hint}")


def _sizes(dial: Dial, text: str) -> tuple[int, ...]:
    words = text.replace(",", " ").replace("-", " ").split()
    if text.casefold() in ("none", ""):
        return ()
    if not all(word.isdecimal() for word in words):
        raise ValueError(f"{dial.name}: {text!r} are no sizes; expected {expected(dial)}")
    sizes = tuple(int(word) for word in words if len(word) < 10)
    if len(sizes) < len(words) or not all(dial.low <= size <= dial.high for size in sizes):
        raise ValueError(
            f"{dial.name}: a layer has from {dial.low:g} to {dial.high:g} units, not as in {text}"
        )
    if len(sizes) > _MOST_LAYERS:
        raise ValueError(
            f"{dial.name}: {len(sizes)} hidden layers are too many; expected at most {_MOST_LAYERS}"
        )
    return sizes


def _deeper(sizes: tuple[int, ...]) -> tuple[int, ...]:
    return (*sizes, sizes[-1] if sizes else 4) if len(sizes) < _MOST_LAYERS else sizes


def _next_choice(dial: Dial, value: str, by: int) -> str:
    if value not in dial.choices:
        return dial.choices[0 if by > 0 else -1]
    return dial.choices[(dial.choices.index(value) + by) % len(dial.choices)]


def _magnitude(dial: Dial, value: float, by: int) -> float:
    """Go on in 1, 2, 5, 10 ... by size; off lies below the smallest, negative numbers mirrored."""
    if value == 0:
        return dial.first if by > 0 else (-dial.first if dial.low < 0 else 0.0)
    if value < 0:
        return -_magnitude(dial, -value, -by)
    if by < 0 and dial.off == 0 and value <= dial.first:
        return 0.0
    return one_two_five(value, by)


def one_two_five(value: float, by: int) -> float:
    """Return the next number of 1, 2, 5, 10, 20 ... (and 0.5, 0.2 ...) above or below."""
    exponent = math.floor(math.log10(value))
    powers = range(exponent - 1, exponent + 2)
    near = [float(f"{digit}e{power}") for power in powers for digit in (1, 2, 5)]
    margin = 1e-6 * value
    if by > 0:
        return min(number for number in near if number > value + margin)
    return max(number for number in near if number < value - margin)


def _power_of_two(value: int, by: int) -> int:
    if value == 0:
        return 1 if by > 0 else 0
    exponent = math.log2(value)
    if by > 0:
        return int(2 ** (math.floor(exponent) + 1))
    return int(2 ** (math.ceil(exponent) - 1)) if value > 1 else 0
