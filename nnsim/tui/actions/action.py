"""What a key, a click or the palette does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """Something that a key, a click or the palette does."""

    id: str
    """Place and name, as in lab.play; what the user's file remaps."""
    keys: str
    """Keys as Textual names them, with commas between: "right,N"."""
    name: str
    sentence: str
    group: str
    footer: bool = False
    """Shown in the footer, those written first being the last to go where it is narrow."""
    label: str = ""
    """The footer's word; the name in lower case where there is none."""
    kinds: tuple[str, ...] = ()
    """Kinds of simulation that it is for; () for all."""

    def is_for(self, kind: str) -> bool:
        """Tell whether it does something in a scenario of a kind."""
        return not self.kinds or kind in self.kinds

    @property
    def place(self) -> str:
        """Where it works: app, gallery, lab ..."""
        return self.id.partition(".")[0]

    @property
    def method(self) -> str:
        """The action as Textual calls it: play for lab.play."""
        return self.id.partition(".")[2]

    @property
    def word(self) -> str:
        """What the footer calls it."""
        return self.label or self.name.lower()
