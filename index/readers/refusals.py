"""Which refusals do several readers share?"""

from __future__ import annotations

from index.documents import Refusal, RefusalReason


class Refused(Exception):
    """Raised deep inside a reader, whose entry gives ``refusal`` as its result."""

    def __init__(self, reason: RefusalReason, message: str) -> None:
        super().__init__(message)
        self.refusal = Refusal(reason, message)


def empty(name: str) -> Refusal:
    """Refuse a file without a visible character."""
    return Refusal(RefusalReason.EMPTY, f"{name} is empty. There is nothing to read in it.")


def no_text(name: str) -> Refusal:
    """Refuse a document that opens but shows no words, such as one of pictures alone."""
    return Refusal(
        RefusalReason.NO_TEXT,
        f"{name} holds no text, only pictures or nothing at all. Add a version with its text.",
    )
