"""Which sentences could answer, and what speaks for each of them?

Every sentence of the best passages is weighed by the same few features, each a number between
about 0 and 1 (cosines may be negative) whose meaning a person can check by reading the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from assistant.answer_types import FIGURES, AnswerType, Span, find_spans
from assistant.descriptions import find_descriptions
from assistant.evidence import FEATURES, Evidence
from assistant.leaning import can_lead, leans_on_previous
from assistant.questions import Kind, Question
from assistant.related_words import related_terms
from index.query import Query
from index.retriever import RankedPassage
from index.words import Word, plain_forms, words

PASSAGES = 12
"""Passages whose sentences are weighed."""
_SAID = re.compile(r"\bsa(?:id|ys)\b")
_BEFORE_NOUNS = frozenset("the a an this that its his her their each every".split())
_SHORT_WORDS = 4
_ENOUGH_NEW_WORDS = 2
"""Up to ten, long sentences won over short plain ones. A name or a figure is one word."""
_LONG_ANSWERS = frozenset(
    {AnswerType.ANY, AnswerType.DEFINITION, AnswerType.REASON, AnswerType.SPEECH}
)
_LONG_WORDS = 40


def gather(
    question: Question, query: Query, ranked: Sequence[RankedPassage], texts: dict[int, str]
) -> list[Evidence]:
    """Weigh every sentence of the best passages; ``texts`` holds their documents' texts."""
    weigher = _Weigher(question, query)
    shares = _document_shares(ranked[:PASSAGES])
    found: list[Evidence] = []
    for passage in ranked[:PASSAGES]:
        found.extend(
            weigher.weigh_passage(
                passage, texts[passage.passage.document], shares[passage.passage.document]
            )
        )
    return found


def same_form(asked: Sequence[Word], text: str) -> float:
    """Return the share of the asked words that a text has in the very same form.

    "Whom did it brief?" is about briefing somebody, and "in the briefing" is another matter.
    """
    present = plain_forms(text)
    return sum(word.plain in present for word in asked) / len(asked) if asked else 0.0


def _document_shares(ranked: Sequence[RankedPassage]) -> dict[int, float]:
    """Return each document's part of the scores of all the passages that are weighed."""
    total = sum(passage.standing for passage in ranked) or 1.0
    shares: dict[int, float] = {}
    for found in ranked:
        number = found.passage.document
        shares[number] = shares.get(number, 0.0) + found.standing / total
    return shares


