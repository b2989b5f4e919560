"""What do the lines of a JSONL corpus say?

The text of a line is kept exactly as its JSON string says, line ends included: the offsets of
question sets made elsewhere refer to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from index.documents import ReadDocument, Reading, Refusal, RefusalReason
from index.readers.dates import iso_date
from index.readers.decoding import decode
from index.readers.files import RawFile
from index.readers.paragraphs import text_blocks

MOST_LINES_NAMED = 20
"""Bad lines that are named one by one; the rest are counted."""

# JSON can write half of a character, which no file or database can hold.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def read_corpus(file: RawFile) -> Reading | Refusal:
    """One document for each usable line, in order; remarks name the lines that were not."""
    decoded = decode(file.data)
    if isinstance(decoded, Refusal):
        return decoded
    documents: dict[str, ReadDocument] = {}
    faults: list[str] = []
    for number, line in enumerate(decoded.text.split("\n"), start=1):
        if not line.strip():
            continue
        document = _read_line(line)
        if isinstance(document, str):
            faults.append(f"Line {number} was left out: {document}")
            continue
        corpus_id = str(document.corpus_id)
        if corpus_id in documents:
            faults.append(f"Line {number} has the id {corpus_id!r} of an earlier line: it counts.")
            del documents[corpus_id]
        documents[corpus_id] = document
    if not documents:
        detail = faults[0] if faults else "It has no lines."
        return Refusal(
            RefusalReason.DAMAGED,
            f"{file.path.name} holds no usable line. {detail} Each line must be a JSON object "
            'with an "id" and a "text".',
        )
    return Reading(tuple(documents.values()), _remarks(decoded.remark, faults))


def _read_line(line: str) -> ReadDocument | str:
    """Read the document of one line, or say what is wrong with the line."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return "it is not valid JSON."
    if not isinstance(record, dict):
        return "it is not a JSON object."
    corpus_id = _exact(record, "id") or _exact(record, "_id")
    text = record.get("text")
    if corpus_id is None:
        return 'it has no "id".'
    if not isinstance(text, str):
        return 'it has no "text".'
    title, source = _string(record, "title"), _string(record, "source")
    published = _string(record, "date")
    if any(map(_LONE_SURROGATE.search, (corpus_id, text, title or "", source or ""))):
        return "it holds half a character (a lone surrogate)."
    blocks = text_blocks(text, title=title)
    if not blocks:
        return "its text is empty."
    return ReadDocument(
        text=text,
        blocks=blocks,
        title=title or corpus_id,
        source=source,
        published=iso_date(published) if published else None,
        corpus_id=corpus_id,
    )


def _exact(record: Mapping[str, object], key: str) -> str | None:
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value) if str(value).strip() else None


def _string(record: Mapping[str, object], key: str) -> str | None:
    value = _exact(record, key)
    return " ".join(value.split()) if value else None


def _remarks(guessed: str | None, faults: list[str]) -> tuple[str, ...]:
    named = faults[:MOST_LINES_NAMED]
    if len(faults) > len(named):
        named.append(f"{len(faults) - len(named)} more lines have faults like these.")
    return (guessed, *named) if guessed else tuple(named)
