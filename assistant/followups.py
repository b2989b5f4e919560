"""What does a question mean in the light of the questions before it?

A follow-up is completed by substitution, never by guessing: a pronoun gives way to the topic of
the conversation, a bare "And Germany?" takes the previous question with its name exchanged, and
"In which year?" is joined by the words that it leaves out. The completed question is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer_types import AnswerType
from assistant.antecedents import find_person, sure_names
from assistant.models import Turn
from assistant.questions import Kind, analyse
from index.words import Word, words

PRONOUN = re.compile(
    r"\b(?P<possessive>his|her(?=\s+\w)|its|their)\b"
    r"|\b(?P<plain>(?:it|he|she|they)(?P<is>['’]s\b)?|him|her|them|that one|this one"
    r"|(?:this|these|those)(?!\s+(?!(?:is|are|was|were|has|have|had|do|does|did|will|would|can"
    r"|could|should|may|might|mean|means|happens?|happened|works?|in|on|at|to|for|from|with|by|as"
    r"|and|or|not|so|the|an?|all|really|also|ever|still|only)\b)[a-z]))\b"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\b(?P<there>there)\b(?=\W*$)",
    re.IGNORECASE,
)
"""What points back. "This river" names what it means, and "are there" names no place."""
_POINTS_AT = re.compile(r"\b(?:this|these|those)\s+[a-z]", re.IGNORECASE)
_NOT_A_PRONOUN = re.compile(
    r"\bit (?:true|possible|known|rain)|\b(?:is|was) it (?:that|possible|true)"
    r"|\b(?:this|these|those)\s+(?:documents?|articles?|week|year|month|library|assistant)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^(?:and|but|or|what about|how about|and what about|and how about|so)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:and\s+|but\s+)?(?:(?:in|at|on|by|for|to|from|with|since|until)\s+)?"
    r"(?:when|where|why|why not|how|how so|how come|who|whom|what|which(?:\s+\w+)?"
    r"|what\s+(?:year|date|day|month|time|country|city|place|reason|else|for)"
    r"|how (?:many|much|long|old|often|far))"
    r"(?:\s+(?:was|is|did|were|are|exactly|not|so|then))*$",
    re.IGNORECASE,
)
_WH_START = re.compile(
    r"^(?:(?:in|at|on|by|for|to|from|with)\s+)?(?:who|whom|whose|what|which|when|where|why|how)\b"
    r"(?:\s+(?:many|much|long|old|is|are|was|were|did|does|do|has|have|had|will|would|can|could))*",
    re.IGNORECASE,
)
_ELSE = re.compile(r"\b(?:else|other|another|others|more|besides)\b", re.IGNORECASE)
_TOPIC_OF = re.compile(
    r"^(?:what|who|where) (?:is|are|was|were) (?:the )?(?:\w+ of )?(?P<topic>.+)$"
    r"|^(?:tell me|what do you know|what can you tell me) about (?P<topic2>.+)$",
    re.IGNORECASE,
)
_WH_WORDS = re.compile(
    r"^(?:(?:in|at|on|by|for|to|from|with)\s+)?(?:who|whom|whose|what|which|when|where|why|how)\b"
    r"(?:\s+(?:many|much|long|old))?",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(r"^(?:who|(?:what|which)\s+\w+)\s+", re.IGNORECASE)
_NOUN_PHRASE = re.compile(r"\bthe [\w-]+")
_CLAUSE_END = re.compile(r"[,;:.?!]|\b(?:and|but|if|when|because|since|after|before|while)\b")
_CLAUSE = re.compile(r"\b(?:that|which|who)\b")
_PERSONAL = frozenset({"he", "she", "him", "her", "his", "he's", "she's", "he’s", "she’s"})
_INFLECTED = re.compile(r"(?:s|ed|ing)$|^(?:are|have|had|were|did|do|can|could|will|would|may)$")
_FEW_WORDS = 3
_ARTICLES = frozenset({"the", "a", "an"})
_LONGEST_TOPIC = 6
_LONGEST_PHRASE = 3
"""Weighty words after an article: "the great wall", not "the writers of the song and the year"."""


@dataclass(frozen=True, slots=True)
class _Past:
    """What the conversation was about."""

    question: str
    """The latest question of the person, itself completed."""
    topic: str = ""
    """What "it" and "they" most likely stand for."""
    turns: tuple[Turn, ...] = ()
    """What was said, the questions completed."""


def complete(question: str, history: Sequence[str | Turn | tuple[str, str]]) -> str:
    """Return ``question`` as it must be searched, given the conversation before it.

    ``history`` holds earlier questions, or turns of both sides, oldest first. A question that
    stands on its own, or changes the subject, comes back unchanged.
    """
    past = _Past("")
    for item in history:
        role, text = _role_and_text(item)
        if role == "user":
            completed = _complete(text, past)
            said = (*past.turns, Turn(role="user", text=completed))
            past = _Past(completed, _topic(completed) or past.topic, said)
        else:
            said = (*past.turns, Turn(role="assistant", text=text))
            past = _Past(past.question, past.topic or _first_name(text), said)
    return _complete(question, past)


def _complete(question: str, past: _Past) -> str:
    bare = question.strip().rstrip("?.! ")
    if not past.question or not bare or analyse(question).kind is Kind.SMALL_TALK:
        return question
    if match := _NEXT.match(bare):
        rest = match.group("rest")
        exchanged = _exchange(rest, past.question)
        if exchanged:
            return exchanged
        bare = rest if not _BARE.match(bare) else bare
    if _BARE.match(bare):
        return _ask_again(bare, past.question)
    is_pointing = not _NOT_A_PRONOUN.search(question)
    if is_pointing and (pronoun := PRONOUN.search(question)):
        if _has_antecedent(question, pronoun):
            return question
        if stands_for := _antecedent(question, pronoun, past):
            return question[: pronoun.start()] + stands_for + question[pronoun.end() :]
    weighty = [word for word in words(bare) if not word.is_stop]
    points = _POINTS_AT.search(bare) and not _NOT_A_PRONOUN.search(bare)
    if (
        _ELSE.search(bare)
        or (points and not _names(bare))
        or (len(weighty) <= _FEW_WORDS and not _names(bare))
    ):
        return _join(question, past)
    return question


def _exchange(rest: str, previous: str) -> str | None:
    """ "And Germany?": the previous question about Germany instead.

    Where the previous question asks for names ("Which countries support …?"), the new name is a
    possible answer and takes the place of the question word; elsewhere, that of the last name.
    """
    if len(rest.split()) > 4 or _WH_START.match(rest):
        return None
    asked = analyse(previous)
    if asked.answer_type in (AnswerType.PLACE, AnswerType.NAME, AnswerType.PERSON):
        without = _ASKED_FOR.sub(f"{rest} ", previous, count=1)
        if without != previous:
            return _with_auxiliary(without, rest)
    names = _names(previous)
    if not names:
        return f"{previous.rstrip('?. ')} {rest}?"
    start, end = names[-1]
    return f"{previous[:start]}{rest}{previous[end:]}"


def _with_auxiliary(statement: str, subject: str) -> str:
    """ "Turkey support Haftar?" lacks its "Does"."""
    verb = statement[len(subject) :].split()[:1]
    is_bare = bool(verb) and verb[0].islower() and not _INFLECTED.search(verb[0])
    return f"Does {statement}" if is_bare else statement


def lacks_subject(question: str) -> bool:
    """Whether a completed question still says nothing of what it is about: "When was it?"."""
    bare = question.strip().rstrip("?.! ")
    weighty = [word for word in words(bare) if not word.is_stop]
    points = PRONOUN.search(bare) is not None and not _NOT_A_PRONOUN.search(bare)
    return not _names(bare) and (not weighty or (points and len(weighty) == 1))


def _ask_again(bare: str, previous: str) -> str:
    """ "In which year?": the new question word before what the previous question asked about."""
    asked = _WH_WORDS.sub("", previous.rstrip("?. "), count=1).strip()
    return f"{bare} {asked}?"


def _antecedent(question: str, pronoun: re.Match[str], past: _Past) -> str:
    """Return what takes the pronoun's place: the topic or the person, in the same form."""
    is_personal = pronoun.group().lower() in _PERSONAL
    topic = find_person(past.turns, question) if is_personal else past.topic
    if not topic:
        return ""
    if pronoun.group("possessive"):
        return f"{topic}'s"
    if pronoun.group("is"):
        return f"{topic} is"
    return f"in {topic}" if pronoun.group("there") else topic


