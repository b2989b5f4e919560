"""What may be kept of an answer? Where its quotations stand, never what they say.

A conversation outlives the documents that it quotes. So only places are written down, and a
quotation is cut anew from the stored text each time it is shown: from a document that has gone,
or reads differently by now, nothing comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from assistant.composing import Composer
from assistant.models import Answer, Difference, Quote, Value, Version
from assistant.relative_dates import infer_from_quotes
from index.models import DocumentInfo, FrozenModel
from index.store import Store

WITHDRAWN = "withdrawn"
"""The rule of an answer of which quotations are missing, their documents being gone or changed."""


class KeptQuote(FrozenModel):
    """Where a quotation stands."""

    document: str
    sha256: str
    """Of the document's text when it was quoted."""
    start: int
    end: int
    highlight: tuple[int, int] | None
    page: int | None
    support: tuple[int, ...]


class KeptAnswer(FrozenModel):
    """An answer without the words of any document."""

    question: str
    status: Literal["answered", "not_found", "reply"]
    text: str
    """The template's sentence, without the line that lists differing values."""
    lists_differences: bool
    """Whether such a line came after it."""
    rule: str
    confidence: float
    quotes: tuple[KeptQuote, ...]
    """Its quotes, or its nearest passages."""
    searched: str
    differences: tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]
    """For each value: the quote whose mark gives its words, and all quotes that give it."""
    version: Version


def keep(answer: Answer, composer: Composer) -> KeptAnswer:
    """Take the words of documents out of an answer."""
    line = composer.difference_line(answer.differences)
    lists_differences = bool(line) and answer.text.endswith(line)
    return KeptAnswer(
        question=answer.question,
        status=answer.status,
        text=answer.text.removesuffix(line).rstrip() if lists_differences else answer.text,
        lists_differences=lists_differences,
        rule=answer.rule,
        confidence=answer.confidence,
        quotes=tuple(
            KeptQuote(
                document=quote.document.id,
                sha256=quote.document.sha256,
                start=quote.start,
                end=quote.end,
                highlight=quote.highlight,
                page=quote.page,
                support=quote.support,
            )
            for quote in answer.quotes or answer.nearest
        ),
        searched=answer.searched,
        differences=tuple(
            tuple((_source(value, answer.quotes), value.quotes) for value in difference.values)
            for difference in answer.differences
        ),
        version=answer.version,
    )


class Restorer:
    """Puts answers together again, from what the library holds now. For one thread and moment."""

    def __init__(self, store: Store, composer: Composer) -> None:
        self._store = store
        self._composer = composer
        self._sections: dict[int, list[tuple[int, int, str | None]]] = {}

    def restore(self, kept: KeptAnswer) -> Answer:
        """Cut every quotation anew; what its document no longer says stays away."""
        cut = [self._cut(place) for place in kept.quotes]
        moved = {old: new for new, old in enumerate(at for at, quote in enumerate(cut) if quote)}
        quotes = tuple(
            quote.model_copy(
                update={"support": tuple(moved[at] for at in quote.support if at in moved)}
            )
            for quote in cut
            if quote is not None
        )
        is_whole = len(quotes) == len(cut)
        is_found = kept.status == "answered" and bool(quotes)
        differences = _differences(kept, quotes, moved) if is_found else ()
        text = kept.text
        if not is_whole:
            text = self._composer.withdrawn(is_rest=bool(quotes))
        elif kept.lists_differences:
            text = f"{text} {self._composer.difference_line(differences)}"
        return Answer(
            question=kept.question,
            status=kept.status if quotes or is_whole else "reply",
            text=text,
            rule=kept.rule if is_whole else WITHDRAWN,
            confidence=kept.confidence,
            quotes=quotes if is_found else (),
            nearest=() if is_found else quotes,
            searched=kept.searched,
            differences=differences,
            inferred=infer_from_quotes(quotes) if is_found else (),
            version=kept.version,
        )

    def _cut(self, place: KeptQuote) -> Quote | None:
        """Cut a quotation from the text as it is stored now, if that is the text of then."""
        number = self._store.number_of_id(place.document)
        info = None if number is None else self._store.infos([number]).get(number)
        if number is None or info is None or info.sha256 != place.sha256:
            return None
        try:
            text = self._store.text(number)[place.start : place.end]
        except KeyError:  # removed just now
            return None
        return Quote(
            text=text,
            start=place.start,
            end=place.end,
            highlight=place.highlight,
            document=info,
            page=place.page,
            section=self._section(number, place.start),
            support=place.support,
        )

    def _section(self, document: int, start: int) -> str | None:
        """Return the name of the section in which the sentence at ``start`` stands."""
        if document not in self._sections:
            passages = self._store.passages(self._store.passage_numbers([document]))
            self._sections[document] = [
                (sentence.start, sentence.end, sentence.section)
                for passage in passages.values()
                for sentence in passage.sentences
            ]
        for first, last, section in self._sections[document]:
            if first <= start < last:
                return section
        return None


def _source(value: Value, quotes: Sequence[Quote]) -> int:
    """Return the quote whose mark reads as the value does; the first when none does."""
    return next(
        (at for at in value.quotes if _marked_words(quotes[at]) == value.text), value.quotes[0]
    )


def _marked_words(quote: Quote) -> str:
    start, end = quote.highlight or (quote.start, quote.end)
    return quote.text[start - quote.start : end - quote.start]


def _differences(
    kept: KeptAnswer, quotes: Sequence[Quote], moved: dict[int, int]
) -> tuple[Difference, ...]:
    differences = []
    for difference in kept.differences:
        values = tuple(
            Value(
                text=_marked_words(quotes[moved[source]]),
                quotes=tuple(moved[at] for at in places if at in moved),
            )
            for source, places in difference
            if source in moved
        )
        if len(values) > 1:  # one value alone differs from nothing
            differences.append(Difference(values=values))
    return tuple(differences)


def stands(answer: Answer, documents: Sequence[DocumentInfo]) -> bool:
    """Whether every document that an answer quotes is still there, and reads as it did."""
    now = {info.id: info.sha256 for info in documents}
    return all(
        now.get(quote.document.id) == quote.document.sha256
        for quote in (*answer.quotes, *answer.nearest)
    )
