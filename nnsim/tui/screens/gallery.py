"""The gallery: scenarios under the course's topics at the left, what one is about at the right."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from nnsim.errors import ScenarioError
from nnsim.tui.gallery.details import details_of
from nnsim.tui.gallery.entries import (
    Entry,
    best_of,
    entries_of,
    entry_of,
    matching,
    mistake_in,
    mistake_inside,
    plain,
)
from nnsim.tui.gallery.entry_list import EntryList, rows_of
from nnsim.tui.gallery.preview import Preview
from nnsim.tui.keys import bindings_for
from nnsim.tui.widgets.key_line import KeyLine
from nnsim.tui.widgets.search_line import SearchLine
from nnsim.tui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from nnsim.tui.app import NnsimApp


class GalleryScreen(Screen[None]):
    """Choose a scenario and open it."""

    PLACE = "gallery"
    BINDINGS = bindings_for(PLACE)
    AUTO_FOCUS = None

    def __init__(self, app: NnsimApp, folder: Path | None = None) -> None:
        super().__init__()
        self._nnsim, self._folder = app, folder
        self._entries = entries_of(folder)
        self._query = ""
        self._left = False
        look = app.look
        self._title = TitleLine(look)
        self._search = SearchLine()
        self._list = EntryList(look, self._lessons_done)
        self._preview = Preview(look)
        self._keys = KeyLine(self.PLACE, look, app.settings.keys)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All scenarios, as last read."""
        return self._entries

    @property
    def chosen(self) -> Entry | None:
        """The scenario that is looked at."""
        return self._list.chosen

    def compose(self) -> ComposeResult:
        """Yield title, list, preview, keys."""
        yield self._title
        with Horizontal():
            with Vertical(id="side"):
                yield self._search
                yield self._list
            yield self._preview
        yield self._keys

    def on_mount(self) -> None:
        """Fill the list; what takes longer comes after the first frame."""
        self._fill()
        self.call_after_refresh(self._examine)

    def on_screen_suspend(self) -> None:
        """Remember that something else was shown."""
        self._left = True

    def on_screen_resume(self) -> None:
        """Read the files again: lessons may be done, files may have been mended."""
        if self._left:
            self._left = False
            self._entries = entries_of(self._folder)
            self._fill()
            self._examine()

    def refresh_look(self) -> None:
        """Draw with the app's present look."""
        for widget in (self._title, self._list, self._preview, self._keys):
            widget.use(self._nnsim.look)

    # Actions

    async def action_open(self) -> None:
        """Open the chosen scenario, or say why it cannot be."""
        entry = self._list.chosen
        if entry is None:
            return
        now = entry_of(entry.path, shipped=entry.shipped)
        error = now.error or mistake_in(entry.path)
        if error:
            self._replace(replace(now, error=error))
            self.notify(error, title="This file cannot be opened", severity="error", markup=False)
            return
        self._nnsim.open_scenario(entry.source)

    async def action_search(self) -> None:
        """Let words be typed."""
        await self._search.begin()

    async def action_clear(self) -> None:
        """Show all scenarios again."""
        await self._search.end()
        self._search_for("")

    def action_up(self) -> None:
        """Choose the scenario above."""
        self._list.move(-1)

    def action_down(self) -> None:
        """Choose the scenario below."""
        self._list.move(1)

    def action_previous_topic(self) -> None:
        """Choose the first scenario of this topic, or of the one before."""
        self._list.move_topic(-1)

    def action_next_topic(self) -> None:
        """Choose the first scenario of the next topic."""
        self._list.move_topic(1)

    def action_first(self) -> None:
        """Choose the first scenario."""
        self._list.move_to_end(last=False)

    def action_last(self) -> None:
        """Choose the last scenario."""
        self._list.move_to_end(last=True)

    def action_scroll_down(self) -> None:
        """Read on in the preview."""
        self._preview.scroll_page_down(animate=False)

    def action_scroll_up(self) -> None:
        """Read back in the preview."""
        self._preview.scroll_page_up(animate=False)

    def action_quit(self) -> None:
        """Leave nnsim."""
        self._nnsim.exit()

    # What the widgets tell

    def on_entry_list_chosen(self, message: EntryList.Chosen) -> None:
        """Show what the scenario is about."""
        self._show(message.entry)

    async def on_entry_list_opened(self) -> None:
        """Open it."""
        await self.action_open()

    def on_search_line_typed(self, message: SearchLine.Typed) -> None:
        """Show only what has these words."""
        self._search_for(message.text)

    async def on_search_line_entered(self) -> None:
        """Open the scenario that was found; what was searched stays, the keyboard is free."""
        self.set_focus(None)
        await self.action_open()

    # Filling

    def _fill(self) -> None:
        """Show the entries that match, the recently used on top unless something is searched."""
        found = matching(self._entries, self._query)
        recent = [] if self._query else self._recent()
        chosen = best_of(found, self._query) if self._query else self._list.chosen
        self._list.show(rows_of(found, recent), chosen)
        self._title.say(self._place_words(), self._count_words(len(found)))
        self._search.found(len(found))

    def _recent(self) -> list[Entry]:
        by_key = {entry.key: entry for entry in self._entries}
        recent = [by_key[key] for key in self._nnsim.state.recent() if key in by_key]
        return recent[:3]

    def _search_for(self, query: str) -> None:
        if query != self._query:
            self._query = query
            self._fill()

    def _show(self, entry: Entry | None) -> None:
        details = None
        if entry and not entry.error:
            try:
                details = details_of(entry.path)
            except ScenarioError as error:
                entry = replace(entry, error=str(error))
                self._replace(entry)
        self._preview.show(entry, details)

    def _examine(self) -> None:
        """Look for mistakes further down in the files, in a thread."""
        work = partial(_mistakes_in, self._entries)
        self.run_worker(
            partial(self._examined_in_thread, work), thread=True, exclusive=True, group="examine"
        )

    def _examined_in_thread(self, work: partial[dict[Path, str]]) -> None:
        mistakes = work()
        if mistakes:
            self._nnsim.call_from_thread(self._examined, mistakes)

    def _examined(self, mistakes: dict[Path, str]) -> None:
        self._entries = tuple(
            replace(entry, error=mistakes.get(entry.path, entry.error)) for entry in self._entries
        )
        self._fill()

    def _replace(self, entry: Entry) -> None:
        """Put a newer reading of one file in its place."""
        old = self._list.chosen
        if old != entry:
            self._entries = tuple(
                entry if each.path == entry.path else each for each in self._entries
            )
            self._fill()

    # Words

    def _lessons_done(self, entry: Entry) -> int:
        return len(self._nnsim.state.lessons_done(entry.key))

    def _place_words(self) -> str:
        return plain(str(self._folder)) if self._folder else "a debugger for learning"

    def _count_words(self, found: int) -> str:
        count = len(self._entries)
        if found < count:
            return f"{found} of {count} scenarios"
        topics = len({entry.topic for entry in self._entries if entry.topic})
        scenarios = f"{count} scenario{'' if count == 1 else 's'}"
        return f"{scenarios}, {topics} topic{'' if topics == 1 else 's'}"


def _mistakes_in(entries: tuple[Entry, ...]) -> dict[Path, str]:
    found = {entry.path: mistake_inside(entry) for entry in entries if not entry.error}
    return {path: error for path, error in found.items() if error}