def _has_antecedent(question: str, pronoun: re.Match[str]) -> bool:
    """Whether the question itself names what its pronoun stands for.

    "What did Keller do for her career?" does, and "What has the bike, and who made it?". "What did
    Keller say about her?" speaks of somebody else: what is named in the same clause is the subject.
    """
    before = question[: pronoun.start()]
    if pronoun.group("possessive"):
        return bool(_names(before))
    clause = max((match.end() for match in _CLAUSE_END.finditer(before)), default=0)
    earlier = before[:clause]
    return bool(_names(earlier) or _NOUN_PHRASE.search(earlier))


def _join(question: str, past: _Past) -> str:
    """Name the topic behind a question that names nothing itself."""
    if not past.topic or past.topic.lower() in question.lower():
        return question
    ending = "?" if question.rstrip().endswith("?") else ""
    return f"{question.rstrip().rstrip('?')} ({past.topic}){ending}"


def _topic(question: str) -> str:
    """Return what a question is about: what it asks to define, or else its first name."""
    bare = question.strip().rstrip("?.! ")
    if match := _TOPIC_OF.match(bare):
        topic = next(group for group in match.groups() if group)
        is_short = len(topic.split()) <= _LONGEST_TOPIC
        if is_short and not PRONOUN.search(topic) and not _CLAUSE.search(topic):
            return topic
    names = _names(bare)
    if names:
        return bare[names[0][0] : names[0][1]]
    return _noun_phrase(bare)


def _noun_phrase(text: str) -> str:
    """Return the first noun phrase with an article: its weighty words, and what they are of."""
    known = list(words(text))
    for at, word in enumerate(known):
        last = _last_of_phrase(text, known, at) if word.plain in _ARTICLES else at
        if last > at:
            return text[word.start : known[last].end]
    return ""


def _last_of_phrase(text: str, known: Sequence[Word], article: int) -> int:
    """Return the place of the last word of the phrase that begins with an article."""
    last = article
    while (
        last + 1 < len(known)
        and last < article + _LONGEST_PHRASE
        and not known[last + 1].is_stop
        and not text[known[last].end : known[last + 1].start].strip()
    ):
        last += 1
    rest = known[last + 1 : last + 4]
    if last > article and rest and rest[0].plain == "of":
        at = 2 if len(rest) > 1 and rest[1].plain in _ARTICLES else 1
        if at < len(rest) and not rest[at].is_stop:
            return last + 1 + at
    return last


def _names(text: str) -> list[tuple[int, int]]:
    """Names in a question; its first word has a capital anyway and does not count."""
    return [(start, end) for start, end in sure_names(text) if start > 0]


def _first_name(text: str) -> str:
    names = sure_names(text)
    return text[names[0][0] : names[0][1]] if names else ""


def _role_and_text(item: str | Turn | tuple[str, str]) -> tuple[str, str]:
    if isinstance(item, str):
        return "user", item
    if isinstance(item, Turn):
        return item.role, item.text
    return item
