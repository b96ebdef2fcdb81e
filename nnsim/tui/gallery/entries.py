"""Scenario files as the gallery lists them: only their first table is read before the first frame.

A file that is wrong further down is found later, by `mistake_in` and `mistake_inside`, when the
list stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nnsim.errors import ScenarioError
from nnsim.scenario.catalogue import files_in, scenarios_folder
from nnsim.scenario.reading import head_of, parsed, text_of
from nnsim.scenario.topics import TOPICS

_LESSON = re.compile(r"^[ \t]*\[\[[ \t]*lesson[ \t]*\]\]", re.MULTILINE)
_PLACES = {topic: place for place, topic in enumerate(TOPICS)}


@dataclass(frozen=True)
class Entry:
    """A scenario file in the list; one that cannot be read has an error instead of a title."""

    name: str
    path: Path
    title: str = ""
    topics: tuple[str, ...] = ()
    summary: str = ""
    lessons: int = 0
    error: str = ""
    shipped: bool = True
    """False for a file of the user's own."""

    @property
    def topic(self) -> str:
        """The first topic, or ""."""
        return self.topics[0] if self.topics else ""

    @property
    def key(self) -> str:
        """What it goes by in what is remembered: its name, or the path of a file of one's own."""
        return self.name if self.shipped else str(self.path)

    @property
    def source(self) -> str | Path:
        """What opens it."""
        return self.path


def entries_of(folder: Path | None = None) -> tuple[Entry, ...]:
    """Return the scenarios of a folder (by default the shipped ones), in the course's order."""
    root = scenarios_folder() if folder is None else folder
    if root is None:
        return ()
    entries = [entry_of(path, shipped=folder is None) for path in files_in(root)]
    return tuple(
        sorted(
            entries,
            key=lambda each: (_PLACES.get(each.topic, len(_PLACES)), len(each.topics), each.name),
        )
    )


def entry_of(path: Path, *, shipped: bool = True) -> Entry:
    """Read what the list shows of one file."""
    try:
        text = text_of(path).replace("\r\n", "\n")
        about = head_of(text, str(path)).get("scenario")
    except ScenarioError as error:
        return Entry(path.stem, path, error=str(error), shipped=shipped)
    if not isinstance(about, dict) or not isinstance(about.get("title"), str):
        missing = f"{path}: scenario.title: missing; expected a text"
        return Entry(path.stem, path, error=missing, shipped=shipped)
    topics = about.get("topic")
    topics = topics if isinstance(topics, list) else [topics]
    summary = about.get("summary")
    return Entry(
        path.stem,
        path,
        plain(about["title"]),
        tuple(plain(each) for each in topics if isinstance(each, str)),
        plain(summary) if isinstance(summary, str) else "",
        len(_LESSON.findall(text)),
        shipped=shipped,
    )


def mistake_in(path: Path) -> str:
    """Return what is wrong in a file as TOML, "" if nothing; its meaning is checked on opening."""
    try:
        parsed(text_of(path), str(path))
    except ScenarioError as error:
        return str(error)
    return ""


def mistake_inside(entry: Entry) -> str:
    """Return what is wrong in a file, "" if nothing; in a file of one's own its meaning too.

    For a thread: the first time, this imports what checks scenarios.
    """
    mistake = mistake_in(entry.path)
    if mistake or entry.shipped:
        return mistake
    from nnsim.scenario.checking import check
    from nnsim.scenario.reading import read_file

    try:
        check(read_file(entry.path))
    except ScenarioError as error:
        return str(error)
    return ""


def matching(entries: Sequence[Entry], query: str) -> tuple[Entry, ...]:
    """Return the entries that have every word of the query in title, name, topic or summary."""
    words = query.casefold().split()
    return tuple(entry for entry in entries if all(word in _words_of(entry) for word in words))


def topic_line(topic: str) -> str:
    """Return a topic's id and title: "A2 Logistic regression as a network".

    >>> topic_line("A2"), topic_line("")
    ('A2 Logistic regression as a network', 'Without a topic')
    """
    if not topic:
        return "Without a topic"
    title = TOPICS.get(topic, "")
    return f"{topic} {title}".strip() if topic[-1:].isdigit() else title or topic


def plain(text: str) -> str:
    """Return the text on one line; what a file brought in must not steer the terminal."""
    text = " ".join(text.split())
    if text.isprintable():
        return text
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def best_of(entries: Sequence[Entry], query: str) -> Entry | None:
    """Return the entry that a search most likely means: by its title rather than its summary."""
    words = query.casefold().split()

    def missing(entry: Entry) -> int:
        title = f"{entry.title} {entry.name}".casefold()
        return sum(word not in title for word in words)

    return min(entries, key=missing, default=None)


def _words_of(entry: Entry) -> str:
    topics = " ".join(f"{topic} {TOPICS.get(topic, '')}" for topic in entry.topics)
    words = f"{entry.title} {entry.name} {entry.name.replace('-', ' ')} {topics} {entry.summary}"
    return words.casefold()
