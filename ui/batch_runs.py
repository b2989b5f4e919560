"""How is a batch of questions or queries worked through? In input order, one line out a line in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from assistant import Assistant
from index import Retriever
from index.errors import UsageError
from ui.batches import read_batch
from ui.commands import DONE, FELL_SHORT, complain, has_words, write_line


def ask_batch(path: Path, assistant: Assistant, documents: Sequence[str] | None) -> int:
    """Answer every line of ``path``: a JSON line with the same ``id`` for each."""
    fell_short = False
    for line in read_batch(path, "question"):
        answer = assistant.ask(line.text, line.history, documents)
        if line.fault or answer.rule in ("reply.empty", "reply.too_long"):
            complain(line.fault or f"Line {line.number}: {answer.text}")
            fell_short = True
        write_line(
            json.dumps({"id": line.id, **answer.model_dump(mode="json")}, ensure_ascii=False)
        )
    return FELL_SHORT if fell_short else DONE


def search_batch(path: Path, retriever: Retriever, k: int, documents: Sequence[str] | None) -> int:
    """Search for every line of ``path``: a JSON line with the same ``id`` for each."""
    fell_short = False
    for line in read_batch(path, "query"):
        searchable = has_words(line.text)
        if line.fault or not searchable:
            complain(line.fault or f"Line {line.number} has no words to search for.")
            fell_short = True
        try:
            hits = retriever.search(line.text, k, documents) if searchable else []
        except UsageError as error:
            raise UsageError(f"Line {line.number}: {error}") from error
        found = {
            "id": line.id,
            "query": line.text,
            "hits": [hit.model_dump(mode="json") for hit in hits],
        }
        write_line(json.dumps(found, ensure_ascii=False))
    return FELL_SHORT if fell_short else DONE
