"""Which refusals do several readers share?"""

from __future__ import annotations

from index.documents import Refusal, RefusalReason


def empty(name: str) -> Refusal:
    """Refuse a file without a visible character."""
    return Refusal(RefusalReason.EMPTY, f"{name} is empty. There is nothing to read in it.")
