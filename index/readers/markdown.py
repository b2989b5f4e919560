"""What does a Markdown file say?

Only the block structure is parsed: the marks inside a line stay in the stored text as they
stand. The front matter is read for title, date and source, and is no part of the text.
"""

from __future__ import annotations

from index.documents import Block, ReadDocument, Reading, Refusal
from index.readers.decoding import decode
from index.readers.files import RawFile
from index.readers.front_matter import read_front_matter
from index.readers.markdown_blocks import markdown_blocks
from index.readers.metadata import Metadata, clean_title
from index.readers.paragraphs import text_blocks
from index.readers.refusals import empty


def read_markdown(file: RawFile) -> Reading | Refusal:
    """One document; its title is the front matter's, else the first heading, else the name."""
    decoded = decode(file.data)
    if isinstance(decoded, Refusal):
        return decoded
    metadata, body, fault = read_front_matter(decoded.text)
    # Where nesting hides all of the text, its lines are still there.
    blocks = markdown_blocks(body, title=metadata.title) or text_blocks(body)
    if not blocks:
        return empty(file.path.name)
    document = ReadDocument(
        text=body,
        blocks=blocks,
        title=_title(metadata, body, blocks) or file.path.stem,
        source=metadata.source,
        published=metadata.published,
    )
    return Reading((document,), tuple(filter(None, (decoded.remark, fault))))


def _title(metadata: Metadata, body: str, blocks: tuple[Block, ...]) -> str | None:
    if metadata.title:
        return metadata.title
    first = next((block for block in blocks if block.kind == "heading"), None)
    return clean_title(body[first.start : first.end]) if first else None
