"""What does a plain text file say?"""

from __future__ import annotations

from index.documents import ReadDocument, Reading, Refusal
from index.readers.decoding import decode
from index.readers.files import RawFile
from index.readers.metadata import read_metadata
from index.readers.paragraphs import text_blocks
from index.readers.refusals import empty


def read_text(file: RawFile) -> Reading | Refusal:
    """One document: title, date and source from its first lines, blocks from its lines."""
    decoded = decode(file.data)
    if isinstance(decoded, Refusal):
        return decoded
    text = decoded.text
    metadata = read_metadata(text)
    blocks = text_blocks(text, title=metadata.title)
    if not blocks:
        return empty(file.path.name)
    document = ReadDocument(
        text=text,
        blocks=blocks,
        title=metadata.title or file.path.stem,
        source=metadata.source,
        published=metadata.published,
    )
    return Reading((document,), (decoded.remark,) if decoded.remark else ())
