"""What could be asked: about these documents, or after this answer?

Names are found in the texts themselves, and a question is made round each by a rule. Whether the
library answers it is for the caller to find out; what it does not answer is not offered.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, zip_longest

from assistant.answer_types import find_names
from assistant.models import Answer
from index.words import terms

READ = 20_000
"""Characters read of a document: names that matter come early."""
SHORTEST_NAME, LONGEST_NAME = 3, 48
WORTH_OFFERING = 0.5
"""Confidence from which on the answer to a suggested question is good enough."""

_SAID = r"(?:said|says|told|warned|added|stated|announced|declared|vowed|argued|explained|noted)"
_SAYS_AFTER = re.compile(rf"\s+{_SAID}\b")
_SAYS_BEFORE = re.compile(rf"\b{_SAID}\s+(?:[a-z]+\s+)?$")
_ROLE = (
    r"(?:president|minister|secretary|chancellor|commander|leader|general|gen\.|director"
    r"|spokes(?:man|woman|person)|chair(?:man|woman|person)?|speaker|ambassador|envoy|professor"
    r"|dr\.?|mr\.?|mrs\.?|ms\.?|judge|author|member|chief|king|queen|mayor|captain)"
)
_ROLE_BEFORE = re.compile(rf"\b{_ROLE}\s+$", re.IGNORECASE)
_ROLE_WITHIN = re.compile(rf"^(?:.*\s)?{_ROLE}\s+(?=[^\W\d_]+\s)", re.IGNORECASE)
"""A role that was taken for the beginning of the name: "Foreign Minister …"."""
_ACRONYM = re.compile(r"[A-Z][A-Z&]{2,6}")
_DEMONYM = re.compile(r"\w+(?:an|ish|ese|i)")
"""A word that stands before a noun, as "Italian" does: no subject by itself."""
_BEGINS = re.compile(r"[.!?:;\"“”»(\[|•*–—-]\s*$")
"""What stands before the first word of something; that word has a capital in any case."""
_PERSON = re.compile(r"(?:[^\W\d_a-z]|al-|el-)[^\W\d_]*(?:[ '’-][^\W\d_]+)+")
_NO_PERSON = re.compile(r"\b(?:of|the|for|and)\b")
_UNITED = re.compile(r"United\s.*")
"""Countries and their like, which a document mentions and does not explain."""
_CLEAN = re.compile(r"[^\W\d_](?:[\w ’&/-]|'(?!s\b)|’(?!s\b))*\w")
_THE_BEFORE = re.compile(r"\b[Tt]he\s+$")


class Suggested(StrEnum):
    """The kinds of question that are suggested."""

    SAID = "said"
    WHO = "who"
    WHAT = "what"
    MENTIONS = "mentions"


@dataclass(slots=True)
class _Name:
    """A name, and how it was met."""

    places: Counter[int] = field(default_factory=Counter)
    """How often in which text."""
    after_the: int = 0
    speaks: int = 0
    has_role: int = 0

    @property
    def count(self) -> int:
        return self.places.total()

    @property
    def is_person(self) -> bool:
        return self.speaks + self.has_role > 0 and self.after_the == 0


def suggest_about(texts: Sequence[str]) -> Iterator[str]:
    """Yield questions about the names in the texts, of changing kinds, the best first."""
    found = _names_in(texts)
    by_kind: dict[Suggested, list[str]] = defaultdict(list)
    for name in sorted(found, key=lambda name: _importance(name, found[name], len(texts))):
        if (question := _question(name, found[name])) is not None:
            by_kind[question[0]].append(question[1])
    rows = zip_longest(*(by_kind[kind] for kind in Suggested))
    return filter(None, chain.from_iterable(rows))


def suggest_next(answer: Answer) -> Iterator[str]:
    """Yield questions about what the answer's quotations name and the question does not."""
    asked = f"{answer.question} {answer.searched}"
    known = set(terms(asked))
    quotes = answer.quotes or answer.nearest
    found = _names_in([quote.text for quote in quotes])
    for name in sorted(found, key=lambda name: (min(found[name].places), -found[name].count, name)):
        question = _question(name, found[name])
        if question and known.isdisjoint(terms(name)):
            yield question[1]
    for start, end in find_names(answer.searched):
        if _is_subject(name := answer.searched[start:end]):
            yield f"Which documents mention {name}?"


def is_worth_offering(answer: Answer) -> bool:
    """Whether a suggested question that is answered so would please the person who takes it up."""
    is_speech = answer.question.startswith("What did ")
    return (
        answer.status == "answered"
        and answer.confidence >= WORTH_OFFERING
        and (answer.rule.startswith("quotation.") or not is_speech)
    )


def _importance(name: str, met: _Name, texts: int) -> tuple[bool, int, int, str]:
    """Order names: those of several texts first; one that is everywhere says little."""
    return (1 < texts == len(met.places), -len(met.places), -met.count, name)


def _question(name: str, met: _Name) -> tuple[Suggested, str] | None:
    the = "the " if 3 * met.after_the > met.count else ""
    if met.is_person and _PERSON.fullmatch(name) and not _NO_PERSON.search(name):
        if met.speaks:
            return Suggested.SAID, f"What did {name} say?"
        return Suggested.WHO, f"Who is {name}?"
    if _ACRONYM.fullmatch(name) or (" " in name and the and not _UNITED.fullmatch(name)):
        return Suggested.WHAT, f"What is {the}{name}?"
    if len(met.places) > 1 and not the:
        return Suggested.MENTIONS, f"Which documents mention {name}?"
    return None


def _is_subject(name: str) -> bool:
    is_word = bool(_CLEAN.fullmatch(name)) and not _DEMONYM.fullmatch(name)
    is_word = is_word and not name.startswith(("of ", "the ", "for "))
    return is_word and SHORTEST_NAME <= len(name) <= LONGEST_NAME


def _names_in(texts: Iterable[str]) -> dict[str, _Name]:
    """Find the names that stand within sentences: what begins one may be any word."""
    found: dict[str, _Name] = defaultdict(_Name)
    for number, text in enumerate(texts):
        for line in text[:READ].split("\n"):
            for start, end in find_names(line):
                role = _ROLE_WITHIN.match(line[start:end])
                at = start + (role.end() if role else 0)
                before, name, after = line[:at], line[at:end], line[end:]
                if not before.strip() or _BEGINS.search(before) or not _is_subject(name):
                    continue
                if after[:1] in "-.’'" and after[1:2].isalnum():  # a part of a longer word
                    continue
                met = found[name]
                met.places[number] += 1
                met.after_the += bool(_THE_BEFORE.search(before))
                met.has_role += bool(role or _ROLE_BEFORE.search(before))
                met.speaks += bool(_SAYS_AFTER.match(after) or _SAYS_BEFORE.search(before))
    return found
