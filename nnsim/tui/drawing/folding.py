"""Which of many rows are drawn where there is room for few."""

from __future__ import annotations

from collections.abc import Sequence


def folded(looked_at: Sequence[bool], room: int) -> list[int]:
    """Return which rows to draw: all, or the first, the last and some evenly between.

    A row that is looked at stands in for its nearest neighbour.

    >>> folded([False] * 9, 5), folded([False] * 5 + [True] + [False] * 3, 5)
    ([0, 2, 4, 6, 8], [0, 2, 5, 6, 8])
    """
    count, room = len(looked_at), max(room, 1)
    if count <= room:
        return list(range(count))
    if room == 1:
        return [looked_at.index(True) if True in looked_at else count - 1]
    kept = [round(k * (count - 1) / (room - 1)) for k in range(room)]
    for index, looked in enumerate(looked_at):
        if looked and index not in kept:
            # The ends stay where another can go.
            free = range(1, room - 1) if room > 2 else range(room)
            nearest = min(free, key=lambda k: (abs(kept[k] - index), k))
            kept[nearest] = index
    return sorted(kept)
