"""Which sentences could answer, and what speaks for each of them?

Every sentence of the best passages is weighed by the same few features, each a number between
about 0 and 1 (cosines may be negative) whose meaning a person can check by reading the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from assistant.answer_types import AnswerType, Span, find_spans
from assistant.questions import Kind, Question
from index.bm25 import WeighedGroup
from index.models import DocumentInfo
from index.query import Query
from index.retriever import RankedPassage
from index.rows import StoredSentence
from index.words import Word, words

FEATURES = (
    "meaning",
    "words",
    "words_bm25",
    "passage",
    "context",
    "nearness",
    "names",
    "type",
    "type_missing",
    "defines",
    "speaks",
    "gives_reason",
    "previous",
    "leans",
    "asks",
    "heading",
    "short",
    "long",
    "opens",
)
"""Names of the features, in the order of a feature vector; :func:`weigh` says what each is."""

PASSAGES = 12
"""Passages whose sentences are weighed."""
_LEANING = re.compile(
    r"^[\"“'(]*(?:it|he|she|they|him|her|his|its|their|theirs|this|these|that|those|such|the (?:move"
    r"|decision|meeting|group|former|latter|report|statement|two|proposal|law|act|measure|plan"
    r"|company|film|book|song|team|city|country|court|agreement|program(?:me)?|project|study"
    r"|system|process|order|result|same))\b",
    re.IGNORECASE,
)
_SHORT_WORDS = 4
_LONG_WORDS = 40


@dataclass(frozen=True)
class Evidence:
    """A sentence that could answer, in its place."""

    document: DocumentInfo
    number: int
    """Its document's number in the store."""
    text: str
    """Stored text of the whole document."""
    sentence: StoredSentence
    previous: StoredSentence | None
    """The sentence before it in the same passage."""
    features: npt.NDArray[np.float64]
    """(features,) in the order of :data:`FEATURES`."""
    spans: tuple[Span, ...]
    """Possible answers of the type asked for and not in the question; offsets into the text."""
    matched: frozenset[str]
    """Terms of the question (its own spelling) that the sentence holds."""

    @cached_property
    def quote(self) -> str:
        """The sentence, word for word."""
        return self.text[self.sentence.start : self.sentence.end]

    @property
    def place(self) -> tuple[str, int]:
        """What ties are broken by."""
        return (self.document.id, self.sentence.start)


def gather(
    question: Question, query: Query, ranked: Sequence[RankedPassage], texts: dict[int, str]
) -> list[Evidence]:
    """Weigh every sentence of the best passages; ``texts`` holds their documents' texts."""
    weigher = _Weigher(question, query)
    found: list[Evidence] = []
    for passage in ranked[:PASSAGES]:
        found.extend(weigher.weigh_passage(passage, texts[passage.passage.document]))
    return found


def leans_on_previous(text: str) -> bool:
    """Whether a sentence begins with a word that points back: "It", "The move" …"""
    return _LEANING.match(text) is not None


