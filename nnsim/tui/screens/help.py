"""F1: every key of a place with its sentence, from the registry, with the user's own keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nnsim.tui.keys import bindings_for
from nnsim.tui.screens.help_text import OwnKeys, help_lines
from nnsim.tui.widgets.key_line import KeyLine
from nnsim.tui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from nnsim.tui.app import NnsimApp
    from nnsim.tui.look import Look

_PLACES = {"gallery": "Keys of the gallery", "lab": "Keys of the lab"}


class HelpScreen(ModalScreen[None]):
    """Lies over the screen that it explains."""

    PLACE = "help"
    BINDINGS = bindings_for(PLACE)
    AUTO_FOCUS = None

    def __init__(
        self,
        app: NnsimApp,
        place: str,
        own: OwnKeys | None = None,
        hidden: Collection[str] = (),
    ) -> None:
        super().__init__()
        self._nnsim = app
        look, settings = app.look, app.settings
        notes = ["Every action is also found by its name among all commands."]
        if settings.path:
            there = "" if settings.path.exists() else " (make the file)"
            notes.append(f'Other keys: [keys] "lab.play" = "h" in {settings.path}{there}')
        self._title = TitleLine(look, _PLACES.get(place, "Keys"))
        self._body = HelpText(place, look, settings.keys, tuple(notes), own, hidden)
        self._keys = KeyLine(self.PLACE, look, settings.keys)
        self._keys.say(hidden={"app.help"})

    def compose(self) -> ComposeResult:
        """Yield title, keys in columns, footer."""
        yield self._title
        yield self._body
        yield self._keys

    @property
    def text(self) -> str:
        """What is shown, without styles."""
        return self._body.text

    def refresh_look(self) -> None:
        """Draw with the app's present look."""
        for widget in (self._title, self._body, self._keys):
            widget.use(self._nnsim.look)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()

    def action_down(self) -> None:
        """Scroll by a line."""
        self._body.scroll_down(animate=False)

    def action_up(self) -> None:
        """Scroll back by a line."""
        self._body.scroll_up(animate=False)

    def action_page_down(self) -> None:
        """Scroll by a page."""
        self._body.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Scroll back by a page."""
        self._body.scroll_page_up(animate=False)


class HelpText(ScrollView, can_focus=False):
    """The groups of a place's actions in as many columns as there is room for."""

    def __init__(
        self,
        place: str,
        look: Look,
        keymap: Mapping[str, str],
        notes: tuple[str, ...],
        own: OwnKeys | None = None,
        hidden: Collection[str] = (),
    ) -> None:
        super().__init__()
        self._hidden = hidden
        self._place, self._look, self._keymap, self._notes = place, look, keymap, notes
        self._own = own
        self._lines: list[Strip] = []

    def use(self, look: Look) -> None:
        """Draw in another way."""
        self._look = look
        self._lay_out()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Return a line of what is scrolled to."""
        y += round(self.scroll_y)
        strip = self._lines[y] if y < len(self._lines) else Strip([])
        ground = self._look.ink(self._look.text, on=self._look.background)
        return strip.extend_cell_length(self.size.width).apply_style(ground)

    @property
    def text(self) -> str:
        """What is shown, without styles."""
        return "\n".join(strip.text for strip in self._lines)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if width:
            self._lines = help_lines(
                self._place,
                self._look,
                self._keymap,
                width - 1,
                self._notes,
                self._own,
                self._hidden,
            )
            self.virtual_size = Size(width, len(self._lines))
            self.refresh()
