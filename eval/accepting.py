"""How does a pending case become a question of a set?

The places that the person saw are read from the library as it is now. The documents that were
asked go into the set's corpus, so that the set can be asked anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from eval.errors import CaseUnusable
from eval.normal_text import holds
from eval.pending import PendingCase, dismiss
from eval.question_sets import CORPUS_FILE, QUESTIONS_FILE
from index.rows import LibraryDocument

UNANSWERABLE = ("should_not_answer", "rightly_refused")
"""Verdicts that say: the documents do not answer this."""


class Shelf(Protocol):
    """The part of a library that accepting a case needs."""

    def documents(self) -> list[LibraryDocument]:
        """List the documents."""
        ...

    def text(self, document_id: str) -> str:
        """Return a stored text."""
        ...


def accept(library: Path, case: PendingCase, shelf: Shelf, into: Path, answer: str | None) -> None:
    """Write a case into the question set in the folder ``into``, and forget that it was pending.

    ``answer`` is what is right, in words of the documents, where the person did not say. Documents
    that the set does not hold yet are written into its corpus.

    :raises CaseUnusable: what is right is not known, or stands in no document.
    """
    documents = [
        document
        for document in shelf.documents()
        if case.documents is None or document.info.id in case.documents
    ]
    texts = {document.info.id: shelf.text(document.info.id) for document in documents}
    line = _question_line(case, documents, texts, answer)
    into.mkdir(parents=True, exist_ok=True)
    known = {record.get("id", record.get("_id")) for record in _records(into / CORPUS_FILE)}
    missing = [document for document in documents if document.info.name not in known]
    with (into / CORPUS_FILE).open("a", encoding="utf-8", newline="\n") as corpus:
        for document in missing:
            corpus.write(_corpus_line(document, texts[document.info.id]))
    if case.id not in {record.get("id") for record in _records(into / QUESTIONS_FILE)}:
        with (into / QUESTIONS_FILE).open("a", encoding="utf-8", newline="\n") as questions:
            questions.write(json.dumps(line, ensure_ascii=False) + "\n")
    dismiss(library, case)


def _question_line(
    case: PendingCase,
    documents: Sequence[LibraryDocument],
    texts: Mapping[str, str],
    answer: str | None,
) -> dict[str, object]:
    line: dict[str, object] = {
        "id": case.id,
        "question": case.question,
        "answerable": case.said not in UNANSWERABLE,
        "kind": case.said,
    }
    if case.history:
        line["history"] = [turn.model_dump() for turn in case.history]
    if not line["answerable"]:
        return line
    if case.said == "helpful":
        return line | _as_quoted(case, documents, texts)
    words = (answer,) if answer else case.answers
    holding = [
        document.info.name
        for document in documents
        if any(holds(texts[document.info.id], word) for word in words)
    ]
    if not holding:
        said = (
            f"No document holds the words “{words[0]}”." if words else "What is right is missing."
        )
        raise CaseUnusable(
            f"The case {case.id} cannot be accepted. {said} Give the right words, as a document "
            'has them, with --answer "WORDS".'
        )
    evidence = [{"doc_id": name, "text": ""} for name in holding]
    return line | {"answers": list(words), "evidence": evidence}


def _as_quoted(
    case: PendingCase, documents: Sequence[LibraryDocument], texts: Mapping[str, str]
) -> dict[str, object]:
    """Take the first quotation for the right one, where its document still reads the same."""
    known = {document.info.id: document.info for document in documents}
    place = case.quotes[0] if case.quotes else None
    info = known.get(place.document) if place else None
    if place is None or info is None or info.sha256 != place.sha256:
        raise CaseUnusable(
            f"The case {case.id} cannot be accepted: the document that was quoted has been "
            f"removed or changed. Forget the case with: askdocs eval --dismiss {case.id}"
        )
    text = texts[info.id]
    evidence = {
        "doc_id": info.name,
        "text": text[place.start : place.end],
        "start": place.start,
        "end": place.end,
    }
    answers = [text[place.highlight[0] : place.highlight[1]]] if place.highlight else []
    return {"answers": answers, "evidence": [evidence]}


def _corpus_line(document: LibraryDocument, text: str) -> str:
    info = document.info
    record = {
        "id": info.name,
        "title": info.title,
        "date": info.published,
        "source": info.source,
        "text": text,
    }
    kept = {name: value for name, value in record.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False) + "\n"


def _records(path: Path) -> list[dict[str, object]]:
    if not path.is_file():
        return []
    try:
        return [json.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
    except ValueError as error:
        raise CaseUnusable(f"{path} is no file of JSON lines, so nothing was added.") from error