class _Weigher:
    """Holds what is the same for every sentence of one question."""

    def __init__(self, question: Question, query: Query) -> None:
        self.question = question
        self.groups = query.groups
        self.total = sum(group.rarity for group in query.groups) or 1.0
        self.asked = [word for word in words(query.text) if not word.is_stop]
        self.asked_plain = {word.plain for word in words(query.text)}
        self.names = {
            word.term
            for position, word in enumerate(words(query.text))
            if query.text[word.start].isupper() and not word.is_stop and position > 0
        }
        topic = question.topic if question.kind is Kind.DEFINITION else ""
        self.topic = {word.term for word in words(topic) if not word.is_stop}

    def weigh_passage(self, ranked: RankedPassage, text: str) -> list[Evidence]:
        passage = ranked.passage
        title = passage.terms[0]
        found: list[Evidence] = []
        for row, sentence in enumerate(passage.sentences):
            if sentence.kind == "boilerplate":
                continue
            terms = passage.terms[row + 1]
            quote = text[sentence.start : sentence.end]
            matched = self._matched(terms)
            around = [*title, *(passage.terms[row] if row else ())]
            if sentence.section:
                around += [word.term for word in words(sentence.section)]
            in_context = matched | self._matched(around)
            spans = self._spans(quote, sentence.start)
            cosines = ranked.sentence_cosines
            length = len(quote.split())
            values = {
                "meaning": float(cosines[row]),
                "words": self._coverage(matched),
                "words_bm25": ranked.sentence_bm25[row] / self.total,
                "passage": ranked.score,
                "context": self._coverage(in_context),
                "nearness": self._nearness(terms),
                "names": len(self.names & matched) / len(self.names) if self.names else 0.0,
                "type": float(bool(spans)),
                "type_missing": float(not spans and self._is_typed),
                "defines": self._defines(quote, terms),
                "speaks": float(
                    self.question.kind is Kind.QUOTATION
                    and bool(find_spans(quote, AnswerType.SPEECH) or re.search(r"\bsa(?:id|ys)\b", quote))
                ),
                "gives_reason": float(
                    self.question.kind is Kind.WHY
                    and bool(find_spans(quote, AnswerType.REASON))
                ),
                "previous": float(cosines[row - 1]) if row else 0.0,
                "leans": float(leans_on_previous(quote)),
                "asks": float(quote.rstrip("\"”' ").endswith("?")),
                "heading": float(sentence.kind == "heading"),
                "short": float(length < _SHORT_WORDS),
                "long": max(0.0, min(1.0, (length - _LONG_WORDS) / _LONG_WORDS)),
                "opens": float(sentence.opens_block),
            }
            found.append(
                Evidence(
                    document=ranked.document,
                    number=passage.document,
                    text=text,
                    sentence=sentence,
                    previous=passage.sentences[row - 1] if row else None,
                    features=np.array([values[name] for name in FEATURES]),
                    spans=spans,
                    matched=matched,
                )
            )
        return found

    @property
    def _is_typed(self) -> bool:
        return self.question.answer_type not in (AnswerType.ANY, AnswerType.DEFINITION)

    def _matched(self, terms: Sequence[str]) -> frozenset[str]:
        return frozenset(g.group.terms[0] for g in self.groups if g.group.count_in(terms))

    def _coverage(self, matched: frozenset[str]) -> float:
        """Share of the question's words that are matched, each weighed by its rarity."""
        return sum(g.rarity for g in self.groups if g.group.terms[0] in matched) / self.total

    def _nearness(self, terms: Sequence[str]) -> float:
        """Share of the question's neighbouring words that stand near each other here too."""
        neighbours = list(pairwise(self.groups))
        if not neighbours:
            return 0.0
        near = sum(_are_near(one, other, terms) for one, other in neighbours)
        return near / len(neighbours)

    def _spans(self, quote: str, offset: int) -> tuple[Span, ...]:
        """Possible answers: of the right type, and with a word that the question has not."""
        found = []
        for start, end in find_spans(quote, self.question.answer_type):
            if any(self._is_new(word) for word in words(quote[start:end])):
                found.append((start + offset, end + offset))
        return tuple(found)

    def _is_new(self, word: Word) -> bool:
        return word.plain not in self.asked_plain and not word.is_stop

    def _defines(self, quote: str, terms: Sequence[str]) -> float:
        """For "What is X?": whether X comes early and a phrase of definition follows it."""
        if not self.topic or not self.topic <= set(terms):
            return 0.0
        early = set(terms[: len(self.topic) + 3])
        has_phrase = bool(find_spans(quote, AnswerType.DEFINITION))
        return (0.5 if self.topic <= early else 0.0) + (0.5 if has_phrase else 0.0)


def _are_near(one: WeighedGroup, other: WeighedGroup, terms: Sequence[str]) -> bool:
    first = [at for at, term in enumerate(terms) if term in one.group.terms]
    second = [at for at, term in enumerate(terms) if term in other.group.terms]
    return any(abs(a - b) <= 3 for a in first for b in second)
