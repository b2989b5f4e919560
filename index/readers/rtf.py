"""What does a Rich Text file say?"""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from index.documents import ReadDocument, Reading, Refusal, RefusalReason
from index.readers.files import RawFile
from index.readers.metadata import Metadata, read_metadata
from index.readers.paragraphs import text_blocks
from index.readers.refusals import no_text

_INFO = re.compile(r"\{\\info\b(.{0,4000})", re.DOTALL)
_TITLE = re.compile(r"\{\\title\s([^{}\\]{1,300})\}")
_AUTHOR = re.compile(r"\{\\(?:company|author)\s([^{}\\]{1,200})\}")
_CREATED = re.compile(r"\{\\(?:creatim|revtim)\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ROW_EDGE = re.compile(r"\|+[ \t]*$", re.MULTILINE)


def read_rtf(file: RawFile) -> Reading | Refusal:
    """One document; the cells of a table row stand in one line, between upright strokes."""
    source = file.data.decode("latin-1")
    try:
        text = str(rtf_to_text(source, errors="ignore"))  # type: ignore[no-untyped-call] # has none
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a control word without its number makes the parser fail
        return Refusal(
            RefusalReason.DAMAGED,
            f"{file.path.name} is damaged and cannot be read as Rich Text. Save it again, as RTF "
            "or as text, and add that.",
        )
    text = _NO_CHARACTER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _ROW_EDGE.sub("", text).strip()
    metadata = _metadata(source, text)
    blocks = text_blocks(text, title=metadata.title)
    if not blocks:
        return no_text(file.path.name)
    document = ReadDocument(
        text=text,
        blocks=blocks,
        title=metadata.title or file.path.stem,
        source=metadata.source,
        published=metadata.published,
    )
    return Reading((document,))


def _metadata(source: str, text: str) -> Metadata:
    """What the file says of itself, and what its first lines say where it is silent."""
    match = _INFO.search(source[:200_000])
    info = match.group(1) if match else ""
    shown = read_metadata(text)
    title, author, created = _TITLE.search(info), _AUTHOR.search(info), _CREATED.search(info)
    dated = f"{created[1]}-{int(created[2]):02}-{int(created[3]):02}" if created else None
    return Metadata(
        title=(" ".join(title[1].split()) if title else "") or shown.title,
        source=shown.source or (" ".join(author[1].split()) if author else "") or None,
        published=shown.published or dated,
    )
