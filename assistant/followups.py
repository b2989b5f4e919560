"""What does a question mean in the light of the questions before it?

A follow-up is completed by substitution, never by guessing: a pronoun gives way to the topic of
the conversation, a bare "And Germany?" takes the previous question with its name exchanged, and
"In which year?" is joined by the words that it leaves out. The completed question is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer_types import AnswerType, find_names
from assistant.models import Turn
from assistant.questions import Kind, analyse
from index.words import words

PRONOUN = re.compile(
    r"\b(?P<possessive>his|her(?=\s+\w)|its|their)\b"
    r"|\b(?P<plain>it|he|she|him|her|they|them|this|these|those|that one|this one)\b"
    r"|\b(?P<there>there)\b(?=\W*$)",
    re.IGNORECASE,
)
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
_NOUN_PHRASE = re.compile(r"\bthe [\w-]+(?: of (?:the )?[\w-]+)?")
_CLAUSE = re.compile(r"\b(?:that|which|who)\b")
_PERSONAL = frozenset({"he", "she", "him", "her", "his"})
_INFLECTED = re.compile(r"(?:s|ed|ing)$|^(?:are|have|had|were|did|do|can|could|will|would|may)$")
_FEW_WORDS = 3
_LONGEST_TOPIC = 6


@dataclass(frozen=True, slots=True)
class _Past:
    """What the conversation was about."""

    question: str
    """The latest question of the person, itself completed."""
    topic: str = ""
    """What "it" and "they" most likely stand for."""
    person: str = ""
    """Whom "he" and "she" most likely stand for."""


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
            topic = _topic(completed) or past.topic
            person = topic if _is_full_name(topic) else past.person or topic
            past = _Past(completed, topic, person)
        elif not past.topic and (name := _first_name(text)):
            past = _Past(past.question, name, name)
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
    replaced = _replace_pronouns(question, past)
    if replaced != question:
        return replaced
    weighty = [word for word in words(bare) if not word.is_stop]
    if _ELSE.search(bare) or (len(weighty) <= _FEW_WORDS and not _names(bare)):
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


def _replace_pronouns(question: str, past: _Past) -> str:
    """Put the topic for the first pronoun, if a sentence about this question has one."""
    if _NOT_A_PRONOUN.search(question):
        return question

    def replacement(match: re.Match[str]) -> str:
        word = match.group().lower()
        topic = past.person if word in _PERSONAL else past.topic
        if not topic:
            return match.group()
        if match.group("possessive"):
            return f"{topic}'s"
        return f"in {topic}" if match.group("there") else topic

    return PRONOUN.sub(replacement, question, count=1)


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
    phrase = _NOUN_PHRASE.search(bare)
    return phrase.group() if phrase else ""


def _names(text: str) -> list[tuple[int, int]]:
    """Names in a question; its first word has a capital anyway and does not count."""
    return [(start, end) for start, end in find_names(text) if start > 0]


def _first_name(text: str) -> str:
    names = find_names(text)
    return text[names[0][0] : names[0][1]] if names else ""


def _is_full_name(topic: str) -> bool:
    return " " in topic and topic[:1].isupper()


def _role_and_text(item: str | Turn | tuple[str, str]) -> tuple[str, str]:
    if isinstance(item, str):
        return "user", item
    if isinstance(item, Turn):
        return item.role, item.text
    return item
