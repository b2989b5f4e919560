"""How does a reading travel from the process that made it?

As JSON: what a hostile file may have made of that process can be wrong, but it is only data.
"""

from __future__ import annotations

import json
from dataclasses import astuple
from itertools import pairwise
from typing import Any, cast, get_args

from index.documents import Block, BlockKind, ReadDocument, Reading, Refusal, RefusalReason

_KINDS = frozenset(get_args(BlockKind))


class MessageBroken(Exception):
    """The bytes are no reading and no refusal."""


def write_message(result: Reading | Refusal) -> bytes:
    """Write a reading or a refusal as bytes."""
    if isinstance(result, Refusal):
        return json.dumps({"reason": result.reason.value, "message": result.message}).encode()
    documents = [
        {
            "text": document.text,
            "blocks": [astuple(block) for block in document.blocks],
            "title": document.title,
            "source": document.source,
            "published": document.published,
            "corpus_id": document.corpus_id,
        }
        for document in result.documents
    ]
    return json.dumps({"documents": documents, "remarks": result.remarks}).encode()


def read_message(data: bytes) -> Reading | Refusal:
    """Read what :func:`write_message` wrote; raise :class:`MessageBroken` for anything else."""
    try:
        stored = json.loads(data)
        if "reason" in stored:
            return Refusal(RefusalReason(stored["reason"]), str(stored["message"]))
        documents = tuple(_document(one) for one in stored["documents"])
        return Reading(documents, tuple(str(remark) for remark in stored["remarks"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MessageBroken(str(error)) from error


def _document(stored: dict[str, Any]) -> ReadDocument:
    text = str(stored["text"])
    blocks = tuple(_block(values, len(text)) for values in stored["blocks"])
    if any(one.end > other.start for one, other in pairwise(blocks)):
        raise MessageBroken("blocks overlap")
    return ReadDocument(
        text=text,
        blocks=blocks,
        title=str(stored["title"]),
        source=_optional(stored["source"]),
        published=_optional(stored["published"]),
        corpus_id=_optional(stored["corpus_id"]),
    )


def _block(values: list[Any], length: int) -> Block:
    start, end, kind, section, page = values
    if kind not in _KINDS or int(end) > length:
        raise MessageBroken("a block lies outside its text")
    return Block(
        int(start),
        int(end),
        cast("BlockKind", kind),
        _optional(section),
        None if page is None else int(page),
    )


def _optional(value: object) -> str | None:
    return None if value is None else str(value)
