"""What does a reader get to work on, and which kinds of file are told apart?"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from index.readers.limits import ReadingLimits


class FileKind(StrEnum):
    """The formats that have a reader."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    HTML = "HTML"
    CORPUS = "JSONL"
    PDF = "PDF"
    RTF = "Rich Text"
    MAIL = "e-mail"
    TABLE = "CSV"
    DOCX = "Word"
    PPTX = "PowerPoint"
    XLSX = "Excel"
    ODT = "OpenDocument text"
    ODP = "OpenDocument presentation"
    ODS = "OpenDocument spreadsheet"
    EPUB = "EPUB"


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file's path and its bytes, read once, and what reading it may cost."""

    path: Path
    data: bytes
    limits: ReadingLimits = field(default_factory=ReadingLimits)
