"""Does a comparison show both of its sides?"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence import Evidence
from index.words import terms

_DEEP_ENOUGH = 24
"""How far down a sentence about the second side is still worth showing."""


def show_both_sides(ordered: Sequence[Evidence], sides: Sequence[str]) -> tuple[Evidence, ...]:
    """Move up the best sentence on a side of which the first sentence says nothing.

    The first sentence stays where it is: how sure we are is said of it.
    """
    if not ordered:
        return ()
    first, *others = ordered
    missing = [side for side in sides if not _names(first, side)]
    moved: list[Evidence] = []
    for side in missing:
        best = next((item for item in others[:_DEEP_ENOUGH] if _names(item, side)), None)
        if best is not None and best not in moved:
            moved.append(best)
    kept = [item for item in others if not any(item is other for other in moved)]
    return (first, *moved, *kept)


def _names(item: Evidence, side: str) -> bool:
    wanted = set(terms(side))
    return bool(wanted) and wanted <= set(terms(item.quote))
