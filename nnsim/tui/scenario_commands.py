"""Scenarios and themes in the command palette: found by their names."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import Hit, Hits, Provider

from nnsim.tui.gallery.entries import entries_of, topic_line

if TYPE_CHECKING:
    from nnsim.tui.app import NnsimApp


class ScenarioCommands(Provider):
    """Offers "Open <title>" and "Theme <name>" for what is typed."""

    async def search(self, query: str) -> Hits:
        """Return what matches."""
        app, matcher = cast("NnsimApp", self.app), self.matcher(query)
        for entry in entries_of():
            text = f"Open {entry.title or entry.name}"
            score = max(matcher.match(text), matcher.match(entry.name))
            if score > 0 and not entry.error:
                do = partial(app.open_scenario, entry.source)
                yield Hit(score, matcher.highlight(text), do, help=topic_line(entry.topic))
        for name in app.available_themes:
            text = f"Theme {name}"
            score = matcher.match(text)
            if score > 0:
                yield Hit(score, matcher.highlight(text), partial(setattr, app, "theme", name))
