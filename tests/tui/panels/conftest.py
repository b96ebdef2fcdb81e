"""A stage on which one panel after the other is shown."""

import pytest
from textual.containers import Vertical

from nnsim.tui.panels.attention import Attention
from nnsim.tui.settings import Settings
from nnsim.tui.themes import DEFAULT
from tests.tui.shared import Shared
from tests.tui.stage import StageApp, shown

SIZES = ((14, 5), (20, 7), (30, 12), (40, 14), (80, 20), (120, 40))


class Stage:
    """Shows panels in hand-made frames, and reads what is on the screen."""

    def __init__(self):
        self.shared = Shared(lambda: StageApp(Vertical(id="stage")), (60, 16))

    def do(self, panel, walk, *, size=(60, 16), ascii=False, color=True, theme=DEFAULT):
        """Hold a panel, run `walk(app, pilot)`, and return what it returns."""

        async def held(app, pilot):
            if app.size != size:
                await pilot.resize_terminal(*size)
            app.settings = Settings(glyphs="ascii" if ascii else "unicode")
            app.set_class(ascii, "-ascii")
            app._colors = color
            if app.theme != theme:
                app.theme = theme
            app._posted.clear()
            stage = app.query_one("#stage")
            await stage.mount(panel)
            await pilot.pause()
            try:
                return await walk(app, pilot)
            finally:
                await panel.remove()

        return self.shared.do(held)

    def show(self, panel, *frames, attention=None, view=0, take=None, **options):
        """Show frames one after the other; return the screen's text after the last of them.

        With `take`, return the text and what it finds in the panel.
        """

        async def walk(app, pilot):
            for _ in range(view):
                panel.next_view()
            for frame in frames:
                panel.show(frame, attention or Attention())
                await pilot.pause()
            text = "\n".join(line.rstrip() for line in shown(app))
            return (text, take(panel)) if take else text

        return self.do(panel, walk, **options)

    def at_sizes(self, panel, frame, attention=None, views=1, sizes=SIZES, **options):
        """Show every view of a frame at every size; return the texts by (view, size)."""

        async def walk(app, pilot):
            texts = {}
            for view in range(views):
                for size in sizes:
                    await pilot.resize_terminal(*size)
                    panel.show(frame, attention or Attention())
                    await pilot.pause()
                    lines = shown(app)
                    assert len(lines) == size[1]
                    texts[view, size] = "\n".join(line.rstrip() for line in lines)
                panel.next_view()
            return texts

        return self.do(panel, walk, **options)


@pytest.fixture(scope="session")
def stage():
    stage = Stage()
    yield stage
    stage.shared.stop()
