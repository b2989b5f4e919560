"""Where inside a quotation is the answer itself?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer_types import (
    FIGURES,
    LIST_JOINT,
    NAMES,
    AnswerType,
    Span,
    find_names,
    find_spans,
)
from assistant.descriptions import find_descriptions
from assistant.evidence import Evidence
from assistant.questions import Kind, Question
from index.words import Word, words

_CLAUSE_END = re.compile(
    r"[.;:!?]+(?:\s|$)|,\s(?:and|but|which|who|while|although|because|as)\b|\s[–—]\s"
)
_VERB_BEFORE = re.compile(
    r"^(?:is|are|was|were|be|been|being|has|have|had|by|to|as|in|on|of|that)\b\s*", re.IGNORECASE
)
_WHOLE = (Kind.YES_NO, Kind.STATEMENT, Kind.KEYWORDS, Kind.COMPARISON)
"""Kinds of question that the whole sentence answers."""
_MOST_OF_IT = 0.9
"""A mark over this much of a sentence marks nothing."""
_LONGEST_ANY = 14
"""Words; a longer stretch is a clause, not an answer, and is cut at the clause's end."""


def find_highlight(question: Question, evidence: Evidence) -> Span | None:
    """Return the answer's span in the document, or ``None`` when no part of it stands out."""
    if question.kind in _WHOLE:
        return None
    spans = evidence.spans
    if spans and question.wants_several:
        lists = {_whole_list(span, spans, evidence.text) for span in spans}
        if question.answer_type in NAMES:
            lists |= _judged_lists(question, evidence)
        return max(lists, key=lambda span: (_count_items(span, question, evidence), -span[0]))
    if said := _said(question, evidence):
        return said
    if question.kind is Kind.DEFINITION and (described := _described(question, evidence)):
        return described
    if evidence.verdict and _can_be_marked(evidence.verdict.answer, question, evidence):
        return evidence.verdict.answer
    asked = {word.term for word in words(question.text)}
    if question.answer_type is AnswerType.DEFINITION:
        return _definition(evidence)
    if not spans:
        return _remainder(evidence, asked)
    best = _nearest(spans, evidence, asked)
    if question.kind in (Kind.WHO, Kind.WHICH):
        return _whole_list(best, spans, evidence.text)
    return best


def _judged_lists(question: Question, evidence: Evidence) -> set[Span]:
    """Return the lists of names, of whatever kind, that the judge sees the answer in."""
    if not evidence.verdict:
        return set()
    asked = {word.plain for word in words(question.text)}
    names = [
        (evidence.start + start, evidence.start + end)
        for start, end in find_names(evidence.quote)
        if any(
            word.plain not in asked and not word.is_stop
            for word in words(evidence.quote[start:end])
        )
    ]
    first, last = evidence.verdict.answer
    inside = [span for span in names if first < span[1] and span[0] < last]
    return {_whole_list(span, names, evidence.text) for span in inside}


def list_items(text: str, answer_type: AnswerType) -> list[str]:
    """Return the separate names, dates or figures within a highlighted text."""
    return [text[start:end] for start, end in find_spans(text, answer_type)]


def _can_be_marked(answer: Span, question: Question, evidence: Evidence) -> bool:
    """Whether the judge's answer stands out, and shares a figure where figures were asked for."""
    length = answer[1] - answer[0]
    if not 0 < length < _MOST_OF_IT * len(evidence.sentence_text):
        return False
    if not evidence.spans:
        return True
    if question.answer_type not in FIGURES:  # a figure is no person and no place
        return any(word.plain.isalpha() for word in words(evidence.text[slice(*answer)]))
    return any(start < answer[1] and answer[0] < end for start, end in evidence.spans)


def _nearest(spans: Sequence[Span], evidence: Evidence, asked: set[str]) -> Span:
    """Return the span nearest to the question's words; of equally near ones the first."""
    sentence = evidence.sentence
    places = [
        (sentence.start + word.start, sentence.start + word.end)
        for word in words(evidence.sentence_text)
        if word.term in asked and not word.is_stop
    ]
    if not places:
        return spans[0]

    def distance(span: Span) -> float:
        gaps = sorted(max(start - span[1], span[0] - end, 0) for start, end in places)
        near = gaps[:3]
        return sum(near) / len(near)

    return min(spans, key=lambda span: (distance(span), span[0]))


def _whole_list(best: Span, spans: Sequence[Span], text: str) -> Span:
    """Stretch ``best`` over its neighbours when they are items of one list."""
    ordered = sorted(spans)
    at = ordered.index(best)
    first = last = at
    while first > 0 and LIST_JOINT.fullmatch(text, ordered[first - 1][1], ordered[first][0]):
        first -= 1
    while last + 1 < len(ordered) and LIST_JOINT.fullmatch(
        text, ordered[last][1], ordered[last + 1][0]
    ):
        last += 1
    return ordered[first][0], ordered[last][1]


def _count_items(whole: Span, question: Question, evidence: Evidence) -> int:
    return len(list_items(evidence.text[slice(*whole)], question.answer_type))


def _described(question: Question, evidence: Evidence) -> Span | None:
    """Return where the quotation says who or what is asked about: "Justice Minister", "a truce"."""
    found = find_descriptions(evidence.quote, question.topic)
    return (evidence.start + found[0][0], evidence.start + found[0][1]) if found else None


def _said(question: Question, evidence: Evidence) -> Span | None:
    """Return the words that are reported, where speech was asked for and stands in quotes."""
    if question.answer_type is not AnswerType.SPEECH:
        return None
    found = find_spans(evidence.quote, AnswerType.SPEECH)
    if not found:
        return None
    start, end = max(found, key=lambda span: (span[1] - span[0], -span[0]))
    return evidence.start + start, evidence.start + end


def _definition(evidence: Evidence) -> Span | None:
    found = find_spans(evidence.sentence_text, AnswerType.DEFINITION)
    if not found:
        return None
    start, end = found[0]
    return evidence.sentence.start + start, evidence.sentence.start + end


def _remainder(evidence: Evidence, asked: set[str]) -> Span | None:
    """Return what the sentence adds to the question: the run after its last matched word.

    Where nothing follows, the run before the first matched word is what was asked for.
    """
    quote = evidence.sentence_text
    known = list(words(quote))
    matched = [at for at, word in enumerate(known) if word.term in asked and not word.is_stop]
    if not matched:
        return None
    runs = _unmatched_runs(known, asked)
    if not runs:
        return None
    best = max(runs, key=lambda run: (min(_weight(known, run), 6), -abs(run[0] - matched[-1])))
    start, end = known[best[0]].start, known[best[1]].end
    if ended := _CLAUSE_END.search(quote, start, end):
        end = ended.start()
    if lead := _VERB_BEFORE.match(quote[start:end]):
        start += lead.end()
    cut = list(re.finditer(r"\S+", quote[start:end]))
    if len(cut) > _LONGEST_ANY:
        end = start + cut[_LONGEST_ANY - 1].end()
    offset = evidence.sentence.start
    return (offset + start, offset + end) if start < end else None


def _unmatched_runs(known: Sequence[Word], asked: set[str]) -> list[Span]:
    runs: list[Span] = []
    start: int | None = None
    for at, word in enumerate(known):
        if word.term in asked and not word.is_stop:
            if start is not None:
                runs.append((start, at - 1))
            start = None
        elif start is None:
            start = at
    if start is not None:
        runs.append((start, len(known) - 1))
    return [run for run in runs if _weight(known, run)]


def _weight(known: Sequence[Word], run: Span) -> int:
    return sum(not word.is_stop for word in known[run[0] : run[1] + 1])
