"""How does the text of an Office document become a :class:`Reading`?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.documents import ReadDocument, Reading, Refusal
from index.readers.files import RawFile
from index.readers.metadata import Metadata
from index.readers.pieces import Piece, lay_out
from index.readers.refusals import no_text


@dataclass(frozen=True, slots=True)
class OfficeText:
    """What was found: pieces in reading order, the title shown in them, and what is missing."""

    pieces: Sequence[Piece]
    title: str | None = None
    remarks: tuple[str, ...] = ()


def reading_of(file: RawFile, found: OfficeText, metadata: Metadata) -> Reading | Refusal:
    """Lay the pieces out as one document; the title is the metadata's, else the one shown."""
    title = metadata.title or found.title
    text, blocks = lay_out(found.pieces, title=title)
    if not any(block.kind != "boilerplate" for block in blocks):
        return no_text(file.path.name)
    if title is None:
        # A heading further down is that of a chapter.
        first = next(block for block in blocks if block.kind != "boilerplate")
        if first.kind == "heading":
            title = " ".join(text[first.start : first.end].split())
    document = ReadDocument(
        text=text,
        blocks=blocks,
        title=title or file.path.stem,
        source=metadata.source,
        published=metadata.published,
    )
    return Reading((document,), tuple(dict.fromkeys(found.remarks)))
