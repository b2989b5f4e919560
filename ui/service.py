"""What can other programs have done? One method for each thing, whatever way they ask."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant import Answer, Assistant, Quote
from assistant.saved_answers import parse_quotes
from assistant.verification import check_quote
from index.errors import UnknownDocument, UsageError
from index.models import DocumentInfo
from index.readers.pdf_picture import draw_page, occurrence_before
from ui.api_models import (
    MOST_TEXT,
    AskRequest,
    Checked,
    DocumentList,
    DocumentText,
    Health,
    QuoteRequest,
    ReadRequest,
    SearchRequest,
    SearchResult,
    Verification,
)
from ui.wording import page_wording

_NO_QUESTION = ("reply.empty", "reply.too_long")
"""Rules that answer what is no question: to a program that is an error."""


class Service:
    """Answers programs from one library. Safe to share between threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._store = assistant.retriever.store

    def ask(self, request: AskRequest) -> Answer:
        """Answer a question. Raises :class:`UsageError` for what is none."""
        answer = self._assistant.ask(request.question, request.history, request.documents)
        if answer.rule in _NO_QUESTION:
            raise UsageError(answer.text)
        return answer

    def search(self, request: SearchRequest) -> SearchResult:
        """Find passages. Raises :class:`UsageError` for a query that cannot be searched for."""
        limit = self._assistant.settings.max_question_characters
        if len(request.query) > limit:
            raise UsageError(page_wording()("api.query_too_long", limit=f"{limit:,}"))
        if not any(character.isalnum() for character in request.query):
            raise UsageError(page_wording()("api.no_words"))
        hits = self._assistant.retriever.search(request.query, request.k, request.documents)
        return SearchResult(query=request.query, hits=tuple(hits))

    def list_documents(self) -> DocumentList:
        """List the documents, by name."""
        return DocumentList.of(self._store.documents())

    def read(self, request: ReadRequest, *, most: int = MOST_TEXT) -> DocumentText:
        """Return a stretch of a document's stored text, at most ``most`` characters."""
        if request.end is not None and request.end < request.start:
            raise UsageError(page_wording()("api.end_before_start"))
        document, text = self._find(request.document)
        start = min(request.start, len(text))
        end = min(len(text) if request.end is None else request.end, start + most, len(text))
        return DocumentText(
            document=document,
            start=start,
            end=max(start, end),
            text=text[start:end],
            characters=len(text),
        )

    def picture(self, document: str, page: int, start: int, end: int) -> bytes:
        """Draw a page of a PDF with the quotation framed, as PNG.

        Raises :class:`UnknownDocument` where there is no such picture: the document is no PDF, or
        its file is not there or not the one that was read.
        """
        found, text = self._find(document)
        file = self._store.file_of(found.id)
        first = self._store.page_start(found.id, page)
        words = text[start:end]
        if file and found.name.lower().endswith(".pdf") and first <= start < end <= len(text):
            occurrence = occurrence_before(text[first:], start - first, words)
            drawn = draw_page(Path(file[0]), file[1], page, words, occurrence)
            if drawn:
                return drawn
        raise UnknownDocument(page_wording()("api.no_picture"))

    def verify(self, saved: bytes) -> Verification:
        """Check every quotation of a saved answer or conversation, as JSON or Markdown."""
        quotes = parse_quotes(saved, page_wording()("api.what_was_sent"))
        return Verification.of(
            [check_quote(quote, self._assistant.text_of(quote.document.id)) for quote in quotes]
        )

    def verify_quote(self, request: QuoteRequest) -> Checked:
        """Check one quotation."""
        document, text = self._find(request.document)
        quote = Quote(
            text=request.text,
            start=request.start,
            end=request.end,
            highlight=None,
            document=document,
            page=None,
            section=None,
            support=(),
        )
        return Checked.of(check_quote(quote, text))

    def health(self) -> Health:
        """Say that the library can be read, and how much is in it."""
        return Health(documents=self._store.count_documents())

    def _find(self, document: str) -> tuple[DocumentInfo, str]:
        """Find a document by its id or its name; return it with its stored text."""
        with self._store.database.reading():  # what was found is still there when it is read
            number = self._store.number_of_id(document)
            if number is None:
                number = self._store.numbers_of([document]).get(document)
            if number is None:
                raise UnknownDocument(page_wording()("api.unknown_document"))
            return self._store.infos([number])[number], self._store.text(number)


def fault_in_words(place: Sequence[int | str], fault: str) -> str:
    """Say which field of what was sent cannot be used, and why."""
    wording = page_wording()
    if not place:
        return wording("api.no_object")
    field = ".".join(map(str, place))
    return wording("api.wrong_field", field=field, fault=fault)
