"""Which documents mention this at all?

Unlike a question, a search for mentions wants every document, so the words decide alone: a
document counts when one of its sentences holds all the words, in any of their spellings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer_types import Span
from index.models import DocumentInfo
from index.retriever import Retriever
from index.rows import StoredPassage, StoredSentence
from index.word_ranking import TermGroup
from index.words import words

_POOL = 10_000
"""Passages looked through; a library with more mentions says "at least"."""


@dataclass(frozen=True, slots=True)
class Mention:
    """The first sentence of a document that mentions the topic."""

    document: DocumentInfo
    text: str
    sentence: StoredSentence
    highlight: Span


def find_mentions(
    retriever: Retriever, topic: str, documents: Sequence[str] | None = None
) -> list[Mention]:
    """Return one mention for each document that has one, by document name."""
    view = retriever.view()
    groups = [weighed.group for weighed in view.builder.weigh(topic)]
    if not groups:
        return []
    store = retriever.store
    with store.database.reading():
        numbers = view.snapshot.words.best(
            groups,
            _POOL,
            documents=None if documents is None else sorted(retriever.numbers_of(documents)),
        )
        passages = store.passages(numbers)
        infos = store.infos(passage.document for passage in passages.values())
        found: dict[int, Mention] = {}
        for passage in sorted(passages.values(), key=lambda p: (p.document, p.ordinal)):
            if passage.document in found:
                continue
            sentence = _sentence_with(passage, groups)
            if sentence is not None:
                text = store.text(passage.document)
                found[passage.document] = Mention(
                    infos[passage.document], text, sentence, _highlight(text, sentence, groups)
                )
    return sorted(found.values(), key=lambda mention: mention.document.name)


def _sentence_with(passage: StoredPassage, groups: Sequence[TermGroup]) -> StoredSentence | None:
    for sentence, terms in zip(passage.sentences, passage.terms[1:], strict=True):
        if sentence.kind != "boilerplate" and all(group.count_in(terms) for group in groups):
            return sentence
    return None


def _highlight(text: str, sentence: StoredSentence, groups: Sequence[TermGroup]) -> Span:
    """Mark from the first to the last word of the topic, where it first stands."""
    wanted = {term for group in groups for term in group.terms}
    wanted |= {term for group in groups for phrase in group.phrases for term in phrase}
    places = [
        (word.start, word.end)
        for word in words(text[sentence.start : sentence.end])
        if word.term in wanted
    ]
    run = [places[0]]
    for place in places[1:]:
        if place[0] - run[-1][1] > 3:
            break
        run.append(place)
    return sentence.start + run[0][0], sentence.start + run[-1][1]
