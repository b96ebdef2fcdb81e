"""The table of keys in the guide, out of the registry that the app itself reads.

::

    python docs/keys.py            # print it
    python docs/keys.py --write    # put it into docs/guides/terminal.md
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from nnsim.tui.keys import ACTIONS, Action, keys_of, shown

PAGE = Path(__file__).parent / "guides" / "terminal.md"
BEGIN = "<!-- keys: written by docs/keys.py -->\n"
END = "<!-- keys: end -->\n"

PLACES = {
    "app": "Everywhere",
    "gallery": "In the gallery",
    "lab": "In the lab",
    "lesson": "In a lesson, while it has the keyboard",
    "compare": "Comparing runs",
    "help": "In the help",
    "confirm": "Where something would be lost",
}


def table() -> str:
    """Return every action with its keys, a table a place."""
    return "\n".join(f"### {title}\n\n{_rows(place)}" for place, title in PLACES.items())


def _rows(place: str) -> str:
    lines = ["| key | does | | id |", "|---|---|---|---|"]
    for action in ACTIONS:
        if action.place == place:
            keys = " ".join(f"`{shown(key)}`" for key in keys_of(action, {}))
            lines.append(f"| {keys} | {action.name} | {_sentence(action)} | `{action.id}` |")
    return "\n".join(lines) + "\n"


def _sentence(action: Action) -> str:
    kinds = f" (kind {', '.join(action.kinds)})" if action.kinds else ""
    return action.sentence.replace("|", "\\|").removesuffix(".") + kinds + "."


def written(page: str) -> str:
    """Return the guide with the present table in it."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        click.echo(table())
