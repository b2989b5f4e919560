"""How much may reading one file cost?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the process that reads starts without pydantic
    from index.settings import Settings

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Caps that hold for one file; what exceeds one is refused, and the message names it."""

    max_bytes: int = 200 * MEGABYTE
    """Of the file itself."""
    max_unpacked_bytes: int = 500 * MEGABYTE
    """Of what an archive (DOCX, EPUB …) unpacks to; counted while unpacking, whatever it states."""
    max_ratio: int = 200
    """Unpacked bytes for each packed one, beyond the first megabyte."""
    max_entries: int = 10_000
    """Of an archive, and parts of a message."""
    max_characters: int = 20_000_000
    """Of the text of one document."""
    max_pages: int = 5_000
    max_cells: int = 2_000_000
    """Of all sheets of a workbook together, empty ones between filled ones included."""
    memory_bytes: int = 1_500 * MEGABYTE
    """Address space of the process that reads; where the system cannot limit it, no limit."""
    seconds: int = 30
    """By the clock and of processor time."""


def reading_limits(settings: Settings) -> ReadingLimits:
    """Return the limits that the settings name."""
    return ReadingLimits(
        max_bytes=settings.max_file_mb * MEGABYTE,
        max_unpacked_bytes=settings.max_unpacked_mb * MEGABYTE,
        max_ratio=settings.max_unpacked_ratio,
        max_entries=settings.max_entries,
        max_characters=settings.max_characters,
        max_pages=settings.max_pages,
        max_cells=settings.max_cells,
        memory_bytes=settings.reading_memory_mb * MEGABYTE,
        seconds=settings.reading_seconds,
    )
