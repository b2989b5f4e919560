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


def took_too_long(name: str, seconds: int) -> Refusal:
    """Refuse a file whose reading was ended by the clock."""
    return Refusal(
        RefusalReason.HOSTILE,
        f"{name} could not be read within {seconds} seconds, so it was left out. If you trust it, "
        "save it again in a simpler form, or raise the limit (ASKDOCS_READING_SECONDS).",
    )


def out_of_memory(name: str) -> Refusal:
    """Refuse a file that needs more memory than reading may take."""
    return Refusal(
        RefusalReason.TOO_LARGE,
        f"{name} needs more memory than reading a file may take, so it was left out. Split it, or "
        "raise the limit (ASKDOCS_READING_MEMORY_MB).",
    )


def crashed(name: str) -> Refusal:
    """Refuse a file that ended the process that read it."""
    return Refusal(
        RefusalReason.HOSTILE,
        f"Reading {name} failed: it ended the process that read it, or took too much memory or "
        "time. Save the document again, as PDF or as text, and add that.",
    )


def unreadable(name: str) -> Refusal:
    """Refuse a file at which its reader failed in a way that nobody foresaw."""
    return Refusal(
        RefusalReason.DAMAGED,
        f"{name} could not be read; it seems damaged. Save the document again and add that.",
    )


def too_many_pages(name: str, pages: int, most: int) -> Refused:
    """Refuse a document of more pages, slides or sheets than are read."""
    return Refused(
        RefusalReason.TOO_LARGE,
        f"{name} has {pages:,} pages, and {most:,} are read at most. Split it, or raise the limit "
        "(ASKDOCS_MAX_PAGES).",
    )