class _Weigher:
    """Holds what is the same for every sentence of one question."""

    def __init__(self, question: Question, query: Query) -> None:
        self.question = question
        frame = question.frame
        weighty = tuple(g for g in query.groups if g.group.terms[0] not in frame)
        self.groups = weighty or query.groups
        self.vector = query.vector
        self.related = {g.group.terms[0]: related_terms(g.group.terms[0]) for g in self.groups}
        self.total = sum(group.rarity for group in self.groups) or 1.0
        self.asked = [word for word in words(query.text) if not word.is_stop]
        self.asked_terms = {word.term for word in self.asked}
        self.asked_plain = {word.plain for word in words(query.text)}
        self.names = {
            word.term
            for position, word in enumerate(words(query.text))
            if query.text[word.start].isupper() and not word.is_stop and position > 0
        }
        topic = question.topic if question.kind is Kind.DEFINITION else ""
        self.described = topic
        self.topic = {word.term for word in words(topic) if not word.is_stop}

    def weigh_passage(self, ranked: RankedPassage, text: str, share: float) -> list[Evidence]:
        """Weigh every sentence of one passage but boilerplate.

        ``share`` is its document's part in what was found.
        """
        lines = [frozenset(line) for line in ranked.passage.terms]
        everything = frozenset().union(*lines)
        common = {
            "passage": ranked.standing,
            "document": share,
            "title": self._coverage(self._matched(lines[0])),
            "early": float(ranked.passage.ordinal == 0),
            "surroundings": self._coverage(self._matched(everything) | self._related(everything)),
        }
        return [
            self._weigh_sentence(ranked, row, text, lines, common)
            for row, sentence in enumerate(ranked.passage.sentences)
            if sentence.kind != "boilerplate"
        ]

    def _weigh_sentence(
        self,
        ranked: RankedPassage,
        row: int,
        text: str,
        lines: Sequence[frozenset[str]],
        common: Mapping[str, float],
    ) -> Evidence:
        """Weigh one sentence; ``lines`` are the different terms of each line of the passage's."""
        passage = ranked.passage
        sentence = passage.sentences[row]
        own = text[sentence.start : sentence.end]
        terms = passage.terms[row + 1]
        # Line 0 of the terms is the title's, so line `row` is the sentence before.
        before = passage.terms[row] if row else ()
        leans = leans_on_previous(own, before)
        has_lead = leans and row > 0 and can_lead(passage.sentences[row - 1], sentence, text)
        start = passage.sentences[row - 1].start if has_lead else sentence.start
        matched = self._matched(lines[row + 1])
        quoted = matched | self._matched(lines[row]) if has_lead else matched
        around = lines[0] | lines[row] if row else lines[0]
        if sentence.section:
            around |= _all_terms(sentence.section)
        spans = () if self._names_the_deed(own) else self._spans(own, sentence.start)
        length = len(own.split())
        cosine = float(ranked.sentence_cosines[row])
        related = self._related(lines[row + 1])
        in_context = quoted | self._matched(around)
        values = {
            **common,
            "meaning": cosine,
            "quote_meaning": self._joint_cosine(ranked, row) if has_lead else cosine,
            "words": self._coverage(matched),
            "quote_words": self._coverage(quoted),
            "related": self._coverage(quoted | related),
            "words_bm25": ranked.sentence_bm25[row] / self.total,
            # Words of one form have one term: without a common term there is nothing to compare.
            "same_form": same_form(self.asked, own)
            if not self.asked_terms.isdisjoint(lines[row + 1])
            else 0.0,
            "context": self._coverage(in_context),
            "covered": self._coverage(in_context | related),
            "nearness": self._nearness(terms),
            "names": len(self.names & quoted) / len(self.names) if self.names else 0.0,
            "type": float(bool(spans)),
            "type_missing": float(not spans and self._is_typed),
            "figure_missing": float(
                not spans
                and self.question.answer_type in FIGURES
                and not self._spans(text[start : sentence.end], start)
            ),
            "counts": float(self._counts(own, spans, sentence.start)),
            "defines": self._defines(own, terms),
            "speaks": float(self.question.kind is Kind.QUOTATION and _reports_speech(own)),
            "gives_reason": float(
                self.question.kind is Kind.WHY and bool(find_spans(own, AnswerType.REASON))
            ),
            "previous": float(ranked.sentence_cosines[row - 1]) if row else 0.0,
            "leans": float(leans and not has_lead),
            "asks": float(own.rstrip("\"”' ").endswith("?")),
            "heading": float(sentence.kind == "heading"),
            "short": float(length < _SHORT_WORDS),
            "long": max(0.0, min(1.0, (length - _LONG_WORDS) / _LONG_WORDS)),
            "opens": float(sentence.opens_block),
            "adds": self._news((*before, *terms) if has_lead else terms),
        }
        return Evidence(
            ranked=ranked,
            row=row,
            text=text,
            start=start,
            features=np.array([values[name] for name in FEATURES]),
            spans=spans,
        )

    def _joint_cosine(self, ranked: RankedPassage, row: int) -> float:
        """Cosine of the question to a sentence and the one before it taken together."""
        joint = ranked.passage.sentence_vectors[row - 1 : row + 1].sum(axis=0)
        return float(joint @ self.vector / max(float(np.linalg.norm(joint)), 1e-9))

    def _related(self, present: frozenset[str]) -> frozenset[str]:
        """Words of the question for which the sentence has a related one."""
        return frozenset(
            term for term, others in self.related.items() if not others.isdisjoint(present)
        )

    @property
    def _is_typed(self) -> bool:
        return self.question.answer_type not in (AnswerType.ANY, AnswerType.DEFINITION)

    def _matched(self, present: frozenset[str]) -> frozenset[str]:
        """Words of the question that stand among ``present``, in whatever spelling."""
        return frozenset(
            g.group.terms[0]
            for g in self.groups
            if not present.isdisjoint(g.group.terms)
            or any(present.issuperset(phrase) for phrase in g.group.phrases)
        )

    def _coverage(self, matched: frozenset[str]) -> float:
        """Share of the question's words that are matched, each weighed by its rarity."""
        return sum(g.rarity for g in self.groups if g.group.terms[0] in matched) / self.total

    def _news(self, terms: Sequence[str]) -> float:
        """How much is said beyond the question: what only repeats it cannot answer it."""
        enough = _ENOUGH_NEW_WORDS if self.question.answer_type in _LONG_ANSWERS else 1
        return min(1.0, len(set(terms) - self.asked_terms) / enough)

    def _nearness(self, terms: Sequence[str]) -> float:
        """Share of the question's neighbouring words that stand near each other here too."""
        if len(self.groups) < 2:
            return 0.0
        places = [
            [at for at, term in enumerate(terms) if term in weighed.group.terms]
            for weighed in self.groups
        ]
        near = sum(
            any(abs(a - b) <= 3 for a in first for b in second)
            for first, second in pairwise(places)
        )
        return near / (len(self.groups) - 1)

    def _spans(self, quote: str, offset: int) -> tuple[Span, ...]:
        """Possible answers: of the right type, and with a word that the question has not."""
        found = []
        for start, end in find_spans(quote, self.question.answer_type):
            if any(self._is_new(word) for word in words(quote[start:end])):
                found.append((start + offset, end + offset))
        return tuple(found)

    def _names_the_deed(self, own: str) -> bool:
        """Whether the verb asked about is a noun here: "in the briefing" briefs nobody."""
        if not self.question.deed:
            return False
        known = list(words(own))
        found = [at for at, word in enumerate(known) if word.term == self.question.deed]
        return bool(found) and all(at and known[at - 1].plain in _BEFORE_NOUNS for at in found)

    def _is_new(self, word: Word) -> bool:
        return word.plain not in self.asked_plain and not word.is_stop

    def _counts(self, own: str, spans: tuple[Span, ...], offset: int) -> bool:
        """For "How many X?": whether a figure stands right before X, "11 mass graves"."""
        if not self.question.counted:
            return False
        return any(
            self.question.counted in [word.term for word in words(own[start - offset :][:60])][:4]
            for start, _ in spans
        )

    def _defines(self, quote: str, terms: Sequence[str]) -> float:
        """For "What is X?": whether X is described here, or comes early before a definition."""
        if not self.topic or not self.topic <= set(terms):
            return 0.0
        if find_descriptions(quote, self.described):
            return 1.0
        early = set(terms[: len(self.topic) + 3])
        has_phrase = bool(find_spans(quote, AnswerType.DEFINITION))
        return (0.25 if self.topic <= early else 0.0) + (0.25 if has_phrase else 0.0)


def _reports_speech(text: str) -> bool:
    return bool(find_spans(text, AnswerType.SPEECH) or _SAID.search(text))


@lru_cache(maxsize=256)
def _all_terms(section: str) -> frozenset[str]:
    """Return the terms of a section's name, small words included; many sentences share it."""
    return frozenset(word.term for word in words(section))
